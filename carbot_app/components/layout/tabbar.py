"""The bar at the bottom of the frame on phones."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.locations import location_items
from carbot_app.components.layout.person_menu import person_items
from carbot_app.components.layout.staff_frame import PLACES, Place, StaffFrame
from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import link, when
from carbot_app.components.ui.overlays import menu, menu_item, menu_line


def tabbar(frame: StaffFrame, active: Place) -> rx.Component:
    """Four places, and the others in a menu."""
    more = [
        *([when(frame.sees_orders, _more_item("orders"))]),
        *([when(frame.sees_invoices, _more_item("invoices"))]),
        *([when(frame.sees_customers, _more_item("customers"))]),
        *([when(frame.sees_catalog, _more_item("catalog"))]),
        *([when(frame.sees_diagnostics, _more_item("diagnostics"))]),
        *([when(frame.sees_tyres, _more_item("tyres"))]),
        *([when(frame.sees_accounting, _more_item("accounting"))]),
        *([when(frame.sees_analytics, _more_item("analytics"))]),
        *([when(frame.sees_automations, _more_item("automations"))]),
        *([when(frame.sees_settings, _more_item("settings"))]),
        *_phone_locations(frame),
        menu_line(),
        *person_items(frame),
    ]
    add = []
    if frame.new_items:
        add = [
            menu(
                t("staff.nav.new"),
                icon("plus", 22),
                *frame.new_items,
                look="cb-tab-add",
                side="top",
                align="end",
            )
        ]
    return rx.el.nav(
        _tab("today", active, t("staff.nav.today")),
        _tab("inbox", active, t("staff.nav.requests"), frame.unread),
        *add,
        _tab("calendar", active, t("staff.nav.calendar")),
        menu(
            t("staff.nav.more"),
            rx.fragment(icon("menu", 22), rx.el.span(t("staff.nav.more"), aria_hidden="true")),
            *more,
            look="cb-tab-item",
            side="top",
            align="end",
        ),
        class_name="cb-tabbar",
        aria_label=t("staff.nav.main"),
    )


def _phone_locations(frame: StaffFrame) -> list[rx.Component]:
    if frame.locations is None:
        return []
    listed = rx.fragment(menu_line(), location_items(frame.locations))
    return [when(frame.locations.length() > 1, listed)]


def _more_item(place: Place) -> rx.Component:
    address, glyph, word = PLACES[place]
    return menu_item(word, icon=glyph, href=address)


def _tab(place: Place, active: Place, word: Any, count: Any = None) -> rx.Component:
    address, glyph, _ = PLACES[place]
    badge: list[Any] = []
    if count is not None:
        badge = [when(count > 0, rx.el.span(count, class_name="cb-tab-count"))]
    return link(
        icon(glyph, 22),
        rx.el.span(word),
        *badge,
        href=address,
        class_name="cb-tab-item",
        **({"aria_current": "page"} if place == active else {}),
    )
