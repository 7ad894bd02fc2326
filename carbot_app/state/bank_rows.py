"""Transactions of the bank as rows of the page (pure)."""

from dataclasses import dataclass

from carbot_app.domains.banking.schemas import EntryView, OpenView, PartView
from carbot_app.domains.billing.matching import (
    AMBIGUOUS,
    AMOUNT,
    AMOUNT_AND_IBAN,
    BOOK,
    CURRENCY,
    EXACT,
    NONE,
)
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A transaction."""

    id: str = ""
    name: str = ""
    text: str = ""
    amount: str = ""
    incoming: bool = True
    day: str = ""
    sign: str = ""
    """safe, maybe, none, booked or ignored."""
    parts: tuple[str, ...] = ()
    """What it settles or is thought to: ``RE-2026-00042 · Spedition Beispiel · 546,82 €``."""
    reason: str = ""
    """Why, or who decided."""
    can_confirm: bool = False
    can_assign: bool = False


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An invoice to choose."""

    id: str = ""
    number: str = ""
    name: str = ""
    open: str = ""
    due: str = ""
    cents: int = 0


@dataclass(frozen=True, slots=True)
class BankFacts:
    """The figures above the list."""

    open: int = 0
    booked: int = 0
    ignored: int = 0
    safe: int = 0
    last: str = ""
    """Newest day any file told of; empty before the first."""


def entry_row(view: EntryView, reader: Reader) -> EntryRow:
    """A transaction as the person reads it."""
    thought = view.suggestion
    parts = thought.parts if thought else view.parts
    clear = bool(thought and parts and thought.reason not in {AMBIGUOUS, CURRENCY})
    return EntryRow(
        id=str(view.id),
        name=view.counterparty or translate(reader.language, "banking.nobody"),
        text=view.remittance or view.end_to_end_id,
        amount=format_cents(view.amount_cents, view.currency, reader.language),
        incoming=view.amount_cents > 0,
        day=reader.short_date(view.booked_on),
        sign=_sign(view),
        parts=tuple(_part(part, view.currency, reader.language) for part in parts),
        reason=_reason(view, reader.language),
        can_confirm=clear,
        can_assign=view.state == "open" and (view.amount_cents > 0 or bool(view.return_reason)),
    )


def offer_row(view: OpenView, reader: Reader) -> OfferRow:
    """An open invoice as the person reads it."""
    return OfferRow(
        str(view.invoice_id),
        view.number,
        view.buyer_name,
        format_cents(view.open_cents, view.currency, reader.language),
        reader.short_date(view.due_on),
        view.open_cents,
    )


def _sign(view: EntryView) -> str:
    if view.state != "open":
        return view.state
    if view.suggestion is None or view.suggestion.action == NONE:
        return "none"
    return "safe" if view.suggestion.action == BOOK else "maybe"


def _part(part: PartView, currency: str, language: str) -> str:
    told = [part.number]
    if part.buyer_name:
        told.append(part.buyer_name)
    if part.cents:
        told.append(format_cents(part.cents, currency, language))
    for name, cents in (("discount", part.discount_cents), ("fee", part.fee_cents)):
        if cents:
            amount = format_cents(cents, currency, language)
            told.append(translate(language, f"banking.part.{name}", amount=amount))
    return " · ".join(told)


def _reason(view: EntryView, language: str) -> str:
    if view.state == "booked":
        key = "banking.by.automatic" if view.automatic else "banking.by.person"
        return translate(language, key, name=view.decided_by)
    thought = view.suggestion
    if thought is None:
        return ""
    if view.return_reason:
        return translate(language, "banking.returned", code=view.return_reason)
    told = []
    if thought.found_by:
        told.append(translate(language, f"banking.found.{thought.found_by}"))
    amounts = {
        "short": format_cents(thought.short_cents, view.currency, language),
        "rest": format_cents(thought.rest_cents, view.currency, language),
    }
    # That only the amount fits says already that it is exact.
    if not (thought.found_by in {AMOUNT, AMOUNT_AND_IBAN} and thought.reason == EXACT):
        told.append(translate(language, f"banking.reason.{thought.reason}", **amounts))
    return " · ".join(told)
