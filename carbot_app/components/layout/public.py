"""The frame around a workshop's public pages. Uses only the namespaces ``ui`` and ``public``."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.components.i18n import language, language_bridge, pick_language, t
from carbot_app.components.ui.icons import carbot_mark, icon
from carbot_app.components.ui.markup import given, skip_link
from carbot_app.components.ui.overlays import menu, menu_item, toast_region
from carbot_app.components.ui.people import initial_tile
from carbot_app.components.ui.surfaces import offline_bar
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGE_NAMES


@dataclass(frozen=True, kw_only=True)
class PublicFrame:
    """The workshop as customers see it; every value may be a Var."""

    name: Any
    initial: Any
    place: Any = ""
    phone: Any = ""
    """As people read it; empty, no telephone button."""
    phone_href: Any = ""
    """``tel:+49…``"""
    home_href: Any = None
    imprint_href: Any
    privacy_href: Any
    accessibility_href: Any
    withdraw_href: Any = ""
    """Of the form to withdraw from a contract (§ 356a BGB); empty: nothing can be withdrawn from here."""
    accent: Any = None
    """``kit.colour.accent_style`` of the workshop."""
    on_language: Any = None
    """Handler told which language is being read, at the start and after every change."""


def public_shell(
    *content: Any, frame: PublicFrame, summary: Any = None, summary_bar: Any = None
) -> rx.Component:
    """Header, content (max 1120), footer. ``summary`` sticks at the right (372 px) from 1024 px up;
    ``summary_bar`` takes its place at the bottom of phones with price and next step."""
    body = rx.el.div(*content, class_name="min-w-0")
    if summary is not None:
        body = rx.el.div(
            body,
            rx.el.aside(summary, class_name="cb-summary", aria_label=t("ui.summary")),
            class_name="cb-pub-grid",
        )
    bar = (
        [rx.el.section(summary_bar, class_name="cb-summary-bar", aria_label=t("ui.summary"))]
        if summary_bar is not None
        else []
    )
    return rx.el.div(
        skip_link(t("ui.skip")),
        _header(frame),
        offline_bar(),
        rx.el.main(rx.el.div(body, class_name="cb-wide"), id="main", tab_index=-1, class_name="cb-pub-main"),
        _footer(frame),
        *bar,
        toast_region(),
        language_bridge(on_change=frame.on_language),
        class_name="cb-pub cb-public",
        **given(style=frame.accent, data_accent=None if frame.accent is None else "own"),
    )


def language_menu() -> rx.Component:
    """The reader's language; choosing one is remembered in this browser."""
    current = language()
    shown = rx.match(current, *LANGUAGE_NAMES.items(), LANGUAGE_NAMES[DEFAULT_LANGUAGE])
    return menu(
        t("ui.language.choose"),
        rx.el.span(
            icon("globe", 17, class_name="cb-hide-phone"),
            rx.el.span(shown, class_name="cb-hide-phone"),
            rx.el.span(current.upper(), class_name="sm:hidden"),
            icon("chevron-down", 15),
            class_name="inline-flex items-center gap-2",
        ),
        *(
            menu_item(name, lang=code, checked=current == code, on_click=pick_language(code))
            for code, name in LANGUAGE_NAMES.items()
        ),
        look="cb-btn cb-btn-outline !rounded-full",
        align="end",
    )


def _header(frame: PublicFrame) -> rx.Component:
    face = [
        initial_tile(frame.initial, size=36),
        rx.el.span(
            rx.el.span(frame.name, class_name="block font-[640] leading-5 line-clamp-2"),
            rx.el.span(frame.place, class_name="block cb-truncate cb-dense cb-muted"),
            class_name="min-w-0",
        ),
    ]
    look = "flex items-center gap-3 min-w-0 flex-1 rounded-lg"
    brand = rx.el.div(*face, class_name=look)
    if frame.home_href is not None:
        brand = rx.el.a(*face, href=frame.home_href, class_name=look)
    return rx.el.header(
        rx.el.div(
            brand,
            # Hidden by its empty address: a prerendered page must not depend on a workshop's facts.
            rx.el.a(
                icon("phone", 18),
                rx.el.span(frame.phone, class_name="cb-hide-phone cb-num"),
                href=frame.phone_href,
                aria_label=frame.phone,
                class_name="cb-btn cb-btn-ghost cb-if-href max-sm:!w-11 max-sm:!p-0",
            ),
            language_menu(),
            class_name="cb-wide",
        ),
        class_name="cb-pub-head",
    )


def _footer(frame: PublicFrame) -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.a(t("ui.footer.imprint"), href=frame.imprint_href),
            rx.el.a(t("ui.footer.privacy"), href=frame.privacy_href),
            rx.el.a(t("ui.footer.accessibility"), href=frame.accessibility_href),
            rx.el.a(t("ui.footer.withdraw"), href=frame.withdraw_href, class_name="cb-if-href"),
            rx.el.span(
                carbot_mark(17),
                t("ui.footer.made_with"),
                class_name="sm:ml-auto inline-flex items-center gap-2",
            ),
            class_name="cb-wide",
        ),
        class_name="cb-pub-foot",
    )
