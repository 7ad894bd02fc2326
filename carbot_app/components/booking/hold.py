"""How long the chosen time stays reserved."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, icon
from carbot_app.components.ui.markup import when
from carbot_app.state.booking import CONTACT, TIME, BookingState
from carbot_app.state.booking_hold import HoldState

_HOLD: Any = HoldState
_BOOKING: Any = BookingState


class _HoldClock(rx.Component):
    library = "$/public/booking/hold"
    tag = "HoldClock"

    seconds: rx.Var[int]
    turn: rx.Var[int]
    over: rx.Var[bool]
    soon_text: rx.Var[str]
    over_text: rx.Var[str]
    on_renew: rx.EventHandler[rx.event.no_args_event_spec]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


def hold_clock() -> rx.Component:
    """Counts for every ``hold_line`` of the page; once per page."""
    return _HoldClock.create(
        seconds=_HOLD.seconds,
        turn=_HOLD.turn,
        over=_HOLD.over,
        soon_text=t("public.hold.soon"),
        over_text=t("public.hold.over"),
        on_renew=HoldState.renew,
        on_end=HoldState.end,
        on_leave=HoldState.leave,
    )


def hold_line() -> rx.Component:
    """``Reserviert bis 14:32 Uhr · noch 4:52``; the figures that run are not read aloud."""
    step = _BOOKING.step
    return when(
        (_HOLD.until != "") & ((step == TIME) | (step == CONTACT)),
        rx.el.p(
            icon("timer", 17),
            rx.el.span(
                t("public.hold.until", time=_HOLD.until),
                rx.el.span(
                    " · ",
                    t("public.hold.left"),
                    " ",
                    rx.el.span(class_name="cb-num", custom_attrs={"data-hold-left": "true"}),
                    aria_hidden="true",
                ),
            ),
            class_name="cb-hold cb-muted",
        ),
    )


def hold_over() -> rx.Component:
    """The reservation has run out: nothing is lost, and it may be had again."""
    return when(
        _HOLD.over,
        rx.el.div(
            icon("timer", 20),
            rx.el.span(
                rx.el.strong(t("public.hold.over"), class_name="block"),
                t("public.hold.over_text"),
                class_name="min-w-0 flex-1",
            ),
            button(t("public.hold.again"), on_click=_BOOKING.hold_again),
            class_name="cb-banner cb-tone-warn cb-banner-card cb-hold-over",
        ),
    )
