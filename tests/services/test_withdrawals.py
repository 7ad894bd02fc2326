"""Withdrawals arrive without a login, count once, and free the time where that follows."""

from datetime import timedelta

import pytest

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.contract_schemas import Declaration
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Withdrawal
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.languages import LANGUAGES
from tests.factories import customer_of, staff_of
from tests.services.bookings import rows
from tests.services.contracts import AYSE, ContractDesk, open_contract_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path) -> ContractDesk:
    return open_contract_desk(database, clock, tmp_path)


def state_of_visit(desk: ContractDesk) -> str:
    return rows(desk.services.db, Appointment)[0].state


def outcomes(desk: ContractDesk) -> list[str]:
    return [row.outcome for row in rows(desk.services.db, Withdrawal)]


def set_state(desk: ContractDesk, state: str) -> None:
    with desk.services.db.writing(SYSTEM) as session:
        session.get_one(Appointment, rows(desk.services.db, Appointment)[0].id).state = state


def test_a_withdrawal_calls_the_visit_off_and_is_acknowledged_at_once(
    desk: ContractDesk, clock: ManualClock
) -> None:
    booked = desk.order()
    clock.advance(timedelta(hours=2))
    receipt = desk.services.withdrawals.withdraw(
        customer_of(desk.workshop),
        Declaration(AYSE.name, booked.contract_number.lower(), "Ayse@Example.org", "de"),
    )
    assert (receipt.received_at, receipt.received) == (clock(), "23. November 2026, 11:00 Uhr")
    assert state_of_visit(desk) == "cancelled"
    assert rows(desk.services.db, OccupiedCell) == []
    [kept] = rows(desk.services.db, Withdrawal)
    assert kept.sent == {
        "name": AYSE.name,
        "contract": booked.contract_number.lower(),
        "email": "Ayse@Example.org",
    }
    [letter] = desk.letters("withdrawal_received")
    assert letter.to_address == "ayse@example.org"
    for part in (
        AYSE.name,
        booked.contract_number.lower(),
        "23. November 2026, 11:00 Uhr",
        "Termin zu diesem Vertrag ist abgesagt",
    ):
        assert part in letter.text
    kinds = [event.kind for event in rows(desk.services.db, OutboxEvent)]
    assert {"appointment.cancelled", "contract.withdrawn"} <= set(kinds)


def test_the_same_declaration_again_gets_the_same_receipt_and_no_second_mail(
    desk: ContractDesk, clock: ManualClock
) -> None:
    booked = desk.order()
    visitor = customer_of(desk.workshop)
    declared = Declaration(AYSE.name, booked.contract_number, AYSE.email, "de")
    first = desk.services.withdrawals.withdraw(visitor, declared)
    clock.advance(timedelta(days=1))
    assert desk.services.withdrawals.withdraw(visitor, declared) == first
    assert len(desk.letters("withdrawal_received")) == len(outcomes(desk)) == 1


def test_a_declaration_without_a_contract_counts_and_waits_for_staff(desk: ContractDesk) -> None:
    desk.withdraw("weiß ich nicht mehr", name="Jemand Anders")
    assert outcomes(desk) == ["unknown"]
    assert "prüfen" in desk.letters("withdrawal_received")[0].text
    [waiting] = desk.services.withdrawals.list_open(staff_of(desk.workshop))
    assert (waiting.name, waiting.contract, waiting.outcome) == (
        "Jemand Anders",
        "weiß ich nicht mehr",
        "unknown",
    )
    desk.services.withdrawals.settle(staff_of(desk.workshop), waiting.id)
    desk.services.withdrawals.settle(staff_of(desk.workshop), waiting.id)
    assert desk.services.withdrawals.list_open(staff_of(desk.workshop)) == []


def test_somebody_else_with_the_number_cancels_nothing(desk: ContractDesk) -> None:
    booked = desk.order()
    desk.withdraw(booked.contract_number, name="Neugierig", email="n@example.org")
    assert (outcomes(desk), state_of_visit(desk)) == (["other"], "confirmed")
    assert len(desk.services.withdrawals.list_open(staff_of(desk.workshop))) == 1


@pytest.mark.parametrize(("days", "outcome"), [(14, "cancelled"), (15, "late")])
def test_the_period_ends_with_its_last_day(
    desk: ContractDesk, clock: ManualClock, days: int, outcome: str
) -> None:
    booked = desk.order()
    desk.services.booking.move_by_link(booked.manage_token, _late_slot(desk))
    clock.advance(timedelta(days=days, hours=14 if days == 14 else 0))
    desk.withdraw(booked.contract_number)
    assert outcomes(desk) == [outcome]
    assert state_of_visit(desk) == ("cancelled" if outcome == "cancelled" else "confirmed")


def _late_slot(desk: ContractDesk) -> str:
    """The first time after the period and a week."""
    after = desk.services.clock() + timedelta(days=21)
    visitor = customer_of(desk.workshop)
    times = desk.services.booking.suggest_slots(visitor, ("ENG-OIL-001",), after=after, language="de")
    return times[0].id


def test_what_was_done_at_the_customers_request_is_left_for_staff_to_check(desk: ContractDesk) -> None:
    booked = desk.order()
    set_state(desk, "done")
    desk.withdraw(booked.contract_number)
    assert (outcomes(desk), state_of_visit(desk)) == (["begun"], "done")
    seen = desk.services.booking.find_contract(staff_of(desk.workshop), booked.appointment_id)
    assert seen is not None
    assert seen.withdrawn == "23. November 2026, 9:00 Uhr"


def test_a_visit_cancelled_before_is_withdrawn_from_without_a_second_cancellation(desk: ContractDesk) -> None:
    booked = desk.order()
    desk.services.booking.cancel_by_link(booked.manage_token)
    desk.withdraw(booked.contract_number)
    kinds = [event.kind for event in rows(desk.services.db, OutboxEvent)]
    assert kinds.count("appointment.cancelled") == 1
    assert outcomes(desk) == ["cancelled"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_is_complete_in_every_language(desk: ContractDesk, language: str) -> None:
    desk.withdraw("7KM4-2XQP", language=language)
    [letter] = desk.letters("withdrawal_received")
    assert "{{" not in letter.subject + letter.text
    assert "2026" in letter.text
    assert "7KM4-2XQP" in letter.text


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"name": " "}, "name", "missing"),
        ({"contract": ""}, "contract", "missing"),
        ({"email": ""}, "email", "missing"),
        ({"email": "nur@halb"}, "email", "email_invalid"),
        ({"contract": "x" * 61}, "contract", "too_long"),
        ({"name": "x" * 121}, "name", "too_long"),
    ],
)
def test_what_is_missing_is_named(desk: ContractDesk, fields: dict, field: str, code: str) -> None:
    declared = {"name": AYSE.name, "contract": "7KM4-2XQP", "email": AYSE.email, "language": "de", **fields}
    with pytest.raises(Invalid) as refused:
        desk.services.withdrawals.withdraw(customer_of(desk.workshop), Declaration(**declared))
    assert (refused.value.field, refused.value.code) == (field, code)
    assert outcomes(desk) == []


def test_a_number_of_another_workshop_is_unknown_here_and_theirs_stays_untouched(
    desk: ContractDesk, database: Database, clock: ManualClock, tmp_path
) -> None:
    other = open_contract_desk(database, clock, tmp_path, "other")
    foreign = other.order()
    desk.withdraw(foreign.contract_number)
    assert outcomes(desk) == ["unknown"]
    assert state_of_visit(desk) == "confirmed"
    [waiting] = desk.services.withdrawals.list_open(staff_of(desk.workshop))
    assert other.services.withdrawals.list_open(staff_of(other.workshop)) == []
    with pytest.raises(NotFound):
        other.services.withdrawals.settle(staff_of(other.workshop), waiting.id)


def test_settling_needs_the_right_to_manage_bookings(desk: ContractDesk) -> None:
    desk.withdraw("7KM4-2XQP")
    technician = staff_of(desk.workshop, "technician")
    [waiting] = desk.services.withdrawals.list_open(technician)
    with pytest.raises(Forbidden):
        desk.services.withdrawals.settle(technician, waiting.id)
    with pytest.raises(Forbidden):
        desk.services.withdrawals.list_open(customer_of(desk.workshop))


def test_the_freed_time_goes_to_the_waitlist_like_any_other(desk: ContractDesk, clock: ManualClock) -> None:
    booked = desk.order()
    later = desk.order(contact=type(AYSE)(name="Jan Kowalski", phone="0171 5550199", email="jan@example.org"))
    desk.services.waitlist.join(later.manage_token)
    desk.withdraw(booked.contract_number)
    OutboxWorker(desk.services.db, clock, quick={}, slow={"w": desk.services.waitlist.on_event}).drain()
    offered = desk.services.waitlist.get_by_token(later.manage_token, language="de").offered
    assert offered == booked.when
