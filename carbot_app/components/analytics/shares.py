"""Below the story: how far enquiries get, when customers write, what they want, who returns, who is busy."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui import card, icon_button, link, seen, table
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.dashboard_shares import SharesState

_SHARES: Any = SharesState
_CELL: Any = rx.event.passthrough_event_spec(int, int)  # pyright: ignore[reportCallIssue]


class _HeatGrid(rx.Component):
    library = "$/public/analytics/heat"
    tag = "HeatGrid"

    days: Var[list[str]]
    first_hour: Var[int]
    cells: Var[list[Any]]
    label: Var[str]
    on_pick: rx.EventHandler[_CELL]


def shares() -> rx.Component:
    """Six cards; until they have come near and are read, six in grey."""
    return rx.el.div(
        seen(DashboardState.reach_shares),
        rx.cond(
            _SHARES.status == "loading",
            rx.fragment(*(_bones() for _ in range(6))),
            rx.fragment(
                _funnel(),
                _heat(),
                _services(),
                rx.el.div(_channels(), _loads(), class_name="grid grid-rows-[auto_1fr] gap-2.5 min-w-0"),
                _cohorts(),
            ),
        ),
        class_name="grid grid-cols-1 lg:grid-cols-2 xl:grid-cols-3 gap-2.5",
        data_panels="true",
    )


def _bones() -> rx.Component:
    return card(
        rx.el.span(class_name="cb-bone cb-bone-strong !h-4 w-40 mb-6"),
        *(
            rx.el.span(class_name="cb-bone mb-6", style={"width": width})
            for width in ("100%", "82%", "64%", "46%")
        ),
        class_name="cb-skeleton min-h-[262px]",
    )


def _panel(name: str, body: Any, *, toggles: bool = True, class_name: str = "") -> rx.Component:
    """A card with its heading; those that are pictures can be read as a table."""
    title = t(f"dashboard.{name}.title")
    is_open = _SHARES.open_tables.contains(name)
    shown = rx.cond(is_open, _grid(name, title), body) if toggles else body
    return card(
        rx.el.div(
            rx.el.h2(title, class_name="cb-heading"),
            *([_toggle(name, is_open)] if toggles else []),
            class_name="cb-chart-head",
        ),
        shown,
        data_panel=name,
        class_name=class_name,
    )


def _toggle(name: str, is_open: Any) -> rx.Component:
    return icon_button(
        "table",
        t("dashboard.table.show"),
        size="sm",
        on_click=SharesState.toggle_table(name),
        aria_pressed=rx.cond(is_open, "true", "false"),
    )


def _grid(name: str, title: Any) -> rx.Component:
    grid = _SHARES.grids[name]
    return rx.el.div(
        table(
            title,
            [
                rx.foreach(
                    grid.heads,
                    lambda head, place: rx.el.th(
                        head, scope="col", class_name=rx.cond(place > 0, "cb-end", "")
                    ),
                )
            ],
            rx.foreach(
                grid.rows,
                lambda row, at: rx.el.tr(
                    rx.foreach(
                        row, lambda text, place: rx.el.td(text, class_name=rx.cond(place > 0, "cb-end", ""))
                    ),
                    key=at,
                ),
            ),
        ),
        class_name="cb-chart-table max-h-[320px]",
        tab_index=0,
        role="region",
        aria_label=title,
    )


def _or_none(rows: Any, shown: rx.Component) -> rx.Component:
    return rx.cond(rows.length() > 0, shown, rx.el.p(t("dashboard.none"), class_name="cb-muted py-6"))


def _funnel() -> rx.Component:
    def step(bar: Any, at: Any) -> rx.Component:
        strength = (100 - at * 16).to(str) + "%"
        return rx.el.li(
            rx.el.button(
                rx.el.span(bar.label, class_name="break-words"),
                rx.el.span(
                    rx.el.span(
                        class_name="cb-funnel-bar",
                        style={"width": bar.width.to(str) + "%", "opacity": strength},
                    ),
                    aria_hidden="true",
                ),
                rx.el.span(bar.count, class_name="cb-num text-right font-[640]"),
                rx.el.span(bar.share, class_name="cb-num text-right cb-muted cb-dense"),
                type="button",
                on_click=DashboardRowsState.open_step(bar.key),
                aria_haspopup="dialog",
                data_step=bar.key,
                class_name="cb-barline",
            ),
            key=bar.key,
        )

    steps = rx.el.ol(rx.foreach(_SHARES.funnel, step), class_name="cb-funnel")
    # Enquiries know no technician
    none = rx.el.p(t("dashboard.reason.technician_id"), class_name="cb-muted py-6")
    return _panel("funnel", rx.cond(_SHARES.funnel.length() > 0, steps, none), toggles=False)


def _heat() -> rx.Component:
    grid = _HeatGrid.create(
        days=_SHARES.heat.days,
        first_hour=_SHARES.heat.first_hour,
        cells=_SHARES.heat.cells,
        label=t("dashboard.heat.title"),
        on_pick=DashboardState.pick_hour,
    )
    note = rx.el.p(_SHARES.heat.after_hours, class_name="cb-muted cb-dense mt-3")
    return _panel("heat", rx.fragment(grid, note))


def _bar(of: str, bar: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(bar.label, class_name="line-clamp-2 break-words", title=bar.label),
            rx.el.span(
                rx.el.span(style={"width": bar.width.to(str) + "%"}), class_name="cb-bar", aria_hidden="true"
            ),
            rx.el.span(bar.count, class_name="cb-num text-right font-[640]", title=bar.share),
            type="button",
            on_click=DashboardState.pick(of, bar.key),
            aria_pressed=rx.cond(bar.chosen, "true", "false"),
            disabled=bar.key == "",
            class_name="cb-barline",
        ),
        key=bar.key,
    )


def _services() -> rx.Component:
    bars = rx.el.ul(rx.foreach(_SHARES.services, lambda bar: _bar("leistung", bar)), class_name="cb-share")
    more = link(
        t("outlook.services.tab_more"), href="/auswertung/leistungen/", class_name="cb-link cb-dense mt-2"
    )
    return _panel("services", _or_none(_SHARES.services, rx.fragment(bars, more)))


def _channels() -> rx.Component:
    bars = rx.el.ul(rx.foreach(_SHARES.channels, lambda bar: _bar("kanal", bar)), class_name="cb-share")
    return _panel("channels", _or_none(_SHARES.channels, bars))


def _loads() -> rx.Component:
    def line(load: Any) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                rx.el.span(load.name, class_name="line-clamp-2 break-words", title=load.name),
                rx.el.span(
                    *(
                        rx.el.i(data_line=name, style={"width": width.to(str) + "%"})
                        for name, width in (
                            ("booked", load.booked),
                            ("sold", load.sold),
                            ("present", load.present),
                        )
                    ),
                    class_name="cb-load",
                    aria_hidden="true",
                ),
                rx.el.span(load.share, class_name="cb-num text-right font-[640]"),
                rx.el.span(load.text, class_name="cb-sr"),
                type="button",
                title=load.text,
                on_click=DashboardState.pick("person", load.id),
                aria_pressed=rx.cond(load.chosen, "true", "false"),
                class_name="cb-barline",
            ),
            key=load.id,
        )

    keys = rx.el.p(
        *(
            rx.el.span(
                rx.el.i(class_name="cb-swatch", data_line=name),
                t(f"dashboard.loads.{name}"),
                class_name="cb-key",
            )
            for name in ("booked", "sold", "present")
        ),
        class_name="flex flex-wrap gap-x-4 gap-y-1 mt-2",
        aria_hidden="true",
    )
    lines = rx.el.ul(rx.foreach(_SHARES.loads, line), class_name="cb-loads")
    return _panel("loads", _or_none(_SHARES.loads, rx.fragment(lines, keys)))


def _cohorts() -> rx.Component:
    longest = _SHARES.cohorts[0].cells

    def row(cohort: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(cohort.month, scope="row"),
            rx.el.td(cohort.customers),
            rx.foreach(
                cohort.cells,
                lambda one: rx.el.td(
                    rx.el.span(one.text, aria_hidden="true"),
                    rx.el.span(one.label, class_name="cb-sr"),
                    data_level=one.level,
                    title=one.label,
                ),
            ),
            key=cohort.month,
        )

    body = rx.el.div(
        rx.el.table(
            rx.el.caption(t("dashboard.cohorts.note"), class_name="cb-sr"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t("dashboard.cohorts.month"), scope="col"),
                    rx.el.th(t("dashboard.cohorts.customers"), scope="col"),
                    rx.foreach(longest, lambda _, at: rx.el.th("+", at + 1, scope="col")),
                )
            ),
            rx.el.tbody(rx.foreach(_SHARES.cohorts, row)),
            class_name="cb-cohorts",
        ),
        rx.el.p(t("dashboard.cohorts.note"), class_name="cb-muted cb-dense mt-3", aria_hidden="true"),
        class_name="overflow-x-auto relative",
        tab_index=0,
        role="region",
        aria_label=t("dashboard.cohorts.title"),
    )
    return _panel(
        "cohorts", _or_none(_SHARES.cohorts, body), toggles=False, class_name="lg:col-span-2 min-w-0"
    )
