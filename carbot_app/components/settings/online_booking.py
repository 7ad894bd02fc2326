"""How the booking page ends: a free request, or an order that owes payment."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import part
from carbot_app.components.ui import form_error, link, radio_card
from carbot_app.domains.team.online_booking import MODES
from carbot_app.state.settings_online import OnlineBookingState

_ONLINE: Any = OnlineBookingState


def online_booking_part() -> rx.Component:
    """Two cards, and what is missing for the second."""
    return part(
        t("contracts.settings.title"),
        rx.el.div(
            rx.cond(_ONLINE.problem != "", form_error(_ONLINE.problem)),
            rx.cond(
                _ONLINE.problem != "",
                link(
                    t("contracts.settings.to_imprint"),
                    href="/einstellungen/?bereich=werkstatt",
                    class_name="cb-link justify-self-start",
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(t("contracts.settings.title"), class_name="cb-sr"),
                *(_answer(mode) for mode in MODES),
                key=f"{_ONLINE.version}",
                class_name="grid gap-2.5 md:grid-cols-2 border-0 p-0 m-0 min-w-0",
            ),
            class_name="grid gap-3",
            aria_live="polite",
        ),
        text=t("contracts.settings.text"),
    )


def _answer(mode: str) -> rx.Component:
    return radio_card(
        t_choice("contracts.settings", mode),
        "online_booking",
        mode,
        detail=t_choice("contracts.settings", f"{mode}_text"),
        default_checked=_ONLINE.mode == mode,
        on_change=OnlineBookingState.choose(mode),
    )
