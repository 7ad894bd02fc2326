"""What every step shares: its form, its title, its problem."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import icon
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href
from carbot_app.state.booking import BookingState

_BOOKING: Any = BookingState


FORMS = {1: "visit-form", 2: "time-form", 3: "contact-form"}
"""Step → id of its form, for buttons outside of it."""


def step_form(
    step: int, *content: Any, title: Any, lead: Any, on_submit: Any, above: Any = None
) -> rx.Component:
    """A step, with ``above`` its title. All steps stay in the page: nothing typed is lost on the way back."""
    return rx.el.section(
        *([above] if above is not None else []),
        step_title(title, lead),
        rx.el.form(
            *content,
            id=FORMS[step],
            on_submit=on_submit,
            no_validate=True,
            class_name="grid grid-cols-1 gap-6",
        ),
        hidden=_BOOKING.step != step,
        custom_attrs={"data-step": str(step)},
    )


def privacy_note(text: Any) -> rx.Component:
    """What becomes of the contact, with the way to the whole privacy notice."""
    return rx.el.p(
        icon("shield-check", 19, class_name="text-muted"),
        rx.el.span(
            text,
            " ",
            rx.el.a(
                t("ui.footer.privacy"),
                href=workshop_href("datenschutz"),
                target="_blank",
                class_name="cb-link",
            ),
        ),
        class_name="cb-note cb-muted",
    )


def step_title(title: Any, lead: Any = None) -> rx.Component:
    """Heading of a step; takes the focus when the step begins."""
    return rx.el.div(
        rx.el.h1(
            title, class_name="cb-hero outline-none", tab_index=-1, custom_attrs={"data-step-title": "true"}
        ),
        *([rx.el.p(lead, class_name="cb-muted mt-1")] if lead is not None else []),
        class_name="mb-4",
    )


def problem(shown: Any, text: Any) -> rx.Component:
    """Why a step cannot be left; takes the focus when the way on was tried."""
    return rx.el.div(
        when(
            shown,
            rx.el.p(
                icon("st-overdue", 17),
                rx.el.span(text),
                class_name="cb-problem flex gap-2 items-start",
                tab_index=-1,
                custom_attrs={"data-problem": "true"},
            ),
        ),
        role="alert",
        class_name="cb-live",
    )
