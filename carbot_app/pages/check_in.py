"""/auftraege/annahme/?id=<order>: a car comes in, on a tablet or phone beside it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.orders.check_in import check_in_form
from carbot_app.components.ui import error_state, skeleton
from carbot_app.state.check_in import CheckInState

_STATE: Any = CheckInState


def check_in_page() -> rx.Component:
    """The form, or why there is none."""
    return signed_in_page(
        rx.match(
            _STATE.status,
            ("failed", error_state(on_retry=CheckInState.load)),
            ("loading", skeleton("rows", 6)),
            check_in_form(),
        ),
        title=t("checkin.page.title"),
        active="orders",
    )
