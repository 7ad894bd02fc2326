"""Who tells the history of a demo workshop, and how it becomes records."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import Driver
from carbot_app.demo.history import Historian, Story
from carbot_app.demo.planner import Planner
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import public_holidays
from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Person, Workshop


def make_historian(
    services: Services,
    workshop: Workshop,
    desk: Person,
    resources: list[Resource],
    now: datetime,
    rng: Random,
    away: Sequence[tuple[UUID, datetime, datetime]] = (),
) -> Historian:
    """Somebody who tells what happened in ``workshop``; ``away``: who is absent from when to when."""
    actor = services.team.system_actor(workshop.id)

    @lru_cache(maxsize=1024)
    def quote(code: str, vehicle_class: str, language: str) -> Quote:
        return services.catalog.quote(
            actor, code, vehicle=VehicleFacts(vehicle_class=vehicle_class), language=language
        )

    def quote_for(code: str, driver: Driver) -> Quote:
        return quote(code, driver.vehicle_class, driver.language)

    zone = ZoneInfo(workshop.timezone)
    planner = Planner(
        workshop.opening_hours,
        zone,
        resources,
        lambda day: day in public_holidays(workshop.country, workshop.region, day.year),
        list(away),
    )
    return Historian(
        workshop=workshop,
        desk=desk,
        planner=planner,
        services={view.code: view for view in services.catalog.list_services(actor, language="de")},
        quote=quote_for,
        now=now,
        rng=rng,
    )


def save_stories(session: Session, stories: Iterable[Story], historian: Historian) -> None:
    """Keep stories and take their times in the calendar.

    Table by table, since rows point at each other and a flush per story takes longer than its rows.
    """
    told, claims, taken = list[Story](), list[Any](), list[Any]()
    for story in stories:
        told.append(story)
        if story.appointment and story.place:
            # At once: the next story must find the place taken
            claim, *rest = historian.planner.take(story.place, story.appointment.id, historian.workshop.id)
            claims.append(claim)
            taken.extend(rest)
    for rows in (
        (one.customer for one in told),
        (one.vehicle for one in told),
        (one.conversation for one in told if one.conversation),
        (row for one in told if one.conversation for row in (*one.messages, one.lead) if row),
        (one.appointment for one in told if one.appointment),
        claims,
        taken,
    ):
        session.add_all(rows)
        session.flush()
