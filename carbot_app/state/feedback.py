"""Short messages to the person, shown by the toast region of the shell."""

import json
from typing import Literal

import reflex as rx
from reflex.event import EventSpec


def toast(
    kind: Literal["ok", "info", "warn", "err"],
    text: str,
    *,
    detail: str = "",
    action: tuple[str, str] | None = None,
) -> EventSpec:
    """Event that shows a message; ``text`` is translated. It goes after 5 seconds, errors stay.

    ``action`` is a word and the value the shell's ``on_toast_action`` gets when it is pressed.
    """
    options = json.dumps({"detail": detail, "action": action})
    return rx.call_script(f"window.carbotToast?.({json.dumps(kind)},{json.dumps(text)},{options})")
