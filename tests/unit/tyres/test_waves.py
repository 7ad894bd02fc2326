"""Waves of invitations: never too many, never twice, never on a day of rest, never without consent."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.booking.opening import OpeningRules, public_holidays
from carbot_app.domains.tyres.waves import (
    BOOKED,
    FIRST_AHEAD,
    GONE,
    INVITED,
    LAST_AHEAD,
    NO_ADDRESS,
    NO_CONSENT,
    NO_OWNER,
    REASONS,
    SECOND,
    SHARE,
    WORN,
    Candidate,
    Limits,
    answer_by,
    coming_season,
    hindrance,
    is_wheel_change,
    line_up,
    plan_waves,
    proposal_window,
    sending_days,
)

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = {str(day): [["08:00", "17:00"]] for day in range(1, 8)}


def number(of: int) -> UUID:
    return UUID(int=of)


def wheels(of: int = 1, **fields: object) -> Candidate:
    """A good set of customer number ``of``."""
    defaults = {
        "set_id": number(of),
        "code": f"R{of:05d}",
        "place": "R1-1",
        "stored_on": date(2026, 4, 7),
        "tread": 60,
        "customer_id": number(of),
        "vehicle_id": number(of),
    }
    return Candidate(**{**defaults, **fields})  # type: ignore[arg-type]


def rules(hours: dict[str, list[list[str]]] = EVERY_DAY, **fields: object) -> OpeningRules:
    given_ = {"zone": BERLIN, "country": "DE", "region": "NW", "closures": [], **fields}
    return OpeningRules(hours=hours, **given_)  # type: ignore[arg-type]


candidates = st.lists(
    st.builds(
        wheels,
        st.integers(1, 12),
        stored_on=st.dates(date(2026, 3, 1), date(2026, 5, 1)),
        tread=st.none() | st.integers(16, 90),
        **{name: st.booleans() for name in ("here", "worn", "reachable", "agreed", "booked", "invited")},
    ),
    max_size=25,
)
starts = st.dates(date(2024, 1, 1), date(2029, 12, 31))
counts = st.integers(0, 12)
rooms = st.lists(counts, min_size=75, max_size=75)


@settings(deadline=None)
@given(candidates, starts, st.integers(1, 60), st.integers(1, 9), rooms, counts)
def test_no_plan_breaks_a_promise(
    sets: list[Candidate], first: date, length: int, per_day: int, room: list[int], sent: int
) -> None:
    last = first + timedelta(days=length)
    room_on = {first + timedelta(days=number): free for number, free in enumerate(room)}
    limits = Limits(per_day, room_on, sent={first: sent}, waiting={first - timedelta(days=1): sent})
    queue, left_out = line_up(sets)
    waves, no_room = plan_waves(queue, sending_days(rules(), first, last), limits)
    invited = [one for wave in waves for one in wave.invited]
    assert len(invited) + len(no_room) + len(left_out) == len(sets)
    assert len({one.customer_id for one in invited}) == len(invited)
    assert all(one.agreed and one.reachable and one.here for one in invited)
    assert not any(one.booked or one.worn or one.invited for one in invited)
    for wave in waves:
        assert first <= wave.on <= last
        assert wave.on.isoweekday() != 7
        assert wave.on not in public_holidays("DE", "NW", wave.on.year)
        assert 1 <= len(wave.invited) <= per_day - (sent if wave.on == first else 0)
        ahead = sum(room_on.get(wave.on + timedelta(days=n), 0) for n in range(FIRST_AHEAD, LAST_AHEAD + 1))
        assert len(wave.invited) <= SHARE * ahead
    assert [wave.on for wave in waves] == sorted({wave.on for wave in waves})


@settings(deadline=None)
@given(candidates)
def test_planning_again_after_some_left_invites_nobody_twice_and_keeps_the_order(
    sets: list[Candidate],
) -> None:
    queue, _ = line_up(sets)
    days = sending_days(rules(), date(2026, 10, 1), date(2026, 10, 31))
    limits = Limits(3, {date(2026, 10, 1) + timedelta(days=n): 20 for n in range(60)})
    (first, *_rest) = plan_waves(queue, days, limits)[0] or [None]
    if first is None:
        return
    gone = {one.customer_id for one in first.invited}
    again, _ = line_up([one for one in sets if one.customer_id not in gone])
    assert again == queue[len(first.invited) :]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"customer_id": None}, NO_OWNER),
        ({"here": False}, GONE),
        ({"booked": True}, BOOKED),
        ({"worn": True}, WORN),
        ({"reachable": False}, NO_ADDRESS),
        ({"agreed": False}, NO_CONSENT),
        ({"invited": True}, INVITED),
        ({"here": False, "agreed": False}, GONE),
        ({"booked": True, "agreed": False}, BOOKED),
        ({"reachable": False, "agreed": False}, NO_ADDRESS),
    ],
)
def test_whoever_is_left_out_is_left_out_for_the_reason_that_matters(fields: dict, reason: str) -> None:
    assert hindrance(wheels(**fields)) == reason
    assert not reason or reason in REASONS


def test_who_changed_first_last_season_comes_first_then_the_lower_tread() -> None:
    late = wheels(1, stored_on=date(2026, 4, 20))
    early = wheels(2, stored_on=date(2026, 3, 20))
    low = wheels(3, stored_on=date(2026, 4, 20), tread=35)
    unknown = wheels(4, stored_on=date(2026, 4, 20), tread=None)
    queue, _ = line_up([unknown, late, low, early])
    assert queue == [early, low, late, unknown]


def test_a_customer_with_two_cars_is_invited_once_and_the_other_set_is_named() -> None:
    first, second = wheels(1), replace(wheels(2), customer_id=number(1))
    queue, left_out = line_up([second, first])
    assert (queue, left_out) == ([first], [(second, SECOND)])
    worn = replace(first, worn=True)
    queue, left_out = line_up([second, worn])
    assert (queue, left_out) == ([second], [(worn, WORN)])


def test_those_who_did_not_answer_take_room_for_a_fortnight() -> None:
    day = date(2026, 10, 12)
    room = {day + timedelta(days=5): 10}
    queue = [wheels(of) for of in range(1, 20)]

    def size(**fields: object) -> int:
        waves, _ = plan_waves(queue, [day], Limits(19, room, **fields))  # type: ignore[arg-type]
        return sum(len(wave.invited) for wave in waves)

    assert size() == 8
    assert size(waiting={day - timedelta(days=14): 5}) == 3
    assert size(waiting={day - timedelta(days=15): 5}) == 8
    assert size(waiting={day: 20}) == 0


def test_a_wave_never_counts_the_same_room_twice() -> None:
    days = sending_days(rules(), date(2026, 10, 12), date(2026, 10, 16))
    room = {date(2026, 10, 20): 10}
    waves, no_room = plan_waves([wheels(of) for of in range(1, 20)], days, Limits(5, room))
    assert [len(wave.invited) for wave in waves] == [5, 3]
    assert len(no_room) == 11


def test_sundays_holidays_and_closures_are_no_sending_days_even_when_it_is_open() -> None:
    special = rules(closures=[(date(2026, 10, 25), date(2026, 10, 25), [["10:00", "16:00"]])])
    days = sending_days(special, date(2026, 10, 24), date(2026, 11, 2))
    assert days == [
        date(2026, 10, day) for day in (24, 26, 27, 28, 29, 30, 31)
    ] + [date(2026, 11, 2)]  # fmt: skip
    closed = rules(closures=[(date(2026, 10, 26), date(2026, 10, 28), [])])
    assert sending_days(closed, date(2026, 10, 26), date(2026, 10, 29)) == [date(2026, 10, 29)]


def test_over_the_turn_of_the_year_both_years_holidays_count() -> None:
    days = sending_days(rules(), date(2026, 12, 24), date(2027, 1, 4))
    assert date(2026, 12, 25) not in days
    assert date(2027, 1, 1) not in days
    assert days[-1] == date(2027, 1, 4)


@pytest.mark.parametrize("today", [date(2026, 10, day) for day in (21, 23, 25)] + [date(2026, 3, 27)])
def test_deadlines_and_windows_are_local_times_also_when_the_clocks_change(today: date) -> None:
    until = answer_by(today, BERLIN)
    after, before = proposal_window(today, BERLIN)
    assert (until.astimezone(BERLIN).hour, until.date()) == (20, today + timedelta(days=2))
    assert (after.hour, before.hour) == (0, 0)
    assert until.astimezone(UTC) < after.astimezone(UTC), "free again before it begins"


@pytest.mark.parametrize(
    ("today", "season", "first", "last"),
    [
        (date(2026, 1, 10), "summer", date(2026, 3, 1), date(2026, 4, 30)),
        (date(2026, 4, 16), "summer", date(2026, 4, 16), date(2026, 4, 30)),
        (date(2026, 4, 17), "winter", date(2026, 9, 15), date(2026, 11, 30)),
        (date(2026, 10, 5), "winter", date(2026, 10, 5), date(2026, 11, 30)),
        (date(2026, 12, 31), "summer", date(2027, 3, 1), date(2027, 4, 30)),
        (date(2028, 2, 29), "summer", date(2028, 3, 1), date(2028, 4, 30)),
    ],
)
def test_from_october_to_easter_the_next_season_is_offered(
    today: date, season: str, first: date, last: date
) -> None:
    found = coming_season(today)
    assert (found.season, found.first, found.last) == (season, first, last)


def test_new_wheels_count_as_a_change_and_tightening_bolts_does_not() -> None:
    assert is_wheel_change(["TYR-CHG-005"], "TYR-CHG-001")
    assert is_wheel_change(["PKG-007"], "PKG-007")
    assert not is_wheel_change(["TYR-CHG-004", "SAF-BRK-001"], "TYR-CHG-001")


def test_every_reason_is_counted_once() -> None:
    assert max(Counter(REASONS).values()) == 1
