"""What lies below is fetched when it comes near."""

from typing import Any

import reflex as rx

from carbot_app.components.ui.markup import given


class _Seen(rx.Component):
    library = "$/public/kit/seen"
    tag = "Seen"

    on_seen: rx.EventHandler[rx.event.no_args_event_spec]


def seen(on_seen: Any, *, key: Any = None) -> rx.Component:
    """Takes no room; calls ``on_seen`` once, when its parent has come within 200 px of what can be seen.

    With a ``key``: once again for each other one.
    """
    return _Seen.create(on_seen=on_seen, **given(key=key))
