"""The figures of the dashboard: what each is worked out from, and how (pure).

``analytics.definition.<code>`` says the same in a sentence for the owner; both change together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.figures import NOTHING, Sum
from carbot_app.domains.analytics.schemas import Filters

COUNT, PERCENT, SECONDS, CENTS, MINUTES, STARS = "count", "percent", "seconds", "cents", "minutes", "stars"
UP, DOWN = "up", "down"
WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Basis:
    """All that is known of some days; every figure of them follows from it.

    Minutes are those of technicians: ``present`` by their hours without absences, holidays and closures,
    ``booked`` the part of it that visits take. ``owed_cents`` is what was open at the end of the last day.
    """

    sums: Mapping[str, Sum] = field(default_factory=dict)
    answer_seconds: Sequence[int] = ()
    present_minutes: int = 0
    booked_minutes: int = 0
    owed_cents: int = 0

    def of(self, kind: str) -> Sum:
        """The sum of a kind; zeros where nothing happened."""
        return self.sums.get(kind, NOTHING)


def together(days: Iterable[Basis]) -> Basis:
    """What is known of several days, oldest first."""
    listed = list(days)
    counted: dict[str, list[Sum]] = {}
    for day in listed:
        for kind, one in day.sums.items():
            counted.setdefault(kind, []).append(one)
    return Basis(
        {kind: Sum(*map(sum, zip(*some, strict=True))) for kind, some in counted.items()},
        [seconds for day in listed for seconds in day.answer_seconds],
        sum(day.present_minutes for day in listed),
        sum(day.booked_minutes for day in listed),
        listed[-1].owed_cents if listed else 0,
    )


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. ``measure`` gives None where there is nothing to measure."""

    unit: str
    good_when: str
    measure: Callable[[Basis], float | None]
    kinds: tuple[str, ...] = ()
    """What is counted for it; it can be narrowed to what all of them know."""
    narrows: frozenset[str] = frozenset()
    """Of a figure without kinds: what it can be narrowed to."""
    beside: Callable[[Basis], float | None] = lambda _: None
    """What the value is measured against."""

    def reason(self, filters: Filters) -> str:
        """The first filter under which the figure has no meaning; empty: none."""
        known = self.narrows
        if self.kinds:
            known = frozenset(kinds.DIMENSIONS).intersection(*(kinds.KEPT[kind] for kind in self.kinds))
            known |= {WEEKDAY}
        return next((name for name in asked_by(filters) if name not in known), "")


def asked_by(filters: Filters) -> tuple[str, ...]:
    """Names of the filters that narrow."""
    told = {
        kinds.CHANNEL: filters.channel or None,
        kinds.SERVICE: filters.service_code or None,
        kinds.TECHNICIAN: filters.technician_id,
        kinds.HOUR: filters.hour,
        WEEKDAY: filters.weekday,
    }
    return tuple(name for name, value in told.items() if value is not None)


def share(part: float, whole: float) -> float | None:
    """Percent; None of nothing."""
    return 100 * part / whole if whole else None


def _events(*counted: str) -> Callable[[Basis], float | None]:
    return lambda basis: float(sum(basis.of(kind).events for kind in counted))


def _amount(kind: str) -> Callable[[Basis], float | None]:
    return lambda basis: float(basis.of(kind).amount_cents)


def _share(part: str, *whole: str) -> Callable[[Basis], float | None]:
    return lambda basis: share(basis.of(part).events, sum(basis.of(kind).events for kind in whole))


def _solved(basis: Basis) -> float | None:
    answered = basis.of(kinds.ANSWERED).events
    return share(answered - basis.of(kinds.HANDED_OVER).events, answered)


def _average_order(basis: Basis) -> float | None:
    closed = basis.of(kinds.ORDER_CLOSED)
    return closed.amount_cents / closed.events if closed.events else None


def _rating(basis: Basis) -> float | None:
    rated = basis.of(kinds.RATED)
    return rated.quantity / rated.events if rated.events else None


DEFINITIONS: Mapping[str, Definition] = {
    "new_leads": Definition(COUNT, UP, _events(kinds.LEAD), (kinds.LEAD,)),
    "conversion": Definition(PERCENT, UP, _share(kinds.LEAD_WON, kinds.LEAD), (kinds.LEAD, kinds.LEAD_WON)),
    "chat_volume": Definition(
        COUNT,
        UP,
        _events(kinds.MESSAGE_IN, kinds.MESSAGE_OUT),
        (kinds.MESSAGE_IN, kinds.MESSAGE_OUT),
    ),
    "first_response": Definition(
        SECONDS,
        DOWN,
        lambda basis: float(median(basis.answer_seconds)) if basis.answer_seconds else None,
        (kinds.ANSWERED,),
    ),
    "assistant_solved": Definition(PERCENT, UP, _solved, (kinds.ANSWERED, kinds.HANDED_OVER)),
    "bookings": Definition(COUNT, UP, _events(kinds.BOOKED), (kinds.BOOKED,)),
    "no_show": Definition(
        PERCENT,
        DOWN,
        _share(kinds.NO_SHOW, kinds.VISITED, kinds.NO_SHOW),
        (kinds.VISITED, kinds.NO_SHOW),
    ),
    "utilisation": Definition(
        PERCENT,
        UP,
        lambda basis: share(basis.booked_minutes, basis.present_minutes),
        narrows=frozenset({kinds.TECHNICIAN, kinds.HOUR, WEEKDAY}),
    ),
    "revenue": Definition(CENTS, UP, _amount(kinds.INVOICED), (kinds.INVOICED,)),
    "average_order": Definition(CENTS, UP, _average_order, (kinds.ORDER_CLOSED,)),
    "open_items": Definition(CENTS, DOWN, lambda basis: float(basis.owed_cents)),
    "hours_sold": Definition(
        MINUTES,
        UP,
        lambda basis: float(basis.of(kinds.INVOICED).quantity),
        (kinds.INVOICED,),
        beside=lambda basis: float(basis.present_minutes) or None,
    ),
    "declined_value": Definition(CENTS, DOWN, _amount(kinds.JOB_DECLINED), (kinds.JOB_DECLINED,)),
    "rating": Definition(STARS, UP, _rating, (kinds.RATED,)),
    "returning": Definition(
        PERCENT, UP, _share(kinds.RETURNING, kinds.VISITED), (kinds.RETURNING, kinds.VISITED)
    ),
}
CODES = tuple(DEFINITIONS)
STEPS: Mapping[str, Definition] = {
    code: Definition(COUNT, UP, _events(kind), (kind,))
    for code, kind in (
        ("leads_asked", kinds.ASKED),
        ("leads_answered", kinds.LEAD_ANSWERED),
        ("leads_priced", kinds.LEAD_PRICED),
        ("leads_booked", kinds.LEAD_BOOKED),
        ("leads_came", kinds.LEAD_CAME),
    )
}
"""Steps of the funnel as figures of their own, beside those everybody sees; ``leads_asked`` counts enquiries
for a service."""
ALL: Mapping[str, Definition] = {**DEFINITIONS, **STEPS}
KINDS = tuple(dict.fromkeys(kind for one in DEFINITIONS.values() for kind in one.kinds))
"""All that has to be read for all figures."""
PRESENCE_NARROWS = DEFINITIONS["utilisation"].narrows
