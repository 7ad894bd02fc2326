"""Brings the visits of a technician into a calendar."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.calendars.matching import fingerprint_of
from carbot_app.domains.calendars.models import CalendarLink, SyncedEvent
from carbot_app.domains.calendars.ports import EventChanged, OwnEvent, RemoteCalendar, Window, Written
from carbot_app.domains.calendars.visits import is_shown, list_visits, own_events

MAX_WRITES = 200
"""In one go; the rest follows in the next one, so that nothing holds a calendar for ever."""


class Pusher:
    """Writes events one by one and notes each at once: a crash loses one note, never an event."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def bring(self, link: CalendarLink, account: RemoteCalendar, window: Window) -> bool:
        """Whether everything is there now; otherwise it should soon be tried again."""
        wanted, known, over = self._compare(link, window)
        done, writes = True, 0
        for event in wanted:
            row = known.get(event.appointment_id)
            if row is not None and row.fingerprint == fingerprint_of(event):
                continue
            if writes >= MAX_WRITES:
                return False
            writes += 1
            try:
                self._keep(link, event, _write(link, account, event, row))
            except EventChanged:
                done = False  # somebody was faster; the next look tells how
        for row in over[:MAX_WRITES]:
            account.delete_event(link.calendar_id, Written(row.event_id, row.etag))
            with self._db.writing(link.workshop_id) as session:
                if (stored := session.get(SyncedEvent, row.id)) is not None:
                    session.delete(stored)
        return done and len(over) <= MAX_WRITES

    def _compare(
        self, link: CalendarLink, window: Window
    ) -> tuple[list[OwnEvent], dict[UUID, SyncedEvent], list[SyncedEvent]]:
        """(what should be there, what is there by visit, what is there and should not be)."""
        with self._db.reading(link.workshop_id) as session:
            visits = list_visits(
                session, link.workshop_id, window.starts_at, window.ends_at, resource_id=link.resource_id
            )
            wanted = own_events(session, visits)
            rows = session.exec(select(SyncedEvent).where(SyncedEvent.link_id == link.id)).all()
            known = {row.appointment_id: row for row in rows}
            found = session.exec(select(Appointment).where(col(Appointment.id).in_(known)))
            stays = {row.id for row in found if row.technician_id == link.resource_id and is_shown(row)}
        return wanted, known, [row for row in rows if row.appointment_id not in stays]

    def _keep(self, link: CalendarLink, event: OwnEvent, written: Written) -> None:
        with self._db.writing(link.workshop_id) as session:
            if session.get(CalendarLink, link.id) is None:  # disconnected meanwhile
                return
            query = select(SyncedEvent).where(
                SyncedEvent.link_id == link.id, SyncedEvent.appointment_id == event.appointment_id
            )
            row = session.exec(query).first() or SyncedEvent(
                workshop_id=link.workshop_id,
                link_id=link.id,
                appointment_id=event.appointment_id,
                event_id=written.id,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
            )
            row.event_id, row.etag, row.fingerprint = written.id, written.etag, fingerprint_of(event)
            row.starts_at, row.ends_at = event.starts_at, event.ends_at
            session.add(row)


def _write(link: CalendarLink, account: RemoteCalendar, event: OwnEvent, row: SyncedEvent | None) -> Written:
    if row is None:
        return account.put_event(link.calendar_id, event, None)
    event = replace(event, revision=row.revision)
    if row.etag:
        return account.put_event(link.calendar_id, event, Written(row.event_id, row.etag))
    # Gone there, or moved out of sight: where it still is, a second one would be one too many.
    try:
        return account.put_event(link.calendar_id, event, Written(row.event_id, ""))
    except EventChanged:
        return account.put_event(link.calendar_id, event, None)
