"""The frame around every page of the workshop's own people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from carbot_app.components.i18n import language_bridge, t
from carbot_app.components.layout.locations import location_items
from carbot_app.components.pwa import update_notice
from carbot_app.components.ui.buttons import icon_button
from carbot_app.components.ui.icons import carbot_mark, icon
from carbot_app.components.ui.markup import given, link, skip_link, when
from carbot_app.components.ui.overlays import menu, menu_item, menu_line, toast_region
from carbot_app.components.ui.people import avatar, initial_tile
from carbot_app.components.ui.signs import dot
from carbot_app.components.ui.surfaces import offline_bar

Place = Literal[
    "today",
    "inbox",
    "calendar",
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
]

# place -> (address, icon, key of the word)
_PLACES: dict[str, tuple[str, str, rx.Var[str]]] = {
    "today": ("/heute/", "sun", t("staff.nav.today")),
    "inbox": ("/posteingang/", "inbox", t("staff.nav.inbox")),
    "calendar": ("/kalender/", "calendar-days", t("staff.nav.calendar")),
    "orders": ("/auftraege/", "wrench", t("staff.nav.orders")),
    "invoices": ("/rechnungen/", "receipt-text", t("staff.nav.invoices")),
    "customers": ("/kunden/", "users", t("staff.nav.customers")),
    "catalog": ("/leistungen/", "tags", t("staff.nav.catalog")),
    "diagnostics": ("/diagnose/", "activity", t("staff.nav.diagnostics")),
    "tyres": ("/reifenhotel/", "circle-dot", t("staff.nav.tyres")),
    "accounting": ("/buchhaltung/", "book-open", t("staff.nav.accounting")),
    "analytics": ("/auswertung/", "chart-no-axes-column", t("staff.nav.analytics")),
    "automations": ("/automationen/", "zap", t("staff.nav.automations")),
    "settings": ("/einstellungen/", "settings", t("staff.nav.settings")),
}
_LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}


@dataclass(frozen=True, kw_only=True)
class StaffFrame:
    """What the frame shows; every value may be a Var. Leave out what does not exist and it is not shown."""

    workshop_name: Any
    workshop_place: Any = ""
    workshop_initial: Any
    person_name: Any
    person_role: Any = ""
    person_initials: Any
    person_tint: Any = 25
    language: Any = None
    """Language of the profile; the page follows it."""
    unread: Any = 0
    assistant_on: Any = True
    solved: Any = 0
    """Conversations CarBot closed alone today, of ``solved_of``."""
    solved_of: Any = 0
    accent: Any = None
    """``kit.colour.accent_style`` of the workshop."""
    open_orders: Any = 0
    overdue_invoices: Any = 0
    sees_orders: Any = True
    sees_invoices: Any = False
    sees_customers: Any = True
    sees_catalog: Any = True
    sees_diagnostics: Any = True
    sees_tyres: Any = True
    sees_accounting: Any = False
    sees_analytics: Any = True
    sees_automations: Any = False
    sees_settings: Any = True
    new_items: Sequence[rx.Component] = ()
    """``menu_item``s behind the "+" on phones."""
    locations: Any = None
    """Var of ``LocationLine``s; with two or more the workshop's name is a menu of them."""
    on_search: Any = None
    """Form handler; gets ``{"q": text}``."""
    on_language: Any = None
    """Handler for a language code chosen in the person's menu."""
    on_sign_out: Any = None
    on_toast_action: Any = None


class _ShellKeys(rx.Component):
    library = "$/public/kit/shell"
    tag = "ShellKeys"


def staff_shell(
    *content: Any,
    frame: StaffFrame,
    title: Any,
    active: Place,
    beside_title: Any = None,
    actions: Sequence[Any] = (),
    pad: bool = True,
    detail: Any = None,
) -> rx.Component:
    """Sidebar and content sheet; on phones a large title and the bottom bar.

    ``beside_title``: view controls or a sign right of the title; ``actions``: buttons at the header's end;
    ``pad=False`` for panes that scroll by themselves (``cb-panes``); ``detail`` (Var): on phones the open
    thing takes the whole screen, without title and bottom bar; "true", or "editor" for a pane at the right.
    """
    return rx.el.div(
        # First: the effects of every text after it ask the browser for its language, unless it is known
        *([language_bridge(language=frame.language)] if frame.language is not None else []),
        skip_link(t("ui.skip")),
        _sidebar(frame, active),
        rx.el.main(
            offline_bar(),
            update_notice(),
            rx.el.header(
                rx.el.h1(title),
                *([beside_title] if beside_title is not None else []),
                rx.el.div(*actions, class_name="cb-page-actions"),
                class_name="cb-page-head",
            ),
            rx.el.div(
                rx.el.div(*content, class_name="cb-page-pad") if pad else rx.fragment(*content),
                class_name="cb-page-body",
            ),
            id="main",
            tab_index=-1,
            class_name="cb-sheet-page",
        ),
        _tabbar(frame, active),
        toast_region(on_action=frame.on_toast_action),
        _ShellKeys.create(),
        class_name="cb-shell",
        **given(data_detail=detail, style=frame.accent, data_accent=None if frame.accent is None else "own"),
    )


def _sidebar(frame: StaffFrame, active: Place) -> rx.Component:
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
    address, glyph, word = _PLACES[place]
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
        *_person_items(frame),
        look="cb-side-person",
        side="top",
    )


def _person_items(frame: StaffFrame) -> list[rx.Component]:
    modes: tuple[tuple[LiteralColorMode, str], ...] = (
        ("light", "sun"),
        ("dark", "moon"),
        ("system", "monitor"),
    )
    words = {
        "light": t("staff.person.theme_light"),
        "dark": t("staff.person.theme_dark"),
        "system": t("staff.person.theme_system"),
    }
    items = [
        menu_item(
            words[mode],
            icon=glyph,
            checked=color_mode == mode,
            on_click=set_color_mode(mode),
        )
        for mode, glyph in modes
    ]
    if frame.on_language is not None:
        items.append(menu_line())
        items += [
            menu_item(name, icon="languages", lang=code, on_click=frame.on_language(code))
            for code, name in _LANGUAGE_NAMES.items()
        ]
    if frame.on_sign_out is not None:
        items += [
            menu_line(),
            menu_item(t("staff.person.sign_out"), icon="log-out", on_click=frame.on_sign_out),
        ]
    return items


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


def _tabbar(frame: StaffFrame, active: Place) -> rx.Component:
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
        *_person_items(frame),
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
    address, glyph, word = _PLACES[place]
    return menu_item(word, icon=glyph, href=address)


def _tab(place: Place, active: Place, word: Any, count: Any = None) -> rx.Component:
    address, glyph, _ = _PLACES[place]
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
