"""For those who would rather be called: a few fields, and in their place when the call comes."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.parts import privacy_note
from carbot_app.components.i18n import language_bridge, t, t_choice
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import button, field, form_error, icon, select, text_button, textarea
from carbot_app.state.booking import TIME, BookingState
from carbot_app.state.callback_wish import CallbackWishState

_WISH: Any = CallbackWishState
_BOOKING: Any = BookingState


def callback_card() -> rx.Component:
    """The offer to be called; once per page."""
    return rx.el.section(
        rx.el.div(
            rx.cond(_WISH.when != "", _promise(), rx.cond(_WISH.shown, _form(), _offer())),
            aria_live="polite",
        ),
        id="callback",
        class_name="cb-card cb-card-pad mt-6",
        on_mount=CallbackWishState.arrive,
    )


def callback_below_times() -> rx.Component:
    """On the booking page, for whom no time fits."""
    return rx.el.div(callback_card(), hidden=_BOOKING.step != TIME)


def _offer() -> rx.Component:
    return rx.el.div(
        rx.el.span(icon("phone", 22), class_name="cb-way-sign"),
        rx.el.div(
            rx.el.h2(t("public.callback.offer"), class_name="cb-heading"),
            rx.el.p(t("public.callback.lead"), class_name="cb-muted"),
            class_name="flex-1 min-w-0",
        ),
        button(
            t("public.callback.open"),
            size="lg",
            on_click=CallbackWishState.open,
            class_name="max-sm:w-full",
        ),
        class_name="flex flex-wrap items-center gap-4",
    )


def _form() -> rx.Component:
    return rx.el.form(
        language_bridge(on_change=CallbackWishState.read_language),
        rx.el.h2(t("public.callback.title"), class_name="cb-section"),
        rx.el.div(
            _field("name", auto_complete="name", max_length=120, auto_focus=True),
            _field("phone", type="tel", max_length=40),
            class_name="grid gap-4 sm:grid-cols-2 items-start",
        ),
        select(t("public.callback.when"), "window", _WISH.windows, error=_error("window")),
        textarea(
            t("public.callback.note"), "note", optional=True, rows=2, max_length=500, error=_error("note")
        ),
        form_error(_error("form")),
        button(t("public.callback.send"), size="lg", submit=True, busy=_WISH.busy),
        privacy_note(t("public.callback.privacy", workshop=public_fact("workshop"))),
        on_submit=CallbackWishState.send,
        no_validate=True,
        class_name="grid gap-4",
    )


def _promise() -> rx.Component:
    return rx.el.div(
        icon("st-done", 26, class_name="text-ok-ink flex-none"),
        rx.el.div(
            rx.el.h2(
                t("public.callback.done_title"),
                class_name="cb-heading outline-none",
                tab_index=-1,
                custom_attrs={"data-done": "true"},
            ),
            rx.el.p(t("public.callback.done_text", when=_WISH.when, phone=_WISH.phone), class_name="cb-num"),
            text_button(t("public.callback.change"), on_click=CallbackWishState.open, class_name="cb-tap"),
            class_name="min-w-0",
        ),
        class_name="flex gap-3",
    )


def _field(name: str, **props: Any) -> rx.Component:
    return field(t_choice("public.contact", name), name, error=_error(name), **props)


def _error(name: str) -> Any:
    code = _WISH.errors[name]
    return rx.cond(_WISH.errors.contains(name), t_choice("public.callback.error", code), "")
