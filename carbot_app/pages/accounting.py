"""/buchhaltung/: months for the tax adviser, invoices of suppliers, revenue, audit."""

from typing import Any

import reflex as rx

from carbot_app.components.accounting.expense_pane import expense_pane
from carbot_app.components.accounting.expenses import expenses_panel
from carbot_app.components.accounting.mapping import mapping_pane
from carbot_app.components.accounting.month import month_panel
from carbot_app.components.accounting.review import audit_panel, revenue_panel
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import tabs
from carbot_app.state.accounting import AUDIT, EXPENSES, MONTH, REVENUE, AccountingState
from carbot_app.state.expenses import ExpensesState

_BOOKS: Any = AccountingState
_PANEL = "accounting-panel"


def accounting_page() -> rx.Component:
    """Four tabs over one panel."""
    waiting: Any = ExpensesState.waiting
    return signed_in_page(
        rx.el.div(
            tabs(
                t("accounting.title"),
                [
                    (MONTH, t("accounting.tab.month")),
                    (EXPENSES, t("accounting.tab.expenses"), rx.cond(waiting > 0, waiting.to(str), "")),
                    (REVENUE, t("accounting.tab.revenue")),
                    (AUDIT, t("accounting.tab.audit")),
                ],
                value=_BOOKS.tab,
                on_select=AccountingState.choose_tab,
                panel_id=_PANEL,
            ),
            class_name="pb-4",
        ),
        rx.el.div(
            rx.match(
                _BOOKS.tab,
                (EXPENSES, expenses_panel()),
                (REVENUE, revenue_panel()),
                (AUDIT, audit_panel()),
                month_panel(),
            ),
            id=_PANEL,
            role="tabpanel",
            aria_label=t("accounting.title"),
            class_name="max-w-[1200px]",
        ),
        expense_pane(),
        mapping_pane(),
        title=t("accounting.title"),
        active="accounting",
        on_live=[ExpensesState.on_live],
    )
