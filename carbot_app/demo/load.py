"""Loads the demo workshop into an empty database."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.demo.bank import load_bank
from carbot_app.demo.calls import wish_calls
from carbot_app.demo.cast import HEROES, OPENING_HOURS, PASSWORD, TEAM, UNPLANNED, WORKSHOP
from carbot_app.demo.catalogue import tailor_catalogue
from carbot_app.demo.desk import furnish_desk
from carbot_app.demo.diagnostics import read_a_car
from carbot_app.demo.history import DAYS, Historian, Story
from carbot_app.demo.history_keeping import make_historian, save_stories
from carbot_app.demo.invoices import write_invoices
from carbot_app.demo.knowledge import write_down
from carbot_app.demo.orders import write_orders
from carbot_app.demo.ratings import rate_visits
from carbot_app.demo.resources import add_resources, planned_absences
from carbot_app.demo.seasons import live_through_seasons
from carbot_app.demo.second_location import open_second_location
from carbot_app.demo.tyres import fill_store
from carbot_app.demo.vehicle_histories import remember_a_car
from carbot_app.demo.year_of_orders import look_back_a_year
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.team.models import Membership, Person, Workshop

OPEN_THREADS = (
    ("SAF-BRK-002", "open", 4),
    ("SAF-BRK-002", "open", 11),
    ("TYR-CHG-001", "open", 26),
    ("ENG-INS-002", "booked", 38),
    ("CLI-SRV-001", "open", 52),
    ("ENG-DIA-001", "staff", 75),
    ("SAF-HUA-001", "open", 95),
    ("ENG-OIL-001", "declined", 160),
)
"""Service, outcome and minutes ago of each hero's thread."""


def load_demo(services: Services) -> bool:
    """Create the demo workshop; False and nothing done when any workshop exists."""
    with services.db.reading(SYSTEM) as session:
        if session.exec(select(Workshop.id)).first() is not None:
            return False
    now = services.clock()
    rng = Random(20261123)  # noqa: S311 - invented history, no secret
    with services.db.writing(SYSTEM) as session:
        workshop, desk, resources = _create_workshop(services, session, now)
    zone = ZoneInfo(workshop.timezone)
    absences = planned_absences(resources, now.astimezone(zone).date(), zone)
    away = [(one.resource_id, one.starts_at, one.ends_at) for one in absences]
    historian = make_historian(services, workshop, desk, resources, now, rng, away)
    with services.db.writing(SYSTEM) as session:
        session.add_all(absences)
        save_stories(session, _stories(historian, now), historian)
    tailor_catalogue(services, workshop)
    fill_store(services, workshop)
    write_invoices(services, workshop)
    load_bank(services, services.team.system_actor(workshop.id))
    wish_calls(services, workshop)
    write_down(services, workshop)
    furnish_desk(services, workshop)
    write_orders(services, workshop)
    remember_a_car(services, workshop)
    read_a_car(services, workshop)
    rate_visits(services, workshop)
    live_through_seasons(services, workshop)
    look_back_a_year(services, workshop)
    services.event_collector.collect(workshop.id)
    services.demand_forecasts.forecast_all(workshop.id)
    services.lead_training.retrain(services.team.system_actor(workshop.id))
    open_second_location(services, workshop)
    return True


def _create_workshop(
    services: Services, session: Session, now: datetime
) -> tuple[Workshop, Person, list[Resource]]:
    workshop = Workshop(**WORKSHOP, opening_hours=OPENING_HOURS, created_at=now)
    session.add(workshop)
    session.flush()
    services.catalog.load_library(session, workshop.id)
    password_hash = services.passwords.hash(PASSWORD)
    people = {}
    for name, email, role in TEAM:
        person = Person(name=name, email=email, password_hash=password_hash)
        session.add(person)
        session.flush()
        session.add(Membership(workshop_id=workshop.id, person_id=person.id, role=role))
        people[role] = person
    resources = add_resources(session, workshop, people["technician"].id)
    return workshop, people["front_desk"], resources


def _stories(historian: Historian, now: datetime) -> Iterator[Story]:
    yield from historian.stories()
    today = now.astimezone(historian.planner.zone).date()
    for ahead in range(-DAYS, 12):
        yield from historian.by_phone(today + timedelta(days=ahead))
    for hero, (code, outcome, minutes) in zip(HEROES, OPEN_THREADS, strict=True):
        yield historian.tell(hero, now - timedelta(minutes=minutes), code=code, outcome=outcome)
    for code, note in UNPLANNED:
        yield historian.unplanned(code, note)
