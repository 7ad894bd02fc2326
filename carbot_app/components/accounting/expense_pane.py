"""One invoice of a supplier: what speaks against it, the document itself, and what to do with it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    button_link,
    field,
    form_error,
    icon,
    pane,
    select,
    textarea,
)
from carbot_app.domains.expenses.categories import CATEGORIES
from carbot_app.state.accounting import AccountingState
from carbot_app.state.expenses import ExpensesState

_STATE: Any = ExpensesState
_ONE: Any = ExpensesState.chosen
_SHEET: Any = ExpensesState.sheet
_RATES = (
    ("1900", "19 %"),
    ("700", "7 %"),
    ("2000", "20 %"),
    ("1000", "10 %"),
    ("810", "8,1 %"),
    ("0", "0 %"),
)
_LINE = "flex items-baseline justify-between gap-4"


def expense_pane() -> rx.Component:
    """Opened by ``ExpensesState.open``."""
    return pane(
        _ONE.title,
        rx.el.div(
            _head(),
            rx.cond(_ONE.duplicate != "", banner(_ONE.duplicate, card=True)),
            rx.cond(_ONE.reason != "", banner(_ONE.reason, tone="neutral", icon="st-cancelled", card=True)),
            rx.cond(AccountingState.can_manage, _what_to_do()),
            rx.cond(_ONE.has_document, rx.fragment(_findings(), _document())),
            class_name="grid gap-5",
        ),
        id="expense",
        open=_ONE.id != "",
        on_close=ExpensesState.close,
        actions=[button(t("ui.actions.close"), on_click=ExpensesState.close)],
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(_ONE.amount, class_name="text-[22px] font-[640] cb-num"),
            badge(_ONE.sign, t_choice("accounting.state", _ONE.state)),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(_ONE.meta, class_name="cb-muted cb-dense break-words"),
        rx.cond(_ONE.paid != "", rx.el.p(_ONE.paid, class_name="cb-muted cb-dense")),
        rx.cond(
            ~_ONE.is_einvoice,
            rx.el.p(t("accounting.expense.plain"), class_name="cb-muted cb-dense"),
        ),
        button_link(
            t("accounting.expense.original"),
            href="/api/expenses/" + _ONE.id + "/file",
            external=True,
            target="_blank",
            icon="file-text",
            size="sm",
        ),
        class_name="grid gap-1.5 justify-items-stretch",
    )


def _what_to_do() -> rx.Component:
    return rx.el.div(
        form_error(_STATE.problem),
        rx.match(
            _STATE.task,
            ("reject", _reject()),
            ("pay", _pay()),
            rx.match(
                _ONE.state,
                ("rejected", _form(_button(t("accounting.expense.reopen"), kind="outline"), do="reopen")),
                ("paid", rx.fragment()),
                ("booked", _booked()),
                rx.cond(_ONE.can_type & (_ONE.amount == ""), _type(), _book()),
            ),
        ),
        class_name="grid gap-3",
    )


def _form(*children: Any, do: str) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="do", value=do, read_only=True),
        *children,
        key=_ONE.id + _ONE.state + do,
        on_submit=ExpensesState.act,
        no_validate=True,
        class_name="grid gap-3",
    )


def _button(label: Any, *, kind: Any = "primary") -> rx.Component:
    return rx.el.div(button(label, kind=kind, submit=True, busy=_STATE.busy))


def _book() -> rx.Component:
    return rx.fragment(
        _form(
            select(
                t("accounting.expense.category"),
                "category",
                [
                    ("", t("accounting.expense.choose_category")),
                    *((name, t(f"accounting.category.{name}")) for name in CATEGORIES),
                ],
                default_value=_ONE.category,
            ),
            rx.el.div(
                button(t("accounting.expense.book"), kind="primary", submit=True, busy=_STATE.busy),
                button(t("accounting.expense.reject"), on_click=ExpensesState.ask("reject")),
                class_name="flex gap-2",
            ),
            do="book",
        ),
    )


def _booked() -> rx.Component:
    return rx.el.div(
        rx.el.p(t_choice("accounting.category", _ONE.category), class_name="font-[600]"),
        rx.el.div(
            button(t("accounting.expense.pay"), kind="primary", on_click=ExpensesState.ask("pay")),
            button(t("accounting.expense.reject"), on_click=ExpensesState.ask("reject")),
            class_name="flex gap-2",
        ),
        class_name="grid gap-3",
    )


def _reject() -> rx.Component:
    return _form(
        textarea(t("accounting.expense.reason"), "reason", max_length=300, rows=2, auto_focus=True),
        rx.el.div(
            button(t("accounting.expense.reject"), kind="primary", submit=True, busy=_STATE.busy),
            button(t("ui.actions.cancel"), on_click=ExpensesState.ask("")),
            class_name="flex gap-2",
        ),
        do="reject",
    )


def _pay() -> rx.Component:
    ways = [(way, t(f"accounting.expense.{way}")) for way in ("bank", "cash")]
    return _form(
        rx.el.div(
            field(t("accounting.expense.paid_on"), "paid_on", type="date", default_value=_STATE.today),
            select(t("accounting.expense.paid_by"), "paid_by", ways),
            class_name="grid grid-cols-2 gap-3",
        ),
        rx.el.div(
            button(t("accounting.expense.pay"), kind="primary", submit=True, busy=_STATE.busy),
            button(t("ui.actions.cancel"), on_click=ExpensesState.ask("")),
            class_name="flex gap-2",
        ),
        do="pay",
    )


def _type() -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("accounting.expense.type_title"), class_name="font-[620]"),
        _form(
            field(t("accounting.expense.supplier"), "supplier", default_value=_ONE.supplier, max_length=160),
            field(t("accounting.expense.vat_id"), "vat_id", optional=True, default_value=_ONE.vat_id),
            rx.el.div(
                field(t("accounting.expense.number"), "number", default_value=_ONE.document_number),
                field(t("accounting.expense.issued"), "issued_on", type="date", default_value=_ONE.issued_on),
                class_name="grid grid-cols-2 gap-3",
            ),
            rx.el.div(
                field(t("accounting.expense.gross"), "gross", input_mode="decimal", auto_complete="off"),
                select(t("accounting.expense.rate"), "rate", list(_RATES)),
                class_name="grid grid-cols-2 gap-3",
            ),
            rx.el.div(
                button(t("accounting.expense.keep"), kind="primary", submit=True, busy=_STATE.busy),
                button(t("accounting.expense.reject"), on_click=ExpensesState.ask("reject")),
                class_name="flex gap-2",
            ),
            do="type",
        ),
        class_name="grid gap-3",
    )


def _findings() -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("accounting.expense.findings_title"), class_name="font-[620]"),
        rx.cond(
            _STATE.findings.length() > 0,
            rx.el.ul(
                rx.foreach(_STATE.findings, _finding),
                class_name="grid gap-2",
            ),
            rx.el.p(
                icon("st-done", 16, class_name="text-ok flex-none"),
                t("accounting.expense.no_findings"),
                class_name="flex items-center gap-2",
            ),
        ),
        class_name="grid gap-2",
    )


def _finding(one: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.grave,
            icon("st-overdue", 16, class_name="flex-none mt-0.5 text-err"),
            icon("st-open", 16, class_name="flex-none mt-0.5 text-muted"),
        ),
        rx.el.span(
            one.text,
            rx.cond(one.rule != "", rx.el.span(" ", one.rule, class_name="cb-muted cb-dense")),
            class_name="min-w-0 break-words",
        ),
        class_name="flex gap-2",
    )


def _document() -> rx.Component:
    return rx.el.section(
        rx.el.h3(_SHEET.kind, class_name="font-[620]"),
        rx.el.div(
            _party(t("accounting.expense.seller"), _SHEET.seller),
            _party(t("accounting.expense.buyer"), _SHEET.buyer),
            class_name="grid grid-cols-2 gap-4",
        ),
        rx.el.dl(rx.foreach(_SHEET.facts, _sum), class_name="grid gap-1"),
        rx.el.ul(rx.foreach(_SHEET.positions, _position), class_name="divide-y divide-base-300"),
        rx.el.dl(rx.foreach(_SHEET.sums, _sum), class_name="grid gap-1 border-t border-base-300 pt-3"),
        rx.cond(_ONE.terms != "", rx.el.p(_ONE.terms, class_name="cb-muted cb-dense whitespace-pre-line")),
        rx.cond(
            _ONE.iban != "",
            rx.el.p(t("accounting.expense.iban"), " ", _ONE.iban, class_name="cb-dense cb-num"),
        ),
        rx.foreach(
            _SHEET.notes,
            lambda note: rx.el.p(note, class_name="cb-muted cb-dense whitespace-pre-line break-words"),
        ),
        class_name="grid gap-4",
    )


def _party(label: Any, party: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(label, class_name="cb-muted cb-dense"),
        rx.el.p(party.name, class_name="font-[600] break-words"),
        rx.foreach(party.lines, lambda line: rx.el.p(line, class_name="cb-dense cb-muted break-words")),
        class_name="min-w-0",
    )


def _sum(line: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(line.label, class_name=rx.cond(line.strong, "font-[640]", "cb-muted")),
        rx.el.dd(line.amount, class_name=rx.cond(line.strong, "cb-num font-[640]", "cb-num")),
        class_name=_LINE,
    )


def _position(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.name, class_name="block break-words"),
            rx.el.span(line.detail, class_name="block cb-muted cb-dense cb-num break-words"),
            class_name="min-w-0",
        ),
        rx.el.span(line.amount, class_name="cb-num flex-none"),
        class_name=f"{_LINE} py-2",
    )
