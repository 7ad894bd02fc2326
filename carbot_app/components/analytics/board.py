"""Four figures, one chart of the days, and the same as a table."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    card,
    cell,
    column,
    empty_state,
    icon,
    kpi_tile,
    segmented,
    table,
    table_row,
)
from carbot_app.state.dashboard import DashboardState

_BOARD: Any = DashboardState

_CODES = ("new_leads", "first_response", "assistant_solved", "bookings")
_PERIODS = ("7", "30", "90")


def period_switch(name: str) -> rx.Component:
    """7, 30 or 90 days; ``name`` tells the switches of desk and phone apart."""
    return segmented(
        t("analytics.period.label"),
        name,
        [(days, t(f"analytics.period.days_{days}")) for days in _PERIODS],
        value=_BOARD.days.to_string(),
        on_change=DashboardState.pick_period,
    )


def tiles() -> rx.Component:
    """The figures with their change against the period before."""
    return rx.el.div(
        rx.foreach(_BOARD.tiles, _tile),
        class_name="grid grid-cols-2 xl:grid-cols-4 max-[359px]:grid-cols-1 gap-2 md:gap-3",
    )


def day_board() -> rx.Component:
    """Leads and bookings per day, as a picture and as figures."""
    return rx.cond(
        _BOARD.has_history,
        rx.fragment(_chart(), _figures()),
        card(
            empty_state("chart-no-axes-column", t("analytics.empty.title"), t("analytics.empty.text")),
        ),
    )


def _tile(tile: Any) -> rx.Component:
    return kpi_tile(
        t_choice("analytics.kpi", tile.code),
        tile.figure,
        unit=tile.unit,
        delta=tile.delta,
        direction=tile.direction,
        verdict=tile.verdict,
        spark=tile.spark,
    )


def _chart() -> rx.Component:
    def drawn(svg: rx.Var, look: str) -> rx.Component:
        return rx.html(svg, class_name=look, custom_attrs={"aria-hidden": "true"})

    return card(
        rx.el.div(
            rx.el.h2(
                t("analytics.chart.title"),
                rx.el.span(_BOARD.period, class_name="cb-body cb-muted !font-[450] md:ml-2 max-md:block"),
                class_name="cb-heading",
            ),
            rx.el.div(
                rx.el.span(
                    rx.el.span(class_name="w-4 border-t-2 border-primary"),
                    t("analytics.kpi.new_leads"),
                    class_name="flex items-center gap-2",
                ),
                rx.el.span(
                    rx.el.span(class_name="w-4 border-t-2 border-dashed border-muted"),
                    t("analytics.kpi.bookings"),
                    class_name="flex items-center gap-2",
                ),
                class_name="flex flex-wrap gap-x-4 gap-y-1 cb-dense cb-muted",
                aria_hidden="true",
            ),
            class_name="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 mb-3",
        ),
        drawn(_BOARD.chart, "max-md:hidden"),
        drawn(_BOARD.narrow_chart, "md:hidden"),
    )


def _figures() -> rx.Component:
    columns = [
        t("analytics.table.day"),
        *(column(t(f"analytics.kpi.{code}"), end=True) for code in _CODES),
    ]
    return rx.el.details(
        rx.el.summary(
            t("analytics.table.title"),
            icon("chevron-down", 18, class_name="cb-faint transition-transform group-open:rotate-180"),
            class_name="cb-row cursor-pointer justify-between font-[600] rounded-[inherit] list-none",
        ),
        rx.el.div(
            table(t("analytics.table.caption"), columns, rx.foreach(_BOARD.lines, _line)),
            class_name="max-md:hidden max-h-[420px] overflow-y-auto border-t border-base-300",
            tab_index=0,
            role="region",
            aria_label=t("analytics.table.caption"),
        ),
        rx.el.ul(
            rx.foreach(_BOARD.lines, _phone_line),
            class_name="cb-rows md:hidden border-t border-base-300",
        ),
        class_name="cb-card group",
    )


def _line(line: Any) -> rx.Component:
    return table_row(line.day, rx.foreach(line.figures, lambda figure: cell(figure, end=True)), key=line.day)


def _phone_line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(line.day, class_name="font-[600]"),
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(t(f"analytics.kpi.{code}"), class_name="cb-muted min-w-0"),
                    rx.el.dd(line.figures[place], class_name="cb-num whitespace-nowrap"),
                    class_name="flex justify-between gap-3",
                )
                for place, code in enumerate(_CODES)
            ),
            class_name="mt-1 cb-body",
        ),
        class_name="px-4 py-3",
        key=line.day,
    )
