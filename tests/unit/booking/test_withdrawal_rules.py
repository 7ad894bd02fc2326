"""What a declaration of withdrawal does to the visit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carbot_app.domains.booking import withdrawal_rules as rules
from carbot_app.domains.booking.states import TRANSITIONS

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
IN_TIME: dict[str, Any] = {
    "same_person": True,
    "state": "confirmed",
    "starts_at": NOW + timedelta(days=3),
    "ends_at": NOW + timedelta(days=13),
    "now": NOW,
}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, rules.CANCELLED),
        ({"state": "requested"}, rules.CANCELLED),
        ({"state": "unplanned", "starts_at": NOW - timedelta(days=1)}, rules.CANCELLED),
        ({"state": "cancelled"}, rules.CANCELLED),
        ({"state": "no_show", "starts_at": NOW - timedelta(days=1)}, rules.CANCELLED),
        ({"same_person": False}, rules.OTHER),
        ({"ends_at": NOW}, rules.LATE),
        ({"ends_at": NOW + timedelta(microseconds=1)}, rules.CANCELLED),
        ({"ends_at": None}, rules.LATE),
        ({"state": "arrived"}, rules.BEGUN),
        ({"state": "in_work"}, rules.BEGUN),
        ({"state": "done", "starts_at": NOW - timedelta(days=1)}, rules.BEGUN),
        ({"starts_at": NOW}, rules.BEGUN),
    ],
)
def test_what_follows_from_a_declaration(facts: dict[str, Any], outcome: str) -> None:
    assert rules.outcome_of(**{**IN_TIME, **facts}) == outcome


@pytest.mark.parametrize("state", TRANSITIONS)
def test_every_state_of_a_visit_has_an_outcome(state: str) -> None:
    assert rules.outcome_of(**{**IN_TIME, "state": state}) in rules.OUTCOMES


@pytest.mark.parametrize(
    ("name", "email", "same"),
    [
        ("Ayşe Yılmaz", "other@example.org", True),
        ("  ayşe   yılmaz ", "", True),
        ("A. Y.", "Ayse@Example.org", True),
        ("A. Y.", "other@example.org", False),
        ("", "", False),
    ],
)
def test_the_name_or_the_address_has_to_be_that_of_the_contract(name: str, email: str, same: bool) -> None:
    known = {"customer_name": "Ayşe Yılmaz", "customer_email": "ayse@example.org"}
    assert rules.is_same_person(name=name, email=email, **known) is same


def test_a_customer_without_name_and_address_is_nobody_in_particular() -> None:
    assert not rules.is_same_person(name="", email="", customer_name="", customer_email="")
