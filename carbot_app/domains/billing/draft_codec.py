"""Drafts as they are stored: plain JSON in which decimals are text."""

from typing import Any

from pydantic import TypeAdapter

from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.models import InvoiceDraft

_DRAFT = TypeAdapter(DraftInput)
_COLUMNS = frozenset(
    ("kind", "customer_id", "vehicle_id", "order_id", "language", "form", "supplied_on", "plate", "km")
)
"""Fields with a column of their own; the others are the terms."""


def to_json(draft: DraftInput) -> dict[str, Any]:
    """The whole draft."""
    return _DRAFT.dump_python(draft, mode="json")


def from_json(data: dict[str, Any]) -> DraftInput:
    """What ``to_json`` wrote."""
    return _DRAFT.validate_python(data)


def write_row(row: InvoiceDraft, draft: DraftInput) -> None:
    """Put a draft into its row."""
    data = to_json(draft)
    for name in _COLUMNS:
        setattr(row, name, getattr(draft, name))
    row.buyer, row.lines = data.pop("buyer"), data.pop("lines")
    row.terms = {name: value for name, value in data.items() if name not in _COLUMNS}


def read_row(row: InvoiceDraft) -> DraftInput:
    """The draft of a row."""
    columns = {name: getattr(row, name) for name in _COLUMNS}
    return from_json({**row.terms, **columns, "buyer": row.buyer, "lines": row.lines})
