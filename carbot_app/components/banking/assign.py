"""The pane in which a transaction is assigned by hand."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, check_card, form_error, pane, search_field, segmented
from carbot_app.domains.banking.schemas import DIFFERENCES
from carbot_app.state.bank_assign import BankAssignState

_ASSIGN: Any = BankAssignState


def assign_pane() -> rx.Component:
    """Opened by ``BankAssignState.start``."""
    return pane(
        t("banking.assign.title"),
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.el.span(_ASSIGN.entry.name, class_name="font-[600] break-words min-w-0"),
                    rx.el.span(_ASSIGN.entry.amount, class_name="cb-num font-[620] flex-none"),
                    class_name="flex items-baseline justify-between gap-4",
                ),
                rx.el.p(_ASSIGN.entry.text, class_name="cb-dense cb-muted break-words"),
                class_name="grid gap-1",
            ),
            form_error(_ASSIGN.problem),
            search_field(
                placeholder=t("banking.assign.search"),
                label=t("banking.assign.search"),
                name="invoice",
                on_change=BankAssignState.find.debounce(250),
            ),
            rx.cond(
                _ASSIGN.offers.length() > 0,
                rx.el.div(
                    rx.foreach(_ASSIGN.offers, _offer),
                    role="group",
                    aria_label=t("banking.assign.invoices"),
                    class_name="grid gap-2",
                ),
                rx.el.p(t("banking.assign.none"), class_name="cb-muted"),
            ),
            rx.el.div(
                rx.el.p(t("banking.difference.label"), class_name="cb-label"),
                segmented(
                    t("banking.difference.label"),
                    "difference",
                    [(name, t(f"banking.difference.{name}")) for name in DIFFERENCES],
                    value=_ASSIGN.difference,
                    on_change=BankAssignState.set_difference,
                    fill=True,
                ),
                rx.el.p(t("banking.difference.help"), class_name="cb-dense cb-muted"),
                class_name="grid gap-2",
            ),
            class_name="grid grid-cols-1 gap-5",
        ),
        id="bank-assign",
        open=_ASSIGN.open,
        on_close=BankAssignState.close,
        actions=[
            button(t("ui.actions.cancel"), kind="ghost", data_close="true"),
            button(
                t("banking.assign.apply", count=_ASSIGN.picked.length()),
                kind="primary",
                icon="check",
                disabled=_ASSIGN.picked.length() == 0,
                on_click=BankAssignState.apply,
            ),
        ],
    )


def _offer(line: Any) -> rx.Component:
    return check_card(
        line.number,
        "picked",
        line.id,
        detail=t("banking.assign.offer", name=line.name, day=line.due),
        trailing=rx.el.span(line.open, class_name="cb-num font-[600]"),
        checked=_ASSIGN.picked.contains(line.id),
        on_change=lambda chosen: _ASSIGN.pick(line.id, chosen),
        key=line.id,
    )
