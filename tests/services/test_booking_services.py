"""What a visit needs when its services are packages or no longer offered, on both engines."""

from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.catalog.models import Service
from carbot_app.kit.errors import Invalid
from tests.factories import (
    customer_of,
    make_service,
    staff_of,
)
from tests.factories.front_desk import FrontDesk
from tests.services.bookings import BRAKES, book, rows, suggest


def test_a_package_needs_the_time_and_the_skills_of_all_its_services(
    desk: FrontDesk, database: Database
) -> None:
    members = ["SAF-BRK-001", "TYR-CHG-001"]
    fields = {"price_model": "package", "members": members, "discount_percent": 10, "price_min_cents": 0}
    make_service(database, desk.workshop, "PAK-001", minutes=0, **fields)
    slot = suggest(desk, ("PAK-001",))[0]
    assert slot.ends_at - slot.starts_at == timedelta(minutes=90)
    work = desk.catalog.list_work(customer_of(desk.workshop), ["PAK-001"], language="de")
    assert [service.code for service in work] == members
    book(desk, slot.id, service_codes=("PAK-001",))
    (appointment,) = rows(database, Appointment)
    assert appointment.service_codes == ["PAK-001"]
    assert appointment.price_min_cents == round((12_900 + 3_900) * 0.9)
    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=90)


def test_a_visit_can_be_moved_after_its_service_is_no_longer_offered(
    desk: FrontDesk, database: Database
) -> None:
    book(desk)
    with database.writing(desk.workshop.id) as session:
        session.exec(select(Service).where(Service.code == BRAKES[0])).one().active = False
    desk.catalog.forget(desk.workshop.id)
    (appointment,) = rows(database, Appointment)
    later = suggest(desk)[2]
    moved = desk.booking.move(staff_of(desk.workshop), appointment.id, later.id)
    assert (moved.starts_at, moved.title) == (later.starts_at, "Bremsbeläge ersetzen (pro Achse)")
    with pytest.raises(Invalid):
        book(desk, suggest(desk)[0].id)
