"""Calendar feeds: visits as one ICS file behind a secret link (RFC 5545, RFC 7986)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.calendars.models import CalendarFeed
from carbot_app.domains.calendars.ports import OwnEvent
from carbot_app.domains.calendars.visits import list_visits, own_events
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import is_secret

BEHIND, AHEAD = timedelta(days=30), timedelta(days=180)
_REFRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FeedFile:
    """The file and its version; equal versions are equal files."""

    text: str
    etag: str


class CalendarFeeds:
    """Reads feeds; whoever has the link may."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def read(self, token: str) -> FeedFile:
        """Visits of the last 30 and the next 180 days. Raises NotFound("link_unknown")."""
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            feed = session.exec(select(CalendarFeed).where(CalendarFeed.token == token)).first()
        if feed is None:
            raise NotFound("link_unknown")
        today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._db.reading(feed.workshop_id) as session:
            title = session.get_one(Workshop, feed.workshop_id).name
            if feed.resource_id is not None:
                title = f"{session.get_one(Resource, feed.resource_id).name} · {title}"
            rows = list_visits(
                session, feed.workshop_id, today - BEHIND, today + AHEAD, resource_id=feed.resource_id
            )
            events = own_events(session, rows)
        return _file(title, rows, events)


def _file(title: str, rows: Sequence[Appointment], events: Sequence[OwnEvent]) -> FeedFile:
    calendar = Calendar()
    calendar.add("prodid", "-//CarBot//Feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(title))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    for row, event in zip(rows, events, strict=True):
        calendar.add_component(_entry(row, event))
    text = calendar.to_ical().decode()
    return FeedFile(text, hashlib.sha256(text.encode()).hexdigest()[:32])


def _entry(row: Appointment, event: OwnEvent) -> Event:
    entry = Event()
    entry.add("uid", f"{event.appointment_id}@carbot")
    entry.add("sequence", row.moved_count)
    # Not the moment of asking: the file would differ each time, and its version mean nothing.
    entry.add("dtstamp", _whole(row.created_at))
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", vText(event.title))
    entry.add("description", vText(event.text))
    return entry


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
