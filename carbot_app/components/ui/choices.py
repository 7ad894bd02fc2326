"""Choosing one of a few: segmented control, tabs, chips. Radio buttons underneath, so keys just work."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.ui.markup import classes, given, link, when

Option = tuple[Any, Any] | tuple[Any, Any, Any]
"""``(value, label)`` or ``(value, label, count)``."""


def segmented(
    label: Any, name: str, options: list[Option], *, value: Any, on_change: Any, fill: bool = False
) -> rx.Component:
    """One of two to four views. ``on_change`` gets the chosen value; ``label`` is read, not shown."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="cb-sr"),
        *(_radio(name, option, value, on_change, "") for option in options),
        class_name=classes("cb-seg", "cb-seg-fill" if fill else ""),
    )


def chips(
    label: Any, name: str, options: list[Option], *, value: Any, on_change: Any, wrap: bool = False
) -> rx.Component:
    """A filter as a row of chips, one chosen; scrolls sideways on phones unless ``wrap``."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="cb-sr"),
        *(_radio(name, option, value, on_change, "cb-chip") for option in options),
        class_name=classes("cb-chips", "cb-chips-wrap" if wrap else ""),
    )


def chip(label: Any, *, pressed: Any = None, **props: Any) -> rx.Component:
    """A single chip: a suggestion to tap, or with ``pressed`` a filter that is on or off."""
    return rx.el.button(label, type="button", class_name="cb-chip", **given(aria_pressed=pressed), **props)


class _TabRow(rx.Component):
    library = "$/public/kit/tabs"
    tag = "TabRow"


def tabs(
    label: Any, options: list[Option], *, value: Any, on_select: Any, panel_id: str = ""
) -> rx.Component:
    """Tabs over one panel; ``on_select`` is called with the value. The panel carries ``panel_id``."""
    return _TabRow.create(
        *(_tab(option, value, on_select, panel_id) for option in options),
        class_name="cb-tabs",
        custom_attrs={"aria-label": label},
    )


def tab_links(label: Any, options: list[tuple[str, Any]], *, active: str) -> rx.Component:
    """Tabs that are pages: ``(address, label)`` pairs, ``active`` an address."""
    entries = [
        link(
            text, href=address, class_name="cb-tab", **({"aria_current": "page"} if address == active else {})
        )
        for address, text in options
    ]
    return rx.el.nav(*entries, class_name="cb-tabs", aria_label=label)


def _tab(option: Option, value: Any, on_select: Any, panel_id: str) -> rx.Component:
    key, text, *count = option
    chosen = value == key
    return rx.el.button(
        text,
        *(rx.el.span(number, class_name="cb-count") for number in count),
        type="button",
        role="tab",
        class_name="cb-tab",
        aria_selected=chosen,
        tab_index=rx.cond(chosen, 0, -1) if isinstance(chosen, Var) else (0 if chosen else -1),
        on_click=on_select(key),
        **given(aria_controls=panel_id or None),
    )


def _radio(name: str, option: Option, value: Any, on_change: Any, look: str) -> rx.Component:
    key, text, *count = option
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=name,
            value=key,
            **given(checked=None if value is None else value == key, on_change=on_change),
        ),
        text,
        *(when(number != "", rx.el.span(number, class_name="cb-count")) for number in count),
        **given(class_name=look or None),
    )
