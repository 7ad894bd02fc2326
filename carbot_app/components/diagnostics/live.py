"""Gauges and charts that draw what a web socket brings, without the page's state (assets/diagnostics)."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.domains.diagnostics.states import (
    ADAPTER_LOST,
    CONNECTED,
    CONNECTING,
    ENDED,
    IGNITION_OFF,
    WAITING,
)

_STATES = (WAITING, CONNECTING, CONNECTED, IGNITION_OFF, ADAPTER_LOST, ENDED)


def _state_spec(state: rx.Var[str], reason: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return state, reason


class _LiveStatus(rx.Component):
    library = "$/public/diagnostics/feed"
    tag = "LiveStatus"

    address: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_state: rx.EventHandler[_state_spec]
    on_news: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class _Replay(rx.Component):
    library = "$/public/diagnostics/feed"
    tag = "Replay"

    address: rx.Var[str]
    words: rx.Var[dict[str, str]]
    started_ms: rx.Var[int]
    ended_ms: rx.Var[int]


class _LiveGauge(rx.Component):
    library = "$/public/diagnostics/gauge"
    tag = "LiveGauge"

    address: rx.Var[str]
    signal: rx.Var[dict[str, Any]]
    words: rx.Var[dict[str, str]]


class _LiveStrip(rx.Component):
    library = "$/public/diagnostics/strip"
    tag = "LiveStrip"

    address: rx.Var[str]
    lanes: rx.Var[list[dict[str, Any]]]
    seconds: rx.Var[int]
    marks: rx.Var[list[dict[str, Any]]]
    compared: rx.Var[dict[str, Any]]
    started_ms: rx.Var[int]
    words: rx.Var[dict[str, str]]


class _AdapterHere(rx.Component):
    library = "$/public/diagnostics/adapter"
    tag = "AdapterHere"

    address: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_problem: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def live_status(address: Any, *, on_state: Any, on_news: Any) -> rx.Component:
    """Connection and readings a second; ``on_state(state, reason)``, ``on_news(kind)`` of codes and marks."""
    words = {state: t(f"diagnosis.state.{state}") for state in _STATES}
    words |= {"offline": t("diagnosis.state.offline"), "rate": t("diagnosis.rate", rate="{{rate}}")}
    return _LiveStatus.create(address=address, words=rx.Var.create(words), on_state=on_state, on_news=on_news)


def replay_bar(address: Any, *, started_ms: Any, ended_ms: Any) -> rx.Component:
    """Play, place and speed of a recording."""
    words = {name: t(f"diagnosis.replay.{name}") for name in ("play", "pause", "speed", "place")}
    return _Replay.create(
        address=address, words=rx.Var.create(words), started_ms=started_ms, ended_ms=ended_ms
    )


def live_gauge(address: Any, signal: Any) -> rx.Component:
    """A dial, on phones a tile with the last minute; ``signal`` as made by describe_signal."""
    words = {name: t(f"diagnosis.judged.{name}") for name in ("normal", "unusual", "alarm", "silent")}
    return _LiveGauge.create(address=address, signal=signal, words=rx.Var.create(words))


def live_strip(address: Any, **props: Any) -> rx.Component:
    """Strip charts over one time axis; see assets/diagnostics/strip.js for ``props``."""
    words = {"now": t("diagnosis.now"), "chart": t("diagnosis.chart")}
    return _LiveStrip.create(address=address, words=rx.Var.create(words), **props)


def adapter_here(address: Any, *, on_problem: Any) -> rx.Component:
    """Buttons that connect an adapter at this device by cable or Bluetooth."""
    names = ("serial", "bluetooth", "disconnect", "neither", "refused", "gone", "silent")
    words = {name: t(f"diagnosis.here.{name}") for name in names}
    return _AdapterHere.create(address=address, words=rx.Var.create(words), on_problem=on_problem)
