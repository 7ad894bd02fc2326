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

_MORE: tuple[Place, ...] = (
    "orders",
    "invoices",
    "customers",
    "catalog",
    "diagnostics",
    "tyres",
    "accounting",
    "analytics",
    "automations",
    "settings",
)


def tabbar(frame: StaffFrame, active: Place) -> rx.Component:
    """Four places, and the others in a menu."""
    more = [
        *(when(getattr(frame, f"sees_{place}"), _more_item(place)) for place in _MORE),
        *_phone_locations(frame),
        menu_line(),
        *person_items(frame),
    ]
    return rx.el.nav(
        _tab("today", active, t("staff.nav.today")),
        _tab("inbox", active, t("staff.nav.requests"), frame.unread),
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
