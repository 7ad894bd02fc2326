"""The day plan on paper, black on white whatever the screen shows."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.state.day_plan import DayPlanState
from carbot_app.state.session import SessionState

_PLAN: Any = DayPlanState
_SESSION: Any = SessionState

_COLUMNS = ("time", "plate", "customer", "work", "minutes", "bay", "done")


def day_plan() -> rx.Component:
    """Nothing on the screen; a page for each technician when printed from the calendar's head."""
    return rx.el.div(
        rx.cond(
            _PLAN.pages.length() > 0,
            rx.foreach(_PLAN.pages, _page),
            rx.el.section(
                _head(t("calendar.print.heading"), _PLAN.day), rx.el.p(t("calendar.print.nothing"))
            ),
        ),
        class_name="cb-dayplan",
        custom_attrs={"data-plan-turn": _PLAN.turn.to_string()},
    )


def _head(name: Any, day: Any) -> rx.Component:
    return rx.el.header(
        rx.el.p(_SESSION.workshop_name, " · ", t("calendar.print.heading")),
        rx.el.h2(name),
        rx.el.p(day),
    )


def _page(page: Any) -> rx.Component:
    return rx.el.section(
        _head(page.name, page.day),
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(t(f"calendar.print.{name}"), scope="col") for name in _COLUMNS))),
            rx.el.tbody(rx.foreach(page.rows, _row)),
        ),
        key=page.key,
    )


def _row(row: Any) -> rx.Component:
    return rx.el.tr(
        *(rx.el.td(row[name]) for name in _COLUMNS[:-1]),
        rx.el.td(rx.el.span(class_name="cb-dayplan-box")),
        key=row.id,
    )
