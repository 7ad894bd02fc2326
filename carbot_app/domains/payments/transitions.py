"""What news of a provider mean for a payment request (pure).

News come twice, late and in any order. A state only moves forward, and money that does not agree with what
was asked for is never booked: a person has to look.
"""

from dataclasses import dataclass
from datetime import datetime

from carbot_app.domains.payments.ports import (
    CANCELLED,
    EXPIRED,
    FAILED,
    OPEN,
    PAID,
    PROCESSING,
    REFUNDED,
    SUCCEEDED,
    WON,
    SeenDispute,
    SeenPayment,
    SeenRefund,
)

SETTLED = (PAID, REFUNDED)
_ORDER = {OPEN: 0, FAILED: 1, PROCESSING: 2}
"""Of news from the same second: the one further on is the later one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a request."""

    state: str
    amount_cents: int
    currency: str
    changed_at: datetime
    checkout_id: str = ""
    intent_id: str = ""
    paid_cents: int = 0
    refunded_cents: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be done; nothing by default."""

    state: str = ""
    """The new state; empty: it stays."""
    book: bool = False
    mismatch: str = ""
    drop_checkout: bool = False
    """The provider's page is over; a new one may be opened."""


NOTHING = Move()


def after_payment(standing: Standing, seen: SeenPayment) -> Move:
    """What a payment's state means for the request it is for."""
    if standing.state in SETTLED:
        # Two pages were open and both were paid: the second payment is for nothing
        twice = seen.state == PAID and seen.intent_id and standing.intent_id not in {"", seen.intent_id}
        return Move(mismatch=f"twice {seen.intent_id}") if twice else NOTHING
    if seen.state == PAID:
        # Also when we had given it up: the money is there.
        differs = mismatch(standing, seen.amount_cents, seen.currency)
        return Move(mismatch=differs) if differs else Move(PAID, book=True)
    if seen.state in {EXPIRED, CANCELLED}:
        ours = standing.checkout_id in {"", seen.checkout_id} or not seen.checkout_id
        return Move(OPEN, drop_checkout=True) if ours and standing.state in {OPEN, FAILED} else NOTHING
    if seen.state not in {PROCESSING, FAILED} or standing.state in {EXPIRED, CANCELLED}:
        return NOTHING
    return Move(seen.state, drop_checkout=seen.state == FAILED) if _is_newer(standing, seen) else NOTHING


def mismatch(standing: Standing, amount_cents: int, currency: str) -> str:
    """How money that came differs from what was asked for; empty: it does not."""
    if currency != standing.currency:
        return f"currency {standing.currency} {currency}"
    if amount_cents != standing.amount_cents:
        return f"amount {standing.amount_cents} {amount_cents}"
    return ""


def after_refund(standing: Standing, seen: SeenRefund) -> Move:
    """What a refund means; whoever books has looked whether it is booked already."""
    if standing.state not in SETTLED or seen.state != SUCCEEDED:
        return NOTHING
    if seen.currency != standing.currency:
        return Move(mismatch=f"refund currency {standing.currency} {seen.currency}")
    left = standing.paid_cents - standing.refunded_cents
    if seen.amount_cents > left:
        return Move(mismatch=f"refund {left} {seen.amount_cents}")
    return Move(REFUNDED if seen.amount_cents == left else "", book=True)


@dataclass(frozen=True, slots=True)
class Bookings:
    """What a dispute books: the money taken away, and the money given back."""

    withdrawn: bool
    returned: bool


def after_dispute(seen: SeenDispute) -> Bookings:
    """The bank takes the money when a dispute begins, not when it only asks; a won one gives it back."""
    return Bookings(seen.withdrawn, seen.withdrawn and seen.state == WON)


def _is_newer(standing: Standing, seen: SeenPayment) -> bool:
    if seen.state == standing.state or seen.at < standing.changed_at:
        return False
    return seen.at > standing.changed_at or _ORDER[seen.state] > _ORDER[standing.state]
