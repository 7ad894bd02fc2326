"""What a received document says, in a form for people that outlives the program that reads it (pure)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from carbot_app.domains.billing.document import Document, Line, Party


@dataclass(frozen=True, slots=True)
class SheetParty:
    """Seller or buyer, line by line."""

    name: str = ""
    lines: tuple[str, ...] = ()
    vat_id: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A position; ``quantity`` and ``unit_price`` as they were written."""

    number: str
    name: str
    detail: str
    quantity: str
    unit: str
    unit_price: str
    net_cents: int
    category: str
    rate: int
    """Hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class SheetTax:
    """Tax of a category and rate."""

    category: str
    rate: int
    base_cents: int
    tax_cents: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadableDocument:
    """A document of a supplier. Days are ISO, amounts are as in the document; a credit has them positive."""

    kind: str
    number: str
    currency: str
    issued_on: str
    due_on: str
    supplied_on: str
    is_credit: bool
    seller: SheetParty
    buyer: SheetParty
    lines: tuple[SheetLine, ...]
    taxes: tuple[SheetTax, ...]
    adjustments: tuple[tuple[str, int], ...]
    """Reason and amount; below zero what goes off."""
    net_cents: int
    tax_cents: int
    gross_cents: int
    prepaid_cents: int
    due_cents: int
    terms: str = ""
    ibans: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def readable(document: Document) -> ReadableDocument:
    """The document for people."""
    totals = document.totals
    return ReadableDocument(
        kind=document.kind,
        number=document.number,
        currency=document.currency,
        issued_on=_day(document.issued_on),
        due_on=_day(document.due_on),
        supplied_on=_day(document.supplied_on),
        is_credit=document.is_credit,
        seller=_party(document.seller),
        buyer=_party(document.buyer),
        lines=tuple(_line(line) for line in document.lines),
        taxes=tuple(
            SheetTax(
                group.tax.category,
                rate_of(group.tax.percent),
                group.base_cents,
                group.tax_cents,
                group.reason,
            )
            for group in document.tax_groups
        ),
        adjustments=tuple(
            (one.reason, one.cents if one.charge else -one.cents) for one in document.adjustments
        ),
        net_cents=totals.net_cents,
        tax_cents=totals.tax_cents,
        gross_cents=totals.gross_cents,
        prepaid_cents=totals.prepaid_cents,
        due_cents=totals.due_cents,
        terms=document.terms,
        ibans=tuple(payment.iban for payment in document.payments if payment.iban),
        notes=tuple(note.text for note in document.notes if note.text),
    )


def kept_of(document: ReadableDocument) -> dict[str, Any]:
    """As plain JSON."""
    return asdict(document)


def readable_of(kept: Mapping[str, Any]) -> ReadableDocument | None:
    """From plain JSON; None: there was none."""
    if not kept:
        return None
    lists = {
        "seller": SheetParty(**{**kept["seller"], "lines": tuple(kept["seller"]["lines"])}),
        "buyer": SheetParty(**{**kept["buyer"], "lines": tuple(kept["buyer"]["lines"])}),
        "lines": tuple(SheetLine(**line) for line in kept["lines"]),
        "taxes": tuple(SheetTax(**tax) for tax in kept["taxes"]),
        "adjustments": tuple((reason, cents) for reason, cents in kept["adjustments"]),
        "ibans": tuple(kept["ibans"]),
        "notes": tuple(kept["notes"]),
    }
    return ReadableDocument(**{**kept, **lists})


def rate_of(percent: Decimal) -> int:
    """A rate in hundredths of a percent."""
    return int(percent * 100)


def _party(party: Party) -> SheetParty:
    place = party.address
    town = " ".join(part for part in (place.postcode, place.city) if part)
    lines = (
        place.line1,
        place.line2,
        place.line3,
        town,
        place.country,
        party.contact.phone,
        party.contact.email,
    )
    return SheetParty(party.name, tuple(line for line in lines if line), party.vat_id, party.tax_number)


def _line(line: Line) -> SheetLine:
    return SheetLine(
        line.number,
        line.name,
        " ".join(part for part in (line.description, line.note) if part),
        f"{line.quantity.normalize():f}",
        line.unit,
        f"{line.unit_price:f}",
        line.net_cents,
        line.tax.category,
        rate_of(line.tax.percent),
    )


def _day(day: object) -> str:
    return str(day) if day else ""
