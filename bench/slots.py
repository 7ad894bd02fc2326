"""Ten suggestions over sixty days in a large, well-booked workshop."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from bench.harness import machine, milliseconds, record
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.models import Allocation, Appointment, Claim, Resource
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.slots import instant_of
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock

TECHNICIANS, BAYS, APPOINTMENTS, DAYS = 15, 12, 2000, 60
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
VISITS = (
    ("SAF-BRK-001",),
    ("ENG-OIL-001", "SAF-BRK-010"),
    ("ENG-INS-002",),
    ("TRN-CLU-001",),
    ("TYR-CHG-001",),
)
ROUNDS = 60
OPEN = {str(day): [["07:30", "12:00"], ["13:00", "17:30"]] for day in range(1, 6)}


def slots() -> None:
    """Suggestions, the picker of two weeks, and what dragging a visit asks, in-process on SQLite."""
    setting = machine()
    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        booking, actor = _fill(db)
        booking.suggest_slots(actor, VISITS[0], limit=10, language="de")
        suggested, listed, dragged = [], [], []
        visit = booking.list_appointments(actor, from_=NOW, to=NOW + timedelta(days=3))[0].id
        for number in range(ROUNDS):
            asked = {"actor": actor, "codes": VISITS[number % len(VISITS)], "language": "de"}
            part = ("morning", "afternoon")[number % 2]
            later = {"after": NOW + timedelta(days=20), "part_of_day": part}
            suggested.append(_took(lambda a=asked: booking.suggest_slots(**a, limit=10)))
            suggested.append(_took(lambda a=asked, w=later: booking.suggest_slots(**a, **w, limit=10)))
            listed.append(_took(lambda a=asked: booking.list_days(**a, start_on=NOW.date())))
            dragged.append(_took(lambda: booking.list_places(actor, visit, first_on=NOW.date(), days=1)))
        read = [_took(lambda: _rows(db)) for _ in range(ROUNDS)]
        db.close()
    record(
        "slots",
        load=f"{TECHNICIANS} technicians, {BAYS} bays, {APPOINTMENTS} appointments in {DAYS} days, SQLite",
        target="next 10 suggestions p95 <= 50 ms",
        baseline=f"reading the rows alone: {milliseconds(read)}",
        result={
            "suggest_10": milliseconds(suggested),
            "two_weeks": milliseconds(listed),
            "drag_start": milliseconds(dragged),
        },
        setting=setting,
    )


def _rows(db: Database) -> int:
    with db.reading(SYSTEM) as session:
        query = select(Allocation.resource_id, Allocation.starts_at, Allocation.ends_at)
        return len(session.exec(query).all())


def _took(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _fill(db: Database) -> tuple[BookingService, Actor]:
    migrate(db.engine)
    catalog = CatalogService(db=db, monotonic=lambda: 0.0)
    customers = CustomerService(db=db)
    with db.writing(SYSTEM) as session:
        workshop = Workshop(slug="bench", name="Bench", region="NW", opening_hours=OPEN)
        session.add(workshop)
        session.flush()
        catalog.load_library(session, workshop.id)
        skills = ["mechanic", "mechanic_senior", "tyre_fitter", "diagnostic_specialist"]
        technicians = [
            Resource(workshop_id=workshop.id, kind="technician", name=f"T{n}", abilities=skills)
            for n in range(TECHNICIANS)
        ]
        bays = [
            Resource(
                workshop_id=workshop.id, kind="bay", name=f"B{n}", abilities=["standard", "tyre"], lift=n < 8
            )
            for n in range(BAYS)
        ]
        customer = Customer(workshop_id=workshop.id, name="Bench")
        session.add_all([*technicians, *bays, customer])
        session.flush()
        _book(session, workshop.id, customer.id, technicians, bays)
    booking = BookingService(
        db=db,
        clock=ManualClock(NOW),
        customers=customers,
        catalog=catalog,
        recorder=None,  # pyright: ignore[reportArgumentType]
        public_url="https://carbot.example",
    )
    permissions = frozenset({"bookings.read", "bookings.manage", "catalog.read", "inbox.read"})
    return booking, Actor(kind="staff", workshop_id=workshop.id, permissions=permissions)


def _book(
    session: Session,
    workshop_id: UUID,
    customer_id: UUID,
    technicians: Sequence[Resource],
    bays: Sequence[Resource],
) -> None:
    """Fill the days from the front, as they are in life: this week is nearly full, next month is not."""
    rng = random.Random(20261123)
    calendar = Calendar.read(session, get_workshop(session, workshop_id))
    taken: dict[UUID, set[int]] = {resource.id: set() for resource in (*technicians, *bays)}
    rows: list[Appointment] = []
    while len(rows) < APPOINTMENTS:
        windows = calendar.rules.windows_on((NOW + timedelta(days=int(rng.triangular(0, DAYS, 0)))).date())
        if not windows:
            continue
        start, end = rng.choice(windows)
        first = rng.randrange(start, end - 4)
        cells = set(range(first, min(end, first + rng.choice((2, 4, 6, 8)))))
        technician = next((one for one in technicians if not taken[one.id] & cells), None)
        bay = next((one for one in bays if not taken[one.id] & cells), None)
        if technician is None or bay is None:
            continue
        taken[technician.id] |= cells
        taken[bay.id] |= cells
        rows.append(
            Appointment(
                workshop_id=workshop_id, customer_id=customer_id, technician_id=technician.id, bay_id=bay.id,
                service_codes=["SAF-BRK-001"], title="Bench", starts_at=instant_of(first),
                ends_at=instant_of(max(cells) + 1), state="confirmed", source="staff",
                manage_token=f"token-{len(rows):08d}", request_key=f"key-{len(rows)}",
            )
        )  # fmt: skip
    claims = [Claim(workshop_id=workshop_id, appointment_id=row.id) for row in rows]
    allocations = [
        Allocation(
            workshop_id=workshop_id,
            claim_id=claim.id,
            resource_id=id_,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row, claim in zip(rows, claims, strict=True)
        for id_ in (row.technician_id, row.bay_id)
        if id_
    ]
    for made in (rows, claims, allocations):
        session.add_all(made)
        session.flush()
