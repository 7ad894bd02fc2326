"""Who is invited to the wheel change, in which order, and how many on which day (pure).

A wave is what leaves on one day. It is never larger than the workshop wants, nor than what the tyre bay can
still take in the fortnight the invitations propose times in: SHARE of it, so that others find a time too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import floor
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.opening import OpeningRules, public_holidays
from carbot_app.domains.booking.slots import days_from
from carbot_app.domains.tyres.condition import SUMMER, WINTER

SHARE = 0.8
FIRST_AHEAD, LAST_AHEAD = 3, 14
"""Days after the invitation on which times are proposed."""
ANSWER_DAYS = 2
_ANSWER_BY = time(20)
WAITING_DAYS = 14
"""How long somebody who did not answer is still expected to book."""
HOURS = range(8, 18)
"""Local hours in which invitations leave."""
MAX_PER_DAY = 100
MAX_DAYS = 120
WHEEL_CHANGES = frozenset({"TYR-CHG-001", "TYR-CHG-002", "TYR-CHG-005", "TYR-CHG-006"})
"""Services of the library after which the other wheels are on the car."""

NO_OWNER, GONE, BOOKED, WORN = "no_owner", "gone", "booked", "worn"
NO_ADDRESS, NO_CONSENT, INVITED, SECOND, NO_ROOM = "no_address", "no_consent", "invited", "second", "no_room"
REASONS = (NO_CONSENT, NO_ADDRESS, BOOKED, WORN, GONE, SECOND, INVITED, NO_OWNER, NO_ROOM)
"""Why somebody is left out, in the order they are listed."""
_UNMEASURED = 999
_SUNDAY = 7
_SPRING, _AUTUMN = ((3, 1), (4, 30)), ((9, 15), (11, 30))
_TOO_LATE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wheel set of the coming season, with what decides whether its owner is invited."""

    set_id: UUID
    code: str
    place: str
    stored_on: date
    """Also the day of the last wheel change: this set came off the car then."""
    tread: int | None
    """Of the worst tyre, in tenths of a millimetre."""
    customer_id: UUID | None
    vehicle_id: UUID | None = None
    name: str = ""
    plate: str = ""
    plate_country: str = "DE"
    here: bool = True
    worn: bool = False
    """A tyre is below what the law demands: fitting it helps nobody, somebody should call."""
    reachable: bool = True
    agreed: bool = True
    booked: bool = False
    invited: bool = False
    """By another campaign, a short while ago."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Who is invited on a day."""

    on: date
    invited: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a wave."""

    per_day: int
    room: Mapping[date, int]
    """Day → visits of this kind that still fit; what is kept for invited customers does not fit any more."""
    sent: Mapping[date, int] = field(default_factory=dict)
    """Day → invitations that left."""
    waiting: Mapping[date, int] = field(default_factory=dict)
    """Day → invitations of that day nobody answered and for which nothing is kept any more."""


@dataclass(frozen=True, slots=True)
class Season:
    """What a campaign starts with."""

    season: str
    """Of the wheels that are fitted: summer or winter."""
    first: date
    last: date


def coming_season(today: date) -> Season:
    """From October to Easter (O bis O): the change that is next, with days to send invitations on.

    In the last fortnight of a season the next one comes, because hardly anybody could still be invited.
    """
    for year in (today.year, today.year + 1):
        for season, (first, last) in ((SUMMER, _SPRING), (WINTER, _AUTUMN)):
            if today <= date(year, *last) - _TOO_LATE:
                return Season(season, max(today, date(year, *first)), date(year, *last))
    raise AssertionError("next year has a spring")


def is_wheel_change(codes: Iterable[str], service_code: str) -> bool:
    """Whether a visit does what the campaign invites to."""
    return any(code == service_code or code in WHEEL_CHANGES for code in codes)


def hindrance(candidate: Candidate) -> str:
    """Why a candidate is not invited; empty: nothing speaks against it."""
    reasons = (
        (NO_OWNER, candidate.customer_id is None),
        (GONE, not candidate.here),
        (BOOKED, candidate.booked),
        (WORN, candidate.worn),
        (NO_ADDRESS, not candidate.reachable),
        (NO_CONSENT, not candidate.agreed),
        (INVITED, candidate.invited),
    )
    return next((reason for reason, holds in reasons if holds), "")


def line_up(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Who is invited, in order, and who is left out for which reason.

    Who changed wheels first last season comes first, as habits repeat; on the same day the lower tread. A
    customer with several cars is invited once, with the first of them.
    """
    queue: dict[UUID, Candidate] = {}
    left_out = []
    for candidate in sorted(candidates, key=_rank):
        reason = hindrance(candidate)
        if not reason and candidate.customer_id in queue:
            reason = SECOND
        if reason:
            left_out.append((candidate, reason))
        elif candidate.customer_id is not None:
            queue[candidate.customer_id] = candidate
    return list(queue.values()), left_out


def sending_days(rules: OpeningRules, first: date, last: date) -> list[date]:
    """Days from ``first`` to ``last`` on which invitations leave: open, no Sunday, no public holiday."""
    return [
        day
        for day in days_from(first, (last - first).days + 1)
        if day.isoweekday() != _SUNDAY
        and day not in public_holidays(rules.country, rules.region, day.year)
        and not rules.is_closed(day)
    ]


def plan_waves(
    queue: Sequence[Candidate], days: Sequence[date], limits: Limits
) -> tuple[list[Wave], list[Candidate]]:
    """The waves on ``days``, and whom none of them has room for.

    Whoever is invited is taken to need a time until it is known better; so a preview is careful.
    """
    expected = dict(limits.waiting)
    waves, place = [], 0
    for day in days:
        wanted = limits.per_day - limits.sent.get(day, 0)
        count = max(0, min(wanted, _room(day, limits, expected), len(queue) - place))
        if count:
            waves.append(Wave(day, tuple(queue[place : place + count])))
            expected[day] = expected.get(day, 0) + count
            place += count
    return waves, list(queue[place:])


def proposal_window(today: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to before when times are proposed to those invited today."""
    first, last = (today + timedelta(days=days) for days in (FIRST_AHEAD, LAST_AHEAD + 1))
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)


def answer_by(today: date, zone: ZoneInfo) -> datetime:
    """Until when a time proposed today is kept: before the first one that could have been proposed."""
    return datetime.combine(today + timedelta(days=ANSWER_DAYS), _ANSWER_BY, zone)


def _room(day: date, limits: Limits, expected: Mapping[date, int]) -> int:
    ahead = (day + timedelta(days=number) for number in range(FIRST_AHEAD, LAST_AHEAD + 1))
    since = day - timedelta(days=WAITING_DAYS)
    waiting = sum(count for on, count in expected.items() if since <= on <= day)
    return floor(SHARE * sum(limits.room.get(on, 0) for on in ahead)) - waiting


def _rank(candidate: Candidate) -> tuple[date, int, str]:
    tread = _UNMEASURED if candidate.tread is None else candidate.tread
    return candidate.stored_on, tread, candidate.code
