"""Fields of the editor that store themselves when they are left."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import checkbox, field, select, textarea
from carbot_app.state.invoice_draft import InvoiceDraftState

_DRAFT: Any = InvoiceDraftState


def stored_field(name: str, **more: Any) -> rx.Component:
    """One line of ``DraftFields``."""
    return field(
        t(f"draft.field.{name}"),
        name,
        **{**_stored(name), "auto_complete": "off", "on_blur": _put(name), **more},
    )


def stored_area(name: str, **more: Any) -> rx.Component:
    """Several lines."""
    return textarea(t(f"draft.field.{name}"), name, **{**_stored(name), "on_blur": _put(name), **more})


def stored_select(name: str, options: Any, **more: Any) -> rx.Component:
    """A choice, stored at once."""
    return select(
        t(f"draft.field.{name}"), name, options, **{**_stored(name), "on_change": _put(name), **more}
    )


def stored_check(name: str) -> rx.Component:
    """A tick, stored at once."""
    return checkbox(
        t(f"draft.field.{name}"),
        name,
        id=f"draft-{name}",
        default_checked=getattr(_DRAFT.fields, name),
        on_change=_put(name),
    )


def _stored(name: str) -> dict[str, Any]:
    return {
        "id": f"draft-{name}",
        "default_value": getattr(_DRAFT.fields, name),
        "error": _DRAFT.errors.get(name, ""),
    }


def _put(name: str) -> Any:
    return lambda value: InvoiceDraftState.put(name, value)
