"""The live channel: a websocket that only says what changed; the handler refetches with its own rights."""

from typing import Any

import reflex as rx

_THREE_TEXTS: Any = rx.event.passthrough_event_spec(str, str, str)  # pyright: ignore[reportCallIssue]


class _LiveChannel(rx.Component):
    library = "$/public/live"
    tag = "LiveChannel"

    on_change: rx.EventHandler[_THREE_TEXTS]


def live_channel(*, on_change: Any) -> rx.Component:
    """Calls ``on_change(topic, id, kind)`` for every message of ``/api/live``, all three strings.

    When different hints follow each other closely the topic is ``"resync"`` and the id their topics; after a
    lost connection comes back it has no id: fetch everything that is on the screen (state.hints).
    When the session has ended it is ``"signed_out"``, and nothing follows.
    """
    return _LiveChannel.create(on_change=on_change)


class _SoundBell(rx.Component):
    library = "$/public/kit/sound"
    tag = "SoundBell"


def sound_bell() -> rx.Component:
    """A short sound at the hints the person chose; the event ``carbot:sounds`` makes it ask again which."""
    return _SoundBell.create()
