"""The left side of the frame at a desk."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.locations import location_items
from carbot_app.components.layout.person_menu import person_items
from carbot_app.components.layout.staff_frame import PLACES, Place, StaffFrame
from carbot_app.components.ui.buttons import icon_button
from carbot_app.components.ui.icons import carbot_mark, icon
from carbot_app.components.ui.markup import link, when
from carbot_app.components.ui.overlays import menu
from carbot_app.components.ui.people import avatar, initial_tile
from carbot_app.components.ui.signs import dot


def sidebar(frame: StaffFrame, active: Place) -> rx.Component:
    """Workshop, search, places, assistant and person."""
    return rx.el.aside(
        _workshop(frame),
        _search(frame),
        rx.el.nav(
            rx.el.ul(
                _entry("today", active),
                _entry("inbox", active, frame.unread),
                _entry("calendar", active),
                when(frame.sees_orders, _entry("orders", active, frame.open_orders, counted="orders_open")),
                when(
                    frame.sees_invoices,
                    _entry("invoices", active, frame.overdue_invoices, counted="invoices_overdue"),
                ),
                when(frame.sees_customers, _entry("customers", active)),
                when(frame.sees_catalog, _entry("catalog", active, group=True)),
                when(frame.sees_diagnostics, _entry("diagnostics", active)),
                when(frame.sees_tyres, _entry("tyres", active)),
                when(frame.sees_accounting, _entry("accounting", active)),
                when(frame.sees_analytics, _entry("analytics", active)),
                when(frame.sees_automations, _entry("automations", active)),
                when(frame.sees_settings, _entry("settings", active)),
            ),
            class_name="cb-side-nav",
            aria_label=t("staff.nav.main"),
        ),
        _assistant_card(frame),
        rx.el.div(_person_menu(frame), _collapse_button(), class_name="cb-side-foot"),
        class_name="cb-side",
        aria_label=t("staff.nav.sidebar"),
    )


def _entry(
    place: Place, active: Place, count: Any = None, *, group: bool = False, counted: str = "unread"
) -> rx.Component:
    address, glyph, word = PLACES[place]
    return rx.el.li(
        link(
            icon(glyph, 18),
            rx.el.span(word),
            *([when(count > 0, _nav_count(count, counted))] if count is not None else []),
            href=address,
            class_name="cb-nav",
            data_tip=word,
            data_tip_side="right",
            **({"aria_current": "page"} if place == active else {}),
        ),
        class_name="cb-side-group" if group else "",
    )


def _nav_count(count: Any, counted: str) -> rx.Component:
    """``counted``: what waits for an answer is marked also while the sidebar is narrow."""
    return rx.fragment(
        rx.el.span(count, class_name="cb-nav-count", aria_hidden="true"),
        rx.el.span(t(f"staff.nav.{counted}", count=count), class_name="cb-sr"),
        *([rx.el.i(class_name="cb-dot cb-nav-dot", aria_hidden="true")] if counted == "unread" else []),
    )


def _workshop(frame: StaffFrame) -> rx.Component:
    face = [
        initial_tile(frame.workshop_initial, size=28),
        rx.el.span(rx.el.span(frame.workshop_name), rx.el.span(frame.workshop_place), class_name="cb-two"),
    ]
    alone = rx.el.div(*face, class_name="cb-side-top !cursor-default")
    if frame.locations is None:
        return alone
    several = menu(
        t("staff.workshop.switch"),
        rx.fragment(*face, icon("chevrons-up-down", 16, class_name="cb-faint")),
        location_items(frame.locations),
        look="cb-side-top",
    )
    return when(frame.locations.length() > 1, several, alone)


def _search(frame: StaffFrame) -> rx.Component:
    if frame.on_search is None:
        return rx.el.div(class_name="h-2")
    return rx.el.form(
        icon_button(
            "search",
            t("staff.search.label"),
            data_tip_side="right",
            class_name="cb-when-min",
            on_click=_shell_action("openSearch"),
        ),
        rx.el.div(
            rx.el.span(icon("search", 16), class_name="cb-lead"),
            rx.el.input(
                type="search",
                name="q",
                placeholder=t("staff.search.placeholder"),
                aria_label=t("staff.search.label"),
                aria_keyshortcuts="/",
                auto_complete="off",
                data_slash="true",
                class_name="cb-input",
            ),
            rx.el.span(rx.el.kbd("/", class_name="cb-kbd"), class_name="cb-trail"),
            class_name="cb-control cb-search",
        ),
        on_submit=frame.on_search,
        role="search",
        aria_label=t("staff.search.label"),
        class_name="cb-side-search",
    )


def _assistant_card(frame: StaffFrame) -> rx.Component:
    return rx.el.div(
        carbot_mark(26),
        rx.el.span(
            rx.el.span(when(frame.assistant_on, t("staff.assistant.answers"), t("staff.assistant.paused"))),
            rx.el.span(t("staff.assistant.solved", solved=frame.solved, total=frame.solved_of)),
            class_name="cb-two",
        ),
        when(frame.assistant_on, rx.fragment(), dot("err")),
        class_name="cb-assistant",
    )


def _person_menu(frame: StaffFrame) -> rx.Component:
    return menu(
        t("staff.person.menu"),
        rx.fragment(
            avatar(frame.person_initials, size=28, tint=frame.person_tint),
            rx.el.span(rx.el.span(frame.person_name), rx.el.span(frame.person_role), class_name="cb-two"),
        ),
        *person_items(frame),
        look="cb-side-person",
        side="top",
    )


def _collapse_button() -> rx.Component:
    sides = (
        ("panel-left-close", t("staff.nav.collapse"), "cb-when-max"),
        ("panel-left-open", t("staff.nav.expand"), "cb-when-min"),
    )
    return rx.fragment(
        *(
            icon_button(
                glyph,
                word,
                size="sm",
                data_tip_side="right",
                class_name=look,
                on_click=_shell_action("toggleSidebar"),
            )
            for glyph, word, look in sides
        )
    )


def _shell_action(name: str) -> rx.Var:
    """A function of assets/kit/shell.js as ``on_click``: the frame must not wait for the server."""
    return rx.Var(
        f"() => {name}()",
        _var_type=rx.event.EventChain,
        _var_data=rx.vars.VarData(imports={"$/public/kit/shell": name}),
    )
