"""Steps are worth what their facts say, and what is assumed says so."""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics import steps
from carbot_app.domains.analytics.steps import Share, StepFacts, next_steps


def only(facts: StepFacts) -> steps.NextStep:
    (found,) = next_steps(facts)
    return found


def test_a_workshop_without_facts_gets_no_advice() -> None:
    assert next_steps(StepFacts()) == ()


def test_declined_work_is_worth_the_share_that_comes_back() -> None:
    found = only(StepFacts(declined_waiting=11, declined_waiting_cents=713_300))
    assert (found.code, found.count, found.percent, found.assumed) == (steps.DECLINED, 11, 30, True)
    assert found.worth_cents == 214_000
    measured = only(StepFacts(declined_waiting_cents=713_300, followed_up=Share(10, 20)))
    assert (measured.worth_cents, measured.percent, measured.assumed) == (357_000, 50, False)


def test_confirmations_are_worth_what_confirmed_visits_keep_better() -> None:
    facts = StepFacts(
        average_order_cents=30_000,
        unconfirmed_no_shows=12,
        confirmed_kept=Share(99, 100),
        unconfirmed_kept=Share(90, 100),
    )
    found = only(facts)
    # Nine of ten no-shows avoided, a third of a quarter's twelve a month
    assert (found.code, found.percent, found.worth_cents) == (steps.NO_SHOWS, 90, 108_000)


def test_confirmations_that_change_nothing_are_no_step() -> None:
    facts = StepFacts(
        average_order_cents=30_000,
        unconfirmed_no_shows=12,
        confirmed_kept=Share(90, 100),
        unconfirmed_kept=Share(95, 100),
    )
    assert next_steps(facts) == ()


def test_slow_nights_need_both_sides_measured() -> None:
    facts = {"average_order_cents": 30_000, "slow_nights": 30, "won_fast": Share(60, 100)}
    assert next_steps(StepFacts(**facts, won_slow=Share(1, 19))) == ()
    found = only(StepFacts(**facts, won_slow=Share(8, 20)))
    assert (found.code, found.percent, found.worth_cents) == (steps.NIGHTS, 20, 60_000)


def test_the_busiest_weekday_is_named() -> None:
    found = only(StepFacts(short_hours={6: 12.4, 1: 3.0}, hour_cents=15_000))
    assert (found.code, found.weekday, found.count, found.worth_cents) == (steps.BUSY_DAY, 6, 12, 186_000)


def test_three_are_told_the_dearest_first() -> None:
    found = next_steps(
        StepFacts(
            average_order_cents=30_000,
            declined_waiting=1,
            declined_waiting_cents=20_000,
            unconfirmed_no_shows=12,
            inspections_due=34,
            inspection_cents=15_900,
            short_hours={6: 2.0},
            hour_cents=15_000,
        )
    )
    assert [step.code for step in found] == [steps.INSPECTIONS, steps.NO_SHOWS, steps.BUSY_DAY]


_SHARES = st.builds(lambda part, more: Share(part, part + more), st.integers(0, 10**9), st.integers(0, 10**9))
_ANY = {
    field.name: _SHARES
    if "Share" in str(field.type)
    else st.dictionaries(st.integers(1, 7), st.floats(0, 1e9))
    if field.name == "short_hours"
    else st.integers(0, 10**14)
    for field in fields(StepFacts)
}


@given(st.builds(StepFacts, **_ANY))
def test_any_facts_give_at_most_three_finite_worths(facts: StepFacts) -> None:
    found = next_steps(facts)
    assert len(found) <= steps.MOST
    assert all(0 < step.worth_cents <= 10**12 and 0 <= step.percent <= 100 for step in found)
