"""Which invoices a line of a bank statement pays: certain ones are booked, likely ones suggested.

In order: the exact reference (EndToEndId or ISO 11649 / QR reference), the invoice number in the remittance
text whatever separates its characters, then amount and IBAN, which is never more than a suggestion. Only an
amount that meets what is open to the cent is booked by itself; anything short, over, ambiguous or in another
currency waits for a person.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

BOOK, SUGGEST, NONE = "book", "suggest", "none"
REFERENCE, NUMBER, AMOUNT_AND_IBAN, AMOUNT = "reference", "number", "amount_and_iban", "amount"
EXACT, SHORT, OVER, CASH_DISCOUNT, AMBIGUOUS = "exact", "short", "over", "cash_discount", "ambiguous"
CURRENCY, NOT_A_CREDIT, UNKNOWN, ALREADY_PAID = "currency_differs", "not_a_credit", "unknown", "already_paid"

_NOTHING = frozenset({"", "NOTPROVIDED"})
"""What banks send where the payer gave no reference."""


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """What is still to be paid and how a payer may name it."""

    number: str
    open_cents: int
    references: tuple[str, ...] = ()
    """EndToEndId that was handed out, RF or QR reference."""
    ibans: tuple[str, ...] = ()
    """Accounts this customer is known to pay from."""
    discounted_cents: int | None = None
    """What is enough while Skonto may still be taken."""
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Credit:
    """One transaction of a statement (TxDtls, not the entry that collects several)."""

    cents: int
    text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    iban: str = ""
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Match:
    """What to do with a credit. ``paid`` says how much of it falls on which invoice."""

    action: str
    """book, suggest or none."""
    found_by: str
    """reference, number, amount_and_iban or amount; empty when nothing was found."""
    reason: str
    paid: tuple[tuple[str, int], ...] = ()
    short_cents: int = 0
    """What is missing until everything named is paid."""
    rest_cents: int = 0
    """What is left of the credit."""


class OpenItems:
    """The open invoices of a workshop, prepared once for all lines of a statement."""

    def __init__(self, invoices: Sequence[OpenInvoice]) -> None:
        self._by_reference: dict[str, list[OpenInvoice]] = defaultdict(list)
        self._by_amount: dict[int, list[OpenInvoice]] = defaultdict(list)
        self._numbers = [(number, entry) for entry in invoices if (number := _squeeze(entry.number))]
        for invoice in invoices:
            for told in {_squeeze(text) for text in (*invoice.references, invoice.number)} - _NOTHING:
                self._by_reference[told].append(invoice)
            for cents in {invoice.open_cents, invoice.discounted_cents or invoice.open_cents}:
                self._by_amount[cents].append(invoice)

    def match(self, credit: Credit) -> Match:
        """What to do with one credit."""
        if credit.cents <= 0:
            return Match(NONE, "", NOT_A_CREDIT)
        if found := self._referred_to(credit):
            return _judge(credit, found, REFERENCE)
        text = f"{credit.text} {credit.reference} {credit.end_to_end_id}".upper()
        squeezed = _squeeze(text)
        # A number has to stand there without running on into a longer one.
        named = [
            entry for number, entry in self._numbers if number in squeezed and _pattern(number).search(text)
        ]
        if named:
            return _judge(credit, named, NUMBER)
        return _guess(credit, self._by_amount.get(credit.cents, []))

    def _referred_to(self, credit: Credit) -> list[OpenInvoice]:
        told = {_squeeze(credit.reference), _squeeze(credit.end_to_end_id)} - _NOTHING
        found = [entry for text in sorted(told) for entry in self._by_reference.get(text, [])]
        return list(dict.fromkeys(found))


def match(credit: Credit, invoices: Sequence[OpenInvoice]) -> Match:
    """Match a single credit with the open invoices of a workshop."""
    return OpenItems(invoices).match(credit)


@lru_cache(maxsize=4096)
def _pattern(wanted: str) -> re.Pattern[str]:
    # Banks break and respace remittance text anywhere, so anything but letters and digits may stand between.
    body = r"[^A-Z0-9]*".join(wanted)
    return re.compile(rf"(?<!\d){body}(?!\d)" if wanted[0].isdigit() else rf"{body}(?!\d)")


def _squeeze(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _judge(credit: Credit, found: Sequence[OpenInvoice], found_by: str) -> Match:
    """What the named invoices get, oldest first as they stand."""
    if any(invoice.currency != credit.currency for invoice in found):
        return Match(SUGGEST, found_by, CURRENCY)
    owing = [invoice for invoice in found if invoice.open_cents > 0]
    if not owing:
        return Match(SUGGEST, found_by, ALREADY_PAID, rest_cents=credit.cents)
    open_cents = sum(invoice.open_cents for invoice in owing)
    paid, left = [], credit.cents
    for invoice in owing:
        part = min(invoice.open_cents, left)
        left -= part
        paid.append((invoice.number, part))
    if credit.cents == open_cents:
        return Match(BOOK, found_by, EXACT, tuple(paid))
    if credit.cents > open_cents:
        return Match(SUGGEST, found_by, OVER, tuple(paid), rest_cents=left)
    short = open_cents - credit.cents
    enough = sum(
        invoice.open_cents if invoice.discounted_cents is None else invoice.discounted_cents
        for invoice in owing
    )
    reason = CASH_DISCOUNT if credit.cents >= enough else SHORT
    return Match(SUGGEST, found_by, reason, tuple(paid), short_cents=short)


def _guess(credit: Credit, candidates: Sequence[OpenInvoice]) -> Match:
    same = [invoice for invoice in candidates if invoice.currency == credit.currency]
    iban = _squeeze(credit.iban)
    known = [invoice for invoice in same if iban and iban in map(_squeeze, invoice.ibans)]
    best, found_by = (known, AMOUNT_AND_IBAN) if known else (same, AMOUNT)
    if not best:
        return Match(NONE, "", UNKNOWN, rest_cents=credit.cents)
    if len(best) > 1:
        return Match(SUGGEST, found_by, AMBIGUOUS, tuple((invoice.number, 0) for invoice in best))
    invoice = best[0]
    short = invoice.open_cents - credit.cents
    return Match(
        SUGGEST,
        found_by,
        CASH_DISCOUNT if short else EXACT,
        ((invoice.number, credit.cents),),
        short_cents=short,
    )
