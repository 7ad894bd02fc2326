"""Scores follow what the customer wrote, with reasons that add up."""

import pytest

from carbot_app.domains.leads.scoring import HOT, WARM, LeadSignals, score_lead

BRAKES_NOW = LeadSignals(
    intents=("book_appointment", "price_request"),
    urgency="high",
    lead_class="hot",
    service_codes=("SAF-BRK-002",),
    value_cents=42_900,
    has_plate=True,
    has_desired_date=True,
)


@pytest.mark.parametrize(
    ("signals", "temperature"),
    [
        (BRAKES_NOW, "hot"),
        (LeadSignals(intents=("price_request",), lead_class="warm", value_cents=9_900), "warm"),
        (LeadSignals(intents=("order_status",), lead_class="cold", has_plate=True), "cold"),
        (LeadSignals(intents=("emergency_breakdown",), urgency="emergency", lead_class="hot"), "hot"),
        (LeadSignals(intents=("book_appointment",), lead_class="cold", booked=True), "hot"),
        (LeadSignals(), "cold"),
    ],
)
def test_the_class_of_the_message_bounds_the_score(signals: LeadSignals, temperature: str) -> None:
    result = score_lead(signals)
    assert result.temperature == temperature
    assert 0 <= result.score <= 100
    assert (result.score >= HOT) == (temperature == "hot")
    assert (result.score >= WARM) == (temperature in {"hot", "warm"})


def test_reasons_are_named_strongest_first_and_at_most_five() -> None:
    reasons = score_lead(BRAKES_NOW).reasons
    assert reasons[0].code == "intent_book_appointment"
    assert "safety" in {reason.code for reason in reasons}
    assert [r.points for r in reasons] == sorted((r.points for r in reasons), reverse=True)
    assert len(reasons) == 5


def test_more_knowledge_never_lowers_a_score() -> None:
    poor = LeadSignals(intents=("price_request",), lead_class="warm")
    rich = LeadSignals(
        intents=("price_request",), lead_class="warm", has_contact=True, has_plate=True, value_cents=50_000
    )
    assert score_lead(rich).score >= score_lead(poor).score
