"""A label of a thread, wherever it stands."""

from typing import Any

import reflex as rx

from carbot_app.domains.conversations.desk_schemas import TONES


def label_tag(label: Any, *, small: bool = False) -> rx.Component:
    """The word on its soft tone, cut where there is no room."""
    size = "!h-5 !px-1.5 !text-[0.75rem]" if small else ""
    looks = [(tone, f"cb-badge cb-badge-plain cb-tone-{tone} min-w-0 {size}") for tone in TONES]
    return rx.el.span(
        rx.el.span(label.name, class_name="cb-truncate"), class_name=rx.match(label.tone, *looks, looks[0][1])
    )
