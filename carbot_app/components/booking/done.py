"""The confirmation: date, price, place, calendar file, and the way to change it."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.deposit import deposit_request
from carbot_app.components.booking.order import order_number
from carbot_app.components.booking.parts import step_title
from carbot_app.components.i18n import t
from carbot_app.components.photos import photo_report
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import button_link, card, icon, text_button
from carbot_app.components.ui.buttons import Kind
from carbot_app.components.ui.markup import when
from carbot_app.state.booking import DONE, BookingState

_BOOKING: Any = BookingState


def done_step() -> rx.Component:
    """What the customer takes along."""
    booked = _BOOKING.done
    ordered = booked.contract != ""
    return rx.el.section(
        rx.el.span(icon("check", 26), class_name="cb-done-sign"),
        step_title(
            rx.cond(ordered, t("order.done_title"), t("public.done.title")),
            rx.cond(
                ordered,
                t("order.done_text", email=_BOOKING.email),
                rx.fragment(
                    t("public.done.text"),
                    when(
                        _BOOKING.email != "",
                        rx.fragment(" ", t("public.done.mail", email=_BOOKING.email)),
                    ),
                ),
            ),
        ),
        when(
            booked.deposit != "",
            card(deposit_request(booked.deposit, booked.deposit_until, href=booked.deposit_path)),
        ),
        rx.el.dl(
            _fact("calendar-check", t("public.done.when"), rx.el.strong(booked.when, class_name="cb-num")),
            _fact("car", t("public.done.stay"), booked.stay),
            _fact("wrench", t("public.done.what"), booked.title),
            _fact(
                "banknote",
                t("public.done.price"),
                rx.fragment(rx.el.span(booked.price, class_name="cb-price"), " ", t("ui.price.incl_vat")),
            ),
            _fact(
                "map-pin",
                t("public.done.where"),
                rx.fragment(public_fact("workshop"), ", ", public_fact("address")),
            ),
            class_name="cb-card cb-facts",
        ),
        rx.el.div(
            rx.cond(booked.deposit != "", _calendar("outline"), _calendar("primary")),
            button_link(
                t("public.done.manage"), href=booked.link, size="lg", icon="calendar-clock", external=True
            ),
            class_name="grid gap-3 sm:flex",
        ),
        photo_report(),
        rx.el.p(
            rx.cond(ordered, order_number(booked.contract), t("public.done.nonbinding")),
            class_name="cb-muted",
        ),
        text_button(
            t("public.done.another"), on_click=_BOOKING.start_over, class_name="cb-tap justify-self-start"
        ),
        hidden=_BOOKING.step != DONE,
        class_name="cb-done",
        custom_attrs={"data-step": str(DONE)},
    )


def _calendar(kind: Kind) -> rx.Component:
    return button_link(
        t("public.done.calendar"),
        href=_BOOKING.done.link + "termin.ics",
        kind=kind,
        size="lg",
        icon="calendar-plus",
        external=True,
        download=True,
    )


def _fact(glyph: str, label: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(icon(glyph, 19), rx.el.span(label), class_name="cb-muted"),
        rx.el.dd(value, class_name="min-w-0"),
    )
