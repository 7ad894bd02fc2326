"""The figures as tiles: each a link to the rows behind it, with its meaning a hover, focus or tap away."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.public_facts import each, public_list
from carbot_app.components.ui import afterwards, delta_sign, icon, link, when
from carbot_app.kit.page_facts import FIGURES
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import CODES
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.first_figures import COLUMNS

_BOARD: Any = DashboardState


class _FigureTip(rx.Component):
    library = "$/public/analytics/tip"
    tag = "FigureTip"

    label: rx.Var[str]
    text: rx.Var[str]


def figures() -> rx.Component:
    """Every figure with its change against the span compared with."""
    return rx.el.ul(
        rx.foreach(_BOARD.tiles, _tile),
        class_name="cb-figures",
        aria_label=t("dashboard.figures"),
        aria_busy=rx.cond(_BOARD.status == "loading", "true", "false"),
    )


def first_figures() -> rx.Component:
    """The tiles before the page has connected: with the figures of the HTML, else in grey."""
    return rx.fragment(
        rx.el.ul(
            rx.foreach(public_list(FIGURES, *COLUMNS), _first),
            class_name="cb-figures cb-figures-first",
            aria_label=t("dashboard.figures"),
        ),
        rx.el.ul(*(_bone(code) for code in CODES), class_name="cb-figures", aria_hidden="true"),
    )


def _first(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row["label"], class_name="cb-kpi-label"),
            rx.el.span(
                rx.el.span(row["figure"]),
                rx.el.span(row["unit"], class_name="cb-kpi-unit"),
                class_name="cb-kpi-figure",
            ),
            rx.el.span(row["delta"], class_name="cb-delta", data_good=row["verdict"]),
            class_name="cb-kpi",
        ),
        custom_attrs=each(FIGURES),
    )


def _bone(code: str) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(t(f"dashboard.figure.{code}"), class_name="cb-kpi-label"),
            rx.el.span(
                rx.el.span(class_name="cb-bone cb-bone-strong !h-5 w-16 my-1"), class_name="cb-kpi-figure"
            ),
            rx.el.span(class_name="cb-bone w-10 self-end"),
            class_name="cb-kpi",
        )
    )


def _tile(tile: Any) -> rx.Component:
    name = t_choice("dashboard.figure", tile.code)
    return rx.el.li(
        link(
            rx.el.span(name, class_name="cb-kpi-label"),
            _figure(tile),
            _change(tile),
            when(tile.spark != "", rx.html(tile.spark, class_name="cb-spark", aria_hidden="true")),
            href=tile.href,
            on_click=DashboardRowsState.open(tile.code).prevent_default,
            class_name="cb-kpi",
            aria_current=rx.cond(tile.code == _BOARD.kpi, "true", "false"),
        ),
        afterwards(
            _FigureTip.create(
                icon("info", 15),
                label=t("dashboard.info", figure=name),
                text=t_choice("analytics.definition", tile.code),
            )
        ),
        data_figure=tile.code,
        key=tile.code,
    )


def _figure(tile: Any) -> rx.Component:
    """Made anew where it changed, so that the tint plays each time and only then."""
    return rx.el.span(
        tile.figure,
        when(tile.unit != "", rx.el.span(tile.unit, class_name="cb-kpi-unit")),
        class_name=rx.cond(tile.moved, "cb-kpi-figure cb-changed", "cb-kpi-figure"),
        key=tile.figure,
    )


def _change(tile: Any) -> rx.Component:
    return rx.cond(
        tile.reason != "",
        rx.el.span(t_choice("dashboard.reason", tile.reason), class_name="cb-kpi-reason"),
        when(tile.delta != "", delta_sign(tile.delta, direction=tile.direction, verdict=tile.verdict)),
    )
