"""/t/<token>: the customer's appointment, without an account."""

import reflex as rx

from carbot_app.components.booking.appointment import appointment_details, new_time
from carbot_app.components.public_facts import public_fact
from carbot_app.components.workshop_frame import workshop_shell
from carbot_app.state.manage import ManageState


def appointment_page() -> rx.Component:
    """Details first; moving takes their place."""
    return workshop_shell(
        appointment_details(),
        new_time(),
        on_language=lambda code: ManageState.read_language(code, public_fact("language")),
    )
