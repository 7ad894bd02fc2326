"""What would bring most next: steps chosen from measured facts, each with its worth and its reason (pure).

A worth is money expected from doing the step once, in the month that comes. Where the workshop has no figure
of its own yet, the assumption in this module is used, and the step says so (``assumed``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

DECLINED, BUSY_DAY, NIGHTS, NO_SHOWS, INSPECTIONS = (
    "declined",
    "busy_day",
    "nights",
    "no_shows",
    "inspections",
)
MOST = 3

ENOUGH = 20
"""Cases on each side before two shares are compared."""
_FOLLOWED_UP = 0.3
"""Of declined work, ordered after being asked again."""
_REMINDED = 0.35
"""Of those reminded of their inspection who come here for it."""
_CONFIRMED_COME = 0.5
"""Of visits nobody came to, saved by asking for a confirmation."""
_MONTHS = 3
"""The past is looked at for so many months; a month's worth is a third."""
_MOST_CENTS = 10**12


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part: int = 0
    whole: int = 0

    @property
    def known(self) -> bool:
        """Enough cases to say a percentage."""
        return self.whole >= ENOUGH

    @property
    def value(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What was measured over the last three months unless said otherwise; money in gross cents."""

    average_order_cents: int = 0
    declined_waiting: int = 0
    declined_waiting_cents: int = 0
    """Declined work that nobody has followed up."""
    followed_up: Share = field(default_factory=Share)
    """Of declined work that was settled: ordered later."""
    short_hours: dict[int, float] = field(default_factory=dict)
    """ISO weekday → hours expected beyond those present in the four weeks to come."""
    hour_cents: int = 0
    """What a working hour brings."""
    slow_nights: int = 0
    """Leads outside of the opening hours that waited more than an hour for an answer."""
    won_fast: Share = field(default_factory=Share)
    won_slow: Share = field(default_factory=Share)
    """Of all leads: booked, by whether the first answer came within the hour."""
    unconfirmed_no_shows: int = 0
    confirmed_kept: Share = field(default_factory=Share)
    unconfirmed_kept: Share = field(default_factory=Share)
    """Of visits: kept, by whether the customer had confirmed."""
    inspections_due: int = 0
    """Customers whose inspection is due within two months and who have no visit planned."""
    inspection_cents: int = 0


@dataclass(frozen=True, slots=True)
class NextStep:
    """``analytics.step.<code>`` with ``count``; why: ``analytics.step_why.<code>`` with all figures.

    ``percent`` is the share the worth rests on; ``assumed``: not measured here. ``weekday`` is ISO or 0.
    """

    code: str
    count: int
    worth_cents: int
    percent: int
    unit_cents: int
    assumed: bool
    weekday: int = 0


def next_steps(facts: StepFacts) -> tuple[NextStep, ...]:
    """The ones worth most, at most three; nothing that is worth nothing."""
    found = [step for step in _all(facts) if step.worth_cents > 0]
    return tuple(sorted(found, key=lambda step: (-step.worth_cents, step.code))[:MOST])


def _all(facts: StepFacts) -> Iterator[NextStep]:
    yield _declined(facts)
    yield _inspections(facts)
    yield _no_shows(facts)
    if facts.won_fast.known and facts.won_slow.known:
        yield _nights(facts)
    if facts.short_hours:
        yield _busy_day(facts)


def _declined(facts: StepFacts) -> NextStep:
    assumed = not facts.followed_up.known
    share = _FOLLOWED_UP if assumed else facts.followed_up.value
    worth = _worth(facts.declined_waiting_cents, share)
    return NextStep(
        DECLINED, facts.declined_waiting, worth, _percent(share), facts.declined_waiting_cents, assumed
    )


def _inspections(facts: StepFacts) -> NextStep:
    worth = _worth(facts.inspections_due * facts.inspection_cents, _REMINDED)
    return NextStep(
        INSPECTIONS, facts.inspections_due, worth, _percent(_REMINDED), facts.inspection_cents, True
    )


def _no_shows(facts: StepFacts) -> NextStep:
    assumed = not (facts.confirmed_kept.known and facts.unconfirmed_kept.known)
    lost = 1 - facts.unconfirmed_kept.value
    saved = _CONFIRMED_COME
    if not assumed:
        gained = facts.confirmed_kept.value - facts.unconfirmed_kept.value
        saved = min(1.0, max(0.0, gained / lost)) if lost > 0 else 0.0
    worth = _worth(facts.unconfirmed_no_shows * facts.average_order_cents, saved / _MONTHS)
    return NextStep(
        NO_SHOWS, facts.unconfirmed_no_shows, worth, _percent(saved), facts.average_order_cents, assumed
    )


def _nights(facts: StepFacts) -> NextStep:
    gained = max(0.0, facts.won_fast.value - facts.won_slow.value)
    worth = _worth(facts.slow_nights * facts.average_order_cents, gained / _MONTHS)
    return NextStep(
        NIGHTS, facts.slow_nights, worth, _percent(gained), facts.average_order_cents, assumed=False
    )


def _busy_day(facts: StepFacts) -> NextStep:
    weekday, hours = max(facts.short_hours.items(), key=lambda item: (item[1], -item[0]))
    worth = _worth(facts.hour_cents, hours)
    return NextStep(BUSY_DAY, round(hours), worth, 100, facts.hour_cents, assumed=False, weekday=weekday)


def _worth(cents: int, share: float) -> int:
    """To ten euros: nobody believes a guess to the cent."""
    return min(_MOST_CENTS, max(0, round(cents * share / 1_000) * 1_000))


def _percent(share: float) -> int:
    return round(100 * share)


def total_cents(steps: Sequence[NextStep]) -> int:
    """What all of them would bring."""
    return sum(step.worth_cents for step in steps)
