"""What every figure is worked out from, by examples; and that each is explained everywhere."""

import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.comparing import aligned, span_before, touching, year_before
from carbot_app.domains.analytics.figures import Sum
from carbot_app.domains.analytics.kpis import CODES, DEFINITIONS, Basis, together
from carbot_app.domains.analytics.owed import open_changes
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES

DOCS = Path(__file__).parents[3] / "docs" / "figures.md"
MAY = date(2026, 5, 1)
SOMEBODY = UUID(int=7)
BASIS = Basis(
    {
        kinds.LEAD: Sum(8),
        kinds.LEAD_WON: Sum(2),
        kinds.MESSAGE_IN: Sum(5),
        kinds.MESSAGE_OUT: Sum(4),
        kinds.ANSWERED: Sum(4, 100),
        kinds.HANDED_OVER: Sum(1),
        kinds.BOOKED: Sum(3, 180, 30_000),
        kinds.VISITED: Sum(9),
        kinds.NO_SHOW: Sum(1),
        kinds.RETURNING: Sum(3),
        kinds.INVOICED: Sum(2, 90, 50_000),
        kinds.ORDER_CLOSED: Sum(2, 2, 30_001),
        kinds.JOB_DECLINED: Sum(1, 1, 9_900),
        kinds.RATED: Sum(4, 17),
    },
    answer_seconds=(2, 90, 4),
    present_minutes=480,
    booked_minutes=360,
    owed_cents=1_234,
)


def test_every_figure_by_an_example() -> None:
    found = {code: definition.measure(BASIS) for code, definition in DEFINITIONS.items()}
    assert found == {
        "new_leads": 8,
        "conversion": 25,
        "chat_volume": 9,
        "first_response": 4,
        "assistant_solved": 75,
        "bookings": 3,
        "no_show": 10,
        "utilisation": 75,
        "revenue": 50_000,
        "average_order": 15_000.5,
        "open_items": 1_234,
        "hours_sold": 90,
        "declined_value": 9_900,
        "rating": 4.25,
        "returning": pytest.approx(100 / 3),
    }
    assert DEFINITIONS["hours_sold"].beside(BASIS) == 480


def test_of_nothing_there_are_counts_but_no_shares() -> None:
    found = {code: definition.measure(Basis()) for code, definition in DEFINITIONS.items()}
    counts = {code for code, value in found.items() if value == 0}
    assert counts == {
        *("new_leads", "chat_volume", "bookings", "revenue", "open_items", "hours_sold", "declined_value"),
    }
    assert {value for code, value in found.items() if code not in counts} == {None}


def test_days_together_are_their_sum_and_what_is_owed_is_that_of_the_last() -> None:
    other = Basis({kinds.LEAD: Sum(1)}, (7,), 60, 30, 99)
    both = together([BASIS, other])
    assert (both.of(kinds.LEAD), both.of(kinds.RATED)) == (Sum(9), Sum(4, 17))
    assert sorted(both.answer_seconds) == [2, 4, 7, 90]
    assert (both.present_minutes, both.booked_minutes, both.owed_cents) == (540, 390, 99)
    assert together([]) == Basis({}, [])


@pytest.mark.parametrize(
    ("code", "filters", "reason"),
    [
        ("new_leads", Filters(channel="chat", weekday=0, hour=9), ""),
        ("new_leads", Filters(technician_id=SOMEBODY), "technician_id"),
        ("bookings", Filters("chat", "SAF-BRK-001", SOMEBODY, 0, 9), ""),
        ("no_show", Filters(service_code="SAF-BRK-001"), "service_code"),
        ("utilisation", Filters(technician_id=SOMEBODY, weekday=0, hour=9), ""),
        ("utilisation", Filters(channel="chat"), "channel"),
        ("open_items", Filters(weekday=0), "weekday"),
        ("open_items", Filters(), ""),
        ("rating", Filters(technician_id=SOMEBODY), ""),
    ],
)
def test_what_a_figure_can_be_narrowed_to(code: str, filters: Filters, reason: str) -> None:
    assert DEFINITIONS[code].reason(filters) == reason


@pytest.mark.parametrize(
    ("due", "payments", "open_then"),
    [
        (100, [], {1: 100, 9: 100}),
        (100, [(3, 40), (5, 60)], {1: 100, 3: 60, 5: 0, 9: 0}),
        (100, [(3, 130)], {1: 100, 3: 0, 9: 0}),
        (100, [(3, 130), (5, -30)], {3: 0, 5: 0}),
        (100, [(3, 100), (5, -100)], {3: 0, 5: 100}),
        (-50, [(4, -50)], {1: -50, 4: 0}),
        (-50, [], {1: -50}),
        (100, [(1, 100)], {1: 0}),
    ],
)
def test_what_is_open_of_a_document(
    due: int, payments: list[tuple[int, int]], open_then: dict[int, int]
) -> None:
    paid = [(MAY.replace(day=day), cents) for day, cents in payments]
    changes = open_changes(MAY, due, paid)
    for day, expected in open_then.items():
        assert sum(cents for on, cents in changes if on <= MAY.replace(day=day)) == expected


def test_spans_to_compare_with() -> None:
    week = Span(date(2026, 11, 16), date(2026, 11, 22))
    assert span_before(week) == Span(date(2026, 11, 9), date(2026, 11, 15))
    assert year_before(week).first == date(2025, 11, 17), "a Monday as well"
    assert aligned(week, year_before(week))[0] == date(2025, 11, 17)
    assert aligned(week, Span(date(2025, 11, 16), date(2025, 11, 22)))[0] == date(2025, 11, 17)
    assert aligned(week, Span(date(2026, 10, 1), date(2026, 10, 7)))[6] == date(2026, 10, 7)
    leap = Span(date(2024, 2, 29), date(2024, 2, 29))
    assert aligned(leap, year_before(leap)) == (date(2023, 3, 2),)
    assert (Span(MAY, date(2026, 4, 30)).days, Span(MAY, date(2026, 4, 30)).each()) == (0, ())


def test_spans_that_touch_or_overlap_are_one() -> None:
    first, second, third = (Span(MAY.replace(day=day), MAY.replace(day=day + 3)) for day in (1, 5, 8))
    apart = Span(date(2025, 5, 1), date(2025, 5, 4))
    assert touching([second, apart, first]) == [apart, Span(MAY, MAY.replace(day=8))]
    assert touching([first, third]) == [first, third], "a day lies between"
    assert touching([third, second]) == [Span(MAY.replace(day=5), MAY.replace(day=11))]
    assert touching([Span(MAY, MAY.replace(day=11)), second]) == [Span(MAY, MAY.replace(day=11))]


def test_every_figure_is_explained_in_the_docs_and_to_every_reader() -> None:
    described = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert described == list(CODES)
    for language in LANGUAGES:
        words = list_words(language, "analytics")
        assert {code for code in CODES if words.get(f"definition.{code}", "").endswith(".")} == set(CODES)
