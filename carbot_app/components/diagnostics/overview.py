"""Cars on the adapter now, and recordings of before."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.board import order_plate
from carbot_app.components.ui import (
    badge,
    button,
    card,
    empty_state,
    error_state,
    form_error,
    link,
    list_row,
    pane,
    plate_input,
    rows,
    search_field,
    section_head,
    segmented,
    select,
    skeleton,
    two_lines,
)
from carbot_app.domains.diagnostics.states import AGENT, RELAY, SERVER
from carbot_app.state.diagnostics import DiagnosticsState

_STATE: Any = DiagnosticsState
_FORM = "diagnosis-start"


def sessions_overview() -> rx.Component:
    """Running sessions as tiles, recordings as a list."""
    return rx.el.div(
        rx.match(
            _STATE.status,
            ("failed", error_state(on_retry=DiagnosticsState.load)),
            ("loading", card(skeleton("rows", 5))),
            rx.fragment(_running(), _recordings()),
        ),
        class_name="grid grid-cols-1 gap-4",
    )


def plug_in_button() -> rx.Component:
    """Opens the pane."""
    return button(
        t("diagnosis.start.open"),
        kind="primary",
        icon="activity",
        on_click=DiagnosticsState.begin,
        aria_haspopup="dialog",
    )


def plug_in_pane() -> rx.Component:
    """Which car, and where the adapter is."""
    return pane(
        t("diagnosis.start.title"),
        rx.el.form(
            rx.el.div(
                rx.el.p(t("diagnosis.start.plate"), class_name="font-[560]"),
                plate_input(name="plate"),
                rx.el.p(t("diagnosis.start.plate_help"), class_name="cb-dense cb-muted"),
                class_name="grid gap-1.5",
            ),
            rx.el.div(
                rx.el.p(t("diagnosis.start.way"), class_name="font-[560]"),
                segmented(
                    t("diagnosis.start.way"),
                    "diagnosis-way",
                    [(way, t(f"diagnosis.way.{way}")) for way in (RELAY, AGENT, SERVER)],
                    value=_STATE.way,
                    on_change=DiagnosticsState.choose_way,
                    fill=True,
                ),
                class_name="grid gap-1.5",
            ),
            rx.match(
                _STATE.way,
                (AGENT, _agents()),
                (SERVER, _adapters()),
                _help("relay"),
            ),
            form_error(_STATE.problem),
            id=_FORM,
            on_submit=DiagnosticsState.start,
            class_name="grid gap-5",
        ),
        id="diagnosis-start-pane",
        open=_STATE.open,
        on_close=DiagnosticsState.close,
        actions=[
            button(
                t("diagnosis.start.go"),
                kind="primary",
                submit=True,
                form=_FORM,
                disabled=_STATE.busy,
                block=True,
            )
        ],
    )


def _agents() -> rx.Component:
    return rx.cond(
        _STATE.agents.length() > 0,
        select(t("diagnosis.start.agent"), "agent", options=_STATE.agents),
        _help("no_agent"),
    )


def _adapters() -> rx.Component:
    return rx.cond(
        _STATE.adapters.length() > 0,
        select(
            t("diagnosis.start.agent"),
            "adapter",
            options=_STATE.adapters,
            help=t("diagnosis.start.help.server"),
        ),
        _help("no_adapter"),
    )


def _help(name: str) -> rx.Component:
    return rx.el.p(t(f"diagnosis.start.help.{name}"), class_name="cb-muted")


def _running() -> rx.Component:
    return rx.cond(
        _STATE.live.length() > 0,
        rx.el.section(
            section_head(t("diagnosis.list.running")),
            rx.el.ul(
                rx.foreach(_STATE.live, _tile),
                class_name="grid gap-3 grid-cols-1 md:grid-cols-2 xl:grid-cols-3",
            ),
            class_name="grid gap-2",
        ),
    )


def _tile(row: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(order_plate(row.plate, 24), badge(row.sign, row.word), class_name=_SPREAD),
            rx.el.span(row.car, class_name="font-[620] cb-truncate"),
            rx.el.span(row.when, class_name="cb-dense cb-muted"),
            href=row.href,
            class_name="cb-card p-3 grid gap-1.5 no-underline text-inherit",
        ),
        key=row.id,
    )


_SPREAD = "flex flex-wrap items-center justify-between gap-2"


def _recordings() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            search_field(
                placeholder=t("diagnosis.list.search"),
                label=t("diagnosis.list.search_label"),
                on_change=DiagnosticsState.find.debounce(250),
            ),
            class_name="w-full md:w-[320px]",
        ),
        rx.cond(
            _STATE.rows.length() > 0,
            card(rows(rx.foreach(_STATE.rows, _row)), pad=False),
            card(
                empty_state(
                    "activity",
                    rx.cond(_STATE.search != "", t("diagnosis.list.nothing"), t("diagnosis.list.empty")),
                    t("diagnosis.list.empty_help"),
                )
            ),
        ),
        class_name="grid gap-3",
        aria_label=t("diagnosis.list.recordings"),
    )


def _row(row: Any) -> rx.Component:
    return list_row(
        order_plate(row.plate),
        two_lines(row.car, row.detail),
        rx.el.span(row.when, class_name="cb-dense cb-muted cb-num ml-auto"),
        badge(row.sign, row.word),
        href=row.href,
        key=row.id,
    )
