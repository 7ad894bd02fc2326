"""The story of the chosen figure: the server's picture first, plotly when reached for, or a table."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import card, cell, column, icon_button, table, table_row, text_button
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import CODES, STEP_CODES

_BOARD: Any = DashboardState
_STORY: Any = DashboardState.story
_DAYS: Any = rx.event.passthrough_event_spec(str, str)  # pyright: ignore[reportCallIssue]


class _StoryChart(rx.Component):
    library = "$/public/analytics/story"
    tag = "StoryChart"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@3.7.0"]

    picture: Var[str]
    points: Var[list[Any]]
    bands: Var[list[Any]]
    axis: Var[list[Any]]
    words: Var[list[str]]
    compared: Var[bool]
    label: Var[str]
    on_pick: rx.EventHandler[_DAYS]


def story() -> rx.Component:
    """A card of its own; the figure is chosen in its heading."""
    return card(
        _head(),
        rx.cond(
            _STORY.points.length() > 0,
            rx.cond(_BOARD.days_open, _table(), _chart()),
            rx.el.p(
                rx.cond(
                    _STORY.reason != "",
                    t_choice("dashboard.reason", _STORY.reason),
                    t("dashboard.story.none"),
                ),
                class_name="cb-muted grid place-items-center min-h-[268px]",
            ),
        ),
        data_story=_STORY.code,
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.h2(
            rx.el.select(
                *_options(CODES),
                rx.el.optgroup(*_options(STEP_CODES), label=t("dashboard.funnel.title")),
                value=_BOARD.kpi,
                on_change=DashboardState.pick_kpi,
                aria_label=t("dashboard.story.pick"),
                class_name="cb-story-pick cb-heading",
            ),
            rx.el.span(
                t_choice("dashboard.story.grain", _STORY.grain),
                rx.cond(_STORY.unit != "", rx.fragment(" ", t("dashboard.story.unit", unit=_STORY.unit))),
                class_name="cb-body cb-muted !font-[450] ml-1 whitespace-nowrap",
            ),
            class_name="cb-heading min-w-0 flex flex-wrap items-baseline",
        ),
        rx.cond(_STORY.points.length() > 0, _key("ours")),
        rx.cond(_STORY.compared, _key("before")),
        rx.cond(_STORY.bands.length() > 0, _key("expected")),
        icon_button(
            "table",
            t("dashboard.table.show"),
            size="sm",
            on_click=DashboardState.toggle_days,
            aria_pressed=rx.cond(_BOARD.days_open, "true", "false"),
        ),
        class_name="cb-chart-head",
    )


def _options(codes: tuple[str, ...]) -> list[rx.Component]:
    return [rx.el.option(t(f"dashboard.figure.{code}"), value=code) for code in codes]


def _key(line: str) -> rx.Component:
    return rx.el.span(rx.el.i(data_line=line), t(f"dashboard.story.{line}"), class_name="cb-key")


def _chart() -> rx.Component:
    return _StoryChart.create(
        picture=_STORY.picture,
        points=_STORY.points,
        bands=_STORY.bands,
        axis=_STORY.axis,
        words=[t(f"dashboard.story.{line}") for line in ("ours", "before", "expected")],
        compared=_STORY.compared,
        label=t("dashboard.story.chart", figure=t_choice("dashboard.figure", _STORY.code)),
        on_pick=DashboardState.pick_days,
    )


def _table() -> rx.Component:
    caption = t("dashboard.story.chart", figure=t_choice("dashboard.figure", _STORY.code))
    return rx.el.div(
        table(
            caption,
            [
                t("dashboard.table.day"),
                column(t("dashboard.story.ours"), end=True),
                column(t("dashboard.story.before"), end=True),
            ],
            [rx.foreach(_STORY.bands.reverse(), _expected_line), rx.foreach(_STORY.points.reverse(), _line)],
        ),
        class_name="cb-chart-table h-[268px]",
        tab_index=0,
        role="region",
        aria_label=caption,
    )


def _line(point: Any) -> rx.Component:
    return table_row(
        text_button(
            point.label,
            on_click=DashboardState.pick_days(point.day, point.last),
            aria_label=t("dashboard.story.only", day=point.label),
        ),
        cell(point.text, end=True),
        cell(point.before, end=True, class_name="cb-muted"),
        key=point.day,
    )


def _expected_line(band: Any) -> rx.Component:
    return table_row(
        rx.el.span(band.label, " · ", t("dashboard.story.expected"), class_name="cb-muted"),
        cell(band.text, end=True, class_name="cb-muted"),
        cell(""),
        key=band.label,
    )
