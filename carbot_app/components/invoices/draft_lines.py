"""The positions of a draft: a list, a search in the catalogue, and the pane in which one is written."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.line_fields import line_fields
from carbot_app.components.ui import (
    button,
    card,
    empty_state,
    form_error,
    icon,
    load_more,
    menu,
    menu_item,
    menu_line,
    pane,
    section_head,
    select,
)
from carbot_app.domains.billing.lines import LINE_KINDS
from carbot_app.state.invoice_draft import InvoiceDraftState
from carbot_app.state.invoice_line import FORM, InvoiceLineState

_DRAFT: Any = InvoiceDraftState
_LINE: Any = InvoiceLineState
_SEARCH, _SEARCH_FORM = "draft-service", "draft-service-form"
_TYPING_MS = 250


def lines_card() -> rx.Component:
    """What is billed."""
    return card(
        section_head(t("draft.line.title"), trailing=rx.cond(_DRAFT.count > 0, _DRAFT.count.to_string(), "")),
        rx.cond(
            _DRAFT.lines.length() > 0,
            rx.el.ol(rx.foreach(_DRAFT.lines, _row), class_name="cb-rows", aria_label=t("draft.line.title")),
            empty_state("receipt-text", t("draft.line.none"), t("draft.line.none_text")),
        ),
        load_more(has_more=_DRAFT.lines.length() < _DRAFT.count, on_click=InvoiceDraftState.show_more),
        _search(),
        rx.el.div(
            *(
                button(
                    t(f"orders.kind.{kind}"),
                    icon="plus",
                    size="sm",
                    on_click=InvoiceLineState.begin(kind),
                    aria_haspopup="dialog",
                    data_new_line=kind,
                )
                for kind in LINE_KINDS
            ),
            role="group",
            aria_label=t("draft.line.new"),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="grid gap-4",
    )


def line_pane() -> rx.Component:
    """One position; the return key stores it."""
    return pane(
        rx.cond(_LINE.at > 0, t("draft.line.edit", n=_LINE.at), t("draft.line.new")),
        rx.el.form(
            form_error(_LINE.problems.get("lines", "")),
            line_fields(_LINE.typed, _LINE.problems, part_number=False),
            select(
                t("draft.line.technician"),
                "technician_id",
                _LINE.technicians,
                default_value=_LINE.extras.technician_id,
                help=t("draft.line.technician_help"),
            ),
            id=FORM,
            key=_LINE.turn,
            on_submit=InvoiceLineState.save,
            no_validate=True,
            class_name="grid gap-4",
        ),
        id="draft-line",
        open=_LINE.open,
        on_close=InvoiceLineState.close,
        actions=[
            rx.cond(
                _LINE.at > 0,
                button(
                    t("draft.line.remove"),
                    kind="destructive",
                    icon="trash-2",
                    on_click=InvoiceLineState.remove(_LINE.at),
                ),
            ),
            button(t("draft.line.save"), kind="primary", icon="check", submit=True, form=FORM),
        ],
    )


def _row(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(line.text, class_name="block break-words font-[550]"),
                rx.el.span(line.detail, class_name="block cb-dense cb-muted cb-num break-words"),
                rx.cond(
                    line.problem != "",
                    rx.el.span(
                        icon("st-overdue", 15),
                        rx.el.span(line.problem),
                        class_name="cb-field-error",
                    ),
                ),
                class_name="min-w-0 flex-1 text-left",
            ),
            rx.el.span(line.amount, class_name="cb-num flex-none font-[600]"),
            type="button",
            id="draft-line-" + line.at.to_string(),
            on_click=InvoiceLineState.edit(line.at),
            aria_haspopup="dialog",
            class_name="flex items-start gap-3 flex-1 min-w-0 py-2.5 cursor-pointer rounded-[8px]",
        ),
        menu(
            t("draft.line.menu", name=line.text),
            icon("ellipsis", 18),
            menu_item(t("draft.line.copy"), icon="copy", on_click=InvoiceLineState.copy_line(line.at)),
            menu_item(t("draft.line.up"), icon="arrow-up", on_click=InvoiceLineState.move(line.at, -1)),
            menu_item(t("draft.line.down"), icon="arrow-down", on_click=InvoiceLineState.move(line.at, 1)),
            menu_line(),
            menu_item(
                t("draft.line.remove"),
                icon="trash-2",
                danger=True,
                on_click=InvoiceLineState.remove(line.at),
            ),
            align="end",
        ),
        class_name="flex items-center gap-2",
    )


def _search() -> rx.Component:
    return rx.el.div(
        rx.el.form(id=_SEARCH_FORM, on_submit=InvoiceLineState.add_first, class_name="hidden"),
        rx.el.div(
            rx.el.label(t("draft.line.catalogue"), html_for=_SEARCH, class_name="cb-label"),
            rx.el.input(
                id=_SEARCH,
                type="search",
                form=_SEARCH_FORM,
                auto_complete="off",
                placeholder=t("orders.new.find"),
                on_change=InvoiceLineState.search.debounce(_TYPING_MS),
                class_name="cb-input",
            ),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(_LINE.nothing, rx.el.p(t("orders.new.nothing"), class_name="cb-muted pt-2")),
            rx.cond(
                _LINE.found.length() > 0,
                rx.el.ul(
                    rx.foreach(_LINE.found, _match),
                    class_name="cb-desk-found",
                    aria_label=t("orders.new.found"),
                ),
            ),
            aria_live="polite",
        ),
    )


def _match(pair: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(pair[1], class_name="flex-1 min-w-0 text-left break-words"),
            type="button",
            on_click=InvoiceLineState.add_service(pair[0]),
            class_name="cb-row !min-h-11 w-full flex items-center gap-3",
        ),
        key=pair[0],
    )
