"""The signed history of a car, folded into whatever shows the car."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    error_state,
    icon,
    skeleton,
    tag,
    timeline,
    timeline_entry,
)
from carbot_app.state.vehicle_history import VehicleHistoryState

_STATE: Any = VehicleHistoryState
_CARD = _STATE.card


def vehicle_history_box(vehicle_id: Any) -> rx.Component:
    """A button that unfolds the history, with the seal, the kilometres and what may be handed out."""
    return rx.el.section(
        rx.cond(
            _STATE.vehicle_id == vehicle_id,
            _opened(vehicle_id),
            button(t("history.open"), icon="history", on_click=VehicleHistoryState.open(vehicle_id)),
        ),
        class_name="grid grid-cols-1 gap-3 justify-items-start pt-4 border-t border-base-300",
        data_vehicle_history=True,
    )


def _opened(vehicle_id: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(t("history.title"), class_name="cb-heading"),
            rx.cond((_STATE.status == "ready") & (_STATE.lines.length() > 0), _seal()),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.match(
            _STATE.status,
            ("loading", skeleton("rows", 3)),
            ("failed", error_state(on_retry=VehicleHistoryState.open(vehicle_id))),
            rx.cond(
                _STATE.lines.length() > 0,
                _content(vehicle_id),
                rx.el.p(t("history.empty"), class_name="cb-muted"),
            ),
        ),
        rx.el.div(button(t("history.close"), on_click=VehicleHistoryState.close), class_name="flex"),
        class_name="grid grid-cols-1 gap-4 w-full min-w-0",
    )


def _seal() -> rx.Component:
    return rx.cond(
        _CARD.broken == "",
        tag(t("history.seal"), tone="ok", icon_name="shield-check"),
        tag(t("history.broken"), tone="err", icon_name="shield-alert"),
    )


def _content(vehicle_id: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            _CARD.broken != "",
            banner(_CARD.broken, tone="err", icon="shield-alert", card=True),
            rx.el.p(t("history.seal_text"), class_name="cb-muted cb-dense"),
        ),
        rx.cond(_CARD.km != "", _mileage()),
        rx.el.div(timeline(rx.foreach(_STATE.lines, _line)), class_name="[&_.cb-timeline>li>div]:flex-1"),
        rx.cond(
            _STATE.more > 0,
            rx.el.div(
                button(t("history.all", count=_STATE.more), on_click=VehicleHistoryState.show_all),
                class_name="flex",
            ),
        ),
        rx.cond(_CARD.can_hand_out & (_CARD.broken == ""), _hand_out(vehicle_id)),
        class_name="grid grid-cols-1 gap-4 min-w-0",
    )


def _mileage() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(_CARD.km, class_name="cb-num font-[620]"),
            rx.el.span(" · ", _CARD.on, class_name="cb-muted cb-num"),
        ),
        rx.cond(
            _CARD.curve != "",
            rx.html(
                _CARD.curve,
                class_name="w-full max-w-[440px] mt-1 [&_svg]:w-full [&_svg]:h-auto [&_svg]:block cb-num",
                custom_attrs={"role": "img", "aria-label": _CARD.curve_label},
            ),
        ),
        rx.cond(
            _CARD.contradictory,
            banner(t("history.contradictory"), tone="warn", icon="triangle-alert", card=True),
        ),
        class_name="grid grid-cols-1 gap-2",
    )


def _line(line: Any) -> rx.Component:
    title = rx.el.div(
        rx.el.p(
            rx.el.span(line.title),
            rx.cond(
                line.km != "",
                rx.el.span(
                    line.km,
                    class_name=rx.cond(
                        line.doubt != "", "cb-num line-through cb-muted flex-none", "cb-num flex-none"
                    ),
                ),
            ),
            class_name="cb-timeline-title flex items-baseline justify-between gap-3",
        ),
        rx.el.ul(
            rx.foreach(line.told, lambda text: rx.el.li(text, class_name="break-words")),
            class_name="cb-dense",
        ),
        rx.cond(
            line.doubt != "",
            rx.el.p(
                icon("triangle-alert", 14, class_name="flex-none mt-0.5"),
                line.doubt,
                class_name="cb-dense flex gap-1.5 text-[var(--cb-warn-ink)]",
            ),
        ),
        rx.cond(line.note != "", rx.el.p(line.note, class_name="cb-meta")),
        class_name="grid gap-0.5",
    )
    tone = rx.cond(line.doubt != "", "warn", "neutral")
    return timeline_entry(line.icon, title, line.meta, tone=tone, key=line.key)


def _hand_out(vehicle_id: Any) -> rx.Component:
    address = "/api/vehicle-histories/" + vehicle_id
    return rx.el.div(
        rx.el.div(
            button_link(
                t("history.paper_button"),
                href=address + "/certificate",
                icon="file-check",
                external=True,
                download=True,
            ),
            button_link(
                t("history.file_button"),
                href=address + "/file",
                icon="download",
                external=True,
                download=True,
            ),
            class_name="flex flex-wrap gap-2 max-md:grid",
        ),
        rx.el.p(t("history.paper_help"), class_name="cb-meta"),
        class_name="grid grid-cols-1 gap-2",
    )
