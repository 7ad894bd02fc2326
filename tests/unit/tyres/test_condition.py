"""What the date of making and the tread of a tyre mean, and where sets lie."""

from datetime import date

import pytest

from carbot_app.domains.tyres.condition import Made, judge_age, judge_tread, parse_dot
from carbot_app.domains.tyres.places import free_places, normalise_place

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("DOT 2319", Made(23, 2019)),
        ("2319", Made(23, 2019)),
        ("dot2319", Made(23, 2019)),
        ("DOT XL3A B2CD 0126", Made(1, 2026)),
        ("5320", Made(53, 2020)),
        ("0019", None),
        ("5419", None),
        ("408", None),
        ("", None),
        ("Conti", None),
        ("2" * 5000, None),
    ],
)
def test_week_and_year_are_read_from_any_part_of_the_dot_number(text, made):
    assert parse_dot(text) == made


def test_the_weeks_around_new_year_belong_to_their_own_year():
    assert Made(1, 2020).on == date(2019, 12, 30)
    assert Made(53, 2019).on == date(2019, 12, 30)
    assert Made(53, 2020).on == date(2020, 12, 28)


@pytest.mark.parametrize(
    ("made", "age"),
    [
        (Made(49, 2020), "young"),
        (Made(47, 2020), "aged"),
        (Made(49, 2016), "aged"),
        (Made(46, 2016), "too_old"),
    ],
)
def test_age_warns_from_six_and_ends_at_ten_years(made, age):
    assert judge_age(made, TODAY) == age


@pytest.mark.parametrize(
    ("tenths", "season", "wear"),
    [
        (15, "summer", "illegal"),
        (16, "summer", "low"),
        (29, "summer", "low"),
        (30, "summer", "fine"),
        (39, "winter", "low"),
        (40, "winter", "fine"),
        (39, "all_season", "low"),
        (0, "winter", "illegal"),
    ],
)
def test_tread_is_judged_by_law_and_by_what_is_advised_for_the_season(tenths, season, wear):
    assert judge_tread(tenths, season) == wear


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("R3-2", "R3-2"),
        ("r3 2", "R3-2"),
        ("R3/02", "R3-2"),
        (" r3 - 2 ", "R3-2"),
        ("KELLER", None),
        ("R3-0", None),
        ("3-2", None),
        ("R3", None),
        ("R3-123", None),
        ("", None),
    ],
)
def test_a_place_is_rack_and_level(typed, place):
    assert normalise_place(typed) == place


def test_free_places_are_the_gaps_of_the_racks_in_use_in_the_order_one_walks():
    assert free_places([], []) == ["R1-1", "R1-2", "R1-3", "R1-4"]
    known = ["R10-1", "R2-5", "R2-1"]
    assert free_places(known, ["R10-1", "R2-1"]) == [
        *("R2-2", "R2-3", "R2-4", "R2-5"),
        *("R10-2", "R10-3", "R10-4"),
    ]
