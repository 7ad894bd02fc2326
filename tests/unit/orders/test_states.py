"""An order goes its way one allowed step at a time; money alone says billed and paid."""

import itertools

import pytest

from carbot_app.domains.orders.states import (
    BILLABLE,
    BY_MONEY,
    EDITABLE,
    LINE,
    NOT_TOLD,
    OPEN,
    STATES,
    TRANSITIONS,
    choices_from,
    may_change,
    permission_for,
)


def test_every_state_says_where_it_may_go_and_only_to_known_states() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert all(to in STATES and to != state for state, found in TRANSITIONS.items() for to in found)
    assert len(STATES) == len(set(STATES)) == 15


def test_the_usual_way_is_allowed_from_the_first_step_to_the_last() -> None:
    way = [state for state in LINE if state not in ("enquiry", "approval_open")]
    for state, to in itertools.pairwise(way):
        assert may_change(state, to, money=to in BY_MONEY), (state, to)


@pytest.mark.parametrize(
    ("state", "to", "people", "money"),
    [
        ("estimate", "accepted", True, False),
        ("estimate", "ready", False, False),
        ("accepted", "ready", False, False),
        ("in_work", "ready", True, False),
        ("ready", "billed", False, True),
        ("picked_up", "billed", False, True),
        ("billed", "paid", False, True),
        ("billed", "picked_up", False, True),
        ("paid", "billed", False, True),
        ("paid", "complaint", True, True),
        ("picked_up", "complaint", True, False),
        ("complaint", "in_work", True, False),
        ("ready", "cancelled", False, False),
        ("cancelled", "accepted", False, False),
        ("nonsense", "accepted", False, False),
    ],
)
def test_people_and_money_change_what_is_theirs(state: str, to: str, people: bool, money: bool) -> None:
    assert (may_change(state, to), may_change(state, to, money=True)) == (people, money)


def test_a_technician_says_what_happens_at_the_car_and_the_desk_the_rest() -> None:
    assert permission_for("accepted", "diagnosis") == "orders.work"
    assert permission_for("in_work", "final_check") == "orders.work"
    assert permission_for("estimate", "accepted") == "orders.manage"
    assert permission_for("final_check", "ready") == "orders.manage"
    assert choices_from("final_check", may_manage=False, may_work=True) == (
        *("diagnosis", "approval_open", "parts_ordered"),
        "in_work",
    )
    assert choices_from("final_check", may_manage=True, may_work=False)[-2:] == ("ready", "cancelled")
    assert choices_from("final_check", may_manage=False, may_work=False) == ()


def test_what_is_cancelled_or_paid_is_neither_open_nor_changed() -> None:
    for state in ("cancelled", "billed", "paid"):
        assert state not in OPEN
        assert state not in EDITABLE
        assert state not in BILLABLE
    assert set(NOT_TOLD) < set(OPEN) < set(STATES)
