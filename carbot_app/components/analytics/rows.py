"""The rows behind a figure: a pane on desks, a sheet on phones."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    empty_state,
    error_state,
    icon,
    load_more,
    pane,
    plate_chip,
    rows,
    skeleton,
    when,
)
from carbot_app.components.ui.markup import link
from carbot_app.state.dashboard_rows import DashboardRowsState

_ROWS: Any = DashboardRowsState


def figure_rows() -> rx.Component:
    """Open while a figure is named; every row leads to its record."""
    return pane(
        rx.cond(_ROWS.code != "", t_choice("dashboard.figure", _ROWS.code), ""),
        rx.cond(
            _ROWS.code != "",
            rx.fragment(
                rx.el.p(
                    t_choice("analytics.definition", _ROWS.code),
                    class_name="cb-muted cb-dense px-5 pt-1 pb-3",
                ),
                rx.match(
                    _ROWS.status,
                    ("loading", rx.el.div(skeleton("rows", 6), class_name="px-5 py-3")),
                    rx.fragment(
                        rx.cond(
                            _ROWS.status == "failed",
                            rx.el.div(error_state(on_retry=DashboardRowsState.retry), class_name="px-5 pb-3"),
                        ),
                        rx.cond(_ROWS.lines.length() > 0, _list(), _none()),
                    ),
                ),
            ),
        ),
        id="dash-rows",
        open=_ROWS.code != "",
        on_close=DashboardRowsState.close,
    )


def _none() -> rx.Component:
    return when(
        _ROWS.status == "ready",
        empty_state("inbox", t("dashboard.rows.none_title"), t("dashboard.rows.none_text")),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.cond(
            _ROWS.total > 0,
            rx.el.p(
                t("dashboard.rows.total", count=_ROWS.total),
                class_name="px-5 pb-2 font-[600] border-b border-base-300",
            ),
        ),
        rows(rx.foreach(_ROWS.lines, _line), aria_label=t("dashboard.rows.list")),
        load_more(has_more=_ROWS.has_more, on_click=DashboardRowsState.load_more),
    )


def _line(line: Any) -> rx.Component:
    inside = rx.fragment(
        rx.el.span(
            rx.el.span(
                when(
                    line.has_plate,
                    plate_chip(line.plate.city, line.plate.rest, country=line.plate.country),
                ),
                rx.el.span(line.title, class_name="cb-truncate font-[600]"),
                class_name="flex items-center gap-2 min-w-0",
            ),
            rx.el.span(
                line.when,
                rx.cond(line.detail != "", rx.fragment(" · ", line.detail)),
                class_name="block cb-truncate cb-muted cb-dense",
            ),
            class_name="grid gap-0.5 min-w-0 flex-1",
        ),
        rx.el.span(line.figure, class_name="cb-num whitespace-nowrap font-[600]"),
    )
    return rx.el.li(
        rx.cond(
            line.href != "",
            link(
                inside,
                icon("chevron-right", 16, class_name="cb-faint -mr-1"),
                href=line.href,
                class_name="cb-row !px-5",
            ),
            rx.el.div(inside, class_name="cb-row !px-5"),
        ),
        key=line.href + line.when + line.title,
    )
