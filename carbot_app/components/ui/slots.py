"""Choosing a time: day strip with free counts, times by half-day, one recommended with its reason."""

from typing import Any, TypedDict

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import classes, when


class DayEntry(TypedDict):
    """A day of the strip, display-ready in the reader's language."""

    value: str
    """ISO date."""
    weekday: str
    day: str
    name: str
    """The whole date, read aloud."""
    free: int
    """0 shows "zu" and cannot be chosen."""


class SlotEntry(TypedDict):
    """A time of a day."""

    value: str
    label: str
    taken: bool


def day_strip(days: Any, *, value: Any, on_change: Any, name: str = "day") -> rx.Component:
    """Days side by side from a Var of ``DayEntry``; scrolls on phones, arrow keys move."""
    return rx.el.fieldset(
        rx.el.legend(t("ui.slots.days"), class_name="cb-sr"),
        rx.foreach(days, lambda day: _day(day, value, on_change, name)),
        class_name="cb-days",
    )


def slot_grid(
    label: Any,
    slots: Any,
    *,
    value: Any,
    on_change: Any,
    name: str = "slot",
    dense: bool = False,
) -> rx.Component:
    """A Var of ``SlotEntry`` under a heading ("Vormittag"), 52 px high or 36 with ``dense``."""
    return when(
        slots.length() > 0,
        rx.el.fieldset(
            rx.el.legend(label, class_name="cb-slots-label"),
            rx.el.div(
                rx.foreach(slots, lambda slot: _slot(slot, value, on_change, name)),
                class_name=classes("cb-slots", "cb-slots-dense" if dense else ""),
            ),
            class_name="border-0 p-0 m-0 min-w-0",
        ),
    )


def best_slot(
    label: Any,
    reason: Any,
    slot_value: Any,
    *,
    value: Any,
    on_change: Any,
    name: str = "slot",
    note: Any = None,
) -> rx.Component:
    """The one recommended time and why; ``note`` says in words how long it is held."""
    return rx.el.label(
        rx.el.input(
            type="radio", name=name, value=slot_value, checked=value == slot_value, on_change=on_change
        ),
        icon("thumbs-up", 22),
        rx.el.span(
            rx.el.span(label, class_name="block font-[640]"),
            rx.el.span(reason, class_name="block cb-muted"),
            class_name="min-w-0 flex-1",
        ),
        *([rx.el.span(note, class_name="cb-muted cb-hide-phone")] if note is not None else []),
        icon("st-done", 22, class_name="cb-pick-tick"),
        class_name="cb-pick",
    )


def _day(day: Any, value: Any, on_change: Any, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=name,
            value=day["value"],
            checked=value == day["value"],
            disabled=day["free"].to(int) == 0,
            on_change=on_change,
            aria_label=day["name"],
        ),
        rx.el.span(day["weekday"]),
        rx.el.span(day["day"]),
        rx.el.span(t("ui.slots.free", count=day["free"].to(int))),
        class_name="cb-day",
    )


def _slot(slot: Any, value: Any, on_change: Any, name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=name,
            value=slot["value"],
            checked=value == slot["value"],
            disabled=slot["taken"].to(bool),
            on_change=on_change,
        ),
        icon("check", 17),
        rx.el.span(slot["label"]),
        when(slot["taken"].to(bool), rx.el.span(t("ui.slots.taken"), class_name="cb-sr")),
        class_name="cb-slot",
    )
