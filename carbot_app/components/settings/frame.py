"""The settings' own navigation, and what every section is made of."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    button,
    card,
    error_state,
    glyph_tile,
    icon,
    link,
    list_row,
    rows,
    skeleton,
    two_lines,
)
from carbot_app.state.settings_place import SettingsState

_SETTINGS: Any = SettingsState

_ICONS = {
    "werkstatt": "store",
    "zeiten": "clock",
    "plaetze": "wrench",
    "standorte": "map-pin",
    "team": "users",
    "geraete": "circle-user",
    "hinweise": "bell",
    "vorlagen": "tags",
    "kalender": "calendar-days",
    "postfach": "mail",
    "wissen": "book-open",
    "chat": "code-xml",
    "anfragen": "gauge",
    "diagnose": "activity",
    "rechnungen": "receipt-text",
    "zahlungen": "banknote",
    "api": "key-round",
    "ausgang": "send",
    "datenschutz": "shield-check",
}


def section_title(section: Any) -> Any:
    """The name of a section."""
    words = [(name, t(f"settings.section.{name}.title")) for name in _ICONS]
    return rx.match(section, *words, t("settings.title"))


def section_list() -> rx.Component:
    """All sections with a line about each, for phones."""
    listed = rows(
        rx.foreach(
            _SETTINGS.sections,
            lambda name: list_row(
                glyph_tile(_icon_of(name)),
                two_lines(section_title(name), t_choice("settings.section", name + ".text")),
                icon("chevron-right", 18, class_name="cb-faint flex-none"),
                href="/einstellungen/?bereich=" + name,
            ),
        ),
    )
    return card(listed, pad=False)


def side_list() -> rx.Component:
    """The sections beside the open one, from md up."""
    return rx.el.nav(
        rx.el.ul(
            rx.foreach(
                _SETTINGS.sections,
                lambda name: rx.el.li(
                    link(
                        icon(_icon_of(name), 18),
                        rx.el.span(section_title(name)),
                        href="/einstellungen/?bereich=" + name,
                        class_name="cb-nav",
                        aria_current=rx.cond(_SETTINGS.shown == name, "page", "false"),
                    )
                ),
            ),
            class_name="grid gap-0.5",
        ),
        aria_label=t("settings.sections"),
        class_name="max-md:hidden w-[208px] flex-none sticky top-0",
    )


def back_link() -> rx.Component:
    """From a section to the list, on phones."""
    return link(
        icon("chevron-left", 18),
        t("settings.back"),
        href="/einstellungen/",
        class_name="md:hidden flex items-center gap-1 min-h-11 -mt-2 cb-link",
    )


def loaded(status: Any, content: Any, *, on_retry: Any, shape: Any = "rows") -> Any:
    """The section's content, its skeleton, or what failed."""
    return rx.match(
        status,
        ("loading", card(skeleton(shape, 5))),
        ("failed", card(error_state(on_retry=on_retry))),
        content,
    )


def part(title: Any, *content: Any, text: Any = None, action: Any = None) -> rx.Component:
    """A card about one thing: heading, a line about it, its fields."""
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.h2(title, class_name="cb-heading"),
                *([rx.el.p(text, class_name="cb-muted cb-dense mt-0.5")] if text is not None else []),
                class_name="min-w-0 flex-[1_1_16rem]",
            ),
            *([action] if action is not None else []),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        *content,
        class_name="grid grid-cols-1 gap-4",
    )


def stack(*content: Any, **props: Any) -> rx.Component:
    """The cards of a section below each other."""
    return rx.el.div(*content, class_name="grid grid-cols-1 gap-4 min-w-0", **props)


def _icon_of(name: Any) -> Any:
    return rx.match(name, *_ICONS.items(), "settings")


def copy_button(text: Any, *, label: Any = None, kind: Any = "outline") -> rx.Component:
    """Puts ``text`` on the clipboard and says so; ``label`` names it where several stand together."""
    told = rx.call_script(
        "window.carbotToast?.('ok'," + t("settings.copied").to_string() + ",{detail:'',action:null})"
    )
    named = {} if label is None else {"aria_label": label}
    return button(
        t("settings.copy"), kind=kind, icon="copy", on_click=[rx.set_clipboard(text), told], **named
    )
