"""A thousand customers at once: nobody is booked twice, and nobody is sent away who could be served."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Allocation, Appointment, Claim, OccupiedCell
from carbot_app.domains.booking.occupation import Wanted, choose
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.booking.slots import FreeTime, cell_before, decode_slot, encode_slot
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict
from tests.factories import customer_of
from tests.factories.front_desk import FrontDesk, open_front_desk

BERLIN = ZoneInfo("Europe/Berlin")
CUSTOMERS = 80
CROWD = 1000
TUESDAY = datetime(2026, 11, 24, tzinfo=BERLIN)
Outcome = BookingConfirmation | Conflict


def slot_at(hours: float) -> str:
    return encode_slot(cell_before(TUESDAY + timedelta(hours=hours)), 4)


def request_of(number: int, slot_id: str, *, request_key: str = "") -> BookingRequest:
    return BookingRequest(
        slot_id=slot_id,
        service_codes=("SAF-BRK-001",),
        contact=Contact(name=f"Kunde {number}", phone=f"0171 55{number:05d}"),
        vehicle=VehicleFacts(make="VW", model="Golf"),
        source="page",
        language="de",
        request_key=request_key or f"key-{number}",
    )


def all_at_once(calls: Sequence[Callable[[], BookingConfirmation]]) -> list[Outcome]:
    """Run every call in its own thread, started together; conflicts are outcomes, other errors are raised."""
    start = Barrier(len(calls))

    def run(call: Callable[[], BookingConfirmation]) -> Outcome:
        start.wait()
        try:
            return call()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def book_all(desk: FrontDesk, requests: Sequence[BookingRequest]) -> list[Outcome]:
    actor = customer_of(desk.workshop)
    return all_at_once([lambda request=request: desk.booking.book(actor, request) for request in requests])


def assert_no_cell_is_taken_twice(database: Database) -> list[Appointment]:
    with database.reading(SYSTEM) as session:
        cells = session.exec(select(OccupiedCell)).all()
        claims = {claim.id: claim.appointment_id for claim in session.exec(select(Claim)).all()}
        allocations = session.exec(select(Allocation)).all()
        appointments = [a for a in session.exec(select(Appointment)).all() if a.state != "cancelled"]
    assert max(Counter((cell.resource_id, cell.cell_at) for cell in cells).values()) == 1
    wanted = {
        (resource_id, appointment.starts_at + timedelta(minutes=15 * n), appointment.id)
        for appointment in appointments
        for resource_id in (appointment.technician_id, appointment.bay_id)
        for n in range((appointment.ends_at - appointment.starts_at) // timedelta(minutes=15))
    }
    assert wanted == {(cell.resource_id, cell.cell_at, claims[cell.claim_id]) for cell in cells}
    assert sorted(
        (row.resource_id, row.starts_at, row.ends_at, claims[row.claim_id]) for row in allocations
    ) == sorted(
        (resource_id, appointment.starts_at, appointment.ends_at, appointment.id)
        for appointment in appointments
        for resource_id in (appointment.technician_id, appointment.bay_id)
        if resource_id
    )
    return appointments


@pytest.mark.engines
def test_eighty_bookings_of_one_slot_succeed_as_often_as_there_is_capacity(
    database: Database, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=4, bays=3)
    outcomes = book_all(desk, [request_of(n, slot_at(9)) for n in range(CUSTOMERS)])
    assert sum(isinstance(outcome, BookingConfirmation) for outcome in outcomes) == 3, "three bays"
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Conflict)} == {"slot_taken"}
    assert len(assert_no_cell_is_taken_twice(database)) == 3
    with database.reading(SYSTEM) as session:
        assert len(session.exec(select(Customer)).all()) == 3, "losers leave nothing behind"
        booked = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "appointment.booked")).all()
    assert len(booked) == 3


@pytest.mark.thorough
def test_a_thousand_bookings_in_two_processes_never_overlap_and_losers_get_the_next_times(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=3, bays=4)
    starts = [7.5 + n / 4 for n in range(15)] + [13 + n / 4 for n in range(15)]
    chosen = random.Random(20261124).choices(starts, k=CROWD)
    wishes = [(number, slot_at(hours)) for number, hours in enumerate(chosen)]
    job = {"url": database_url, "workshop_id": str(desk.workshop.id), "now": clock().isoformat()}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.booking_crowd"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda process, half: process.communicate(json.dumps({**job, "wishes": half}))[0],
            processes,
            (wishes[::2], wishes[1::2]),
        )
        outcomes = [outcome for answer in answers for outcome in json.loads(answer)]
    assert [process.returncode for process in processes] == [0, 0]
    appointments = assert_no_cell_is_taken_twice(database)
    won = {outcome["won"] for outcome in outcomes if "won" in outcome}
    assert won == {str(row.id) for row in appointments}
    assert 3 * 4 <= len(won) <= 3 * 8, "three technicians, eight full hours, at worst half used"
    offered = [outcome["next"] for outcome in outcomes if "next" in outcome]
    assert len(offered) > CROWD / 10
    assert all(decode_slot(slot_id) for slot_id in offered)
    demand = Demand(4, ("mechanic",), ("standard",))
    with database.reading(desk.workshop.id) as session:
        calendar = Calendar.read(session, session.get_one(Workshop, desk.workshop.id))
        for slot_id in {outcome["slot_id"] for outcome in outcomes if "lost" in outcome}:
            start, cells = decode_slot(slot_id) or (0, 0)
            wanted = Wanted(demand, FreeTime(start, start + cells))
            with pytest.raises(Conflict):
                choose(session, calendar, wanted, now=clock())


@pytest.mark.engines
def test_one_request_sent_fifty_times_at_once_is_one_appointment(
    database: Database, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=1, bays=1)
    outcomes = book_all(desk, [request_of(1, slot_at(9), request_key="same")] * 50)
    assert all(isinstance(outcome, BookingConfirmation) for outcome in outcomes)
    assert len(set(outcomes)) == 1
    assert len(assert_no_cell_is_taken_twice(database)) == 1


@pytest.mark.engines
def test_appointments_that_swap_places_at_once_neither_collide_nor_hang(
    database: Database, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=3, bays=3)
    hours = [8, 9, 10, 13, 14, 15]
    actor = customer_of(desk.workshop)
    booked = [desk.booking.book(actor, request_of(n, slot_at(hour))) for n, hour in enumerate(hours * 2)]
    targets = random.Random(7).choices(hours, k=len(booked) * 4)
    outcomes = all_at_once(
        [
            lambda token=view.manage_token, hour=hour, n=n: desk.booking.move_by_link(
                token, slot_at(hour), f"m{n}"
            )
            for n, (view, hour) in enumerate(zip(booked * 4, targets, strict=True))
        ]
    )
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Conflict)} <= {"slot_taken"}
    assert len(assert_no_cell_is_taken_twice(database)) == len(booked)


def test_first_bookings_of_one_person_at_once_make_one_customer(
    database: Database, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=4, bays=4)
    contact = Contact(name="Ayşe Yılmaz", phone="0171 5550199", email="ayse@example.org")
    outcomes = book_all(desk, [replace(request_of(n, slot_at(9)), contact=contact) for n in range(4)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    with database.reading(SYSTEM) as session:
        assert len(session.exec(select(Customer)).all()) == 1
