"""The address of the dashboard: what it asks for, and that it says what was chosen."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics.schemas import Span
from carbot_app.state.dashboard_choice import (
    CODES,
    COMPARISONS,
    LONGEST_DAYS,
    OLDEST,
    PERIODS,
    Choice,
    read_choice,
)

TODAY = date(2026, 11, 30)
PARAMETERS = tuple(Choice().address())


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, "2026-11-01", "2026-11-30"),
        ({"zeitraum": "7"}, "2026-11-24", "2026-11-30"),
        ({"zeitraum": "jahr"}, "2025-12-02", "2026-11-30"),
        ({"von": "2026-10-01", "bis": "2026-10-31"}, "2026-10-01", "2026-10-31"),
        ({"von": "2026-10-31", "bis": "2026-10-01"}, "2026-10-01", "2026-10-31"),
        ({"von": "2026-11-20", "bis": "2099-01-01"}, "2026-11-20", "2026-11-30"),
        ({"von": "2099-01-01", "bis": "2099-02-01"}, "2026-11-30", "2026-11-30"),
        ({"von": "0001-01-01", "bis": "2026-11-30"}, "2023-11-29", "2026-11-30"),
        ({"von": "0001-01-01", "bis": "0002-01-01"}, "2000-01-01", "2000-01-01"),
        ({"von": "2026-10-01"}, "2026-11-01", "2026-11-30"),
        ({"zeitraum": "7", "von": "2026-10-01", "bis": "2026-10-31"}, "2026-11-24", "2026-11-30"),
    ],
)
def test_days_asked_for(asked: dict[str, str], first: str, last: str) -> None:
    assert read_choice(asked).span(TODAY) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("compare", "span"),
    [
        ("davor", Span(date(2024, 2, 28), date(2024, 2, 28))),
        ("vorjahr", Span(date(2023, 2, 28), date(2023, 2, 28))),
        ("aus", None),
        ("gestern", Span(date(2024, 2, 28), date(2024, 2, 28))),
    ],
)
def test_what_a_leap_day_is_compared_with(compare: str, span: Span | None) -> None:
    asked = {"von": "2024-02-29", "bis": "2024-02-29", "vergleich": compare}
    assert read_choice(asked).question(TODAY).compare == span


def test_a_second_click_lets_go_of_a_filter_and_another_one_replaces_it() -> None:
    choice = Choice().toggled(tag="3", stunde="8")
    assert (choice.filters.weekday, choice.filters.hour) == (2, 8)
    assert choice.toggled(tag="3", stunde="9").filters.hour == 9
    assert choice.toggled(tag="3", stunde="8").filters == Choice().filters


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(
                st.text(max_size=30),
                st.sampled_from([*PERIODS, *COMPARISONS, *CODES, "5", "0", "23"]),
                st.dates().map(str),
                st.uuids().map(str),
            )
            for name in PARAMETERS
        },
    )
)
def test_any_address_is_answered_and_says_the_same_again(asked: dict[str, str]) -> None:
    choice = read_choice(asked)
    assert read_choice(dict(parse_qsl(choice.query()))) == choice
    span = choice.span(TODAY)
    assert 1 <= span.days <= LONGEST_DAYS
    assert OLDEST <= span.first <= span.last <= TODAY
    compared = choice.question(TODAY).compare
    assert compared is None or compared.days == span.days
