"""Pages of leads on both engines; the read goes around the session's tenant filter, so the wall is tested."""

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.service import LeadService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Invalid
from tests.factories import (
    make_conversation,
    make_customer,
    make_lead,
    make_vehicle,
    make_workshop,
    staff_of,
)


@pytest.fixture
def leads(database: Database, clock: ManualClock) -> LeadService:
    return LeadService(db=database, clock=clock, customers=CustomerService(db=database))


def test_a_page_shows_only_the_own_workshops_leads(database: Database, leads: LeadService) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    own = make_lead(database, make_conversation(database, ours))
    foreign = make_lead(database, make_conversation(database, theirs))
    assert [lead.id for lead in leads.list_leads(staff_of(ours))] == [own.id]
    assert [lead.id for lead in leads.list_leads(staff_of(theirs))] == [foreign.id]
    with pytest.raises(Invalid, match="cursor_invalid"):
        leads.list_leads(staff_of(ours), before=foreign.id)


def test_a_car_of_another_workshop_never_shows(database: Database, leads: LeadService) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    car = make_vehicle(database, theirs, make_customer(database, theirs))
    make_lead(database, make_conversation(database, ours), vehicle_id=car.id)
    assert leads.list_leads(staff_of(ours))[0].vehicle is None


def test_a_listed_lead_equals_the_single_one(database: Database, leads: LeadService) -> None:
    workshop = make_workshop(database)
    car = make_vehicle(database, workshop, make_customer(database, workshop))
    reasons = [{"code": "vehicle", "points": 10, "params": {"plate": "DO-AB 123"}}]
    make_lead(database, make_conversation(database, workshop), vehicle_id=car.id, reasons=reasons)
    actor = staff_of(workshop)
    listed = leads.list_leads(actor)[0]
    assert listed == leads.get_lead(actor, listed.id)
    assert listed.vehicle is not None
    assert listed.reasons[0].params == {"plate": "DO-AB 123"}
