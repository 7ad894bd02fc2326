"""What is learned from outcomes: a planted signal is found, noise is not taken for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from carbot_app.domains.leads.features import FEATURES, GROUPS, features_of
from carbot_app.domains.leads.learning import FEW, MIN_OUTCOMES, NOT_BETTER, USED, Outcome, learn
from carbot_app.domains.leads.probability import Weights, probability_of, score_by
from carbot_app.domains.leads.scoring import HOT, WARM, LeadSignals, score_lead

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
ASKED = LeadSignals(intents=("price_request",), lead_class="warm", value_cents=20_000)


def believable(rng: Random) -> LeadSignals:
    """A lead as it may come in."""
    return LeadSignals(
        intents=(rng.choice(["book_appointment", "price_request", "technical_question", "general_info"]),),
        urgency=rng.choice(["normal", "normal", "high"]),
        lead_class=rng.choice(["hot", "warm", "cold"]),
        value_cents=rng.randrange(0, 90_000),
        has_plate=rng.random() < 0.5,
        has_contact=rng.random() < 0.5,
        has_desired_date=rng.random() < 0.4,
        returning_customer=rng.random() < 0.3,
        channel=rng.choice(["chat", "mail", "whatsapp"]),
        hour=rng.randrange(24),
        weekday=rng.randrange(1, 8),
    )


def planted(count: int, seed: int, *, by_contact: tuple[float, float] = (0.85, 0.15)) -> list[Outcome]:
    """Outcomes decided by nothing but whether a contact was left."""
    rng = Random(seed)
    outcomes = []
    for number in range(count):
        signals = believable(rng)
        won = rng.random() < by_contact[0 if signals.has_contact else 1]
        outcomes.append(Outcome(signals, won, START + timedelta(hours=number)))
    return outcomes


def test_a_planted_signal_is_found_and_named_first_with_its_sign() -> None:
    lesson = learn(planted(600, seed=1))
    assert lesson.decision == USED
    assert lesson.weights is not None
    given = score_by(lesson.weights, replace(ASKED, has_contact=True))
    missing = score_by(lesson.weights, ASKED)
    assert given.score >= HOT
    assert missing.score < WARM
    assert (given.reasons[0].code, missing.reasons[0].code) == ("contact_given", "no_contact")
    assert given.reasons[0].points > 15
    assert missing.reasons[0].points < -15


def test_what_was_learned_is_measured_on_leads_nothing_was_learned_from() -> None:
    lesson = learn(planted(600, seed=2))
    assert lesson.held_back == 150
    assert lesson.brier is not None
    assert lesson.rules_brier is not None
    assert lesson.base_brier is not None
    # With 85 to 15 nobody can be better than .1275
    assert 0.10 < lesson.brier < 0.16
    assert lesson.brier < lesson.base_brier < 0.27
    assert lesson.brier < lesson.rules_brier


def test_probabilities_mean_what_they_say() -> None:
    lesson = learn(planted(1200, seed=3))
    assert sum(b.count for b in lesson.bins) == lesson.held_back
    for group in lesson.bins:
        assert group.expected == pytest.approx(group.won / group.count, abs=0.16)


@pytest.mark.parametrize("seed", range(8))
def test_a_workshop_with_noise_only_stays_on_the_rules(seed: int) -> None:
    lesson = learn(planted(400, seed=seed + 100, by_contact=(0.5, 0.5)))
    assert (lesson.decision, lesson.weights) == (NOT_BETTER, None)


def test_a_pattern_that_has_ended_is_not_used() -> None:
    early, late = planted(300, seed=4), planted(100, seed=5, by_contact=(0.15, 0.85))
    moved = [replace(outcome, at=outcome.at + timedelta(days=60)) for outcome in late]
    assert learn([*moved, *early]).decision == NOT_BETTER


@pytest.mark.parametrize("count", [0, 1, MIN_OUTCOMES - 1])
def test_few_outcomes_teach_nothing(count: int) -> None:
    lesson = learn(planted(count, seed=6))
    assert (lesson.decision, lesson.sample_size, lesson.weights) == (FEW, count, None)


def test_a_workshop_that_wins_everything_teaches_nothing() -> None:
    outcomes = [replace(outcome, won=True) for outcome in planted(500, seed=7)]
    assert learn(outcomes).decision == FEW


def test_losses_that_all_lie_in_the_newest_quarter_teach_nothing() -> None:
    outcomes = [replace(outcome, won=number < 160) for number, outcome in enumerate(planted(200, seed=8))]
    assert learn(outcomes).decision == FEW


def test_the_same_outcomes_teach_the_same_in_any_order() -> None:
    outcomes = planted(300, seed=9)
    shuffled = outcomes.copy()
    Random(0).shuffle(shuffled)
    assert learn(shuffled) == learn(outcomes)


def test_without_a_model_the_rules_score() -> None:
    assert score_by(None, ASKED) == score_lead(ASKED)


def test_the_points_of_all_reasons_lead_from_the_usual_lead_to_this_one() -> None:
    weights = Weights(-0.5, {"contact_given": 1.2, "date_named": 0.8, "value": 0.3}, {"contact_given": 0.5})
    result = score_by(weights, replace(ASKED, has_contact=True, has_desired_date=True))
    usual = round(100 * probability_of(replace(weights, intercept=0.1, slopes={}), ASKED))
    assert sum(reason.points for reason in result.reasons) == pytest.approx(result.score - usual, abs=2)


def test_danger_is_hot_whatever_was_learned() -> None:
    hopeless = Weights(-5, {}, {})
    stranded = LeadSignals(intents=("emergency_breakdown",), urgency="emergency", lead_class="hot")
    assert score_by(hopeless, stranded).temperature == "hot"
    assert score_by(hopeless, ASKED).temperature == "cold"


def test_a_booked_lead_needs_no_guess() -> None:
    assert score_by(Weights(-5, {}, {}), replace(ASKED, booked=True)).score >= 85


def test_every_feature_belongs_to_one_group_and_is_a_number() -> None:
    assert sorted(FEATURES) == sorted({name for names in GROUPS.values() for name in names})
    rng = Random(10)
    for _ in range(200):
        found = features_of(believable(rng))
        assert set(found) == set(FEATURES)
        assert all(0 <= value < 4 for value in found.values())


def test_absurd_numbers_stay_probabilities() -> None:
    wild = Weights(1e9, {"value": -1e12}, {"value": 1e12})
    for cents in (-5, 0, 10**12):
        assert 0 <= score_by(wild, replace(ASKED, value_cents=cents)).score <= 100
