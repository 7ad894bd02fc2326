"""Step 3: how to reach the customer, what we should know, and the request itself."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.hold import hold_over
from carbot_app.components.booking.order import order_review
from carbot_app.components.booking.parts import privacy_note, step_form
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.photos import photo_picker
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import field, icon, text_button, textarea
from carbot_app.state.booking import CONTACT, BookingState
from carbot_app.state.booking_hold import BookingTimes
from carbot_app.state.booking_order import OrderState
from carbot_app.state.booking_visit import VisitState

_ORDER: Any = OrderState
_VISIT: Any = VisitState
_BOOKING: Any = BookingState
_TIMES: Any = BookingTimes


def contact_step() -> rx.Component:
    """Contact, note, and what happens with both."""
    return step_form(
        CONTACT,
        _chosen(),
        hold_over(),
        rx.el.div(
            _field("name", _BOOKING.name, auto_complete="name", max_length=120),
            rx.el.div(
                _field("phone", _BOOKING.phone, type="tel", max_length=40),
                _field("email", _BOOKING.email, type="email", max_length=254),
                class_name="grid gap-4 sm:grid-cols-2 items-start",
            ),
            textarea(
                t("public.contact.note"),
                "note",
                help=t("public.contact.note_help"),
                error=_error("note"),
                optional=True,
                rows=3,
                max_length=2000,
                default_value=_BOOKING.note,
                on_blur=lambda text: _BOOKING.check("note", text),
            ),
            class_name="grid gap-4",
            key=_VISIT.form_key,
        ),
        photo_picker(),
        privacy_note(t("public.contact.privacy", workshop=public_fact("workshop"))),
        order_review(),
        title=t("public.contact.title"),
        lead=rx.cond(_ORDER.binding, t("order.email_needed"), t("public.contact.lead")),
        on_submit=_BOOKING.book,
    )


def _chosen() -> rx.Component:
    return rx.el.div(
        icon("calendar-check", 20, class_name="text-primary"),
        rx.el.span(
            rx.el.span(_TIMES.slot_label, class_name="block font-[640] cb-num"),
            rx.el.span(
                t("public.services.count", count=_VISIT.codes.length()),
                " · ",
                _VISIT.duration,
                class_name="block cb-muted",
            ),
            class_name="min-w-0 flex-1",
        ),
        text_button(t("public.change"), on_click=_BOOKING.go_to(2), class_name="cb-tap"),
        class_name="cb-card cb-card-pad flex items-center gap-3",
    )


def _field(name: str, value: Any, **props: Any) -> rx.Component:
    return field(
        t_choice("public.contact", name),
        name,
        error=_error(name),
        default_value=value,
        on_blur=lambda text: _BOOKING.check(name, text),
        **props,
    )


def _error(name: str) -> Any:
    code = _BOOKING.errors[name]
    return rx.cond(_BOOKING.errors.contains(name), t_choice("public.error", code), "")
