"""States only move forward, whatever comes in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.payments.ports import (
    CANCELLED,
    EXPIRED,
    FAILED,
    OPEN,
    PAID,
    PENDING,
    PROCESSING,
    REFUNDED,
    STATES,
    SUCCEEDED,
    SeenDispute,
    SeenPayment,
    SeenRefund,
)
from carbot_app.domains.payments.transitions import (
    NOTHING,
    Bookings,
    Move,
    Standing,
    after_dispute,
    after_payment,
    after_refund,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def standing(state: str = OPEN, **changes: object) -> Standing:
    return Standing(**{"state": state, "amount_cents": 100, "currency": "EUR", "changed_at": NOW, **changes})  # type: ignore[arg-type]


def seen(state: str, **changes: object) -> SeenPayment:
    return SeenPayment(**{"state": state, "amount_cents": 100, "currency": "EUR", "at": LATER, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "news", "after"),
    [
        (OPEN, PAID, PAID),
        (PROCESSING, PAID, PAID),
        (FAILED, PAID, PAID),
        (EXPIRED, PAID, PAID),
        (CANCELLED, PAID, PAID),
        (OPEN, PROCESSING, PROCESSING),
        (FAILED, PROCESSING, PROCESSING),
        (PROCESSING, FAILED, FAILED),
        (OPEN, FAILED, FAILED),
        (PAID, FAILED, ""),
        (PAID, PROCESSING, ""),
        (REFUNDED, PAID, ""),
        (CANCELLED, PROCESSING, ""),
        (EXPIRED, FAILED, ""),
        (OPEN, OPEN, ""),
    ],
)
def test_what_news_mean(before: str, news: str, after: str) -> None:
    assert after_payment(standing(before), seen(news)).state == after


def test_only_paid_books() -> None:
    assert after_payment(standing(), seen(PAID)).book
    assert not any(after_payment(standing(), seen(state)).book for state in STATES if state != PAID)


def test_money_that_differs_is_not_booked() -> None:
    assert after_payment(standing(), seen(PAID, amount_cents=99)) == Move(mismatch="amount 100 99")
    assert after_payment(standing(), seen(PAID, currency="CHF")) == Move(mismatch="currency EUR CHF")


def test_older_news_change_nothing() -> None:
    assert after_payment(standing(FAILED), seen(PROCESSING, at=NOW - timedelta(seconds=1))) == NOTHING
    assert after_payment(standing(PROCESSING), seen(FAILED, at=NOW)) == NOTHING
    assert after_payment(standing(FAILED), seen(PROCESSING, at=NOW)).state == PROCESSING


def test_only_the_page_that_is_open_can_end() -> None:
    assert after_payment(standing(checkout_id="new"), seen(EXPIRED, checkout_id="old")) == NOTHING
    ended = after_payment(standing(checkout_id="new"), seen(EXPIRED, checkout_id="new"))
    assert ended == Move(OPEN, drop_checkout=True)
    assert after_payment(standing(PROCESSING), seen(CANCELLED)) == NOTHING


def test_a_second_payment_of_the_same_is_noticed() -> None:
    known = standing(PAID, intent_id="pi_1")
    assert after_payment(known, seen(PAID, intent_id="pi_1")) == NOTHING
    assert after_payment(known, seen(PAID, intent_id="pi_2")).mismatch == "twice pi_2"


@given(st.lists(st.tuples(st.sampled_from(STATES[:6]), st.integers(0, 5)), max_size=12))
def test_what_is_paid_stays_paid_and_is_booked_once(news: list[tuple[str, int]]) -> None:
    now, booked = standing(), 0
    for state, minutes in news:
        move = after_payment(now, seen(state, at=NOW + timedelta(minutes=minutes)))
        booked += move.book
        if now.state == PAID:
            assert move == NOTHING
        if move.state:
            now = standing(move.state, changed_at=NOW + timedelta(minutes=minutes))
    assert booked == any(state == PAID for state, _ in news)
    assert (now.state == PAID) == bool(booked)


def refund(cents: int, state: str = SUCCEEDED, currency: str = "EUR") -> SeenRefund:
    return SeenRefund("re_1", state, cents, currency, LATER)


def test_refunds_add_up_to_what_was_paid_and_no_more() -> None:
    paid = standing(PAID, paid_cents=100)
    assert after_refund(paid, refund(40)) == Move("", book=True)
    assert after_refund(paid, refund(100)) == Move(REFUNDED, book=True)
    rest = standing(PAID, paid_cents=100, refunded_cents=40)
    assert after_refund(rest, refund(60)) == Move(REFUNDED, book=True)
    assert after_refund(rest, refund(61)) == Move(mismatch="refund 60 61")
    assert after_refund(paid, refund(40, currency="CHF")).mismatch
    assert after_refund(paid, refund(40, PENDING)) == NOTHING
    assert after_refund(standing(), refund(40)) == NOTHING


def test_a_bank_that_only_asks_takes_nothing() -> None:
    dispute = SeenDispute("du_1", OPEN, 100, "EUR", LATER)
    assert after_dispute(dispute) == Bookings(withdrawn=True, returned=False)
    won = SeenDispute("du_1", "won", 100, "EUR", LATER)
    assert after_dispute(won) == Bookings(withdrawn=True, returned=True)
    asked = SeenDispute("du_1", "won", 100, "EUR", LATER, withdrawn=False)
    assert after_dispute(asked) == Bookings(withdrawn=False, returned=False)
