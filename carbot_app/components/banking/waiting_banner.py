"""One line above the invoices while money on the account waits for its invoice."""

from typing import Any

import reflex as rx

from carbot_app.components.banking.frame import BANK
from carbot_app.components.i18n import t
from carbot_app.components.ui import banner, button_link
from carbot_app.state.bank_waiting import BankWaitingState

_WAITING: Any = BankWaitingState


def waiting_banner() -> rx.Component:
    """Counts by itself when it appears; nothing is shown while nothing waits."""
    return rx.el.div(
        rx.cond(
            _WAITING.count > 0,
            banner(
                t("paydesk.waiting.text", amount=_WAITING.amount),
                title=t("paydesk.waiting.title", count=_WAITING.count),
                tone="info",
                icon="building-2",
                action=button_link(
                    t("paydesk.waiting.go"), href=BANK, size="sm", class_name="ml-auto flex-none"
                ),
            ),
        ),
        on_mount=BankWaitingState.load,
    )
