"""Reminders: a job looks each minute at what lies ahead; the workshop says how long before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CONFIRMED, REQUESTED
from carbot_app.domains.messaging.appointments import AppointmentMessages, quiet_hours
from carbot_app.domains.messaging.attendance import answer_to, risk_of
from carbot_app.domains.messaging.models import MessagingTerms, OutgoingMessage
from carbot_app.domains.messaging.quiet import due_reminder
from carbot_app.domains.messaging.schemas import MessagingTermsView
from carbot_app.domains.messaging.terms import checked, terms_of
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock

_LONGEST_QUIET = timedelta(hours=24)
_TOLD_THE_TIME = ("appointment_booked", "appointment_moved")


class ReminderService:
    """The workshop's terms, and the job that plans by them."""

    def __init__(self, *, db: Database, clock: Clock, messages: AppointmentMessages) -> None:
        self._db = db
        self._clock = clock
        self._messages = messages

    def get_terms(self, actor: Actor) -> MessagingTermsView:
        """When customers are reminded."""
        actor.require("messages.read")
        with self._db.reading(actor.workshop_id) as session:
            return terms_of(session, actor.workshop_id)

    def set_terms(
        self, actor: Actor, *, reminder_hours: Sequence[int], quiet_from: str, quiet_to: str
    ) -> MessagingTermsView:
        """Change them; raises Invalid reminder_hours_invalid, too_many_reminders or quiet_time_invalid."""
        actor.require("settings.manage")
        terms = checked(reminder_hours, quiet_from, quiet_to)
        with self._db.writing(actor.workshop_id) as session:
            query = select(MessagingTerms).where(MessagingTerms.workshop_id == actor.workshop_id)
            row = session.exec(query).first() or MessagingTerms(
                workshop_id=actor.workshop_id, quiet_from="", quiet_to=""
            )
            row.reminder_hours = list(terms.reminder_hours)
            row.quiet_from, row.quiet_to = terms.quiet_from, terms.quiet_to
            session.add(row)
            emit(session, actor.workshop_id, "workshop.changed")
        return terms

    def plan_due(self) -> int:
        """Queue every reminder that is due; returns how many were looked at as due.

        Several processes may run it at once: a reminder has one key per appointment, move and hour.
        """
        with self._db.reading(SYSTEM) as session:
            ids = session.exec(
                select(Appointment.workshop_id)
                .where(
                    col(Appointment.state).in_((REQUESTED, CONFIRMED)), Appointment.starts_at > self._clock()
                )
                .distinct()
            ).all()
        return sum(self._plan_workshop(workshop_id) for workshop_id in ids)

    def _plan_workshop(self, workshop_id: UUID) -> int:
        with self._db.reading(workshop_id) as session:
            due = self._due(session, workshop_id)
        for appointment, kind, key in due:
            try:
                self._messages.queue(appointment, kind, key=key)
            except IntegrityError:
                continue  # another process was faster
        return len(due)

    def _due(self, session: Session, workshop_id: UUID) -> list[tuple[Appointment, str, str]]:
        now, terms = self._clock(), terms_of(session, workshop_id)
        if not terms.reminder_hours:
            return []
        quiet = quiet_hours(session, workshop_id)
        until = now + timedelta(hours=max(terms.reminder_hours)) + _LONGEST_QUIET
        coming = session.exec(
            select(Appointment).where(
                col(Appointment.state).in_((REQUESTED, CONFIRMED)),
                Appointment.starts_at > now,
                Appointment.starts_at <= until,
            )
        ).all()
        told, known = _told_at(session, coming), _known_keys(session, coming)
        found = []
        for row in coming:
            told_at = max(told.get(row.id, row.created_at), row.created_at)
            hours = due_reminder(row.starts_at, terms.reminder_hours, quiet, told_at=told_at, now=now)
            key = f"reminder:{row.moved_count}:{hours}"
            if hours is None or f"{row.id}:{key}" in known:
                continue
            answer = answer_to(session, row)
            if answer != "no":
                found.append((row, _kind(session, row, answer), key))
        return found


def _kind(session: Session, row: Appointment, answer: str) -> str:
    if answer == "yes":
        return "reminder_confirmed"
    return "reminder_required" if risk_of(session, row).must_confirm else "reminder"


def _told_at(session: Session, rows: Sequence[Appointment]) -> dict[UUID, datetime]:
    query = (
        select(OutgoingMessage.appointment_id, func.max(OutgoingMessage.created_at))
        .where(
            col(OutgoingMessage.appointment_id).in_([row.id for row in rows]),
            col(OutgoingMessage.kind).in_(_TOLD_THE_TIME),
        )
        .group_by(col(OutgoingMessage.appointment_id))
    )
    return {appointment_id: at for appointment_id, at in session.exec(query) if appointment_id}


def _known_keys(session: Session, rows: Sequence[Appointment]) -> set[str]:
    query = select(OutgoingMessage.dedupe_key).where(
        col(OutgoingMessage.appointment_id).in_([row.id for row in rows])
    )
    return set(session.exec(query))
