"""Free times against an oracle that looks at every quarter of an hour, on ordinary and on odd days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.booking.opening import OpeningRules, public_holidays
from carbot_app.domains.booking.slots import (
    MAX_CELLS,
    DayTimes,
    FreeStarts,
    FreeTime,
    Occupancy,
    Window,
    cell_at_or_after,
    cell_before,
    cells_of,
    decode_slot,
    encode_slot,
    instant_of,
    rank,
    spans_of_day,
    thin_out,
)

BERLIN = ZoneInfo("Europe/Berlin")
ODD_DAYS = [
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31),  # clock changes
    date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1),  # leap day
    date(2026, 12, 30), date(2027, 1, 4), date(2026, 6, 10), date(2026, 11, 24),
]  # fmt: skip
EVERY_DAY = range(1, 8)

clock_times = st.integers(0, 287).map(lambda n: f"{n // 12:02d}:{n % 12 * 5:02d}")
windows = st.tuples(clock_times, clock_times | st.just("24:00")).filter(lambda w: w[0] < w[1]).map(list)
offsets = st.tuples(st.integers(-8, 110), st.integers(1, 40))


def rules_of(hours: Sequence[Sequence[str]], zone: ZoneInfo = BERLIN, **fields) -> OpeningRules:
    defaults = {"country": "DE", "region": "NW", "closures": ()}
    return OpeningRules(
        hours={str(day): [list(window) for window in hours] for day in EVERY_DAY},
        zone=zone,
        **{**defaults, **fields},
    )


def is_open(cell: int, on: date, hours: Sequence[Sequence[str]], zone: ZoneInfo) -> bool:
    """Whether the whole cell lies in opening hours as the clock on the wall shows them."""
    first = instant_of(cell).astimezone(zone)
    last = (instant_of(cell + 1) - timedelta(seconds=1)).astimezone(zone)
    return (
        first.date() == last.date() == on
        and first <= last
        and all(any(opens <= f"{t:%H:%M}" < closes for opens, closes in hours) for t in (first, last))
    )


@settings(max_examples=150, deadline=None)
@given(
    on=st.sampled_from(ODD_DAYS),
    zone=st.sampled_from(["Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Istanbul"]),
    hours=st.lists(windows, min_size=1, max_size=3),
    cells=st.integers(1, 40),
    technicians=st.lists(st.lists(offsets, max_size=4), max_size=3),
    bays=st.lists(st.lists(offsets, max_size=4), max_size=3),
)
def test_a_time_is_offered_exactly_when_work_and_people_fit(
    on: date,
    zone: str,
    hours: list[list[str]],
    cells: int,
    technicians: list[list[Window]],
    bays: list[list[Window]],
) -> None:
    rules = rules_of(hours, ZoneInfo(zone))
    midnight = cell_before(datetime.combine(on, time(), rules.zone))
    busy = {
        kind: [[(midnight + start, midnight + start + length) for start, length in one] for one in everybody]
        for kind, everybody in (("technician", technicians), ("bay", bays))
    }
    opened = rules.windows_on(on)
    candidates = list(spans_of_day(opened, cells))
    base, end = (opened[0][0], opened[-1][1]) if opened else (midnight, midnight)
    free = FreeStarts(
        base,
        end,
        [Occupancy.of(base, one) for one in busy["technician"]],
        [Occupancy.of(base, one) for one in busy["bay"]],
    )
    offered = [span for span in candidates if free.holds(span)]

    def somebody_is_free(kind: str, span: FreeTime) -> bool:
        return any(all(e <= span.start or s >= span.end for s, e in one) for one in busy[kind])

    for span in offered:
        worked = [cell for cell in range(span.start, span.end) if is_open(cell, on, hours, rules.zone)]
        assert len(worked) >= cells, "works only while open"
        assert worked[0] == span.start
        assert worked[-1] == span.end - 1
        assert instant_of(span.start).astimezone(rules.zone).date() == on
    expected = [span for span in candidates if all(somebody_is_free(kind, span) for kind in busy)]
    assert offered == expected
    starts = [span.start for span in offered]
    assert starts == sorted(set(starts))


@settings(max_examples=100, deadline=None)
@given(hours=st.lists(windows, min_size=1, max_size=3), cells=st.integers(1, 30))
def test_on_an_ordinary_day_no_possible_start_is_missed(hours: list[list[str]], cells: int) -> None:
    on = date(2026, 11, 24)
    midnight = cell_before(datetime.combine(on, time(), BERLIN))
    # The oracle cannot see that 9:05 ends one window and starts the next; it only judges whole cells.
    whole = [w for w in hours if all(int(t[3:]) % 15 == 0 for t in w)] or [["08:00", "12:00"]]
    found = {span.start for span in spans_of_day(rules_of(whole).windows_on(on), cells)}
    possible = {
        start
        for start in range(midnight, midnight + 96)
        if all(is_open(cell, on, whole, BERLIN) for cell in range(start, start + cells))
    }
    assert possible <= found
    if possible:
        assert found == possible, "what fits into a window is not interrupted"


@given(start=st.integers(1, 2**32), cells=st.integers(1, MAX_CELLS))
def test_a_slot_id_carries_start_and_length(start: int, cells: int) -> None:
    slot_id = encode_slot(start, cells)
    assert len(slot_id) <= 8
    assert decode_slot(slot_id) == (start, cells)


@given(st.text(max_size=20))
def test_any_text_is_either_a_slot_or_none(text: str) -> None:
    decoded = decode_slot(text)
    assert decoded is None or encode_slot(*decoded) == text.lstrip("0")


@settings(deadline=None)
@given(
    days=st.lists(st.lists(st.integers(0, 95), unique=True, max_size=20).map(sorted), max_size=8),
    limit=st.integers(1, 6),
)
def test_suggestions_are_distinct_start_with_the_best_and_prefer_other_days(
    days: list[list[int]], limit: int
) -> None:
    by_day = [
        DayTimes([FreeTime(96 * n + s, 96 * n + s + 4) for s in starts], [0.0] * len(starts), 0)
        for n, starts in enumerate(days)
        if starts
    ]
    pool = [t for day in by_day for t in day.times]
    chosen = rank(by_day, limit)
    assert len(chosen) == len(set(chosen)) == min(limit, len(pool))
    assert set(chosen) <= set(pool)
    assert chosen[:1] == pool[:1]
    assert chosen[1:] == sorted(chosen[1:], key=lambda t: t.start)
    assert len({t.start // 96 for t in chosen}) >= min(limit, len(by_day), 3)


def test_a_good_fit_and_an_empty_day_are_worth_waiting_for_within_limits() -> None:
    today, tomorrow = FreeTime(0, 4), FreeTime(96, 100)
    assert rank([DayTimes([today], [2.5], 0), DayTimes([tomorrow], [0], 0)], 1) == [tomorrow]
    assert rank([DayTimes([today], [1], 0), DayTimes([tomorrow], [0.5], 0)], 1) == [today]
    assert rank([DayTimes([today], [0.5], 0.9), DayTimes([tomorrow], [0.5], 0)], 1) == [today]
    assert rank([DayTimes([today], [1], 0.9), DayTimes([tomorrow], [0.5], 0.1)], 1) == [tomorrow]


def test_a_days_list_is_thinned_without_losing_the_first() -> None:
    times = [FreeTime(n, n + 4) for n in (0, 1, 2, 3, 7, 8, 9)]
    assert [t.start for t in thin_out(times, 2)] == [0, 2, 7, 9]


@pytest.mark.parametrize(("minutes", "cells"), [(1, 1), (15, 1), (16, 2), (45, 3), (420, 28)])
def test_work_is_rounded_up_to_quarters_of_an_hour(minutes: int, cells: int) -> None:
    assert cells_of(minutes) == cells


def test_instants_between_cells_are_rounded_as_named() -> None:
    quarter_past = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    just_after = quarter_past + timedelta(microseconds=1)
    assert instant_of(cell_at_or_after(quarter_past)) == quarter_past == instant_of(cell_before(just_after))
    assert instant_of(cell_at_or_after(just_after)) == quarter_past + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("on", "cells"),
    [(date(2027, 3, 28), 92), (date(2027, 10, 31), 100), (date(2028, 2, 29), 96), (date(2026, 12, 31), 96)],
    ids=["spring", "autumn", "leap day", "year's end"],
)
def test_a_day_that_is_open_around_the_clock_has_the_cells_it_really_lasts(on: date, cells: int) -> None:
    assert sum(end - start for start, end in rules_of([["00:00", "24:00"]]).windows_on(on)) == cells


@pytest.mark.parametrize("on", [date(2027, 3, 28), date(2027, 10, 31)])
def test_morning_hours_stay_at_eight_on_the_days_of_the_clock_change(on: date) -> None:
    (window,) = rules_of([["08:00", "12:00"]]).windows_on(on)
    assert [f"{instant_of(cell).astimezone(BERLIN):%H:%M}" for cell in window] == ["08:00", "12:00"]


@pytest.mark.parametrize(
    ("hours", "on"),
    [
        ([["02:15", "02:45"]], date(2027, 3, 28)),
        ([["12:00", "12:10"]], date(2026, 11, 24)),
        ([["12:00", "12:00"]], date(2026, 11, 24)),
    ],
    ids=["skipped by the clock", "shorter than a cell", "empty"],
)
def test_hours_that_do_not_exist_open_nothing(hours: list[list[str]], on: date) -> None:
    assert rules_of(hours).windows_on(on) == []


def test_overlapping_and_touching_hours_are_one_window() -> None:
    hours = [["10:00", "12:00"], ["08:00", "10:30"], ["12:00", "13:00"]]
    (window,) = rules_of(hours).windows_on(date(2026, 11, 24))
    assert window[1] - window[0] == 20


def test_long_work_spans_the_break_and_ends_before_closing() -> None:
    opened = rules_of([["07:30", "12:00"], ["13:00", "17:30"]]).windows_on(date(2026, 11, 24))
    spans = list(spans_of_day(opened, cells_of(420)))
    assert [
        f"{s.starts_at.astimezone(BERLIN):%H:%M}-{s.ends_at.astimezone(BERLIN):%H:%M}" for s in spans
    ] == [
        f"{h:02d}:{m:02d}-{h + 8:02d}:{m:02d}"
        for h, m in ((7, 30), (7, 45), (8, 0), (8, 15), (8, 30), (8, 45), (9, 0), (9, 15), (9, 30))
    ]
    assert list(spans_of_day(opened, cells_of(9 * 60 + 15))) == [], "longer than the whole day"


@pytest.mark.parametrize(
    ("country", "region", "on", "closed"),
    [
        ("DE", "NW", date(2026, 11, 1), True),
        ("DE", "BE", date(2026, 11, 1), False),
        ("DE", "DE-NW", date(2026, 6, 4), True),
        ("DE", "XX", date(2026, 12, 25), True),
        ("DE", "", date(2026, 6, 4), False),
        ("AT", "9", date(2026, 10, 26), True),
        ("CH", "ZH", date(2026, 8, 1), True),
        ("DE", "NW", date(2028, 2, 29), False),
    ],
)
def test_holidays_follow_country_and_region(country: str, region: str, on: date, closed: bool) -> None:
    rules = rules_of([["08:00", "12:00"]], country=country, region=region)
    assert rules.is_closed(on) is closed
    assert (rules.windows_on(on) == []) is closed


def test_all_eleven_holidays_of_north_rhine_westphalia_are_known() -> None:
    assert len(public_holidays("DE", "NW", 2027)) == 11


def test_a_closure_includes_its_first_and_last_day() -> None:
    rules = rules_of([["08:00", "12:00"]], closures=[(date(2026, 11, 24), date(2026, 11, 25), [])])
    assert [rules.is_closed(date(2026, 11, day)) for day in (23, 24, 25, 26)] == [False, True, True, False]
