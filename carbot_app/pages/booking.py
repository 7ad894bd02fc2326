"""/w/<slug>/termin: an appointment in three steps, without an account."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.callback import callback_below_times
from carbot_app.components.booking.contact import contact_step
from carbot_app.components.booking.done import done_step
from carbot_app.components.booking.hold import hold_clock
from carbot_app.components.booking.summary import visit_bar, visit_summary
from carbot_app.components.booking.times import time_step
from carbot_app.components.booking.visit import visit_step
from carbot_app.components.i18n import t
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import steps
from carbot_app.components.workshop_frame import workshop_shell
from carbot_app.state.booking import BookingState

_NUMBER: Any = rx.event.passthrough_event_spec(int)
_TYPED: Any = rx.event.passthrough_event_spec(str, list[str])  # pyright: ignore[reportCallIssue]


class _VisitSteps(rx.Component):
    library = "$/public/booking/steps"
    tag = "VisitSteps"

    step: rx.Var[int]
    attempt: rx.Var[int]
    on_step: rx.EventHandler[_NUMBER]
    on_adopt: rx.EventHandler[_TYPED]


def booking_page() -> rx.Component:
    """Three steps beside their summary; complete before any script runs."""
    names = [t("public.steps.visit"), t("public.steps.time"), t("public.steps.contact")]
    return workshop_shell(
        _VisitSteps.create(
            step=BookingState.step,
            attempt=BookingState.attempt,
            on_step=BookingState.go_to,
            on_adopt=BookingState.adopt,
        ),
        hold_clock(),
        rx.el.div(steps(names, BookingState.step), class_name="mb-5"),
        visit_step(),
        time_step(),
        callback_below_times(),
        contact_step(),
        done_step(),
        on_language=lambda code: BookingState.read_language(code, public_fact("language")),
        summary=visit_summary(),
        summary_bar=visit_bar(),
    )
