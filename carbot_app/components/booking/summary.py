"""What was chosen and what it costs: beside the steps on a desk, a bar at the bottom on phones."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.hold import hold_line
from carbot_app.components.booking.parts import FORMS
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.public_facts import each, public_fact, public_list
from carbot_app.components.ui import button, icon, plate_chip
from carbot_app.components.ui.markup import when
from carbot_app.state.booking import CONTACT, DONE, TIME, VISIT, BookingState
from carbot_app.state.booking_car import CarState
from carbot_app.state.booking_hold import BookingTimes, HoldState
from carbot_app.state.booking_order import OrderState
from carbot_app.state.booking_visit import VisitState

_VISIT: Any = VisitState
_CAR: Any = CarState
_BOOKING: Any = BookingState
_TIMES: Any = BookingTimes
_HOLD: Any = HoldState
_ORDER: Any = OrderState


def visit_summary() -> rx.Component:
    """The card at the right."""
    return rx.el.div(
        rx.el.section(
            when(_CAR.city != "", _car()),
            rx.cond(
                _VISIT.lines.length() > 0,
                rx.el.ul(rx.foreach(_VISIT.lines, _line), class_name="cb-summary-lines"),
                rx.el.p(t("public.summary.empty"), class_name="cb-muted py-1"),
            ),
            when(
                (_BOOKING.step > TIME) | ((_BOOKING.step == TIME) & (_TIMES.slot_label != "")),
                rx.el.p(
                    icon("calendar-check", 18),
                    rx.el.span(_TIMES.slot_label, class_name="font-[600] cb-num"),
                    class_name="cb-summary-slot",
                ),
            ),
            _wished(),
            hold_line(),
            when(_VISIT.total != "", _total()),
            when((_BOOKING.step != DONE) & ~_ordering(), _next(block=True)),
            _meaning(),
            class_name="cb-card cb-summary-card",
            aria_label=t("public.summary.title"),
            aria_live="polite",
        ),
        _workshop(),
        class_name="grid gap-5",
    )


def visit_bar() -> rx.Component:
    """Price and next step within the reach of a thumb."""
    return rx.el.div(
        hold_line(),
        rx.el.div(
            when(
                _VISIT.total != "",
                rx.fragment(
                    rx.el.span(_VISIT.total, class_name="block cb-bar-total"),
                    rx.el.span(
                        rx.el.span(t("ui.price.incl_vat")),
                        rx.el.span(_VISIT.duration),
                        class_name="cb-dots cb-dense cb-muted",
                    ),
                ),
                rx.el.span(t("public.summary.empty_bar"), class_name="block cb-dense cb-muted"),
            ),
            class_name="min-w-0",
        ),
        when(~_ordering(), _next(block=False)),
        class_name="cb-visit-bar",
        custom_attrs={
            "data-hidden": rx.cond((_BOOKING.step == DONE) | _ordering(), "true", "false"),
            "data-stacked": rx.cond(_BOOKING.step == CONTACT, "true", "false"),
        },
    )


def _ordering() -> Any:
    """The order has a button of its own, directly below what it is about."""
    return (_BOOKING.step == CONTACT) & _ORDER.binding


def _meaning() -> rx.Component:
    """That nothing is owed. Where bookings may be binding, only the last step can say so."""
    look = "cb-dense cb-muted text-center"
    return rx.cond(
        (_BOOKING.step == CONTACT) | (_BOOKING.step == DONE),
        when(
            ~_ordering() & (_BOOKING.done.contract == ""),
            rx.el.p(t("public.summary.nonbinding"), class_name=look),
        ),
        rx.el.p(
            t("public.summary.nonbinding"),
            class_name=f"{look} cb-if-request",
            custom_attrs={"data-online": public_fact("online_booking")},
        ),
    )


def _next(*, block: bool) -> rx.Component:
    words = rx.match(
        _BOOKING.step,
        (TIME, t("public.next.contact")),
        (CONTACT, t("public.next.book")),
        t("public.next.time"),
    )
    form = rx.match(_BOOKING.step, (TIME, FORMS[TIME]), (CONTACT, FORMS[CONTACT]), FORMS[VISIT])
    return button(
        rx.fragment(
            words,
            when(_BOOKING.step != CONTACT, icon("arrow-right", 19, class_name="ml-2")),
        ),
        kind="primary",
        size="lg",
        submit=True,
        block=block,
        form=form,
        busy=_BOOKING.busy,
    )


def _wished() -> Any:
    chosen = _BOOKING.step > VISIT
    return rx.fragment(
        when(
            chosen & _HOLD.loaner,
            rx.el.p(icon("car", 18), t("public.wish.loaner"), class_name="cb-summary-wish"),
        ),
        when(
            chosen & _HOLD.waits,
            rx.el.p(icon("coffee", 18), t("public.wish.waits"), class_name="cb-summary-wish"),
        ),
    )


def _car() -> rx.Component:
    return rx.el.div(
        plate_chip(_CAR.city, _CAR.rest, country=_CAR.country, size=38),
        rx.el.span(
            rx.el.strong(_CAR.label, class_name="block"),
            when(
                _CAR.vehicle_class != "",
                rx.el.span(
                    t_choice("public.class", _CAR.vehicle_class), class_name="block cb-dense cb-muted"
                ),
            ),
            class_name="min-w-0",
        ),
        class_name="cb-summary-car",
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line["name"], class_name="min-w-0 flex-1"),
        rx.el.span(line["price"], class_name="cb-price"),
    )


def _total() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.el.span(t("public.summary.total"), class_name="block font-[640]"),
            rx.el.span(t("ui.price.incl_vat"), " · ", _VISIT.duration, class_name="block cb-dense cb-muted"),
        ),
        rx.el.span(_VISIT.total, class_name="cb-price cb-price-total"),
        class_name="cb-summary-total",
    )


def _workshop() -> rx.Component:
    hours = public_list("hours", "day", "time")
    return rx.el.div(
        rx.el.p(icon("map-pin", 18), rx.el.span(public_fact("address"))),
        rx.el.div(
            icon("clock", 18),
            rx.el.ul(
                rx.foreach(
                    hours,
                    lambda row: rx.el.li(row["day"], " ", row["time"], custom_attrs=each("hours")),
                )
            ),
        ),
        rx.el.p(icon("shield-check", 18), rx.el.span(public_fact("chamber"), class_name="cb-if-text")),
        class_name="cb-summary-facts",
    )
