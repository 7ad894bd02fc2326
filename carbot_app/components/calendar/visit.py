"""One appointment in a pane: what, who, when; its steps; moving and cancelling."""

from typing import Any

import reflex as rx

from carbot_app.components.calendar.agenda import STEP_WORDS
from carbot_app.components.calendar.contract import contract_box
from carbot_app.components.i18n import t
from carbot_app.components.inspection import inspection_box
from carbot_app.components.orders.new import estimate_button
from carbot_app.components.photos import visit_photos
from carbot_app.components.ui import (
    badge,
    button,
    button_link,
    day_strip,
    empty_state,
    icon,
    pane,
    plate_chip,
    reach,
    slot_grid,
)
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.session import SessionState

_CALENDAR: Any = CalendarState
_SESSION: Any = SessionState

_CHOSEN = _CALENDAR.chosen
_LINE = _CALENDAR.chosen.line
_OTHER_STEPS = {
    "confirmed": ("calendar.step.confirm", "check"),
    "arrived": ("calendar.step.arrived", "car"),
    "in_work": ("calendar.step.in_work", "wrench"),
    "done": ("calendar.step.done", "check"),
    "no_show": ("calendar.step.no_show", "user-round"),
}


def visit_pane() -> rx.Component:
    """Details of the chosen appointment; moving and the question before cancelling take their place."""
    task = _CALENDAR.task
    return pane(
        rx.match(
            task,
            ("move", t("calendar.move.title")),
            ("cancel", t("calendar.cancel.title")),
            t("calendar.visit.title"),
        ),
        rx.match(task, ("move", _move()), ("cancel", _cancel()), _details()),
        id="visit",
        open=_LINE.id != "",
        on_close=CalendarState.close_visit,
        actions=[rx.match(task, ("move", _move_actions()), ("cancel", _cancel_actions()), _actions())],
    )


def _details() -> rx.Component:
    return rx.el.div(
        rx.el.div(badge(_LINE.badge), class_name="flex"),
        _time(),
        rx.el.div(
            rx.el.p(_LINE.work, class_name="font-[600] break-words"),
            rx.cond(_LINE.price != "", rx.el.p(_LINE.price, class_name="cb-num cb-muted")),
        ),
        rx.el.div(
            rx.cond(
                _LINE.plate.city != "",
                plate_chip(_LINE.plate.city, _LINE.plate.rest, country=_LINE.plate.country, size=24),
            ),
            rx.el.span(_LINE.vehicle, class_name="min-w-0 break-words"),
            class_name="flex flex-wrap items-center gap-3",
        ),
        reach(_LINE.name, _CHOSEN.phone, _CHOSEN.phone_href),
        rx.cond(
            _CHOSEN.note != "",
            rx.el.p(
                _CHOSEN.note, class_name="px-3 py-2.5 rounded-[10px] bg-soft whitespace-pre-line break-words"
            ),
        ),
        rx.cond(_LINE.id != "", visit_photos(_LINE.id)),
        rx.cond(
            _CHOSEN.conversation_id != "",
            button_link(
                t("calendar.visit.thread"),
                href="/posteingang/?view=all&c=" + _CHOSEN.conversation_id,
                icon="message-square",
                class_name="justify-self-start",
            ),
        ),
        rx.cond(
            (_CHOSEN.customer_id != "") & _SESSION.permissions.contains("inbox.read"),
            button_link(
                t("customers.open_file"),
                href="/kunden/akte/?kunde=" + _CHOSEN.customer_id,
                icon="users",
                class_name="justify-self-start",
            ),
        ),
        rx.cond(_LINE.id != "", estimate_button("visit", _LINE.id)),
        contract_box(_CHOSEN.contract, _CHOSEN.withdrawn),
        rx.cond(_CHOSEN.risk != "", _risk()),
        rx.cond(_CHOSEN.steps.length() > 0, _other_steps()),
        inspection_box(_CHOSEN.vehicle_id, _CHOSEN.customer_id),
        class_name="grid gap-4",
    )


def _time() -> rx.Component:
    return rx.el.div(
        rx.el.p(_CHOSEN.day, class_name="cb-muted"),
        rx.el.p(_LINE.starts, " – ", _LINE.ends, class_name="cb-figure cb-num"),
        rx.el.p(_LINE.duration, rx.cond(_LINE.people != "", " · " + _LINE.people, ""), class_name="cb-muted"),
    )


def _risk() -> rx.Component:
    return rx.el.div(
        rx.el.h3(t("calendar.risk.title"), class_name="cb-dense cb-muted font-[600]"),
        rx.el.p(t("calendar.risk.score", score=_CHOSEN.risk), class_name="cb-num font-[600]"),
        rx.cond(
            _CHOSEN.risk_reasons.length() > 0,
            rx.el.ul(
                rx.foreach(_CHOSEN.risk_reasons, lambda reason: rx.el.li(reason, key=reason)),
                class_name="cb-muted grid gap-0.5",
            ),
        ),
        rx.cond(
            _CHOSEN.must_confirm,
            rx.el.p(
                icon("triangle-alert", 16),
                t("calendar.risk.must_confirm"),
                class_name="flex items-center gap-2",
            ),
        ),
        class_name="grid gap-1.5 pt-4 border-t border-base-300",
    )


def _other_steps() -> rx.Component:
    def step(state: rx.Var[str]) -> Any:
        words = [
            (name, button(t(word), icon=glyph, on_click=CalendarState.change_state(_LINE.id, name)))
            for name, (word, glyph) in _OTHER_STEPS.items()
        ]
        ask = button(t("calendar.step.cancel"), icon="calendar-x", on_click=CalendarState.ask_cancel)
        return rx.match(state, *words, ("cancelled", ask), rx.fragment())

    return rx.el.div(
        rx.el.h3(t("calendar.visit.more"), class_name="cb-dense cb-muted font-[600]"),
        rx.el.div(
            rx.foreach(_CHOSEN.steps, step),
            rx.cond(
                _CHOSEN.can_move,
                button(t("calendar.board.unplan"), icon="undo-2", on_click=BoardState.unplan(_LINE.id)),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="grid gap-2.5 pt-4 border-t border-base-300",
    )


def _actions() -> rx.Component:
    steps = [
        (
            state,
            button(
                t(word),
                kind="primary",
                icon=glyph,
                on_click=CalendarState.change_state(_LINE.id, state),
            ),
        )
        for state, (word, glyph) in STEP_WORDS.items()
    ]
    return rx.fragment(
        rx.cond(
            _CHOSEN.can_move,
            button(t("calendar.move.open"), icon="calendar-clock", on_click=CalendarState.find_times),
        ),
        rx.cond(_CHOSEN.may_change, rx.fragment(rx.match(_LINE.next_state, *steps, rx.fragment()))),
    )


def _move() -> rx.Component:
    nothing: Any = empty_state("calendar-x", t("calendar.move.none_title"), t("calendar.move.none_text"))
    return rx.el.div(
        rx.el.p(t("calendar.move.now", day=_CHOSEN.day, time=_LINE.starts), class_name="cb-muted"),
        rx.cond(
            _CALENDAR.free_day != "",
            rx.fragment(
                day_strip(_CALENDAR.free_days, value=_CALENDAR.free_day, on_change=CalendarState.pick_day),
                slot_grid(
                    t("ui.slots.morning"),
                    _CALENDAR.times.morning,
                    value=_CALENDAR.slot,
                    on_change=CalendarState.pick_slot,
                ),
                slot_grid(
                    t("ui.slots.afternoon"),
                    _CALENDAR.times.afternoon,
                    value=_CALENDAR.slot,
                    on_change=CalendarState.pick_slot,
                ),
            ),
            nothing,
        ),
        class_name="grid gap-4 min-w-0",
    )


def _move_actions() -> rx.Component:
    return rx.fragment(
        button(t("calendar.move.keep"), on_click=CalendarState.open_visit(_LINE.id)),
        button(
            t("calendar.move.do"),
            kind="primary",
            icon="check",
            disabled=_CALENDAR.slot == "",
            busy=_CALENDAR.busy,
            on_click=CalendarState.move,
        ),
    )


def _cancel() -> rx.Component:
    return rx.el.p(t("calendar.cancel.text", name=_LINE.name, day=_CHOSEN.day, time=_LINE.starts))


def _cancel_actions() -> rx.Component:
    return rx.fragment(
        button(t("calendar.cancel.keep"), on_click=CalendarState.open_visit(_LINE.id)),
        button(
            t("calendar.cancel.do"),
            kind="destructive",
            on_click=CalendarState.change_state(_LINE.id, "cancelled"),
        ),
    )
