"""The risk that a visit stays empty has reasons people can check."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.booking.no_show import VisitFacts, assess

REGULAR = VisitFacts(kept_visits=5, price_cents=20_000)


def codes(facts: VisitFacts) -> list[str]:
    return [reason.code for reason in assess(facts).reasons]


def test_a_regular_customer_is_no_risk() -> None:
    assert assess(REGULAR).score == 0
    assert not assess(REGULAR).must_confirm


def test_two_no_shows_ask_for_a_confirmation() -> None:
    risk = assess(VisitFacts(kept_visits=1, no_shows=2, price_cents=20_000))
    assert risk.must_confirm
    assert risk.reasons[0].code == "no_shows"


def test_an_unanswered_reminder_raises_the_risk_and_an_answer_settles_it() -> None:
    asked = VisitFacts(no_shows=1, reminded=True, price_cents=20_000)
    assert assess(asked).score > assess(replace(asked, reminded=False)).score
    assert "unanswered" in codes(asked)
    assert assess(replace(asked, answer="yes")).score <= 15
    assert assess(replace(asked, answer="no")).score >= 90


def test_every_fact_that_counts_is_named() -> None:
    facts = VisitFacts(late_cancellations=1, lead_days=40, reachable=False)
    assert set(codes(facts)) == {
        "late_cancellations", "unreachable", "first_visit", "long_lead", "low_price",
    }  # fmt: skip


@given(
    st.builds(
        VisitFacts,
        kept_visits=st.integers(0, 50),
        no_shows=st.integers(0, 50),
        late_cancellations=st.integers(0, 50),
        lead_days=st.integers(0, 400),
        reminded=st.booleans(),
        answer=st.sampled_from(["", "yes", "no"]),
        reachable=st.booleans(),
        price_cents=st.integers(0, 10**7),
    )
)
def test_the_score_stays_in_its_range_and_another_no_show_never_lowers_it(facts: VisitFacts) -> None:
    score = assess(facts).score
    assert 0 <= score <= 100
    assert assess(replace(facts, no_shows=facts.no_shows + 1)).score >= score or facts.answer
