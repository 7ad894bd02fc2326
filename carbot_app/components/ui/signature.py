"""A field to sign in with finger, pen or mouse; see assets/kit/signature.js.

Give a field for the typed name beside it: it is the way for who has no pointer.
"""

from typing import Any

import reflex as rx
from reflex.vars.base import Var
from reflex_base.utils.imports import ImportVar

SIGNATURE_PACKAGES = {"signature_pad@5.1.4": [ImportVar(tag=None, render=False)]}


class _SignaturePad(rx.Component):
    library = "$/public/kit/signature"
    tag = "SignaturePad"

    label: Var[str]
    clear_label: Var[str]
    disabled: Var[bool]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]

    def add_imports(self) -> dict[str, list[ImportVar]]:
        return dict(SIGNATURE_PACKAGES)


def signature_pad(*, label: Any, clear_label: Any, on_change: Any, disabled: Any = False) -> rx.Component:
    """``on_change`` gets the drawing as PNG in Base64 after each stroke, and nothing after clearing."""
    return _SignaturePad.create(label=label, clear_label=clear_label, disabled=disabled, on_change=on_change)
