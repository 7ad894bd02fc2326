"""How likely a customer does not turn up, and why we think so."""

from dataclasses import dataclass

ASK_FROM = 50
"""From this score on the customer is asked to confirm."""
LATE_HOURS = 24
"""A cancellation this shortly before the visit leaves the time empty."""
_CHEAP_CENTS = 5_000
_REGULAR_VISITS = 3


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is known about a customer and a coming visit."""

    kept_visits: int = 0
    no_shows: int = 0
    late_cancellations: int = 0
    lead_days: int = 0
    """Days between booking and visit."""
    reminded: bool = False
    answer: str = ""
    """yes, no or empty: none."""
    reachable: bool = True
    price_cents: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of the score; ``code`` is the last part of a locale key, ``count`` fills it."""

    code: str
    points: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class NoShowRisk:
    """0 (will come) to 100 (will not), with its reasons, the heaviest first."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def must_confirm(self) -> bool:
        """Whether the visit should not be relied on without a confirmation."""
        return self.score >= ASK_FROM


def assess(facts: VisitFacts) -> NoShowRisk:
    """Points by experience, no statistics: a workshop has too few no-shows of its own to learn from."""
    if facts.answer == "no":
        return NoShowRisk(95, (Reason("declined", 95),))
    reasons = [reason for reason in _reasons(facts) if reason.points]
    score = max(0, min(100, 5 + sum(reason.points for reason in reasons)))
    if facts.answer == "yes":
        score = min(score, 15)
    return NoShowRisk(score, tuple(sorted(reasons, key=lambda reason: -abs(reason.points))))


def _reasons(facts: VisitFacts) -> list[Reason]:
    missed = min(60, 35 + 15 * (facts.no_shows - 1)) if facts.no_shows else 0
    first = facts.kept_visits == 0 and not facts.no_shows
    return [
        Reason("confirmed", -30 if facts.answer == "yes" else 0),
        Reason("no_shows", missed, facts.no_shows),
        Reason("late_cancellations", min(24, 12 * facts.late_cancellations), facts.late_cancellations),
        Reason("unanswered", 20 if facts.reminded and not facts.answer else 0),
        Reason("unreachable", 0 if facts.reachable else 15),
        Reason("first_visit", 10 if first else 0),
        Reason("long_lead", _lead_points(facts.lead_days), facts.lead_days),
        Reason("low_price", 5 if facts.price_cents <= _CHEAP_CENTS else 0),
        Reason("regular", -10 if facts.kept_visits >= _REGULAR_VISITS else 0, facts.kept_visits),
    ]


def _lead_points(days: int) -> int:
    return 12 if days >= 30 else 8 if days >= 14 else 0
