"""What goes by itself: per kind of data, the rows whose time is over; a batch in the session of the job.

A sweep is called until it finds nothing, so each has to remove what it selects.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, or_, select

from carbot_app.db.outbox import OutboxEvent, emit
from carbot_app.domains.analytics.reports.models import ReportRun
from carbot_app.domains.analytics.reports.rows import file_name
from carbot_app.domains.automations.models import AutomationRun
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.booking.models import Appointment, BookingContract, Withdrawal
from carbot_app.domains.booking.states import REQUESTED, UNPLANNED
from carbot_app.domains.calendars.models import SyncedEvent
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.compliance import retention
from carbot_app.domains.compliance.erasing import ORDERED, remove_rows
from carbot_app.domains.compliance.holdings import BY_TABLE
from carbot_app.domains.compliance.models import Erasure, PrivacyExport, RetentionRun
from carbot_app.domains.compliance.person import find_person, find_rows
from carbot_app.domains.conversations.models import Conversation, MessageFile
from carbot_app.domains.conversations.suggestion_models import SuggestedReply
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.diagnostics.models import DiagnosticSession
from carbot_app.domains.mailbox.models import ReceivedMail
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.states import OPEN, SENDING
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.photos.rules import file_names
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.visit_access.models import VisitProof

BATCH = 50
"""Threads or visits in one transaction; others wait no longer than for these."""


@dataclass(slots=True)
class Swept:
    """What a batch removed; files are removed once it is committed."""

    count: int = 0
    files: list[str] = field(default_factory=list)
    disclosures: list[str] = field(default_factory=list)


Sweep = Callable[[Session, UUID, datetime], Swept]


def _chats(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(Conversation.id).where(
        col(Conversation.customer_id).is_(None),
        Conversation.channel == "chat",
        Conversation.last_message_at < before,
        ~exists().where(col(Appointment.conversation_id) == Conversation.id),
    )
    return _remove(session, workshop_id, "conversation", query)


def _enquiry_threads(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    of_thread = or_(
        col(Appointment.conversation_id) == Conversation.id,
        col(Appointment.customer_id) == Conversation.customer_id,
    )
    open_task = and_(Task.conversation_id == Conversation.id, col(Task.done_at).is_(None))
    query = select(Conversation.id).where(
        Conversation.last_message_at < before,
        or_(col(Conversation.snoozed_until).is_(None), col(Conversation.snoozed_until) < before),
        or_(col(Conversation.customer_id).is_not(None), Conversation.channel != "chat"),
        ~exists().where(of_thread, _holds(before)),
        ~exists().where(open_task),
    )
    return _remove(session, workshop_id, "conversation", query)


def _enquiry_visits(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(Appointment.id).where(~_holds(before), ~_is_synced(), Appointment.ends_at < before)
    return _remove(session, workshop_id, "appointment", query)


def _enquiry_calls(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(Callback.id).where(Callback.state != "open", Callback.created_at < before)
    return _remove(session, workshop_id, "callback", query)


def _enquiry_letters(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(OutgoingMessage.id).where(
        col(OutgoingMessage.appointment_id).is_(None),
        col(OutgoingMessage.message_id).is_(None),
        col(OutgoingMessage.state).not_in((*OPEN, SENDING)),
        OutgoingMessage.created_at < before,
    )
    return _remove(session, workshop_id, "outgoing_message", query)


def _people(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    """Customers of whom nothing is left that would need a name."""
    holding = (
        *(Conversation, Appointment, WheelSet, Consent, Callback, Task, WorkOrder, Receivable),
        DiagnosticSession,
    )
    query = select(Customer.id).where(
        Customer.created_at < before,
        col(Customer.merged_into_id).is_(None),
        *(~exists().where(col(table.customer_id) == Customer.id) for table in holding),
        ~exists().where(col(Vehicle.customer_id) == Customer.id, col(WheelSet.vehicle_id) == Vehicle.id),
    )
    swept = Swept()
    for customer_id in session.exec(query.limit(BATCH)).all():
        person = find_person(session, workshop_id, customer_id)
        swept.files += remove_rows(session, person.rows, person.rows)
        swept.disclosures += [f"{one}.zip" for one in person.rows["privacy_export"]]
        swept.count += 1
    return swept


def _order_visits(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    over = select(Appointment).where(Appointment.ends_at < before)
    for visit in session.exec(over.where(_is_synced(), col(Appointment.technician_id).is_not(None))):
        # Its calendar takes the event out; the visit goes in another night
        visit.technician_id = None
        emit(session, workshop_id, "appointment.erased", appointment_id=visit.id)
    ids = select(Appointment.id).where(Appointment.ends_at < before, ~_is_synced())
    return _remove(session, workshop_id, "appointment", ids)


def _order_threads(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(Conversation.id).where(
        Conversation.last_message_at < before,
        ~exists().where(col(Appointment.conversation_id) == Conversation.id),
    )
    return _remove(session, workshop_id, "conversation", query)


def _order_wheels(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(WheelSet.id).where(col(WheelSet.taken_on) < before.date())
    return _remove(session, workshop_id, "wheel_set", query)


def _order_withdrawals(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(Withdrawal.id).where(
        Withdrawal.received_at < before, col(Withdrawal.appointment_id).is_(None)
    )
    return _remove(session, workshop_id, "withdrawal", query)


def _work_orders(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(WorkOrder.id).where(WorkOrder.created_at < before)
    return _remove(session, workshop_id, "work_order", query)


def _invoices(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    """Documents with all that hangs on them; what others still refer to goes after those."""
    later = aliased(Invoice)
    query = select(Invoice.id).where(
        Invoice.issued_on < before.date(),
        # What the database says today is, is what its own guard goes by.
        col(Invoice.keep_until) < func.current_date(),
        ~exists().where(col(later.original_id) == Invoice.id),
    )
    ids = session.exec(query.limit(BATCH)).all()
    for table in (Payment, InvoiceLine, Receivable):
        session.execute(delete(table).where(col(table.invoice_id).in_(ids)))
    session.execute(delete(Invoice).where(col(Invoice.id).in_(ids)))
    for invoice_id in ids:
        emit(session, workshop_id, "invoice.erased", invoice_id=invoice_id)
    return Swept(len(ids))


def _diagnoses(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(DiagnosticSession.id).where(
        DiagnosticSession.started_at < before, col(DiagnosticSession.ended_at).is_not(None)
    )
    return _remove(session, workshop_id, "diagnostic_session", query)


def _consents(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    return _remove(
        session, workshop_id, "consent", select(Consent.id).where(col(Consent.withdrawn_at) < before)
    )


def _voice(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(MessageFile.id).where(
        MessageFile.kind == "voice", MessageFile.reason == "", MessageFile.created_at < before
    )
    ids = session.exec(query.limit(BATCH)).all()
    # The thread goes on saying that there was one
    session.execute(update(MessageFile).where(col(MessageFile.id).in_(ids)).values(reason="old", sha256=""))
    return Swept(len(ids), [name for file_id in ids for name in file_names(file_id)])


def _mail_log(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(ReceivedMail.id).where(
        ReceivedMail.state == "aside", ReceivedMail.created_at < before,
        or_(ReceivedMail.from_address != "", ReceivedMail.original != "", ReceivedMail.subject != ""),
    )  # fmt: skip
    ids = session.exec(query.limit(BATCH)).all()
    shell = dict(BY_TABLE["received_mail"].emptied)
    session.execute(update(ReceivedMail).where(col(ReceivedMail.id).in_(ids)).values(shell))
    return Swept(len(ids))


def _plain(table: Any, *conditions: Callable[[datetime], ColumnElement[bool]]) -> Sweep:
    def sweep(session: Session, workshop_id: UUID, before: datetime) -> Swept:
        query = select(table.id).where(*(condition(before) for condition in conditions))
        ids = session.exec(query.limit(BATCH * 10)).all()
        session.execute(delete(table).where(col(table.id).in_(ids)))
        return Swept(len(ids))

    return sweep


def _exports(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    query = select(PrivacyExport.id).where(PrivacyExport.created_at < before)
    ids = session.exec(query.limit(BATCH)).all()
    session.execute(delete(PrivacyExport).where(col(PrivacyExport.id).in_(ids)))
    return Swept(len(ids), disclosures=[f"{one}.zip" for one in ids])


def _reports(session: Session, workshop_id: UUID, before: datetime) -> Swept:
    rows = session.exec(select(ReportRun).where(ReportRun.created_at < before).limit(BATCH)).all()
    for row in rows:
        # Its file goes with the event
        emit(session, workshop_id, "report.erased", file=file_name(row))
        session.delete(row)
    return Swept(len(rows))


SWEEPS: dict[str, tuple[Sweep, ...]] = {
    retention.CHAT: (_chats,),
    retention.VOICE: (_voice,),
    retention.ENQUIRY: (_enquiry_threads, _enquiry_visits, _enquiry_calls, _enquiry_letters, _people),
    retention.ORDER: (_order_visits, _order_threads, _order_wheels, _order_withdrawals, _work_orders),
    retention.INVOICE: (_invoices,),
    retention.DIAGNOSTICS: (_diagnoses,),
    retention.CONSENT: (_consents,),
    retention.LOG: (
        _plain(OutboxEvent, lambda before: col(OutboxEvent.delivered_at) < before),
        _plain(AutomationRun, lambda before: col(AutomationRun.created_at) < before),
        _plain(SuggestedReply, lambda before: col(SuggestedReply.settled_at) < before),
        _plain(VisitProof, lambda before: col(VisitProof.expires_at) < before),
        _mail_log,
    ),
    retention.EXPORT: (_exports,),
    retention.PROOF: (
        _plain(RetentionRun, lambda before: col(RetentionRun.at) < before),
        _plain(Erasure, lambda before: col(Erasure.created_at) < before),
    ),
    retention.REPORT: (_reports,),
}
"""Kind → what finds it, in the order of the night."""


def _remove(session: Session, workshop_id: UUID, table: str, query: Any) -> Swept:
    ids: Sequence[UUID] = session.exec(query.limit(BATCH)).all()
    if not ids:
        return Swept()
    rows = find_rows(session, workshop_id, {table: ids})
    return Swept(len(ids), remove_rows(session, rows, rows))


def _holds(before: datetime) -> ColumnElement[bool]:
    """A visit that was ordered, or may still be."""
    has_contract = exists().where(col(BookingContract.appointment_id) == Appointment.id)
    pending = and_(col(Appointment.state).in_((UNPLANNED, REQUESTED)), col(Appointment.ends_at) >= before)
    return or_(col(Appointment.state).in_(ORDERED), has_contract, pending)


def _is_synced() -> ColumnElement[bool]:
    return exists().where(col(SyncedEvent.appointment_id) == Appointment.id)
