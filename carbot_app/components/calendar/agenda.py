"""Appointments of a day or a week as rows; the usual next step is one tap away."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    button,
    card,
    empty_state,
    error_state,
    icon_button,
    plate_chip,
    rows,
    segmented,
    skeleton,
)
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.session import SessionState

_CALENDAR: Any = CalendarState
_SESSION: Any = SessionState

STEP_WORDS = {
    "confirmed": ("calendar.step.confirm", "check"),
    "arrived": ("calendar.step.arrived", "car"),
    "in_work": ("calendar.step.in_work", "wrench"),
    "done": ("calendar.step.done", "check"),
}
"""State → the word of the step that leads there, and its icon."""


def browse_buttons() -> rx.Component:
    """Back, the day or week shown, forward, today."""
    return rx.el.div(
        icon_button("chevron-left", t("calendar.back"), tip=False, on_click=BoardState.browse(-1)),
        rx.el.span(
            _CALENDAR.title,
            class_name="font-[620] cb-num text-center min-w-0",
            aria_live="polite",
        ),
        icon_button("chevron-right", t("calendar.forward"), tip=False, on_click=BoardState.browse(1)),
        button(t("calendar.today"), on_click=BoardState.browse(0)),
        class_name="flex items-center gap-1.5 max-md:justify-between",
    )


def span_switch() -> rx.Component:
    """Day or week."""
    return segmented(
        t("calendar.span.label"),
        "span",
        [("day", t("calendar.span.day")), ("week", t("calendar.span.week"))],
        value=_CALENDAR.span,
        on_change=lambda span: CalendarState.show(span, _CALENDAR.on),
    )


def agenda() -> rx.Component:
    """The days, or their skeleton; what failed stands above the old rows."""
    return rx.el.div(
        rx.cond(_CALENDAR.status == "failed", error_state(on_retry=CalendarState.load)),
        rx.cond(
            _CALENDAR.status == "loading",
            rx.el.div(skeleton("rows", 6), class_name="p-2"),
            rx.foreach(_CALENDAR.days, _day),
        ),
        class_name="grid grid-cols-1 gap-5 max-w-[1400px]",
    )


def _day(day: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                day.title,
                class_name=[
                    rx.cond(day.today, "cb-heading text-primary", "cb-heading"),
                    rx.cond(_CALENDAR.span == "day", "cb-sr", ""),
                ],
            ),
            rx.cond(
                day.visits.length() > 0,
                rx.el.span(
                    t("calendar.count", count=day.visits.length()),
                    rx.cond(
                        day.summary != "",
                        rx.el.span(" · ", day.summary, class_name="max-md:hidden"),
                    ),
                    class_name="cb-muted cb-num",
                ),
            ),
            class_name="flex items-baseline justify-between gap-3 px-1",
        ),
        rx.cond(
            day.visits.length() > 0,
            card(rows(rx.foreach(day.visits, _visit)), pad=False),
            rx.cond(
                _CALENDAR.span == "day",
                card(empty_state("calendar-days", t("calendar.empty.title"), t("calendar.empty.text"))),
                rx.el.p(t("calendar.empty.short"), class_name="cb-muted px-1"),
            ),
        ),
        class_name="grid gap-2.5",
        key=day.on,
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.li(
        _visit_button(visit),
        rx.el.span(
            badge(visit.badge),
            rx.cond(
                _SESSION.permissions.contains("bookings.manage"),
                rx.el.span(
                    rx.cond(visit.next_state != "", _next_step(visit)),
                    class_name="relative z-[1] flex w-[136px]",
                ),
            ),
            class_name="max-md:hidden flex items-center gap-3 flex-none self-center",
        ),
        class_name=[
            "cb-row hover:bg-panel",
            rx.cond(visit.over, "[&_.cb-truncate]:text-muted", ""),
        ],
        key=visit.id,
    )


def _visit_button(visit: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.el.span(visit.starts, class_name="block font-[620]"),
            rx.el.span(visit.ends, class_name="block cb-dense cb-faint"),
            class_name="cb-num w-[3.25rem] flex-none text-left",
        ),
        rx.el.span(
            rx.el.span(
                rx.cond(
                    visit.plate.city != "",
                    plate_chip(visit.plate.city, visit.plate.rest, country=visit.plate.country),
                ),
                rx.el.span(visit.name, class_name="cb-truncate font-[620]"),
                class_name="flex items-center gap-2.5 min-w-0",
            ),
            rx.el.span(visit.work, class_name="block cb-truncate mt-0.5"),
            rx.el.span(
                rx.el.span(
                    rx.cond(
                        visit.vehicle != "", rx.el.span(visit.vehicle, " · ", class_name="max-md:hidden")
                    ),
                    visit.people,
                    class_name="cb-truncate flex-1 cb-dense cb-muted",
                ),
                rx.el.span(badge(visit.badge), class_name="md:hidden flex flex-none"),
                class_name="lg:hidden flex items-center gap-2.5 max-md:mt-1",
            ),
            class_name="block min-w-0 flex-1 text-left",
        ),
        rx.el.span(
            rx.el.span(visit.vehicle, class_name="block cb-truncate"),
            rx.el.span(visit.people, class_name="block cb-truncate cb-dense cb-muted mt-0.5"),
            class_name="max-lg:hidden block w-[30%] min-w-0 flex-none text-left",
        ),
        type="button",
        on_click=CalendarState.open_visit(visit.id),
        aria_haspopup="dialog",
        class_name=("flex items-start gap-3 flex-1 min-w-0 cursor-pointer after:absolute after:inset-0"),
    )


def _next_step(visit: Any) -> Any:
    steps = [
        (
            state,
            button(
                t(word),
                size="sm",
                icon=glyph,
                on_click=CalendarState.change_state(visit.id, state),
                class_name="w-full",
            ),
        )
        for state, (word, glyph) in STEP_WORDS.items()
    ]
    return rx.match(visit.next_state, *steps, rx.fragment())
