"""Chips of other services: offered in addition, and inside a package."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.tree import CAN_MANAGE
from carbot_app.components.i18n import t
from carbot_app.components.ui import icon, icon_button
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_links import LinksState

_EDITOR: Any = EditorState
_LINKS: Any = LinksState


def upsell_fields() -> rx.Component:
    """What is offered in addition."""
    return rx.el.div(
        rx.el.h3(t("catalog.links.upsells"), class_name="cb-label"),
        rx.el.div(
            rx.foreach(_LINKS.upsells, _chip),
            rx.cond(CAN_MANAGE, _add_button("upsells")),
            class_name="flex flex-wrap gap-2",
        ),
        _search("upsells"),
        _problem("upsells"),
        class_name="grid grid-cols-1 gap-2",
    )


def member_fields() -> rx.Component:
    """The services in a package, in the order of the work."""
    return rx.cond(
        _EDITOR.form["price_model"] == "package",
        rx.el.div(
            rx.el.h3(t("catalog.links.members"), class_name="cb-label"),
            rx.el.ol(rx.foreach(_LINKS.members, _member), class_name="grid grid-cols-1"),
            rx.cond(CAN_MANAGE, rx.el.div(_add_button("members"), class_name="flex")),
            _search("members"),
            _problem("members"),
            class_name="grid grid-cols-1 gap-2",
        ),
    )


def _chip(chip: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(chip.name, class_name="min-w-0 break-words"),
        rx.cond(
            CAN_MANAGE,
            rx.el.button(
                icon("x", 14),
                type="button",
                aria_label=t("catalog.links.remove", name=chip.name),
                on_click=[LinksState.remove("upsells", chip.code), EditorState.recheck],
            ),
        ),
        class_name="cb-link-chip",
        key=chip.code,
    )


def _member(chip: Any, place: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(chip.name, class_name="flex-1 min-w-0 break-words"),
        rx.el.span(chip.price, class_name="cb-num cb-muted whitespace-nowrap"),
        rx.cond(
            CAN_MANAGE,
            rx.fragment(
                icon_button(
                    "arrow-up",
                    t("catalog.links.up", name=chip.name),
                    size="sm",
                    tip=False,
                    disabled=place == 0,
                    on_click=[LinksState.shift(chip.code, -1), EditorState.recheck],
                ),
                icon_button(
                    "x",
                    t("catalog.links.remove", name=chip.name),
                    size="sm",
                    tip=False,
                    on_click=[LinksState.remove("members", chip.code), EditorState.recheck],
                ),
            ),
        ),
        class_name="cb-member",
        key=chip.code,
    )


def _add_button(kind: str) -> rx.Component:
    return rx.el.button(
        icon("plus", 15),
        t("catalog.links.add"),
        type="button",
        aria_expanded=rx.cond(_LINKS.searching == kind, "true", "false"),
        on_click=LinksState.open_search(kind),
        class_name="cb-link-add",
    )


def _search(kind: str) -> rx.Component:
    return rx.cond(
        _LINKS.searching == kind,
        rx.el.div(
            rx.el.div(
                rx.el.span(icon("search", 16), class_name="cb-lead"),
                rx.el.input(
                    type="search",
                    placeholder=t("catalog.links.search"),
                    aria_label=t("catalog.links.search"),
                    auto_complete="off",
                    auto_focus=True,
                    on_change=lambda text: LinksState.search(kind, _EDITOR.opened, text).debounce(250),
                    class_name="cb-input",
                ),
                class_name="cb-control",
            ),
            rx.el.ul(
                rx.foreach(
                    _LINKS.hits,
                    lambda hit: rx.el.li(
                        rx.el.button(
                            rx.el.span(hit.name, class_name="flex-1 min-w-0 text-left break-words"),
                            rx.el.span(hit.price, class_name="cb-num cb-muted whitespace-nowrap"),
                            type="button",
                            on_click=[LinksState.add(kind, hit.code), EditorState.recheck],
                            class_name="cb-link-hit",
                        ),
                        key=hit.code,
                    ),
                ),
                aria_label=t("catalog.links.hits"),
                class_name="cb-link-hits",
            ),
            data_no_edit="true",
            class_name="grid grid-cols-1 gap-1",
        ),
    )


def _problem(kind: str) -> rx.Component:
    return rx.cond(
        _EDITOR.errors[kind],
        rx.el.p(icon("st-overdue", 15), rx.el.span(_EDITOR.errors[kind]), class_name="cb-field-error"),
    )
