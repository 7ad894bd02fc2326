"""Menus of the desk: whose a thread is, its labels, until when it is put away; and the keys of the inbox."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.inbox.labels import label_tag
from carbot_app.components.ui import (
    avatar,
    button,
    dialog,
    field,
    icon,
    icon_button,
    kbd,
    menu,
    menu_item,
    menu_line,
    open_dialog,
)
from carbot_app.state.beside import BesideState
from carbot_app.state.desk import DeskState
from carbot_app.state.session import SessionState

_DESK: Any = DeskState
_BESIDE: Any = BesideState
_SESSION: Any = SessionState

HELP = "inbox-keys"
_ROUND = "cb-btn cb-btn-ghost cb-btn-square cb-btn-sm"
_QUIET = "cb-btn cb-btn-ghost cb-btn-sm !px-2"
_LIST_KEYS = (
    (("J",), "next"),
    (("K",), "previous"),
    (("Enter",), "enter"),
    (("X",), "select"),
    (("/",), "search"),
    (("?",), "help"),
)
_THREAD_KEYS = (
    (("R",), "reply"),
    (("N",), "note"),
    (("/",), "canned"),
    (("Strg", "Enter"), "send"),
    (("E",), "done"),
    (("A",), "assign"),
    (("L",), "label"),
    (("S",), "snooze"),
)


def assign_menu(where: Any, trigger: Any, *, look: str = _ROUND, align: Any = "start") -> rx.Component:
    """Who sees to it; ``where`` as in DeskState."""
    people = rx.foreach(
        _DESK.people,
        lambda person: menu_item(
            rx.cond(person.me, t("desk.assign.me"), person.name),
            icon=rx.cond(person.me, "user-check", "user-round"),
            on_click=DeskState.assign(where, person.id),
        ),
    )
    nobody = menu_item(t("desk.assign.nobody"), icon="x", on_click=DeskState.assign(where, ""))
    opened = menu(t("desk.assign.title"), trigger, people, menu_line(), nobody, look=look, align=align)
    return _named("assign", opened)


def label_menu(where: Any, trigger: Any, *, chosen: Any = None, align: Any = "start") -> rx.Component:
    """Labels to put on; with ``chosen`` (Var of ids) also to take off."""

    def one(label: Any) -> rx.Component:
        words = rx.fragment(
            label.name,
            rx.cond(label.category != "", rx.el.span(" · ", label.category, class_name="cb-muted")),
        )
        if chosen is None:
            return menu_item(words, icon="tag", on_click=DeskState.label(where, label.id, True))
        has = chosen.contains(label.id)
        return menu_item(
            words, icon=rx.cond(has, "check", "tag"), on_click=DeskState.label(where, label.id, ~has)
        )

    make = rx.cond(
        _SESSION.permissions.contains("settings.manage"),
        menu_item(t("desk.label.make"), icon="plus", href="/einstellungen/?bereich=vorlagen"),
        menu_item(t("desk.label.none"), icon="tag", disabled=True),
    )
    items = rx.cond(_DESK.labels.length() > 0, rx.foreach(_DESK.labels, one), make)
    return _named("label", menu(t("desk.label.title"), trigger, items, look=_ROUND, align=align))


def snooze_menu(where: Any, *, awake: Any = True, align: Any = "end") -> rx.Component:
    """Times to put it away until; once it is, also to bring it back."""
    times = rx.foreach(
        _DESK.times,
        lambda time: menu_item(
            rx.fragment(
                t_choice("desk.snooze", time.choice), rx.el.span(" · ", time.when, class_name="cb-muted")
            ),
            icon="alarm-clock",
            on_click=DeskState.snooze(where, time.choice),
        ),
    )
    on_date = menu_item(t("desk.snooze.date"), icon="calendar-days", on_click=DeskState.snooze(where, "date"))
    wake = menu_item(t("desk.snooze.wake"), icon="rotate-ccw", on_click=DeskState.snooze(where, "wake"))
    return _named(
        "snooze",
        menu(
            t("desk.snooze.title"),
            icon("alarm-clock", 17),
            times,
            on_date,
            rx.cond(awake, rx.fragment(), wake),
            look=_ROUND,
            align=align,
        ),
    )


def snooze_dialog() -> rx.Component:
    """Day and time of one's own."""
    form = rx.el.form(
        field(
            t("desk.snooze.day"),
            "day",
            type="date",
            default_value=_DESK.earliest,
            min=_DESK.earliest,
            error=_DESK.date_error,
        ),
        field(t("desk.snooze.time"), "time", type="time", default_value="08:00"),
        id="snooze-form",
        on_submit=DeskState.snooze_on,
        no_validate=True,
        class_name="grid gap-4",
    )
    return dialog(
        t("desk.snooze.date_title"),
        rx.cond(_DESK.dating != "", form),
        id="snooze-date",
        open=_DESK.dating != "",
        on_close=DeskState.close_date,
        actions=[
            button(t("ui.actions.cancel"), on_click=DeskState.close_date),
            button(t("desk.snooze.save"), kind="primary", submit=True, form="snooze-form"),
        ],
    )


def desk_strip(conversation_id: Any, *, may_change: Any) -> rx.Component:
    """Below a thread's head: how long it waits, whose it is, labels, put away until when."""
    labels = rx.foreach(_BESIDE.labels, label_tag)
    changing = rx.fragment(
        assign_menu(conversation_id, _assignee(), look=_QUIET),
        labels,
        label_menu(conversation_id, icon("tag", 17), chosen=_BESIDE.label_ids),
        rx.el.span(class_name="flex-1"),
        rx.cond(_BESIDE.snoozed != "", _snoozed()),
        snooze_menu(conversation_id, awake=_BESIDE.snoozed == ""),
    )
    return rx.el.div(
        rx.cond(_BESIDE.wait.text != "", wait_sign(_BESIDE.wait)),
        rx.cond(may_change, changing, rx.fragment(_assignee(), labels)),
        class_name=(
            "flex flex-wrap items-center gap-x-2 gap-y-1 flex-none min-h-10 px-4 py-1 bg-base-100 "
            "border-b border-base-300 cb-dense"
        ),
    )


def wait_sign(wait: Any) -> rx.Component:
    """How long a customer waits; red and with its reason once it is too long."""
    look = "flex items-center gap-1.5 cb-dense font-[600] whitespace-nowrap cb-num"
    late = rx.el.span(t("desk.wait.late"), ": ", class_name="cb-sr")
    return rx.cond(
        wait.late,
        rx.el.span(icon("st-overdue", 14), late, wait.text, class_name=f"cb-err text-err-ink {look}"),
        rx.el.span(icon("timer", 14), wait.text, class_name=f"text-warn-ink {look}"),
    )


def help_button() -> rx.Component:
    """Opens the sheet of keys."""
    return icon_button(
        "circle-question-mark", t("desk.keys.open"), on_click=open_dialog(HELP), data_tip_side="bottom"
    )


def help_sheet() -> rx.Component:
    """Every key of the inbox."""
    return dialog(
        t("desk.keys.title"),
        rx.el.div(
            _keys(t("desk.keys.list"), _LIST_KEYS),
            _keys(t("desk.keys.thread"), _THREAD_KEYS),
            class_name="grid gap-5",
        ),
        id=HELP,
    )


def _keys(title: Any, rows: Any) -> rx.Component:
    def line(keys: tuple[str, ...], word: str) -> rx.Component:
        shown = [kbd(t("inbox.compose.key_ctrl") if key == "Strg" else key) for key in keys]
        return rx.el.div(
            rx.el.dt(t(f"desk.keys.{word}"), class_name="min-w-0"),
            rx.el.dd(*shown, class_name="flex gap-1 flex-none"),
            class_name="flex items-center justify-between gap-4 min-h-7",
        )

    return rx.el.section(
        rx.el.h3(title, class_name="cb-dense cb-muted font-[600] mb-1.5"),
        rx.el.dl(*(line(keys, word) for keys, word in rows), class_name="grid"),
    )


def _assignee() -> rx.Component:
    who = _BESIDE.assignee
    return rx.cond(
        who.name != "",
        rx.fragment(
            avatar(who.initials, size=20, tint=who.tint),
            rx.el.span(who.name, class_name="cb-truncate max-w-[9rem] text-base-content"),
        ),
        rx.fragment(icon("user-plus", 16), rx.el.span(t("desk.assign.title"))),
    )


def _snoozed() -> rx.Component:
    return rx.el.span(
        t("desk.snooze.short", when=_BESIDE.snoozed), class_name="cb-muted whitespace-nowrap cb-num"
    )


def _named(name: str, opened: rx.Component) -> rx.Component:
    return rx.el.span(opened, class_name="flex min-w-0", custom_attrs={"data-inbox-menu": name})
