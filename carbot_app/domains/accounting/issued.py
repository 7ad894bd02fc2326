"""Issued documents as accounting sees them, read back from what was frozen when they were issued (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from carbot_app.domains.billing.lines import Line, LineTax
from carbot_app.domains.billing.models import Invoice, InvoiceLine
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import Allowance, LineSum, TaxGroup, Totals

INVOICE, DEPOSIT, CREDIT, CANCELLATION = "invoice", "deposit", "credit", "cancellation"


@dataclass(frozen=True, slots=True)
class Issued:
    """A document with its tax; what gives money back has negative sums."""

    id: UUID
    number: str
    kind: str
    issued_on: date
    supplied_on: date
    currency: str
    gross_cents: int
    due_cents: int
    groups: tuple[TaxGroup, ...]
    lines: tuple[InvoiceLine, ...] = ()
    original_id: UUID | None = None
    deposits: tuple["Issued", ...] = ()
    """Deposit invoices it takes off."""
    buyer_name: str = ""
    buyer_vat_id: str = ""
    customer_id: UUID | None = None
    paper: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tax_on(self) -> date:
        """The day its tax belongs to: that of the supply; a later change counts when it is made (§ 17(1))."""
        return self.issued_on if self.kind in {CREDIT, CANCELLATION} else self.supplied_on

    @property
    def deposit_cents(self) -> int:
        """What its deposits brought, with its own sign."""
        return sum(deposit.gross_cents for deposit in self.deposits) * self.sign

    @property
    def handed_on_cents(self) -> int:
        """What is handed on for the customer and no turnover of the workshop."""
        return sum(line.net_cents for line in self.lines if line.kind == HANDED_ON)

    @property
    def sign(self) -> int:
        """-1 for what gives money back."""
        return -1 if self.gross_cents < 0 else 1

    @property
    def own_groups(self) -> tuple[TaxGroup, ...]:
        """Its tax without what was told in deposits."""
        left = {(group.category, group.rate): group for group in self.groups}
        for deposit in self.deposits:
            for told in deposit.groups:
                key = (told.category, told.rate)
                known = left.get(key, TaxGroup(*key, 0, 0, told.reasons))
                left[key] = TaxGroup(
                    *key,
                    known.net_cents - told.net_cents * self.sign,
                    known.vat_cents - told.vat_cents * self.sign,
                    known.reasons or told.reasons,
                    known.old_part_cents,
                )
        return tuple(left.values())


def issued_of(row: Invoice, lines: Sequence[InvoiceLine], customer_id: UUID | None = None) -> Issued:
    """The document of a row."""
    document = _document(row.paper)
    buyer = document.get("buyer") or {}
    return Issued(
        id=row.id,
        number=row.number,
        kind=row.kind,
        issued_on=row.issued_on,
        supplied_on=row.supplied_on,
        currency=row.currency,
        gross_cents=row.gross_cents,
        due_cents=row.due_cents,
        groups=tuple(group_of(group) for group in row.groups),
        lines=tuple(sorted(lines, key=lambda line: line.position)),
        original_id=row.original_id,
        buyer_name=str(buyer.get("name", "")),
        buyer_vat_id=str(buyer.get("vat_id", "")),
        customer_id=customer_id,
        paper=row.paper,
    )


def group_of(kept: Mapping[str, Any]) -> TaxGroup:
    """A TaxGroup as it was kept."""
    return TaxGroup(
        str(kept["category"]),
        int(kept["rate"]),
        int(kept["net_cents"]),
        int(kept["vat_cents"]),
        tuple(kept.get("reasons", ())),
        int(kept.get("old_part_cents", 0)),
    )


def earlier_numbers(paper: Mapping[str, Any]) -> tuple[str, ...]:
    """Numbers of the documents it follows or takes off (BG-3)."""
    document = _document(paper)
    return tuple(str(one["number"]) for one in document.get("earlier") or () if one.get("number"))


def _document(paper: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document in what was kept of an issued one."""
    return (paper.get("paper") or {}).get("document") or {}


def totals_of(issued: Issued) -> Totals:
    """Its totals; a discount on the document is what the lines of a group are more than the group."""
    sums: dict[tuple[str, int], int] = {}
    for line in issued.lines:
        key = (line.category, line.rate)
        sums[key] = sums.get(key, 0) + line.net_cents
    off = []
    for group in issued.groups:
        more = sums.get((group.category, group.rate), 0) - group.net_cents + group.old_part_cents
        if group.category != "Z" and more and issued.lines:
            off.append(Allowance(group.category, group.rate, more, group.reason))
    return Totals(tuple(LineSum(line.net_cents) for line in issued.lines), issued.groups, tuple(off))


def billing_lines(issued: Issued) -> tuple[Line, ...]:
    """Its positions with the reason of their tax, as far as bookings need them."""
    return tuple(
        Line(line.kind, line.unit_price, LineTax(line.category, line.rate, _reason(issued, line)))
        for line in issued.lines
    )


def _reason(issued: Issued, line: InvoiceLine) -> str:
    if line.kind == HANDED_ON:
        return HANDED_ON
    for group in issued.groups:
        if (group.category, group.rate) == (line.category, line.rate):
            return next((reason for reason in group.reasons if reason != HANDED_ON), group.reason)
    return ""
