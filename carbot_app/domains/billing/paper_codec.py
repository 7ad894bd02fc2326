"""Papers of issued documents as plain JSON, so that they can be printed again as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from carbot_app.domains.billing.draft_codec import from_json, to_json
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.billing.paper import Paper
from carbot_app.domains.billing.totals import TaxGroup

_PAPER = TypeAdapter(Paper)
_TAXES = TypeAdapter(list[LineTax])
_GROUPS = TypeAdapter(list[TaxGroup])


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an issued document beside its figures."""

    paper: Paper
    """Its logo stands in the file store under ``logo_file``."""
    draft: DraftInput
    taxes: tuple[LineTax, ...]
    """One per line of the draft."""
    logo_file: str = ""
    credited: Mapping[str, str] | None = None
    """Position of the original → quantity a credit takes back."""
    vat_check: Mapping[str, str] | None = None
    """What the register said of the buyer's VAT number: state, request, time."""


def kept_to_json(kept: Kept) -> dict[str, Any]:
    """Plain JSON."""
    paper = replace(kept.paper, look=replace(kept.paper.look, logo=b""))
    return {
        "paper": _PAPER.dump_python(paper, mode="json"),
        "draft": to_json(kept.draft),
        "taxes": [asdict(tax) for tax in kept.taxes],
        "logo_file": kept.logo_file,
        "credited": dict(kept.credited or {}),
        "vat_check": dict(kept.vat_check or {}),
    }


def kept_from_json(data: Mapping[str, Any]) -> Kept:
    """What ``kept_to_json`` wrote."""
    return Kept(
        _PAPER.validate_python(data["paper"]),
        from_json(data["draft"]),
        tuple(_TAXES.validate_python(data["taxes"])),
        data["logo_file"],
        data["credited"],
        data["vat_check"],
    )


def groups_to_json(groups: Sequence[TaxGroup]) -> list[dict[str, Any]]:
    """For Invoice.groups."""
    return _GROUPS.dump_python(list(groups), mode="json")


def groups_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[TaxGroup, ...]:
    """What ``groups_to_json`` wrote."""
    return tuple(_GROUPS.validate_python(list(data)))
