"""Booking rows of a month and the sum they have to come to (pure).

Deposits are booked as received and cleared by the final invoice, so no revenue counts twice. The expected sum
is reckoned from the documents and payments themselves and never from the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from carbot_app.domains.accounting.issued import DEPOSIT, INVOICE, Issued, billing_lines, totals_of
from carbot_app.domains.billing.accounts import Accounts
from carbot_app.domains.billing.datev_rows import (
    BANK,
    CASH,
    CREDIT,
    DEBIT,
    BookedDocument,
    BookingRow,
    row_of_payment,
    rows_of_cash_discount,
    rows_of_document,
)
from carbot_app.domains.billing.receivables import DISCOUNT, MONEY, ROUNDING, WRITE_OFF
from carbot_app.domains.billing.rounding import allocate, net_in
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import TaxGroup
from carbot_app.domains.expenses.categories import account_key
from carbot_app.kit.errors import Invalid

_SMALLEST_COINS = 5
_KEYS: Mapping[tuple[str, int], str] = {("S", 1900): "9", ("S", 700): "8", ("AE", 0): "94", ("K", 0): "19"}
"""BU keys of expenses: their accounts do not know the tax by themselves."""


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of bookings in the language of the workshop."""

    handed_on: str = ""
    old_part: str = ""
    deposit: str = ""


@dataclass(frozen=True, slots=True)
class PaidItem:
    """A payment of a document, or the end of its claim by another way."""

    kind: str
    cents: int
    """Above zero: settles what the document asks for."""
    on: date
    document: str
    debtor: int
    into: str = BANK
    groups: tuple[TaxGroup, ...] = ()
    """Tax of the document, for discounts and claims that are lost."""
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class SpentAmount:
    """Part of an expense under one rate."""

    category: str
    rate: int
    net_cents: int
    vat_cents: int

    @property
    def gross_cents(self) -> int:
        """With its VAT."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class SpentItem:
    """A booked invoice of a supplier; below zero for a credit."""

    number: str
    on: date
    issued_on: date
    creditor: int
    category: str
    text: str
    amounts: tuple[SpentAmount, ...]
    currency: str = "EUR"
    paid_on: date | None = None
    paid_from: str = BANK

    @property
    def gross_cents(self) -> int:
        """What is paid for it."""
        return sum(amount.gross_cents for amount in self.amounts)


@dataclass(frozen=True, slots=True)
class Month:
    """Everything that is booked in a month."""

    documents: Sequence[tuple[Issued, int]] = ()
    """With the account of the customer."""
    deposit_ids: frozenset[object] = field(default_factory=frozenset)
    """Documents that are deposits or take one back."""
    payments: Sequence[PaidItem] = ()
    expenses: Sequence[SpentItem] = ()
    paid_expenses: Sequence[SpentItem] = ()

    @property
    def expected_cents(self) -> int:
        """What debit less credit has to come to, from documents and payments alone."""
        return (
            sum(
                issued.gross_cents - issued.deposit_cents + rounding_of(issued)
                for issued, _ in self.documents
            )
            + sum(_expected(item) for item in self.payments)
            + sum(item.gross_cents for item in (*self.expenses, *self.paid_expenses))
        )


def rows_of_month(month: Month, accounts: Accounts, words: Words) -> tuple[BookingRow, ...]:
    """Rows in the order of day and document.

    Raises:
        Invalid: what datev_rows says of a document, or ``datev_unbalanced`` when the sums differ.

    """
    rows: list[BookingRow] = []
    for issued, debtor in month.documents:
        is_deposit = issued.id in month.deposit_ids
        rows += _of_issued(issued, debtor, accounts, words, is_deposit=is_deposit)
    for item in month.payments:
        rows += _of_payment(item, accounts)
    for spent in month.expenses:
        rows += _of_expense(spent, accounts)
    for spent in month.paid_expenses:
        rows.append(_of_paid_expense(spent, accounts))
    if sum(row.signed_cents for row in rows) != month.expected_cents:
        raise Invalid("datev_unbalanced", document=month_name(rows))
    return tuple(sorted((row for row in rows if row.cents), key=lambda row: (row.booked_on, row.document)))


def month_name(rows: Iterable[BookingRow]) -> str:
    """Of the first row, for messages."""
    return next((f"{row.booked_on:%Y-%m}" for row in rows), "")


def rounding_of(issued: Issued) -> int:
    """What was rounded for cash on an invoice (Switzerland)."""
    off = issued.due_cents - issued.gross_cents + issued.deposit_cents
    return off if issued.kind == INVOICE and abs(off) <= _SMALLEST_COINS else 0


def _of_issued(
    issued: Issued, debtor: int, accounts: Accounts, words: Words, *, is_deposit: bool
) -> list[BookingRow]:
    if is_deposit:
        rows = [
            _against(issued, debtor, group.gross_cents, accounts.number(_deposit_key(group)), words.deposit)
            for group in issued.groups
            if group.category != "Z"
        ]
        if sum(row.signed_cents for row in rows) != issued.gross_cents:
            raise Invalid("datev_unbalanced", document=issued.number)
        return rows
    document = BookedDocument(
        issued.number,
        issued.issued_on,
        issued.supplied_on,
        debtor,
        _text(issued),
        totals_of(issued),
        billing_lines(issued),
        _departments(issued, accounts),
        words.handed_on,
        words.old_part,
        issued.currency,
    )
    rows = list(rows_of_document(document, accounts))
    for deposit in issued.deposits:
        for group in deposit.groups:
            cents = -group.gross_cents * issued.sign
            text = f"{words.deposit} {deposit.number}"
            rows.append(_against(issued, debtor, cents, accounts.number(_deposit_key(group)), text))
    if rounded := rounding_of(issued):
        rows.append(_against(issued, debtor, rounded, accounts.number("rounding"), _text(issued)))
    return rows


def _departments(issued: Issued, accounts: Accounts) -> dict[int, str]:
    """Groups of revenue for which the workshop has accounts of their own; the others share one row."""
    found = {}
    for at, (kept, line) in enumerate(zip(issued.lines, billing_lines(issued), strict=True)):
        base = f"revenue_{line.tax.rate}" if line.tax.category == "S" else line.tax.reason
        if kept.revenue and f"{base}.{kept.revenue}" in accounts.own:
            found[at] = kept.revenue
    return found


def _deposit_key(group: TaxGroup) -> str:
    return f"deposit_{group.rate}" if group.category == "S" else "deposit"


def _text(issued: Issued) -> str:
    first = issued.lines[0].text if issued.lines else ""
    return ", ".join(part for part in (first, issued.buyer_name) if part)


def _against(issued: Issued, debtor: int, cents: int, contra: int, text: str) -> BookingRow:
    side = DEBIT if cents >= 0 else CREDIT
    return BookingRow(
        abs(cents),
        side,
        debtor,
        contra,
        issued.issued_on,
        issued.number,
        text,
        issued.supplied_on,
        issued.currency,
    )


def _expected(item: PaidItem) -> int:
    if item.kind in MONEY:
        return item.cents
    return -item.cents if item.kind in {DISCOUNT, WRITE_OFF, ROUNDING} else 0


def _of_payment(item: PaidItem, accounts: Accounts) -> list[BookingRow]:
    booked = {"debtor": item.debtor, "document": item.document, "text": item.document}
    if item.kind in MONEY:
        rows = [row_of_payment(item.cents, item.on, accounts=accounts, into=item.into, **booked)]
    elif item.kind == DISCOUNT:
        parts = split(item.cents, [group for group in item.groups if HANDED_ON not in group.reasons])
        rows = list(rows_of_cash_discount(parts, item.on, accounts=accounts, **booked))
    elif item.kind in {WRITE_OFF, ROUNDING}:
        rows = [_lost(item, part, accounts) for part in split(item.cents, item.groups)]
    else:
        rows = []
    return [replace(row, currency=item.currency) for row in rows]


def split(cents: int, groups: Sequence[TaxGroup]) -> tuple[TaxGroup, ...]:
    """A gross amount by the tax of its document, as the groups weigh."""
    taxed = [group for group in groups if group.category != "Z"] or [TaxGroup("O", 0, cents, 0, ("damages",))]
    weights = [group.gross_cents - group.old_part_cents for group in taxed]
    found = []
    for group, part in zip(taxed, allocate(cents, weights), strict=True):
        net = net_in(part, group.rate)
        found.append(TaxGroup(group.category, group.rate, net, part - net, group.reasons))
    return tuple(found)


def _lost(item: PaidItem, part: TaxGroup, accounts: Accounts) -> BookingRow:
    key = "rounding"
    if item.kind == WRITE_OFF:
        key = f"write_off_{part.rate}" if part.category == "S" else "write_off"
    side = CREDIT if part.gross_cents >= 0 else DEBIT
    contra = accounts.number(key)
    return BookingRow(abs(part.gross_cents), side, item.debtor, contra, item.on, item.document, item.document)


def _of_expense(spent: SpentItem, accounts: Accounts) -> list[BookingRow]:
    account = accounts.number(account_key(spent.category))
    return [
        BookingRow(
            abs(amount.gross_cents),
            DEBIT if amount.gross_cents >= 0 else CREDIT,
            account,
            spent.creditor,
            spent.on,
            spent.number,
            spent.text,
            spent.issued_on,
            spent.currency,
            _KEYS.get((amount.category, amount.rate), ""),
        )
        for amount in spent.amounts
    ]


def _of_paid_expense(spent: SpentItem, accounts: Accounts) -> BookingRow:
    cents, into = spent.gross_cents, accounts.number(CASH if spent.paid_from == CASH else BANK)
    side = DEBIT if cents >= 0 else CREDIT
    on = spent.paid_on or spent.on
    return BookingRow(
        abs(cents), side, spent.creditor, into, on, spent.number, spent.text, currency=spent.currency
    )


def is_deposit(issued: Issued, originals: Mapping[object, str]) -> bool:
    """Whether it is a deposit or takes one back; ``originals`` tells the kind of every original."""
    return issued.kind == DEPOSIT or originals.get(issued.original_id) == DEPOSIT
