"""A day of the staff calendar that only its own tests know: far enough ahead for nobody to book into it."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import public_holidays
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.slots import cell_before, encode_slot
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import system_clock
from tests.factories import staff_of
from tests.factories.front_desk import ConversationRecorder
from tests.services.bookings import BERLIN

_OIL_CHANGE, _CELLS = "ENG-OIL-001", 3
VISITS = (
    ("Emre Yıldız", time(8)),
    ("Emre Yıldız", time(10)),
    ("Marek Nowak", time(8)),
    ("Lukas Brandt", time(9)),
    ("Tim Hoffmann", time(8)),
)
"""Technician and begin; at ten all but the first are free."""
_APPRENTICE_AT_SCHOOL = 1


@cache
def book_board_day(data_dir: Path) -> date:
    """Book ``VISITS`` in the demo workshop whose data lie there; the day."""
    database = Database(f"sqlite:///{data_dir / 'carbot.db'}")
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
        technicians = {one.name: one.id for one in session.exec(select(Resource)).all()}
    booking = BookingService(
        db=database,
        clock=system_clock,
        customers=CustomerService(db=database),
        catalog=CatalogService(db=database),
        recorder=ConversationRecorder(),
        public_url="https://carbot.example",
    )
    day = _working_day()
    for number, (technician, begin) in enumerate(VISITS):
        request = BookingRequest(
            slot_id=encode_slot(cell_before(datetime.combine(day, begin, BERLIN)), _CELLS),
            service_codes=(_OIL_CHANGE,),
            contact=Contact(name=f"Kundin {number}", phone=f"0171 77700{number:02d}"),
            vehicle=VehicleFacts(plate=f"DO TP 70{number}"),
            source="staff",
            language="de",
            request_key=f"board day {number}",
            technician_id=technicians[technician],
        )
        booking.book(staff_of(workshop), request)
    database.close()
    return day


def _working_day() -> date:
    day = datetime.now(BERLIN).date() + timedelta(weeks=5)
    while (
        day.weekday() in (_APPRENTICE_AT_SCHOOL, 5, 6)
        or day in public_holidays("DE", "NW", day.year)
        or (day.month, day.day) in ((12, 24), (12, 31))
    ):
        day += timedelta(days=1)
    return day
