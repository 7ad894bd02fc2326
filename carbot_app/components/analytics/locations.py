"""The person's workshops side by side: a line each, and one for all together."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.locations import switch_to
from carbot_app.components.ui import (
    card,
    cell,
    column,
    error_state,
    icon,
    seen,
    skeleton,
    table,
    table_row,
)
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.locations import CODES, LocationFiguresState
from carbot_app.state.session import SessionState

_CARD: Any = LocationFiguresState
_BOARD: Any = DashboardState
_SESSION: Any = SessionState


def locations_card() -> rx.Component:
    """Only for who may read figures in several workshops; a table on wide screens, a list on phones."""
    return rx.cond(
        _SESSION.compares_locations,
        card(
            # Other days are another question: the mark is new then and asks again once it is near
            seen(LocationFiguresState.reach, key=_BOARD.query),
            rx.el.div(
                rx.el.h2(t("dashboard.locations.title"), class_name="cb-heading"),
                rx.el.p(t("dashboard.locations.text", span=_BOARD.span), class_name="cb-muted cb-dense"),
                class_name="grid gap-0.5 p-4",
            ),
            rx.match(
                _CARD.status,
                ("loading", rx.el.div(skeleton("rows", 3), class_name="px-4 pb-4")),
                ("failed", error_state(on_retry=LocationFiguresState.reach)),
                rx.fragment(_table(), _list()),
            ),
            rx.cond(
                _CARD.is_mixed,
                rx.el.p(t("dashboard.locations.mixed"), class_name="cb-muted cb-dense px-4 py-3"),
            ),
            pad=False,
            data_card="locations",
        ),
    )


def _table() -> rx.Component:
    columns = [
        t("dashboard.locations.location"),
        *(column(t(f"dashboard.figure.{code}"), end=True) for code in CODES),
    ]
    return rx.el.div(
        table(
            t("dashboard.locations.title"),
            columns,
            rx.foreach(
                _CARD.rows,
                lambda row: table_row(cell(_name(row)), *_figures(row), key=row.id),
            ),
            foot=table_row(t("dashboard.locations.all"), *_figures(_CARD.total)),
        ),
        class_name="max-md:hidden overflow-hidden rounded-b-[inherit]",
    )


def _figures(row: Any) -> list[rx.Component]:
    return [cell(row.figures[place], end=True) for place in range(len(CODES))]


def _name(row: Any) -> rx.Component:
    return rx.cond(
        row.current,
        rx.el.span(row.name, class_name="font-[600]"),
        rx.el.button(
            row.name,
            icon("arrow-right", 15),
            type="button",
            title=t("dashboard.locations.open", name=row.name),
            on_click=switch_to(row.id, _CARD.target),
            class_name="cb-link inline-flex items-center gap-1 min-h-8 text-left",
        ),
    )


def _list() -> rx.Component:
    return rx.el.ul(
        rx.foreach(_CARD.rows, lambda row: _phone_line(_name(row), row, key=row.id)),
        _phone_line(rx.el.span(t("dashboard.locations.all"), class_name="font-[640]"), _CARD.total),
        class_name="cb-rows md:hidden",
    )


def _phone_line(name: rx.Component, row: Any, **props: Any) -> rx.Component:
    def fact(place: int, code: str) -> rx.Component:
        return rx.el.div(
            rx.el.dt(t(f"dashboard.figure.{code}"), class_name="cb-muted min-w-0"),
            rx.el.dd(row.figures[place], class_name="cb-num whitespace-nowrap"),
            class_name="flex justify-between gap-3",
        )

    return rx.el.li(
        name,
        rx.el.dl(
            *(fact(place, code) for place, code in enumerate(CODES)),
            class_name="grid gap-y-0.5 mt-1 cb-body",
        ),
        class_name="px-4 py-3",
        **props,
    )
