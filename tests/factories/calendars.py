"""Rows of the calendars domain."""

from datetime import UTC, datetime
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.calendars.models import CalendarFeed, CalendarLink, SyncedEvent
from carbot_app.kit.ids import new_secret
from tests.factories.saving import save


def make_calendar_link(database: Database, technician: Resource, **fields: Any) -> CalendarLink:
    """A CalDAV calendar of the technician that was just connected; its secret opens nothing."""
    defaults: dict[str, Any] = {
        "provider": "caldav",
        "calendar_id": f"https://cloud.example/{new_secret(6)}/",
        "name": "Privat",
        "account": "emre",
        "next_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
    }
    values = {**defaults, **fields}
    return save(
        database, CalendarLink(workshop_id=technician.workshop_id, resource_id=technician.id, **values)
    )


def make_synced_event(
    database: Database, link: CalendarLink, visit: Appointment, **fields: Any
) -> SyncedEvent:
    """The visit as it was written to the calendar."""
    defaults: dict[str, Any] = {
        "event_id": f"{link.calendar_id}{visit.id}.ics",
        "etag": '"1"',
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
    }
    return save(
        database,
        SyncedEvent(
            workshop_id=link.workshop_id, link_id=link.id, appointment_id=visit.id, **{**defaults, **fields}
        ),
    )


def make_calendar_feed(database: Database, technician: Resource, **fields: Any) -> CalendarFeed:
    """A secret link to the technician's visits."""
    defaults = {"resource_id": technician.id, "token": new_secret()}
    return save(database, CalendarFeed(workshop_id=technician.workshop_id, **{**defaults, **fields}))
