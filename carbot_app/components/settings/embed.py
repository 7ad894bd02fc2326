"""The script tag for the workshop's website, and its public addresses."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import copy_button, part, stack
from carbot_app.components.ui import button_link, icon, list_row, rows, two_lines
from carbot_app.state.session import SessionState
from carbot_app.state.settings_place import SettingsState

_SETTINGS: Any = SettingsState
_SESSION: Any = SessionState


def embed_section() -> rx.Component:
    """Both ways to reach customers: on the website, or by a link."""
    source, slug = f"{_SETTINGS.public_url}/widget.js", _SESSION.workshop_slug
    tag = f'<script src="{source}" data-workshop="{slug}" async></script>'
    return stack(
        part(
            t("settings.embed.title"),
            rx.el.pre(
                rx.el.code(tag, class_name="whitespace-pre-wrap [overflow-wrap:anywhere]"),
                tab_index=0,
                role="region",
                aria_label=t("settings.embed.code"),
                class_name="rounded-[10px] bg-soft px-3 py-2.5 cb-dense font-mono",
            ),
            rx.el.div(copy_button(tag, kind="primary"), class_name="flex"),
            text=t("settings.embed.text"),
        ),
        part(
            t("settings.embed.links"),
            rows(
                _address("store", t("settings.embed.page"), ""),
                _address("calendar-plus", t("settings.embed.booking"), "/termin"),
                _address("message-square", t("settings.embed.chat"), "/chat"),
                class_name="-mx-4",
            ),
            text=t("settings.embed.links_text"),
        ),
    )


def _address(glyph: str, name: Any, path: str) -> rx.Component:
    address = f"{_SETTINGS.public_url}/w/{_SESSION.workshop_slug}{path}"
    return list_row(
        rx.el.span(icon(glyph, 18), class_name="cb-glyph cb-tone-neutral max-md:hidden"),
        two_lines(name, address),
        button_link(
            t("settings.embed.open"),
            href=address,
            icon="external-link",
            external=True,
            target="_blank",
            aria_label=t("settings.embed.open_named", name=name),
            class_name="max-md:!hidden",
        ),
        copy_button(address, label=t("settings.embed.copy_named", name=name)),
    )
