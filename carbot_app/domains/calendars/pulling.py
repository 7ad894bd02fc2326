"""Takes over what happened in a calendar: busy times, moved and deleted visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.board import PlanningBoard
from carbot_app.domains.booking.board_schemas import Placement
from carbot_app.domains.booking.models import Absence, Appointment
from carbot_app.domains.calendars.matching import (
    Known,
    Meaning,
    Visit,
    absence_key,
    absence_prefix,
    meaning_of,
)
from carbot_app.domains.calendars.models import CalendarLink, SyncedEvent
from carbot_app.domains.calendars.ports import Changes, RemoteEvent, Span, Window
from carbot_app.domains.calendars.visits import is_shown
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError

log = structlog.get_logger()

MAX_NOTICES = 5
_SYNC_PERMISSIONS = frozenset({"bookings.manage", "bookings.read", "catalog.read"})


@dataclass(frozen=True, slots=True)
class _Refused:
    """A move that could not be."""

    visit: Appointment
    wanted: datetime
    code: str


class Puller:
    """Applies changes to one workshop's database."""

    def __init__(self, *, db: Database, booking: PlanningBoard) -> None:
        self._db = db
        self._booking = booking

    def apply(self, link: CalendarLink, changes: Changes, window: Window, *, now: datetime) -> None:
        """Everything of one answer. Moving comes first and by itself: done twice it changes nothing.

        The token is kept in the transaction that notes the rest, so a crash in between means the same
        changes are told again.
        """
        meant = self._meanings(link, [event for event in changes.events if event.appointment_id])
        refused = [
            result
            for event, meaning in meant
            if meaning is Meaning.MOVE and (result := self._move(link, event)) is not None
        ]
        foreign = [event for event, meaning in meant if meaning is Meaning.FOREIGN]
        foreign += [event for event in changes.events if event.appointment_id is None]
        with self._db.writing(link.workshop_id) as session:
            row = session.get(CalendarLink, link.id)
            if row is None:  # disconnected meanwhile
                return
            _block(session, row, foreign, changes, window)
            for event, meaning in meant:
                _note(session, row, event, meaning)
            _note_deleted(session, row, changes, window)
            for result in refused:
                _tell(row, result)
            row.sync_token = changes.token
            if changes.is_full:
                row.full_at = now

    def _meanings(
        self, link: CalendarLink, events: Sequence[RemoteEvent]
    ) -> list[tuple[RemoteEvent, Meaning]]:
        ids = [event.appointment_id for event in events]
        with self._db.reading(link.workshop_id) as session:
            visits = {
                row.id: row for row in session.exec(select(Appointment).where(col(Appointment.id).in_(ids)))
            }
            known = {row.appointment_id: row for row in session.exec(_rows(link.id))}
        return [
            (event, meaning_of(event, _known(known.get(id_)), _visit(visits.get(id_), link)))
            for event in events
            if (id_ := event.appointment_id) is not None
        ]

    def _move(self, link: CalendarLink, event: RemoteEvent) -> _Refused | None:
        assert event.appointment_id is not None
        wanted = event.spans[0].starts_at
        actor = Actor(
            kind="system", workshop_id=link.workshop_id, name=link.name, permissions=_SYNC_PERMISSIONS
        )
        placement = Placement(starts_at=wanted, technician_id=link.resource_id)
        try:
            self._booking.place(actor, event.appointment_id, placement)
        except AppError as error:
            log.info("calendars.move_refused", code=error.code)
            with self._db.reading(link.workshop_id) as session:
                visit = session.get_one(Appointment, event.appointment_id)
            return _Refused(visit, wanted, error.code)
        return None


def _rows(link_id: UUID):
    return select(SyncedEvent).where(SyncedEvent.link_id == link_id)


def _known(row: SyncedEvent | None) -> Known | None:
    return Known(row.event_id, row.etag, row.starts_at, row.ends_at) if row else None


def _visit(row: Appointment | None, link: CalendarLink) -> Visit | None:
    if row is None:
        return None
    return Visit(row.starts_at, here=row.technician_id == link.resource_id and is_shown(row))


def _block(
    session: Session, link: CalendarLink, events: Sequence[RemoteEvent], changes: Changes, window: Window
) -> None:
    """The absences of the technician are those of the events."""
    query = select(Absence).where(
        Absence.resource_id == link.resource_id,
        col(Absence.external_id).startswith(absence_prefix(link.id), autoescape=True),
    )
    there: dict[str, list[Absence]] = {}
    for absence in session.exec(query):
        there.setdefault(absence.external_id, []).append(absence)
    wanted = {absence_key(link.id, event.id): _inside(event, window) for event in events}
    gone = set(there) - set(wanted) if changes.is_full else set()
    gone |= {absence_key(link.id, event_id) for event_id in changes.deleted} & set(there)
    for key in gone - set(wanted):
        for absence in there[key]:
            session.delete(absence)
    for key, spans in wanted.items():
        before = {Span(row.starts_at, row.ends_at): row for row in there.get(key, [])}
        for span, absence in before.items():
            if span not in spans:
                session.delete(absence)
        session.add_all(
            Absence(
                workshop_id=link.workshop_id,
                resource_id=link.resource_id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                reason="external",
                external_id=key,
            )
            for span in dict.fromkeys(spans)
            if span not in before
        )


def _inside(event: RemoteEvent, window: Window) -> tuple[Span, ...]:
    spans = (
        Span(max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at)) for span in event.spans
    )
    return tuple(span for span in spans if span.starts_at < span.ends_at)


def _note(session: Session, link: CalendarLink, event: RemoteEvent, meaning: Meaning) -> None:
    if meaning in (Meaning.NOTHING, Meaning.FOREIGN):
        return
    query = _rows(link.id).where(SyncedEvent.appointment_id == event.appointment_id)
    row = session.exec(query).first()
    span = event.spans[0]
    if row is None:
        assert event.appointment_id is not None
        row = SyncedEvent(
            workshop_id=link.workshop_id,
            link_id=link.id,
            appointment_id=event.appointment_id,
            event_id=event.id,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
    row.etag, row.starts_at, row.ends_at = event.etag, span.starts_at, span.ends_at
    if meaning is not Meaning.NOTE:
        row.fingerprint = ""
    session.add(row)


def _note_deleted(session: Session, link: CalendarLink, changes: Changes, window: Window) -> None:
    """A visit deleted in the calendar is not called off but put back: customers call off, or staff here."""
    there = {event.id for event in changes.events}
    for row in session.exec(_rows(link.id)):
        inside = row.ends_at > window.starts_at and row.starts_at < window.ends_at
        missing = changes.is_full and inside and row.event_id not in there
        if (row.event_id in changes.deleted or missing) and row.etag:
            row.etag, row.fingerprint, row.revision = "", "", row.revision + 1


def _tell(link: CalendarLink, refused: _Refused) -> None:
    notice = {
        "appointment_id": str(refused.visit.id),
        "title": refused.visit.title,
        "at": refused.visit.starts_at.isoformat(),
        "wanted": refused.wanted.isoformat(),
        "code": refused.code,
    }
    others = [other for other in link.notices if other["appointment_id"] != notice["appointment_id"]]
    link.notices = [notice, *others][:MAX_NOTICES]


def forget_absences(session: Session, link: CalendarLink) -> None:
    """The calendar no longer blocks anybody."""
    session.execute(
        delete(Absence).where(
            col(Absence.workshop_id) == link.workshop_id,
            col(Absence.external_id).startswith(absence_prefix(link.id), autoescape=True),
        )
    )
