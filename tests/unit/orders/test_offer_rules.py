"""What is offered to whoever brings a car: what is urgent first, nothing twice, nothing just declined."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from carbot_app.domains.orders.offer_rules import DeclinedOnce, line_up

TODAY = date(2026, 11, 23)


def declined(
    title: str = "Bremsflüssigkeit", urgency: str = "soon", days: int = 60, code: str = ""
) -> DeclinedOnce:
    return DeclinedOnce(uuid4(), title, code, urgency, TODAY - timedelta(days=days))


def kinds(**facts: object) -> list[str]:
    known = {"today": TODAY, "inspection": None, "stored": (), "declined": (), "ordered": ()}
    return [due.kind for due in line_up(**{**known, **facts})]  # type: ignore[arg-type]


def test_a_car_with_nothing_due_is_offered_nothing() -> None:
    assert kinds() == []


def test_what_is_urgent_comes_first_and_what_can_wait_last() -> None:
    found = line_up(
        today=TODAY,
        inspection=date(2026, 11, 30),
        stored={"winter"},
        declined=[declined("Wischer", "later"), declined("Stoßdämpfer", "urgent")],
        ordered=(),
    )
    assert [due.kind for due in found] == ["declined", "inspection", "tyres", "declined"]


@pytest.mark.parametrize(
    ("due", "offered"),
    [
        (date(2026, 9, 30), True),
        (TODAY + timedelta(days=60), True),
        (TODAY + timedelta(days=61), False),
        (None, False),
    ],
)
def test_the_inspection_is_offered_when_it_is_near_or_late(due: date | None, offered: bool) -> None:
    assert kinds(inspection=due) == ["inspection"] * offered
    late = due is not None and due < TODAY
    found = line_up(today=TODAY, inspection=due, stored=(), declined=(), ordered=())
    assert [one.is_late for one in found] == [late] * offered


@pytest.mark.parametrize(
    ("month", "stored", "offered"),
    [
        (3, "summer", True), (4, "summer", True), (10, "winter", True), (11, "winter", True),
        (11, "summer", False), (4, "winter", False), (1, "winter", False), (7, "summer", False),
        (11, "all_season", False),
    ],
)  # fmt: skip
def test_wheels_are_offered_in_their_season(month: int, stored: str, offered: bool) -> None:
    assert kinds(today=date(2026, month, 10), stored={stored}) == ["tyres"] * offered


@pytest.mark.parametrize(("days", "offered"), [(13, False), (14, True)])
def test_nobody_is_asked_again_within_a_fortnight(days: int, offered: bool) -> None:
    assert kinds(declined=[declined(days=days)]) == ["declined"] * offered


@pytest.mark.parametrize(
    "ordered", [("SAF-HUA-001", "HU"), ("SAF-HUA-002", "HU mit Vorabcheck")], ids=["same", "of its group"]
)
def test_what_is_ordered_is_not_offered(ordered: tuple[str, str]) -> None:
    assert kinds(inspection=TODAY, ordered=[ordered]) == []


def test_declined_work_that_is_ordered_by_hand_is_known_by_its_title() -> None:
    once = [declined("Bremsflüssigkeit")]
    assert kinds(declined=once, ordered=[("", "Bremsflüssigkeit")]) == []
    assert kinds(declined=once, ordered=[("", "Bremsen")]) == ["declined"]
