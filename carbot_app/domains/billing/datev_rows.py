"""Booking rows of documents and payments as DATEV wants them (EXTF booking batch, version 13).

Amounts are positive and gross, the side is debit or credit as seen from the account of the customer.
Automatic accounts find the VAT themselves, so only the VAT on old parts has a row of its own: it has to be
recorded apart (UStAE 10.5(3), § 22(2) UStG).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from carbot_app.domains.billing.accounts import Accounts
from carbot_app.domains.billing.lines import Line
from carbot_app.domains.billing.rounding import allocate
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import TaxGroup, Totals
from carbot_app.kit.errors import Invalid

DEBIT, CREDIT = "S", "H"
BANK, CASH = "bank", "cash"


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One row: ``account`` is debited or credited with ``cents``, ``contra`` gets the other side."""

    cents: int
    side: str
    account: int
    contra: int
    booked_on: date
    document: str
    text: str
    supplied_on: date | None = None
    currency: str = "EUR"
    key: str = ""
    """BU key; empty on automatic accounts."""

    @property
    def signed_cents(self) -> int:
        """Positive on the debit side."""
        return self.cents if self.side == DEBIT else -self.cents


@dataclass(frozen=True, slots=True)
class BookedDocument:
    """An issued invoice, credit note or cancellation; one that gives money back has negative totals."""

    number: str
    issued_on: date
    supplied_on: date
    debtor: int
    text: str
    totals: Totals
    lines: tuple[Line, ...]
    departments: Mapping[int, str] = field(default_factory=dict)
    """Position of a line → labour, parts, tyres ... for sub-accounts of the revenue."""
    handed_on_text: str = ""
    old_part_text: str = ""
    currency: str = "EUR"


def rows_of_document(document: BookedDocument, accounts: Accounts) -> tuple[BookingRow, ...]:
    """Rows of a document; together they are its gross sum.

    Raises:
        Invalid: ``datev_account_missing``, or ``datev_unbalanced`` when rows and document differ.

    """
    _check_debtor(document.debtor, accounts)
    rows = []
    for group in document.totals.groups:
        if group.category != "Z":
            rows.extend(_rows_of_group(document, group, accounts))
    if sum(row.signed_cents for row in rows) != document.totals.gross_cents:
        raise Invalid("datev_unbalanced", document=document.number)
    return tuple(row for row in rows if row.cents)


def row_of_payment(
    cents: int, paid_on: date, *, debtor: int, document: str, text: str, accounts: Accounts, into: str = BANK
) -> BookingRow:
    """Money received into bank or cash; negative when it goes back to the customer."""
    _check_debtor(debtor, accounts)
    side = DEBIT if cents >= 0 else CREDIT
    return BookingRow(abs(cents), side, accounts.number(into), debtor, paid_on, document, text)


def rows_of_cash_discount(
    groups: Sequence[TaxGroup], taken_on: date, *, debtor: int, document: str, text: str, accounts: Accounts
) -> tuple[BookingRow, ...]:
    """Skonto that was taken, by rate; accounts correct the VAT. Untaxed groups lower their revenue."""
    _check_debtor(debtor, accounts)
    rows = []
    for group in groups:
        key = f"cash_discount_{group.rate}" if group.category == "S" else group.reason
        row = BookingRow(
            abs(group.gross_cents), CREDIT, debtor, accounts.number(key), taken_on, document, text
        )
        rows.append(row if group.gross_cents > 0 else replace(row, side=DEBIT))
    return tuple(row for row in rows if row.cents)


def _rows_of_group(document: BookedDocument, group: TaxGroup, accounts: Accounts) -> list[BookingRow]:
    old_vat = group.old_part_vat_cents
    paid = group.gross_cents - group.old_part_cents - old_vat
    weights = _weights(document, group)
    rows = [
        _row(document, cents, accounts.number(key), _text(document, key))
        for key, cents in zip(weights, allocate(paid, list(weights.values())), strict=True)
    ]
    if old_vat:
        account = accounts.number(f"old_part_vat_{group.rate}")
        rows.append(_row(document, old_vat, account, document.old_part_text or document.text))
    return rows


def _weights(document: BookedDocument, group: TaxGroup) -> dict[str, int]:
    """Account key → net of its lines. What is handed on keeps its amount; a discount is borne by the rest."""
    weights: dict[str, int] = {}
    for at, (line, amount) in enumerate(zip(document.lines, document.totals.lines, strict=True)):
        if (line.tax.category, line.tax.rate) == (group.category, group.rate):
            key = _account_key(line, document.departments.get(at, ""))
            weights[key] = weights.get(key, 0) + amount.net_cents
    off = sum(
        allowance.net_cents
        for allowance in document.totals.allowances
        if (allowance.category, allowance.rate) == (group.category, group.rate)
    )
    own = [key for key in weights if key != HANDED_ON]
    for key, part in zip(own, allocate(off, [weights[key] for key in own]), strict=True):
        weights[key] -= part
    return weights


def _account_key(line: Line, department: str) -> str:
    if line.kind == HANDED_ON:
        return HANDED_ON
    base = f"revenue_{line.tax.rate}" if line.tax.category == "S" else line.tax.reason
    return f"{base}.{department}" if department else base


def _row(document: BookedDocument, cents: int, contra: int, text: str) -> BookingRow:
    return BookingRow(
        abs(cents),
        DEBIT if cents >= 0 else CREDIT,
        document.debtor,
        contra,
        document.issued_on,
        document.number,
        text,
        document.supplied_on,
        document.currency,
    )


def _text(document: BookedDocument, key: str) -> str:
    return document.handed_on_text if key == HANDED_ON and document.handed_on_text else document.text


def _check_debtor(debtor: int, accounts: Accounts) -> None:
    """Accounts of customers have one digit more than the others and begin with 1 to 6."""
    if not 10**accounts.length <= debtor < 7 * 10**accounts.length:
        raise Invalid("datev_debtor_invalid", field="debtor")
