"""Reminders come in their order, stop where they must, and cost what the law lets them cost."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing import dunning
from carbot_app.domains.billing.dunning import Debt, Level, default_levels, needs_release, next_step, propose
from carbot_app.domains.billing.interest import default_interest, default_since, half_year
from carbot_app.kit.errors import Invalid

DUE = date(2026, 3, 2)
LEVELS = default_levels(DUE)
CONSUMER = Debt("RE-1", "anna", DUE, 12_000)
FIRM = replace(CONSUMER, number="RE-2", customer="firm", business=True)


def day(after: int) -> date:
    return DUE + timedelta(days=after)


def in_default(debt: Debt, level: int = 2) -> Debt:
    return replace(debt, level=level, last_sent_on=DUE, default_since=day(1))


def test_a_debt_goes_through_its_levels() -> None:
    debt, today, seen = CONSUMER, DUE, []
    while (step := next_step(debt, today, LEVELS)).action != dunning.FINISHED:
        if step.action == dunning.SEND:
            seen.append((step.reason, (today - DUE).days, step.level))
            debt = replace(debt, level=step.level, last_sent_on=today)
        today += timedelta(days=1)
    assert seen == [("reminder", 3, 1), ("first", 17, 2), ("last", 31, 3), ("handover", 45, 4)]
    assert step.reason == "handover"


def test_who_waits_is_told_until_when() -> None:
    step = next_step(CONSUMER, day(2), LEVELS)
    assert (step.action, step.reason, step.on) == (dunning.WAIT, "reminder", day(3))
    sent = next_step(CONSUMER, day(5), LEVELS)
    assert (sent.on, sent.deadline) == (day(3), day(12))


def test_without_levels_nobody_is_reminded() -> None:
    assert next_step(CONSUMER, day(90), ()).action == dunning.FINISHED


@pytest.mark.parametrize(
    ("debt", "reason"),
    [
        (replace(CONSUMER, open_cents=0), "paid"),
        (replace(CONSUMER, open_cents=-1), "paid"),
        (replace(CONSUMER, open_cents=499), "small_balance"),
        *((replace(CONSUMER, stops=frozenset({stop})), stop) for stop in dunning.STOPS),
    ],
)
def test_some_debts_are_left_in_peace(debt: Debt, reason: str) -> None:
    step = next_step(debt, day(90), LEVELS)
    assert (step.action, step.reason) == (dunning.STOPPED, reason)
    assert propose([debt], day(90), LEVELS, in_use_since=DUE) == ()


def test_five_euros_are_worth_a_reminder() -> None:
    assert next_step(replace(CONSUMER, open_cents=500), day(3), LEVELS).action == dunning.SEND


@pytest.mark.parametrize(
    ("debt", "by", "country", "cents"),
    [
        (in_default(FIRM), dunning.MAIL, "DE", 4_000),
        (in_default(FIRM), dunning.LETTER, "AT", 4_000),
        (in_default(FIRM), dunning.LETTER, "CH", 0),
        (replace(in_default(FIRM), flat_fee_claimed=True), dunning.LETTER, "DE", 0),
        (replace(FIRM, level=1), dunning.LETTER, "DE", 0),
        (replace(in_default(FIRM), default_since=day(91)), dunning.LETTER, "DE", 0),
        (in_default(FIRM, 0), dunning.LETTER, "DE", 0),
        (in_default(CONSUMER), dunning.LETTER, "DE", 250),
        (in_default(CONSUMER), dunning.MAIL, "DE", 0),
        (in_default(CONSUMER, 0), dunning.LETTER, "DE", 0),
        (replace(CONSUMER, level=1), dunning.LETTER, "DE", 0),
    ],
)
def test_a_reminder_costs_only_what_is_owed(debt: Debt, by: str, country: str, cents: int) -> None:
    assert next_step(debt, day(90), LEVELS, by=by, country=country).fee_cents == cents


def test_the_first_letter_to_a_consumer_is_free_even_when_default_has_begun() -> None:
    assert dunning.fee(in_default(CONSUMER, 0), day(90), by=dunning.LETTER) == 0


def test_a_customer_gets_one_letter_at_the_highest_level() -> None:
    older = replace(CONSUMER, number="RE-0", level=2, last_sent_on=DUE)
    proposals = propose([CONSUMER, FIRM, older], day(20), LEVELS, in_use_since=day(-90), release_always=False)
    assert [(p.customer, p.level, p.name, len(p.steps)) for p in proposals] == [
        ("anna", 3, "last", 2),
        ("firm", 1, "reminder", 1),
    ]
    assert not proposals[0].needs_release
    assert proposals[0].deadline == day(27)
    assert proposals[0].fee_cents == 0


def test_a_person_releases_everything_for_thirty_days_and_a_handover_always() -> None:
    assert needs_release(DUE, day(29))
    assert not needs_release(DUE, day(30))
    new = propose([CONSUMER], day(20), LEVELS, in_use_since=DUE, release_always=False)
    assert new[0].needs_release
    last = replace(CONSUMER, level=3, last_sent_on=DUE)
    over = propose([last], day(90), LEVELS, in_use_since=DUE, release_always=False)
    assert (over[0].name, over[0].needs_release) == ("handover", True)


def test_a_workshop_may_set_its_own_levels() -> None:
    assert next_step(CONSUMER, day(30), [Level("friendly", 30, 14)]).reason == "friendly"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"calendar_date": True, "business": False}, day(1)),
        ({"calendar_date": False, "business": True}, None),
        ({"calendar_date": False, "business": True, "received_on": day(2)}, day(33)),
        ({"calendar_date": False, "business": True, "received_on": day(-9)}, day(31)),
        ({"calendar_date": False, "business": False, "received_on": DUE}, None),
        (
            {"calendar_date": False, "business": False, "received_on": DUE, "consequence_told": True},
            day(31),
        ),
        ({"calendar_date": False, "business": False, "reminded_on": day(5)}, day(6)),
        ({"calendar_date": False, "business": False, "reminded_on": day(-1)}, None),
    ],
)
def test_default_begins_by_date_by_reminder_or_after_thirty_days(
    more: dict[str, object], expected: date | None
) -> None:
    assert default_since(DUE, **more) == expected  # type: ignore[arg-type]


def test_a_half_year_without_a_rate_is_asked_for_and_an_entered_one_is_used() -> None:
    first, last = date(2026, 6, 30), date(2026, 7, 1)
    with pytest.raises(Invalid) as refused:
        default_interest(100_000, first, last, business=False)
    assert (refused.value.code, refused.value.params) == (
        "billing_base_rate_missing",
        {"half_year": "2026-07-01"},
    )
    entered = {date(2026, 7, 1): Decimal("2.00")}
    grown = default_interest(100_000, first, last, business=False, told=entered)
    assert [period.percent for period in grown.periods] == [Decimal("6.27"), Decimal("7.00")]


def test_part_payments_lower_the_balance_from_the_next_day_on() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    paid = [(date(2026, 1, 10), 60_000), (date(2026, 1, 20), 40_000), (date(2026, 2, 20), 1)]
    grown = default_interest(100_000, first, last, business=True, payments=paid)
    assert [(period.days, period.cents) for period in grown.periods] == [(10, 100_000), (10, 40_000)]
    assert grown.cents == 394
    before = default_interest(100_000, first, last, business=True, payments=[(date(2025, 12, 1), 100_000)])
    assert (before.cents, before.periods) == (0, ())


def test_the_day_of_a_payment_still_bears_interest_on_all() -> None:
    first = date(2026, 1, 1)
    grown = default_interest(100_000, first, date(2026, 1, 2), business=True, payments=[(first, 60_000)])
    assert [(period.days, period.cents) for period in grown.periods] == [(1, 100_000), (1, 40_000)]


def test_austria_and_switzerland_have_their_own_interest() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert default_interest(100_000, *year, business=False, country="AT").cents == 4_000
    assert default_interest(100_000, *year, business=True, country="CH").cents == 5_000
    entered = {date(2026, 1, 1): Decimal("1.53")}
    january = (date(2026, 1, 1), date(2026, 1, 31))
    grown = default_interest(100_000, *january, business=True, country="AT", told=entered)
    assert grown.periods[0].percent == Decimal("10.73")


def test_before_default_there_is_no_interest() -> None:
    assert default_interest(100_000, day(1), DUE, business=True).cents == 0


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.integers(1, 10_000_000))
def test_interest_is_simple_so_periods_side_by_side_are_the_whole(one: int, two: int, cents: int) -> None:
    start = date(2024, 5, 1)
    rates = {half_year(date(2024, 1, 1) + timedelta(days=180 * at)): Decimal(at) for at in range(16)}
    rates |= {date(year, month, 1): Decimal("1.5") for year in range(2024, 2031) for month in (1, 7)}
    middle, end = start + timedelta(days=one), start + timedelta(days=one + two + 1)
    whole = default_interest(cents, start, end, business=True, told=rates)
    first = default_interest(cents, start, middle, business=True, told=rates)
    second = default_interest(cents, middle + timedelta(days=1), end, business=True, told=rates)
    assert whole.days == first.days + second.days == (end - start).days + 1
    assert abs(whole.cents - first.cents - second.cents) <= 1
