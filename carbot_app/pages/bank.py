"""/rechnungen/bank/: what the account tells, and which invoices it settles."""

from typing import Any

import reflex as rx

from carbot_app.components.banking.assign import assign_pane
from carbot_app.components.banking.entries import bank_entries, last_day
from carbot_app.components.banking.frame import BANK, PLACE, money_tabs
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button
from carbot_app.state.bank import BankState

_BANK: Any = BankState


def bank_page() -> rx.Component:
    """Upload, certain ones in one go, the rest one by one."""
    return signed_in_page(
        money_tabs(BANK),
        bank_entries(),
        assign_pane(),
        title=t("banking.title"),
        beside_title=last_day(),
        actions=[
            rx.cond(
                _BANK.may_change & (_BANK.facts.safe > 0),
                button(
                    t("banking.action.safe", count=_BANK.facts.safe),
                    kind="primary",
                    icon="check",
                    busy=_BANK.busy,
                    on_click=BankState.book_safe,
                ),
            )
        ],
        active=PLACE,
        on_live=[BankState.on_live],
    )
