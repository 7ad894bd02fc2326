"""What a car needs next."""

from datetime import date

import pytest

from carbot_app.domains.customer_file.due import is_service, next_due, year_after
from carbot_app.domains.customer_file.schemas import Due


def test_what_is_due_stands_by_day_with_stored_wheels_last() -> None:
    found = next_due(
        inspection=date(2027, 3, 31),
        last_service=date(2026, 1, 15),
        stored=[("winter", "R2-1"), ("summer", "R1-1")],
    )
    assert found == (
        Due("service", date(2027, 1, 15)),
        Due("inspection", date(2027, 3, 31)),
        Due("tyres", None, "summer R1-1"),
        Due("tyres", None, "winter R2-1"),
    )


def test_nothing_known_is_nothing_due() -> None:
    assert next_due(inspection=None, last_service=None, stored=()) == ()


def test_a_year_after_a_leap_day_is_the_day_before() -> None:
    assert year_after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("codes", "service"),
    [(["ENG-OIL-001"], True), (["SAF-BRK-001", "ENG-INS-002"], True), (["TYR-1"], False)],
)
def test_oil_and_inspection_are_due_again(codes: list[str], service: bool) -> None:
    assert is_service(codes) is service
