"""What the tests of booking share."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest, Slot
from carbot_app.domains.booking.slots import cell_before, encode_slot
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.kit.ids import new_id
from tests.factories import (
    customer_of,
)
from tests.factories.front_desk import FrontDesk

BERLIN = ZoneInfo("Europe/Berlin")
BRAKES = ("SAF-BRK-001",)


def suggest(desk: FrontDesk, codes: tuple[str, ...] = BRAKES, **wish) -> list[Slot]:
    return desk.booking.suggest_slots(customer_of(desk.workshop), codes, **{"language": "de", **wish})


def request_for(slot_id: str, **fields) -> BookingRequest:
    defaults = {
        "slot_id": slot_id,
        "service_codes": BRAKES,
        "contact": Contact(name="Ayşe Yılmaz", phone="0171 5550142"),
        "vehicle": VehicleFacts(plate="do ab 123", make="VW", model="Golf 7", year=2015),
        "source": "page",
        "language": "de",
        "request_key": new_id().hex,
    }
    return BookingRequest(**{**defaults, **fields})


def book(desk: FrontDesk, slot_id: str = "", **fields) -> BookingConfirmation:
    return desk.booking.book(
        customer_of(desk.workshop), request_for(slot_id or suggest(desk)[0].id, **fields)
    )


def rows(database: Database, table: type) -> list:
    with database.reading(SYSTEM) as session:
        return list(session.exec(select(table).order_by(table.id)).all())


def events(database: Database) -> list[str]:
    return [event.kind for event in rows(database, OutboxEvent) if event.kind.startswith("appointment.")]


def slot_at(year: int, month: int, day: int, hour: int, minute: int = 0, cells: int = 4) -> str:
    return encode_slot(cell_before(datetime(year, month, day, hour, minute, tzinfo=BERLIN)), cells)
