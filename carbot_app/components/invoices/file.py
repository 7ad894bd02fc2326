"""One issued document beside the list: what stands on it, what was paid, what happened."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    button,
    button_link,
    field,
    form_error,
    pane,
    plate_chip,
    select,
    timeline,
    timeline_entry,
)
from carbot_app.domains.payments.recording import BY_HAND
from carbot_app.state.invoices import InvoiceFileState
from carbot_app.state.session import SessionState

_FILE: Any = InvoiceFileState
_SESSION: Any = SessionState
_SHEET: Any = InvoiceFileState.sheet


def invoice_pane() -> rx.Component:
    """Slides in from the right, full width on phones."""
    return pane(
        _SHEET.number,
        rx.el.div(
            _facts(), _actions(), _lines(), _totals(), _payments(), _history(), class_name="grid gap-6"
        ),
        id="invoice-file",
        open=_FILE.status == "ready",
        on_close=InvoiceFileState.close,
    )


def _facts() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(
                _SHEET.plate.city != "",
                plate_chip(_SHEET.plate.city, _SHEET.plate.rest, country=_SHEET.plate.country, size=24),
            ),
            badge(_SHEET.sign, _SHEET.word),
            class_name="flex items-center gap-2.5 flex-wrap",
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(_SHEET.name != "", _SHEET.name, t("invoices.row.nobody")), class_name="font-[640]"
            ),
            rx.cond(_SHEET.email != "", rx.el.p(_SHEET.email, class_name="cb-muted break-all")),
            class_name="grid",
        ),
        rx.el.dl(
            _fact(t("invoices.file.issued"), _SHEET.issued),
            _fact(t("invoices.file.supplied"), _SHEET.supplied),
            _fact(
                t("invoices.column.due"),
                rx.el.span(_SHEET.due, class_name=rx.cond(_SHEET.late, "cb-late", "")),
            ),
            _fact(
                t("invoices.file.einvoice"),
                rx.cond(_SHEET.checked, t("invoices.file.checked"), t("invoices.file.unchecked")),
            ),
            rx.cond(_SHEET.original != "", _fact(t("invoices.file.original"), _SHEET.original)),
            rx.cond(_SHEET.cancelled_by != "", _fact(t("invoices.file.cancelled_by"), _SHEET.cancelled_by)),
            class_name="grid gap-1",
        ),
        rx.cond(
            _SHEET.customer_id != "",
            button_link(
                t("invoices.file.customer"),
                href="/kunden/akte/?kunde=" + _SHEET.customer_id,
                icon="circle-user",
                size="sm",
                class_name="justify-self-start",
            ),
        ),
        class_name="grid gap-4",
    )


def _actions() -> rx.Component:
    """What may be done with it; a form opens in place, never over the pane."""
    file = "/api/invoices/" + _SHEET.id + "/document."
    return rx.el.div(
        rx.el.div(
            button_link(
                t("invoices.act.pdf"),
                href=file + "pdf",
                icon="eye",
                size="sm",
                external=True,
                target="_blank",
            ),
            button_link(t("invoices.act.xml"), href=file + "xml", icon="download", size="sm", external=True),
            rx.cond(
                _SESSION.permissions.contains("invoices.manage"),
                rx.fragment(
                    button(
                        t("invoices.act.send"), icon="send", size="sm", on_click=InvoiceFileState.ask("send")
                    ),
                    rx.cond(
                        _SHEET.may_credit,
                        button(
                            t("invoices.act.credit"),
                            icon="undo-2",
                            size="sm",
                            on_click=InvoiceFileState.ask("credit"),
                        ),
                    ),
                    rx.cond(
                        _SHEET.may_pay,
                        button(
                            t("invoices.act.link"),
                            icon="link",
                            size="sm",
                            on_click=InvoiceFileState.copy_link,
                        ),
                    ),
                    rx.cond(
                        _SHEET.may_cancel,
                        button(
                            t("invoices.act.cancel"),
                            icon="circle-x",
                            size="sm",
                            on_click=InvoiceFileState.ask("cancel"),
                        ),
                    ),
                ),
            ),
            rx.cond(
                _SESSION.permissions.contains("payments.manage") & _SHEET.may_pay,
                button(
                    t("invoices.act.pay"), icon="banknote", size="sm", on_click=InvoiceFileState.ask("pay")
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.match(
            _FILE.asked,
            ("pay", _form(InvoiceFileState.pay, _payment(), t("invoices.act.pay_now"))),
            (
                "send",
                _form(
                    InvoiceFileState.send,
                    field(
                        t("invoices.act.email"),
                        "email",
                        type="email",
                        default_value=_SHEET.email,
                        error=_FILE.problem,
                        auto_focus=True,
                    ),
                    t("invoices.act.send_now"),
                ),
            ),
            (
                "credit",
                _form(InvoiceFileState.credit, _credit(), t("invoices.act.credit_now")),
            ),
            (
                "cancel",
                _form(
                    InvoiceFileState.cancel,
                    field(
                        t("invoices.act.reason"),
                        "reason",
                        help=t("invoices.act.cancel_help"),
                        error=_FILE.problem,
                        auto_focus=True,
                    ),
                    t("invoices.act.cancel_now"),
                    kind="destructive",
                ),
            ),
            rx.fragment(),
        ),
        class_name="grid gap-4",
    )


def _payment() -> rx.Component:
    """Money that was taken at the desk or came to the account."""
    return rx.el.div(
        field(
            t("invoices.act.amount"),
            "amount",
            default_value=_SHEET.open_plain,
            error=_FILE.problem,
            input_mode="decimal",
            auto_focus=True,
        ),
        select(
            t("invoices.act.method"),
            "method",
            [(way, t(f"invoices.act.way.{way}")) for way in BY_HAND],
        ),
        field(t("invoices.act.received"), "received_on", type="date", default_value=_FILE.today),
        field(t("invoices.act.reference"), "reference", help=t("invoices.act.reference_help"), optional=True),
        class_name="grid gap-3",
    )


def _credit() -> rx.Component:
    """How much of each position is taken back; nothing typed is nothing taken back."""
    return rx.el.div(
        rx.el.p(t("invoices.act.credit_help"), class_name="cb-dense cb-muted"),
        rx.foreach(
            _SHEET.lines,
            lambda line: rx.cond(
                line.left != "",
                rx.el.label(
                    rx.el.span(line.text, class_name="flex-1 min-w-0 break-words"),
                    rx.el.span(
                        rx.el.input(
                            name="quantity-" + line.position.to_string(),
                            input_mode="decimal",
                            auto_complete="off",
                            class_name="cb-input !w-28",
                        ),
                        rx.el.span(t("invoices.act.of", quantity=line.left), class_name="cb-unit"),
                        class_name="cb-control flex-none",
                    ),
                    class_name="flex items-center gap-3",
                ),
            ),
        ),
        form_error(_FILE.problem),
        class_name="grid gap-3",
    )


def _form(on_submit: Any, entry: rx.Component, verb: Any, *, kind: Any = "primary") -> rx.Component:
    return rx.el.form(
        entry,
        rx.el.div(
            button(t("invoices.act.leave"), kind="ghost", on_click=InvoiceFileState.ask("")),
            button(verb, kind=kind, submit=True),
            class_name="flex justify-end gap-2",
        ),
        on_submit=on_submit,
        no_validate=True,
        class_name="grid gap-3 rounded-[12px] p-4 bg-[color:var(--cb-soft)]",
    )


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cb-muted"),
        rx.el.dd(value, class_name="cb-num text-right"),
        class_name="flex justify-between gap-4",
    )


def _entry(title: Any, detail: Any, amount: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(title, class_name="block"),
            rx.el.span(detail, class_name="block cb-dense cb-muted cb-num"),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(amount, class_name="cb-num whitespace-nowrap"),
        class_name="flex gap-4 py-2",
    )


def _lines() -> rx.Component:
    return rx.cond(
        _SHEET.lines.length() > 0,
        _section(
            t("invoices.file.lines"),
            rx.el.ul(
                rx.foreach(
                    _SHEET.lines,
                    lambda line: _entry(line.text, line.detail, line.net),
                ),
                class_name="cb-rows",
            ),
        ),
    )


def _totals() -> rx.Component:
    return rx.el.div(
        rx.el.dl(
            _fact(t("invoices.file.net"), _SHEET.net),
            _fact(t("invoices.file.vat"), _SHEET.vat),
            rx.el.div(
                rx.el.dt(t("invoices.column.gross")),
                rx.el.dd(_SHEET.gross, class_name="cb-num"),
                class_name="flex justify-between gap-4 font-[660] text-[1.0625rem] pt-1",
            ),
            _fact(t("invoices.column.open"), _SHEET.open),
            class_name="grid gap-1",
        ),
        rx.cond(_SHEET.why != "", rx.el.p(_SHEET.why, class_name="cb-dense cb-muted")),
        class_name="grid gap-2 border-t border-base-300 pt-3",
    )


def _payments() -> rx.Component:
    return rx.cond(
        _SHEET.payments.length() > 0,
        _section(
            t("invoices.file.payments"),
            rx.el.ul(
                rx.foreach(
                    _SHEET.payments,
                    lambda paid: _entry(paid.title, paid.detail, paid.amount),
                ),
                class_name="cb-rows",
            ),
        ),
    )


def _history() -> rx.Component:
    return rx.cond(
        _SHEET.history.length() > 0,
        _section(
            t("invoices.file.history"),
            timeline(rx.foreach(_SHEET.history, lambda one: timeline_entry(one.icon, one.title, one.detail))),
        ),
    )


def _section(title: Any, *content: Any) -> rx.Component:
    return rx.el.section(rx.el.h3(title, class_name="font-[640] mb-2"), *content)
