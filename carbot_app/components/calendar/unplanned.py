"""Unplanned work on phones: how much there is, the list, and a time for one of it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, form_error, plate_chip, sheet
from carbot_app.state.board import BoardState
from carbot_app.state.plan_visit import PlanVisitState
from carbot_app.state.session import SessionState

_PLAN: Any = PlanVisitState
_SHEET: Any = BoardState.sheet
_SESSION: Any = SessionState


def unplanned_button() -> rx.Component:
    """How many wait, above the list of a phone; nothing where nothing waits."""
    return rx.cond(
        (_SHEET.unplanned.length() > 0) & _SESSION.permissions.contains("bookings.manage"),
        button(
            t("calendar.plan.open", count=_SHEET.unplanned.length()),
            icon="list-plus",
            on_click=PlanVisitState.show,
            aria_haspopup="dialog",
            block=True,
        ),
    )


def unplanned_sheet() -> rx.Component:
    """The list; a visit pressed shows its best times instead."""
    return sheet(
        rx.cond(_PLAN.visit == "", t("calendar.board.unplanned"), t("calendar.plan.choose", name=_PLAN.name)),
        rx.cond(
            _PLAN.visit == "",
            rx.el.ul(rx.foreach(_SHEET.unplanned, _visit), class_name="grid gap-2.5", aria_live="polite"),
            _times(),
        ),
        id="unplanned",
        open=_PLAN.open,
        on_close=PlanVisitState.close,
    )


def _visit(visit: Any) -> rx.Component:
    visit = visit.to(dict[str, str])
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.cond(
                    visit["city"] != "", plate_chip(visit["city"], visit["rest"], country=visit["country"])
                ),
                rx.el.span(visit["name"], class_name="cb-truncate flex-1 font-[620]"),
                rx.el.span(visit["hours"], class_name="cb-num cb-muted flex-none"),
                class_name="flex items-center gap-2.5 min-w-0",
            ),
            rx.el.span(visit["work"], class_name="block break-words"),
            type="button",
            on_click=PlanVisitState.choose(visit["id"]),
            class_name="cb-board-card w-full text-left cursor-pointer",
        ),
        key=visit["id"],
    )


def _times() -> rx.Component:
    return rx.el.div(
        form_error(_PLAN.problem),
        rx.cond(
            _PLAN.times.length() > 0,
            rx.el.ul(rx.foreach(_PLAN.times, _time), class_name="grid gap-2"),
            rx.el.p(t("calendar.new.none"), class_name="cb-muted"),
        ),
        button(t("calendar.plan.back"), kind="ghost", icon="arrow-left", on_click=PlanVisitState.choose("")),
        class_name="grid gap-3",
    )


def _time(one: Any) -> rx.Component:
    return rx.el.li(
        button(
            one["label"],
            size="lg",
            block=True,
            icon_end=rx.cond(one["best"], "thumbs-up", "chevron-right"),
            on_click=PlanVisitState.plan(one["value"]),
        ),
        key=one["value"],
    )
