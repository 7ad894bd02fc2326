"""Use cases around technicians, bays, loaners and their absences."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.booking.affected import visits_with
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.models import Absence, Resource
from carbot_app.domains.booking.resource_rules import absence_span, clean_absence, clean_resource
from carbot_app.domains.booking.resource_schemas import (
    AbsenceDraft,
    AbsenceSaved,
    AbsenceView,
    AffectedVisit,
    ResourceDraft,
    ResourceSaved,
    ResourceView,
)
from carbot_app.domains.booking.resource_views import absence_view, resource_view
from carbot_app.domains.team.models import Membership
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

_FIELDS = ("name", "abilities", "lift", "plate", "remark", "hours", "person_id", "last_on")


class ResourceService:
    """Seeing needs ``bookings.read``; changing resources ``settings.manage``, absences ``bookings.manage``.

    Who becomes unavailable keeps the booked appointments: they are returned, show as conflicts in the
    calendar, and ``BookingService.unplan`` puts one on the list of work without a time.
    """

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def list_resources(self, actor: Actor) -> list[ResourceView]:
        """Everybody and everything in order of entry, retired ones too, with absences that are not over."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(get_workshop(session, actor.workshop_id).timezone)
            rows = session.exec(
                select(Resource).where(Resource.workshop_id == actor.workshop_id).order_by(col(Resource.id))
            ).all()
            absences = _absences(session, actor, zone, Absence.ends_at > self._clock())
        return [resource_view(row, [one for one in absences if one.resource_id == row.id]) for row in rows]

    def list_absences(self, actor: Actor, *, from_: datetime, to: datetime) -> list[AbsenceView]:
        """Absences that touch [from_, to), in order of start."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(get_workshop(session, actor.workshop_id).timezone)
            return _absences(session, actor, zone, Absence.ends_at > from_, Absence.starts_at < to)

    def add_resource(self, actor: Actor, kind: str, draft: ResourceDraft) -> ResourceView:
        """Raises Invalid (see clean_resource) and Conflict resource_name_taken or person_linked."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            country = get_workshop(session, actor.workshop_id).country
            draft = clean_resource(kind, draft, country=country)
            row = Resource(workshop_id=actor.workshop_id, kind=kind, name=draft.name)
            self._fill(session, actor, row, draft)
            session.add(row)
            session.flush()
            _told(session, actor)
            return resource_view(row)

    def change_resource(self, actor: Actor, resource_id: UUID, draft: ResourceDraft) -> ResourceSaved:
        """Store; returns the visits after a technician's last day.

        Raises NotFound resource_unknown, Invalid and Conflict like add_resource.
        """
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            row = get_resource(session, actor, resource_id)
            draft = clean_resource(row.kind, draft, country=calendar.workshop.country)
            self._fill(session, actor, row, draft)
            session.flush()
            _told(session, actor)
            affected: tuple[AffectedVisit, ...] = ()
            if row.last_on:
                gone = datetime.combine(row.last_on + timedelta(days=1), time(), calendar.rules.zone)
                affected = self._affected(session, actor, calendar, row, gone)
            return ResourceSaved(resource_view(row), affected)

    def list_affected(self, actor: Actor, resource_id: UUID) -> tuple[AffectedVisit, ...]:
        """Visits to come that have the resource. Raises NotFound resource_unknown."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            row = get_resource(session, actor, resource_id)
            return self._affected(session, actor, calendar, row, self._clock())

    def retire(self, actor: Actor, resource_id: UUID) -> ResourceView:
        """Plan with it no more; what happened with it stays.

        Raises NotFound resource_unknown and Conflict resource_has_visits: those still to come have to be
        moved, or the technician gets a last day.
        """
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            row = get_resource(session, actor, resource_id)
            left = self._affected(session, actor, calendar, row, self._clock())
            if left:
                raise Conflict("resource_has_visits", count=len(left))
            row.active, row.person_id = False, None
            _told(session, actor)
            return resource_view(row)

    def restore(self, actor: Actor, resource_id: UUID) -> ResourceView:
        """Plan with a retired one again. Raises NotFound resource_unknown, Conflict resource_name_taken."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = get_resource(session, actor, resource_id)
            _require_free_name(session, row)
            row.active, row.last_on = True, None
            _told(session, actor)
            return resource_view(row)

    def add_absence(self, actor: Actor, resource_id: UUID, draft: AbsenceDraft) -> AbsenceSaved:
        """Enter an absence; it may overlap others and visits, which are returned.

        The very same one twice is stored once. Raises NotFound resource_unknown and Invalid (see
        clean_absence).
        """
        actor.require("bookings.manage")
        draft = clean_absence(draft)
        with self._db.writing(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            resource = get_resource(session, actor, resource_id, lock=True)
            starts_at, ends_at = absence_span(draft, calendar.rules.zone)
            row = session.exec(
                select(Absence).where(
                    Absence.resource_id == resource.id,
                    Absence.starts_at == starts_at,
                    Absence.ends_at == ends_at,
                    Absence.external_id == "",
                )
            ).first() or Absence(
                workshop_id=actor.workshop_id, resource_id=resource.id, starts_at=starts_at, ends_at=ends_at
            )
            row.reason, row.note = draft.reason, draft.note
            session.add(row)
            return self._saved(session, actor, calendar, resource, row)

    def change_absence(self, actor: Actor, absence_id: UUID, draft: AbsenceDraft) -> AbsenceSaved:
        """Raises NotFound absence_unknown, Conflict absence_external, and Invalid (see clean_absence)."""
        actor.require("bookings.manage")
        draft = clean_absence(draft)
        with self._db.writing(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            row = _own_absence(session, actor, absence_id)
            resource = get_resource(session, actor, row.resource_id)
            row.starts_at, row.ends_at = absence_span(draft, calendar.rules.zone)
            row.reason, row.note = draft.reason, draft.note
            return self._saved(session, actor, calendar, resource, row)

    def remove_absence(self, actor: Actor, absence_id: UUID) -> None:
        """Raises NotFound absence_unknown and Conflict absence_external."""
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_own_absence(session, actor, absence_id))
            _told(session, actor)

    def _fill(self, session: Session, actor: Actor, row: Resource, draft: ResourceDraft) -> None:
        for name in _FIELDS:
            setattr(row, name, getattr(draft, name))
        row.abilities = list(draft.abilities)
        _require_free_name(session, row)
        if draft.person_id:
            _require_free_person(session, actor, row, draft.person_id)

    def _saved(
        self, session: Session, actor: Actor, calendar: Calendar, resource: Resource, row: Absence
    ) -> AbsenceSaved:
        session.flush()
        _told(session, actor)
        zone = calendar.rules.zone
        overlapping = _absences(
            session,
            actor,
            zone,
            Absence.resource_id == resource.id,
            Absence.id != row.id,
            Absence.ends_at > row.starts_at,
            Absence.starts_at < row.ends_at,
        )
        affected = self._affected(session, actor, calendar, resource, row.starts_at, row.ends_at)
        return AbsenceSaved(absence_view(row, zone, actor.language), tuple(overlapping), affected)

    def _affected(
        self,
        session: Session,
        actor: Actor,
        calendar: Calendar,
        row: Resource,
        start: datetime,
        end: datetime | None = None,
    ) -> tuple[AffectedVisit, ...]:
        return visits_with(session, calendar, row.id, start, end, now=self._clock(), language=actor.language)


def get_resource(session: Session, actor: Actor, resource_id: UUID, *, lock: bool = False) -> Resource:
    """The row; NotFound("resource_unknown") otherwise. ``lock``: nobody else changes it meanwhile."""
    query = select(Resource).where(Resource.workshop_id == actor.workshop_id, Resource.id == resource_id)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("resource_unknown")
    return row


def _own_absence(session: Session, actor: Actor, absence_id: UUID) -> Absence:
    query = select(Absence).where(Absence.workshop_id == actor.workshop_id, Absence.id == absence_id)
    row = session.exec(query).first()
    if row is None:
        raise NotFound("absence_unknown")
    if row.external_id or row.reason == "external":
        raise Conflict("absence_external")
    return row


def _absences(session: Session, actor: Actor, zone: ZoneInfo, *conditions: object) -> list[AbsenceView]:
    rows: Sequence[Absence] = session.exec(
        select(Absence)
        .where(Absence.workshop_id == actor.workshop_id, *conditions)  # pyright: ignore[reportArgumentType]
        .order_by(col(Absence.starts_at), col(Absence.id))
    ).all()
    return [absence_view(row, zone, actor.language) for row in rows]


def _require_free_name(session: Session, row: Resource) -> None:
    others = select(Resource.name).where(
        Resource.workshop_id == row.workshop_id,
        Resource.kind == row.kind,
        Resource.id != row.id,
        col(Resource.active),
    )
    with session.no_autoflush:
        if row.name.casefold() in {name.casefold() for name in session.exec(others)}:
            raise Conflict("resource_name_taken", field="name")


def _require_free_person(session: Session, actor: Actor, row: Resource, person_id: UUID) -> None:
    with session.no_autoflush:
        member = select(Membership.id).where(
            Membership.workshop_id == actor.workshop_id,
            Membership.person_id == person_id,
            col(Membership.active),
        )
        if session.exec(member).first() is None:
            raise Invalid("person_unknown", field="person_id")
        other = select(Resource.id).where(
            Resource.workshop_id == actor.workshop_id, Resource.person_id == person_id, Resource.id != row.id
        )
        if session.exec(other).first():
            raise Conflict("person_linked", field="person_id")


def _told(session: Session, actor: Actor) -> None:
    emit(session, actor.workshop_id, "resources.changed")
