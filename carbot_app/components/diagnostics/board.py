"""Values of one car: head, gauges, strip charts, and the question whose car this is."""

from typing import Any

import reflex as rx

from carbot_app.components.diagnostics.live import (
    adapter_here,
    live_gauge,
    live_status,
    live_strip,
    replay_bar,
)
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.orders.board import order_plate
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    button_link,
    card,
    checkbox,
    close_dialog,
    dialog,
    dot,
    empty_state,
    field,
    icon,
    menu,
    menu_item,
    open_dialog,
    segmented,
)
from carbot_app.state.diagnosis import SPANS, DiagnosisState

_STATE: Any = DiagnosisState
_MARK, _LANES, _END = "diagnosis-mark", "diagnosis-lanes", "diagnosis-end"


def car_head() -> rx.Component:
    """Beside the title: which car, connected how."""
    session = _STATE.session
    return rx.el.div(
        rx.el.div(
            order_plate(session.plate, 24),
            rx.el.p(session.car, class_name="font-[640] cb-truncate"),
            rx.cond(session.state != "connected", badge(session.sign, session.word)),
            class_name="flex flex-wrap items-center gap-3 min-w-0",
        ),
        rx.el.p(session.detail, class_name="cb-dense cb-muted"),
        class_name="grid gap-1 min-w-0",
    )


def session_actions() -> list[Any]:
    """Pause, mark and the rest, in the header; big enough for gloves on phones."""
    session = _STATE.session
    running = session.live & _STATE.may_run
    return [
        rx.cond(
            running,
            button(
                _short(rx.cond(session.paused, t("diagnosis.resume"), t("diagnosis.pause"))),
                icon=rx.cond(session.paused, "play", "pause"),
                on_click=DiagnosisState.turn,
            ),
        ),
        rx.cond(
            running,
            button(
                _short(t("diagnosis.mark_now")),
                icon="flag",
                on_click=open_dialog(_MARK),
                aria_haspopup="dialog",
            ),
        ),
        menu(
            t("diagnosis.more"),
            icon("ellipsis", 18),
            menu_item(
                t("diagnosis.export.csv"),
                icon="download",
                href=_recording("csv"),
                external=True,
            ),
            menu_item(
                t("diagnosis.export.parquet"),
                icon="download",
                href=_recording("parquet"),
                external=True,
            ),
            rx.cond(
                ~session.over & _STATE.may_run,
                menu_item(t("diagnosis.end"), icon="square", on_click=open_dialog(_END)),
            ),
            align="end",
        ),
    ]


def _short(word: Any) -> rx.Component:
    """On phones the icon alone, the word is read out."""
    return rx.el.span(word, class_name="max-md:sr-only")


def _recording(kind: str) -> Any:
    return "/api/diagnostics/sessions/" + _STATE.session.id + f"/recording.{kind}"


def values_side() -> rx.Component:
    """Everything measured."""
    return rx.el.section(
        car_head(),
        _question(),
        _adapter(),
        rx.cond(
            _STATE.feed != "",
            rx.fragment(_feed_line(), _gauges(), _strips()),
            _waiting(),
        ),
        _dialogs(),
        class_name="cb-diag-values",
        aria_label=t("diagnosis.values"),
    )


def _adapter() -> rx.Component:
    """Stays where it is whatever the car does: with it the connection to the adapter would go."""
    return rx.cond(
        _STATE.relay != "",
        adapter_here(_STATE.relay, on_problem=DiagnosisState.on_problem),
    )


def _feed_line() -> rx.Component:
    session = _STATE.session
    return rx.cond(
        session.over,
        card(replay_bar(_STATE.feed, started_ms=session.started_ms, ended_ms=_STATE.ended_ms)),
        rx.el.div(
            live_status(_STATE.feed, on_state=DiagnosisState.on_state, on_news=DiagnosisState.on_news),
            rx.cond(
                session.paused,
                rx.el.span(icon("pause", 14), t("diagnosis.paused"), class_name=_QUIET),
                rx.el.span(dot("err"), t("diagnosis.recording"), class_name=_QUIET),
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-4 gap-y-1",
        ),
    )


_QUIET = "cb-dense cb-muted inline-flex items-center gap-2"


def _gauges() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            _STATE.gauges, lambda signal: rx.el.div(live_gauge(_STATE.feed, signal), key=signal["key"])
        ),
        class_name="cb-gauges",
    )


def _strips() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("diagnosis.course"), class_name="font-[640] mr-auto"),
            rx.cond(
                _STATE.earlier.length() > 0,
                rx.el.label(
                    rx.el.span(t("diagnosis.compare"), class_name="cb-sr"),
                    rx.el.select(
                        rx.el.option(t("diagnosis.compare_none"), value=""),
                        rx.foreach(_STATE.earlier, lambda pair: rx.el.option(pair[1], value=pair[0])),
                        value=_STATE.compared_with,
                        on_change=DiagnosisState.compare,
                        class_name="cb-input",
                    ),
                ),
            ),
            segmented(
                t("diagnosis.span"),
                "diagnosis-span",
                [(span, t(f"diagnosis.spans.s{span}")) for span in SPANS],
                value=_STATE.span,
                on_change=DiagnosisState.show_span,
            ),
            button(
                t("diagnosis.values"),
                icon="plus",
                size="sm",
                on_click=open_dialog(_LANES),
                aria_haspopup="dialog",
            ),
            class_name="flex flex-wrap items-center justify-end gap-2 pb-2",
        ),
        live_strip(
            _STATE.feed,
            lanes=_STATE.lanes,
            seconds=_STATE.span.to(int),
            marks=_STATE.marks,
            compared=_STATE.compared,
            started_ms=_STATE.session.started_ms,
        ),
        rx.cond(_STATE.changes.length() > 0, _changes()),
        rx.cond(_STATE.marks.length() > 0, _marks()),
        class_name="cb-strip-card",
        aria_label=t("diagnosis.course"),
    )


def _changes() -> rx.Component:
    return rx.el.ul(
        rx.foreach(_STATE.changes, lambda change: rx.el.li(change, class_name=_MARKED)),
        class_name="flex flex-wrap gap-2 pt-2",
        aria_label=t("diagnosis.changes.label"),
    )


def _marks() -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            _STATE.marks,
            lambda mark: rx.el.li(
                icon("flag", 13),
                rx.el.span(mark["time"], class_name="cb-num cb-muted"),
                mark["label"],
                class_name=_MARKED,
            ),
        ),
        class_name="flex flex-wrap gap-2 pt-2",
        aria_label=t("diagnosis.marks"),
    )


_MARKED = "cb-dense inline-flex items-center gap-1.5 rounded-[6px] bg-soft px-2 py-1"


def _waiting() -> rx.Component:
    session = _STATE.session
    return card(
        rx.cond(
            session.over,
            empty_state("activity", t("diagnosis.empty.title"), t("diagnosis.empty.text")),
            empty_state("activity", t("diagnosis.waiting.title"), t("diagnosis.waiting.text")),
        )
    )


def _question() -> rx.Component:
    session = _STATE.session
    return rx.cond(
        session.question != "",
        banner(
            rx.el.div(
                rx.el.p(t_choice("diagnosis.question", session.question), class_name="font-[620]"),
                rx.el.p(t("diagnosis.question.meanwhile"), class_name="cb-dense"),
                rx.el.ul(rx.foreach(session.choices, _choice), class_name="grid gap-2"),
                rx.el.form(
                    field(t("diagnosis.question.plate"), "plate", max_length=15, auto_complete="off"),
                    rx.el.div(
                        button(t("diagnosis.question.assign"), submit=True),
                        button_link(t("diagnosis.question.new"), href="/kunden/", icon="user-plus"),
                        class_name="flex flex-wrap gap-2",
                    ),
                    on_submit=DiagnosisState.identify_plate,
                    class_name="grid gap-2 max-w-[340px]",
                ),
                class_name="grid gap-2",
            ),
            tone="warn",
            icon="car",
            card=True,
        ),
    )


def _choice(car: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            order_plate(car.plate),
            rx.el.span(car.car, " · ", car.customer),
            type="button",
            on_click=DiagnosisState.identify(car.id, _STATE.session.question == "vin_differs"),
            class_name="cb-btn cb-btn-outline justify-start gap-2",
        ),
        key=car.id,
    )


def _dialogs() -> rx.Component:
    return rx.fragment(
        dialog(
            t("diagnosis.mark_now"),
            rx.el.form(
                field(t("diagnosis.mark_text"), "text", optional=True, max_length=200),
                id=f"{_MARK}-form",
                on_submit=[DiagnosisState.mark, close_dialog(_MARK)],
                reset_on_submit=True,
            ),
            id=_MARK,
            actions=[button(t("diagnosis.mark_set"), kind="primary", submit=True, form=f"{_MARK}-form")],
        ),
        dialog(
            t("diagnosis.values"),
            rx.el.p(t("diagnosis.lanes_help"), class_name="cb-muted"),
            rx.el.div(
                rx.foreach(
                    _STATE.choices,
                    lambda pair: checkbox(
                        pair[1],
                        "lane",
                        checked=_STATE.lane_keys.contains(pair[0]),
                        on_change=DiagnosisState.toggle_lane(pair[0]),
                    ),
                ),
                class_name="grid gap-1 max-h-[50vh] overflow-y-auto",
            ),
            id=_LANES,
        ),
        dialog(
            t("diagnosis.end_question"),
            rx.el.p(t("diagnosis.end_text")),
            id=_END,
            actions=[
                button(t("diagnosis.end"), kind="primary", on_click=[DiagnosisState.end, close_dialog(_END)])
            ],
        ),
    )
