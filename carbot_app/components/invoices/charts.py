"""Charts of the page of invoices: the library comes with the first chart that is opened, and only here."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import error_state, icon, skeleton
from carbot_app.state.invoice_charts import InvoiceChartsState

_CHARTS: Any = InvoiceChartsState
_PANEL = "invoice-charts"


class _BarChart(rx.Component):
    library = "$/public/invoices/charts"
    tag = "BarChart"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@3.7.0"]

    rows: Var[list[Any]]
    upright: Var[bool]
    label: Var[str]


def invoice_charts() -> rx.Component:
    """A line that opens; each chart has the table it is drawn from."""
    return rx.el.section(
        rx.el.h2(
            rx.el.button(
                icon("chart-no-axes-column", 17, class_name="cb-muted"),
                rx.el.span(t("invoices.charts.title"), class_name="text-left"),
                icon(
                    "chevron-down",
                    17,
                    class_name=rx.cond(_CHARTS.open, "cb-faint ml-auto rotate-180", "cb-faint ml-auto"),
                ),
                type="button",
                on_click=InvoiceChartsState.toggle,
                aria_expanded=rx.cond(_CHARTS.open, "true", "false"),
                aria_controls=_PANEL,
                data_charts="true",
                class_name="flex items-center gap-2 w-full px-5 min-h-11 cursor-pointer font-[600]",
            ),
        ),
        rx.el.div(rx.cond(_CHARTS.open, _panel()), id=_PANEL),
        class_name="border-b border-base-300",
    )


def _panel() -> rx.Component:
    shown: Any = rx.match(
        _CHARTS.status,
        ("loading", skeleton("cards", 2)),
        ("failed", error_state(on_retry=InvoiceChartsState.retry)),
        rx.cond(
            _CHARTS.charts.length() > 0,
            rx.el.div(
                rx.foreach(_CHARTS.charts, _chart),
                class_name="grid grid-cols-1 md:grid-cols-2 gap-x-8 gap-y-6",
            ),
            rx.el.p(t("invoices.charts.none"), class_name="cb-muted"),
        ),
    )
    return rx.el.div(shown, class_name="px-5 pb-5 pt-1")


def _chart(chart: Any) -> rx.Component:
    title = t_choice("invoices.charts", chart.key)
    return rx.el.figure(
        rx.el.figcaption(title, class_name="font-[600] pb-1"),
        _BarChart.create(rows=chart.rows, upright=chart.key == "months", label=title),
        rx.el.details(
            rx.el.summary(
                t("invoices.charts.table"), class_name="cb-link cursor-pointer min-h-8 cb-dense !font-[450]"
            ),
            rx.el.table(
                rx.el.caption(title, class_name="cb-sr"),
                rx.el.tbody(
                    rx.foreach(
                        chart.rows,
                        lambda row: rx.el.tr(
                            rx.el.th(row.name, scope="row", class_name="cb-chart-name"),
                            rx.el.td(row.amount, class_name="cb-num text-right whitespace-nowrap"),
                            class_name="h-7",
                        ),
                    )
                ),
                class_name="w-full cb-dense",
            ),
        ),
        class_name="min-w-0",
        key=chart.key,
    )
