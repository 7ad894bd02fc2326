"""Doing one thing to many invoices: ticks before the rows, and the bar that takes the filters' place."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import bar, button, dialog, icon, icon_button, menu, menu_item, open_dialog
from carbot_app.state.invoice_bulk import REMIND, InvoiceBulkState
from carbot_app.state.invoices import InvoicesState
from carbot_app.state.session import SessionState

_BULK: Any = InvoiceBulkState
_LIST: Any = InvoicesState
_SESSION: Any = SessionState
_SEND = "invoice-bulk-send"


def tick(line: Any) -> rx.Component:
    """The box before a document; drafts have none, they are not issued."""
    return rx.cond(
        line.draft,
        rx.fragment(),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb-check",
                checked=_BULK.selected.contains(line.id),
                on_change=lambda _: InvoiceBulkState.toggle(line.id),
                aria_label=t("invoices.bulk.row", number=line.number),
                data_invoice_tick=line.id,
            ),
            # Above the target that opens the row
            class_name="relative z-[1] grid place-items-center w-9 h-11 -my-2 -ml-2 cursor-pointer",
        ),
    )


def tick_all() -> rx.Component:
    """In the head of the table."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            class_name="cb-check",
            checked=(_BULK.selected.length() > 0) & (_BULK.selected.length() >= _LIST.rows.length()),
            on_change=lambda _: InvoiceBulkState.all(),
            aria_label=t("invoices.bulk.all"),
        ),
        class_name="grid place-items-center w-9 h-8 -ml-2 cursor-pointer",
    )


def bulk_bar() -> rx.Component:
    """How many are ticked, and what may be done with them."""
    return rx.cond(
        _BULK.selected.length() > 0,
        rx.el.div(
            rx.el.span(
                t("invoices.bulk.count", count=_BULK.selected.length()),
                class_name="font-[620] cb-num mr-auto",
                aria_live="polite",
            ),
            rx.cond(_BULK.progress >= 0, _progress()),
            rx.cond(
                _SESSION.permissions.contains("invoices.manage"),
                rx.fragment(
                    button(t("invoices.act.send"), icon="send", size="sm", on_click=open_dialog(_SEND)),
                    button(
                        t("invoices.bulk.remind"),
                        icon="bell",
                        size="sm",
                        on_click=InvoiceBulkState.ask_remind,
                    ),
                ),
            ),
            button(
                t("invoices.bulk.pdfs"),
                icon="download",
                size="sm",
                on_click=InvoiceBulkState.pack,
                disabled=_BULK.progress >= 0,
            ),
            menu(
                t("invoices.bulk.table"),
                rx.fragment(icon("file-text", 16), rx.el.span(t("invoices.export.title"))),
                menu_item(t("invoices.export.xlsx"), on_click=InvoiceBulkState.write("xlsx")),
                menu_item(t("invoices.export.csv"), on_click=InvoiceBulkState.write("csv")),
                look="cb-btn cb-btn-outline cb-btn-sm",
                align="end",
            ),
            icon_button("x", t("invoices.bulk.leave"), size="sm", on_click=InvoiceBulkState.clear),
            role="group",
            aria_label=t("invoices.bulk.bar"),
            class_name="cb-money-bulk",
        ),
    )


def bulk_dialogs() -> rx.Component:
    """Mails and letters cannot be called back, so both are asked about."""
    return rx.fragment(
        dialog(
            t("invoices.bulk.send_title", count=_BULK.selected.length()),
            rx.el.p(t("invoices.bulk.send_text")),
            id=_SEND,
            actions=[
                button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
                button(
                    t("invoices.act.send"),
                    kind="primary",
                    icon="send",
                    data_close="true",
                    on_click=InvoiceBulkState.send,
                ),
            ],
        ),
        dialog(
            t("invoices.bulk.remind_title", count=_BULK.letters),
            rx.el.p(t("invoices.bulk.remind_text", sum=_BULK.letters_sum)),
            id=REMIND,
            actions=[
                button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
                button(
                    t("invoices.bulk.remind"),
                    kind="primary",
                    icon="send",
                    data_close="true",
                    on_click=InvoiceBulkState.remind,
                ),
            ],
        ),
    )


def _progress() -> rx.Component:
    return rx.el.div(bar(_BULK.progress, label=t("invoices.bulk.packing")), class_name="w-32 grid")
