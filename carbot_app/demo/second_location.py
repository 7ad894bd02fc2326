"""The second location of the demo's owner: young, small, with a few weeks behind it."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from carbot_app.bootstrap import Services
from carbot_app.demo.history import Historian, Story
from carbot_app.demo.history_keeping import make_historian, save_stories
from carbot_app.demo.invoices import write_invoices
from carbot_app.demo.ratings import rate_visits
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import OWNER
from carbot_app.domains.team.schemas import NewLocation
from carbot_app.domains.team.sessions import person_actor

SECOND_NAME = "Kfz Müller Bochum"
_DAYS, _AHEAD, _INVOICES = 21, 5, 11
_SIZE = 0.45
"""Compared with the workshop in Dortmund."""


def open_second_location(services: Services, first: Workshop) -> None:
    """Open it like an owner does, and live through three weeks of it."""
    now, rng = services.clock(), Random(20261206)  # noqa: S311 - invented history, no secret
    with services.db.reading(first.id) as session:
        query = select(Person, Membership).join(Membership, col(Membership.person_id) == Person.id)
        owner, member = session.exec(query.where(Membership.role == OWNER)).one()
    wish = NewLocation(SECOND_NAME, "Bochum", first.country, first.region)
    made = services.locations.open_location(person_actor(owner, member), wish)
    with services.db.writing(made.workshop_id) as session:
        workshop = session.get_one(Workshop, made.workshop_id)
        workshop.street, workshop.postal_code = "Castroper Straße 198", "44791"
        workshop.phone = "0234 / 555 02 40"
        workshop.email = "bochum@kfz-mueller-dortmund.example"
        resources = list(session.exec(select(Resource).order_by(col(Resource.id))))
    historian = make_historian(services, workshop, owner, resources, now, rng)
    today = now.astimezone(ZoneInfo(workshop.timezone)).date()
    with services.db.writing(workshop.id) as session:
        save_stories(session, _stories(historian, today), historian)
    write_invoices(services, workshop, _INVOICES, _DAYS)
    rate_visits(services, workshop)
    services.event_collector.collect(workshop.id)


def _stories(historian: Historian, today: date) -> Iterator[Story]:
    yield from historian.stories(_DAYS, _SIZE)
    for ahead in range(-_DAYS, _AHEAD):
        yield from historian.by_phone(today + timedelta(days=ahead))
