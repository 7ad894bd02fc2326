"""Invoices of suppliers: where files are dropped, and the list."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    badge,
    card,
    chips,
    empty_state,
    error_state,
    form_error,
    list_row,
    load_more,
    rows,
    skeleton,
    tag,
)
from carbot_app.components.ui.file_drop import file_drop
from carbot_app.state.accounting import AccountingState
from carbot_app.state.expenses import ExpensesState

_LIST: Any = ExpensesState
_STATES = ("received", "checked", "booked", "paid", "rejected")
MAX_BYTES = 15 * 1024 * 1024


def expenses_panel() -> rx.Component:
    """Drop zone, filter and list; one opens in a pane."""
    manages: Any = AccountingState.can_manage
    return rx.el.div(
        rx.cond(manages, _drop()),
        chips(
            t("accounting.expense.filter"),
            "expense-state",
            [("", t("accounting.expense.all")), *((name, t(f"accounting.state.{name}")) for name in _STATES)],
            value=_LIST.shown,
            on_change=ExpensesState.filter,
        ),
        rx.cond(_LIST.status == "failed", error_state(on_retry=ExpensesState.load)),
        card(
            rx.cond(
                _LIST.status == "loading",
                rx.el.div(skeleton("rows", 5), class_name="p-4"),
                rx.cond(
                    _LIST.lines.length() > 0,
                    rx.fragment(
                        rows(rx.foreach(_LIST.lines, _row)),
                        load_more(has_more=_LIST.has_more, on_click=ExpensesState.more),
                    ),
                    rx.cond(
                        _LIST.shown != "",
                        empty_state("search", t("accounting.expense.none")),
                        empty_state(
                            "file-text", t("accounting.expense.empty"), t("accounting.expense.empty_text")
                        ),
                    ),
                ),
            ),
            pad=False,
            aria_label=t("accounting.expense.list"),
        ),
        class_name="grid grid-cols-1 gap-4",
    )


def _drop() -> rx.Component:
    return rx.el.div(
        file_drop(
            t("accounting.expense.drop"),
            t("accounting.expense.accepted"),
            t("accounting.expense.mail_hint"),
            label=t("accounting.expense.choose"),
            sending=t("accounting.expense.sending"),
            failed=t("accounting.expense.failed"),
            wrong_type=t("accounting.expense.wrong_type"),
            too_large=t("accounting.expense.too_large"),
            max_bytes=MAX_BYTES,
            address="/api/expenses",
            endings="xml,pdf",
            on_uploaded=ExpensesState.taken,
            on_problem=ExpensesState.refuse,
        ),
        form_error(_LIST.upload_problem),
        class_name="grid gap-2",
    )


def _row(line: Any) -> rx.Component:
    return list_row(
        rx.el.span(
            rx.el.span(line.supplier, class_name="block cb-truncate font-[620]"),
            rx.el.span(line.detail, class_name="block cb-truncate cb-muted cb-dense cb-num"),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(line.category, class_name="max-lg:hidden cb-truncate cb-muted w-[20%] flex-none"),
        rx.cond(
            line.findings != "",
            rx.el.span(tag(line.findings, tone="warn"), class_name="max-md:hidden flex-none"),
        ),
        rx.el.span(
            rx.el.span(line.amount, class_name="block font-[600] cb-num"),
            rx.el.span(badge(line.sign, t_choice("accounting.state", line.state)), class_name="flex mt-1"),
            class_name="grid justify-items-end flex-none min-w-[104px]",
        ),
        on_click=ExpensesState.open(line.id),
        aria_haspopup="dialog",
        key=line.id,
    )
