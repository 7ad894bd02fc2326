"""Channels in the inbox: icons, the choice in the composer, providers out of order, files of messages."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.photos import message_photos
from carbot_app.components.ui import banner, button, icon
from carbot_app.state.thread_ways import ThreadWaysState

_WAYS: Any = ThreadWaysState
_ICONS = {
    "booking": "calendar-check",
    "mail": "mail",
    "sms": "smartphone",
    "whatsapp": "message-square-text",
    "call": "phone-missed",
}
_NAMES = ("booking", "mail", "sms", "whatsapp", "call")


def channel_icon(channel: Any) -> Any:
    """Name of a channel's icon."""
    return rx.match(channel, *_ICONS.items(), "message-square")


def channel_name(channel: Any) -> Any:
    """A channel in the reader's language."""
    return rx.match(
        channel, *((name, t(f"inbox.channel.{name}")) for name in _NAMES), t("inbox.channel.chat")
    )


def outage_banners() -> rx.Component:
    """Providers that take nothing at the moment."""
    return rx.fragment(rx.foreach(_WAYS.outages, lambda found: banner(found.text, title=found.title)))


def way_choice() -> rx.Component:
    """On which channel the answer leaves; a part of the composer's form, where there is a choice."""
    return rx.cond(
        _WAYS.ways.length() > 1,
        rx.el.select(
            rx.foreach(_WAYS.ways, lambda way: rx.el.option(way.label, value=way.channel)),
            name="channel",
            aria_label=t("inbox.compose.channel"),
            class_name="cb-input !w-auto min-w-0 max-w-[16rem] max-md:max-w-[13.25rem] max-md:!pl-2.5",
        ),
        rx.cond(
            _WAYS.ways.length() == 1,
            rx.cond(
                _WAYS.ways[0].channel != "chat",
                rx.el.span(
                    icon("send", 16),
                    rx.el.span(_WAYS.ways[0].label, class_name="cb-truncate"),
                    class_name="flex items-center gap-1.5 cb-dense cb-muted px-1 min-w-0",
                ),
            ),
        ),
    )


def refusal() -> rx.Component:
    """Why the usual channel takes no answer now, and what can be done."""
    return rx.cond(
        _WAYS.refused != "",
        rx.el.div(
            icon("info", 18, class_name="flex-none"),
            rx.el.span(_WAYS.refused, class_name="min-w-0"),
            rx.cond(
                _WAYS.ask_to_write,
                button(
                    t("inbox.compose.ask_to_write"),
                    size="sm",
                    on_click=ThreadWaysState.ask,
                    class_name="ml-auto flex-none",
                ),
            ),
            class_name="cb-composer-note flex-wrap",
            role="status",
        ),
    )


def message_files(entry: Any) -> rx.Component:
    """Photos to look at, voices to hear, other files to save, and what was not kept."""
    return rx.cond(
        entry.files.length() > 0,
        rx.el.div(
            message_photos(entry.files),
            rx.foreach(entry.files, _file),
            class_name="flex flex-wrap gap-2 mt-2 empty:hidden",
        ),
    )


def _file(file: Any) -> Any:
    address = "/api/message-files/" + file.id
    chip = "inline-flex items-center gap-2 min-h-11 max-w-full px-3 rounded-lg border border-base-300"
    words = rx.el.span(
        rx.el.span(file.name, class_name="block cb-truncate"),
        rx.el.span(file.note, class_name="block cb-meta"),
        class_name="min-w-0",
    )
    return rx.match(
        file.kind,
        ("photo", rx.fragment()),
        (
            "voice",
            rx.cond(
                file.gone,
                rx.el.span(icon("mic", 18, class_name="flex-none"), words, class_name=f"{chip} bg-base-100"),
                rx.el.audio(
                    src=address,
                    controls=True,
                    preload="none",
                    custom_attrs={"aria-label": t("inbox.file.voice")},
                    class_name="h-11 w-72 max-w-full",
                ),
            ),
        ),
        (
            "refused",
            rx.el.span(
                icon("triangle-alert", 18, class_name="flex-none"), words, class_name=f"{chip} bg-base-100"
            ),
        ),
        rx.el.a(
            icon("file-text", 18, class_name="flex-none"),
            words,
            href=address,
            reload_document=True,
            class_name=f"{chip} bg-base-100",
        ),
    )
