"""Short messages to the person, shown by the toast region of the shell."""

import json

import reflex as rx
from reflex.event import EventSpec


def toast(kind: str, text: str, *, action: str = "", url: str = "") -> EventSpec:
    """Show ``text``; ``kind`` is success, info or error. ``action`` labels a link to ``url``."""
    detail = json.dumps({"kind": kind, "text": text, "action": action, "url": url})
    return rx.call_script(f"window.dispatchEvent(new CustomEvent('carbot:toast', {{detail: {detail}}}))")
