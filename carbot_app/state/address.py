"""Filters live in the address, so that they can be linked, reloaded and gone back to."""

import json

import reflex as rx
from reflex.event import EventSpec


def set_address(**params: str) -> EventSpec:
    """Change query parameters of the page's address without loading anything; empty ones are removed."""
    return rx.call_script(
        "{ const a = new URL(location);"
        f"for (const [name, value] of Object.entries({json.dumps(params)}))"
        "value ? a.searchParams.set(name, value) : a.searchParams.delete(name);"
        "if (a.href !== location.href) history.pushState(history.state, '', a); }"
    )
