"""Due dates of the main inspection by the law's own months, and what being late costs."""

import json
from datetime import date
from pathlib import Path

import pytest

from carbot_app.domains.customers.inspection import (
    CAR,
    HEAVY,
    MOTORCYCLE,
    TAXI_OR_RENTAL,
    TRAILER,
    Lateness,
    due_on,
    first_due,
    lateness,
    needs_emission_test,
    next_due,
    sticker_colour,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "inspections.json").read_text(encoding="utf-8"))
DUE = [vector for vector in VECTORS if vector["area"] == "hu.next_due"]
COLOURS = [vector for vector in VECTORS if vector["area"] == "hu.sticker_colour"]
RULES = {
    "periodic": lambda day: next_due(day, CAR),
    "new_motorcycle": lambda day: first_due(day, MOTORCYCLE),
    "truck_gt_3_5t": lambda day: next_due(day, HEAVY),
    "taxi_or_rental": lambda day: next_due(day, TAXI_OR_RENTAL),
}
GERMAN = {
    "green": "grün",
    "orange": "orange",
    "blue": "blau",
    "yellow": "gelb",
    "brown": "braun",
    "pink": "rosa",
}


@pytest.mark.parametrize("vector", DUE, ids=[vector["id"] for vector in DUE])
def test_due_date_vectors_of_the_domain_come_out_as_published(vector):
    given = vector["input"]
    day = date.fromisoformat(given.get("date") or given["inspected"])
    assert RULES[given["kind"]](day).isoformat()[:7] == vector["expected"]


@pytest.mark.parametrize("vector", COLOURS, ids=[vector["id"] for vector in COLOURS])
def test_sticker_colour_vectors_of_the_domain_come_out_as_published(vector):
    assert [GERMAN[sticker_colour(year)] for year in vector["input"]] == vector["expected"]


def test_all_vectors_of_the_domain_are_tested():
    assert len(VECTORS) == len(DUE) + len(COLOURS) == 6


@pytest.mark.parametrize(
    ("kind", "first", "then"),
    [
        (CAR, "2029-11-30", "2028-11-30"),
        (MOTORCYCLE, "2028-11-30", "2028-11-30"),
        (TRAILER, "2029-11-30", "2028-11-30"),
        (TAXI_OR_RENTAL, "2027-11-30", "2027-11-30"),
        (HEAVY, "2027-11-30", "2027-11-30"),
    ],
)
def test_each_kind_has_its_own_intervals(kind, first, then):
    day = date(2026, 11, 23)
    assert (first_due(day, kind).isoformat(), next_due(day, kind).isoformat()) == (first, then)


@pytest.mark.parametrize(
    ("inspected", "due"),
    [
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2028, 12, 31)),
        (date(2026, 1, 1), date(2028, 1, 31)),
    ],
)
def test_leap_days_and_years_ends_are_month_ends_like_any_other(inspected, due):
    assert next_due(inspected) == due


def test_an_inspection_counts_before_the_registration_and_nothing_is_guessed():
    new, later = date(2020, 5, 4), date(2025, 6, 2)
    assert due_on(CAR, registered_on=new) == date(2023, 5, 31)
    assert due_on(CAR, registered_on=new, inspected_on=later) == date(2027, 6, 30)
    assert due_on(CAR) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 30), Lateness()),
        (date(2026, 10, 1), Lateness(1)),
        (date(2026, 11, 30), Lateness(2)),
        (date(2026, 12, 1), Lateness(3, extended_test=True, fine_cents=1_500)),
        (date(2027, 1, 31), Lateness(4, extended_test=True, fine_cents=1_500)),
        (date(2027, 2, 1), Lateness(5, extended_test=True, fine_cents=2_500)),
        (date(2027, 5, 31), Lateness(8, extended_test=True, fine_cents=2_500)),
        (date(2027, 6, 1), Lateness(9, extended_test=True, fine_cents=6_000, points=1)),
    ],
)
def test_being_late_costs_more_with_every_step_of_the_catalogue_of_fines(today, expected):
    assert lateness(date(2026, 9, 30), today) == expected


def test_electric_cars_and_trailers_have_no_emission_test():
    assert needs_emission_test(CAR, "diesel")
    assert needs_emission_test(MOTORCYCLE, "")
    assert not needs_emission_test(CAR, "electric")
    assert not needs_emission_test(TRAILER, "")
