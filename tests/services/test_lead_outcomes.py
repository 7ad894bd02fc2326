"""How leads end, by visits and by staff, on both engines."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.outcomes import LeadOutcomes, end_of
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    make_appointment,
    make_conversation,
    make_customer,
    make_lead,
    make_resource,
    make_workshop,
    staff_of,
)


@pytest.fixture
def outcomes(database: Database, clock: ManualClock) -> LeadOutcomes:
    return LeadOutcomes(db=database, clock=clock)


@pytest.fixture
def leads(database: Database, clock: ManualClock) -> LeadService:
    return LeadService(db=database, clock=clock, customers=CustomerService(db=database))


def happened(lead: Lead, now: datetime, kind: str = "appointment.changed") -> Delivery:
    payload: dict[str, Any] = {"appointment_id": str(new_id()), "conversation_id": str(lead.conversation_id)}
    return Delivery(new_id(), lead.workshop_id, kind, payload, now)


def team_of(lead: Lead, role: str = "front_desk") -> Actor:
    return staff_of(Workshop(id=lead.workshop_id, slug="x", name="x"), role)


def booked(database: Database, **fields: Any) -> tuple[Lead, Appointment]:
    workshop = make_workshop(database)
    customer = make_customer(database, workshop)
    thread = make_conversation(database, workshop, customer_id=customer.id)
    visit = make_appointment(
        database,
        workshop,
        customer,
        make_resource(database, workshop),
        make_resource(database, workshop, "bay"),
        **{"conversation_id": thread.id, "state": "confirmed", **fields},
    )
    return make_lead(database, thread), visit


def stored(database: Database, lead: Lead) -> Lead:
    with database.reading(lead.workshop_id) as session:
        return session.exec(select(Lead).where(Lead.id == lead.id)).one()


@pytest.mark.parametrize(
    ("state", "end", "reason"),
    [
        ("requested", "booked", ""),
        ("in_work", "booked", ""),
        ("done", "won", ""),
    ],
)
def test_a_visit_says_how_its_lead_ends(
    database: Database, outcomes: LeadOutcomes, clock: ManualClock, state: str, end: str, reason: str
) -> None:
    lead, _ = booked(database, state=state)
    outcomes.on_event(happened(lead, clock()))
    outcomes.on_event(happened(lead, clock()))
    found = stored(database, lead)
    assert (found.state, found.lost_reason) == (end, reason)
    assert (found.closed_at is not None) == (end == "won")


def test_a_cancelled_visit_loses_its_lead_until_another_is_booked(
    database: Database, outcomes: LeadOutcomes, clock: ManualClock
) -> None:
    lead, visit = booked(database)
    outcomes.on_event(happened(lead, clock()))
    with database.writing(lead.workshop_id) as session:
        session.get_one(Appointment, visit.id).state = "cancelled"
    outcomes.on_event(happened(lead, clock(), "appointment.cancelled"))
    found = stored(database, lead)
    assert (found.state, found.lost_reason) == ("lost", "cancelled")
    with database.writing(lead.workshop_id) as session:
        session.get_one(Appointment, visit.id).state = "confirmed"
    clock.now += timedelta(hours=1)
    outcomes.on_event(happened(lead, clock()))
    found = stored(database, lead)
    assert (found.state, found.lost_reason, found.closed_at) == ("booked", "", None)


def test_being_lost_is_told_once(
    database: Database, outcomes: LeadOutcomes, leads: LeadService, clock: ManualClock
) -> None:
    lead, _ = booked(database)
    actor = team_of(lead)
    for _ in range(2):
        assert leads.set_state(actor, lead.id, "lost", reason="price").lost_reason == "price"
    with database.reading(lead.workshop_id) as session:
        kinds = [event.kind for event in session.exec(select(OutboxEvent)).all()]
    assert kinds.count("lead.lost") == 1


def test_staff_may_open_a_lead_again(database: Database, leads: LeadService) -> None:
    lead, _ = booked(database)
    actor = team_of(lead)
    leads.set_state(actor, lead.id, "lost", reason="elsewhere")
    again = leads.set_state(actor, lead.id, "open")
    assert (again.state, again.lost_reason) == ("open", "")
    assert leads.set_state(actor, lead.id, "won").state == "won"


@pytest.mark.parametrize(("state", "reason"), [("lost", "nonsense"), ("won", "price"), ("lost", "no_show")])
def test_a_reason_staff_cannot_give_is_refused(
    database: Database, leads: LeadService, state: str, reason: str
) -> None:
    lead, _ = booked(database)
    with pytest.raises(Invalid, match="lead_reason_unknown"):
        leads.set_state(team_of(lead), lead.id, state, reason=reason)


def test_another_workshops_lead_and_a_technician_change_nothing(
    database: Database, outcomes: LeadOutcomes, leads: LeadService, clock: ManualClock
) -> None:
    lead, _ = booked(database, state="done")
    other = make_workshop(database, "other")
    with pytest.raises(NotFound):
        leads.set_state(staff_of(other), lead.id, "lost")
    with pytest.raises(Forbidden):
        leads.set_state(team_of(lead, "technician"), lead.id, "lost")
    foreign = happened(lead, clock())
    outcomes.on_event(Delivery(foreign.id, other.id, foreign.kind, foreign.payload, clock()))
    assert stored(database, lead).state == "open"


@pytest.mark.parametrize(
    ("state", "visits", "end"),
    [
        ("open", [], ("open", "")),
        ("lost", [], ("lost", "")),
        ("lost", ["cancelled"], ("lost", "")),
        ("booked", ["no_show", "cancelled"], ("lost", "no_show")),
        ("booked", ["cancelled", "unplanned"], ("booked", "")),
        ("won", ["cancelled"], ("won", "")),
        ("lost", ["done", "no_show"], ("won", "")),
    ],
)
def test_the_end_follows_from_all_visits(state: str, visits: list[str], end: tuple[str, str]) -> None:
    assert end_of(state, visits) == end
