"""/freigabe/<token>: the customer decides about work on their car, without an account."""

import reflex as rx

from carbot_app.components.orders.approval import approval_question
from carbot_app.components.workshop_frame import workshop_shell


def approval_page() -> rx.Component:
    """The question in the workshop's frame."""
    return workshop_shell(approval_question())
