"""The records facts come from: which there are, and reading some of them with all their facts need."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, func, or_, select

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.facts import (
    Context,
    Fact,
    channel_of,
    facts_of_invoice,
    facts_of_lead,
    facts_of_message,
    facts_of_order,
    facts_of_payment,
    facts_of_rating,
    facts_of_thread,
    facts_of_visit,
)
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import DONE
from carbot_app.domains.catalog.models import PriceTerms, Service
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.reckoning import Setting, job_gross
from carbot_app.domains.orders.rows import line_input, read_contents
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.tax.vat import SMALL_BUSINESS
from carbot_app.domains.team.models import Workshop

DEPOSIT = "deposit"
Read = Callable[[Session, ZoneInfo, Collection[UUID]], tuple[set[UUID], list[Fact]]]
"""(session, zone, ids) → (those of them there are, all they say)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table of records. ``kinds``: of all its facts; ``touched``: rows that may have changed since."""

    table: Any
    kinds: tuple[str, ...]
    read: Read
    touched: Callable[[datetime], ColumnElement[bool]]

    def ids_after(
        self, session: Session, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[UUID]:
        """Ids in their order, of a page."""
        query = select(self.table.id).order_by(self.table.id).limit(limit)
        if after is not None:
            query = query.where(self.table.id > after)
        if since is not None:
            query = query.where(self.touched(since))
        return session.exec(query).all()


def _leads(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    came = exists().where(
        col(Appointment.conversation_id) == Lead.conversation_id, col(Appointment.state) == DONE
    )
    query = (
        select(Lead, col(Conversation.first_answer_at).is_not(None), came)
        .join(Conversation, col(Conversation.id) == Lead.conversation_id)
        .where(col(Lead.id).in_(ids))
    )
    rows = session.exec(query).all()
    return {row.id for row, _, _ in rows}, [
        one
        for row, is_answered, has_come in rows
        for one in facts_of_lead(row, answered=is_answered, came=has_come, zone=zone)
    ]


def _threads(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    rows = _rows(session, Conversation, ids)
    return {row.id for row in rows}, [one for row in rows for one in facts_of_thread(row, zone)]


def _messages(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    query = (
        select(Message, Conversation.customer_id)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(col(Message.id).in_(ids))
    )
    rows = session.exec(query).all()
    return {row.id for row, _ in rows}, [
        one for row, customer_id in rows for one in facts_of_message(row, customer_id, zone)
    ]


def _visits(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    rows = _rows(session, Appointment, ids)
    came_again = _returning(session, [row.id for row in rows if row.state == DONE])
    channels = _channels(session, rows)
    weights = _weights(session, {code for row in rows for code in row.service_codes})
    return {row.id for row in rows}, [
        one
        for row in rows
        for one in facts_of_visit(row, Context(channels[row.id], row.id in came_again, weights), zone)
    ]


def _invoices(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    original = aliased(Invoice)
    query = (
        select(Invoice, Receivable.customer_id, Receivable.order_id)
        .outerjoin(Receivable, col(Receivable.invoice_id) == Invoice.id)
        .outerjoin(original, col(original.id) == Invoice.original_id)
        .where(
            col(Invoice.id).in_(ids),
            Invoice.kind != DEPOSIT,
            or_(col(original.kind).is_(None), original.kind != DEPOSIT),
        )
    )
    rows = session.exec(query).all()
    contexts = _of_orders(session, {order_id for _, _, order_id in rows})
    lines: dict[UUID, list[InvoiceLine]] = {row.id: [] for row, _, _ in rows}
    for line in session.exec(select(InvoiceLine).where(col(InvoiceLine.invoice_id).in_(list(lines)))):
        lines[line.invoice_id].append(line)
    return set(lines), [
        one
        for row, customer_id, order_id in rows
        for one in facts_of_invoice(row, lines[row.id], contexts[order_id], customer_id, zone)
    ]


def _payments(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    query = (
        select(Payment, Receivable.customer_id, Receivable.order_id)
        .outerjoin(Receivable, col(Receivable.invoice_id) == Payment.invoice_id)
        .where(col(Payment.id).in_(ids))
    )
    rows = session.exec(query).all()
    contexts = _of_orders(session, {order_id for _, _, order_id in rows})
    return {row.id for row, _, _ in rows}, [
        one
        for row, customer_id, order_id in rows
        for one in facts_of_payment(row, contexts[order_id], customer_id, zone)
    ]


def _orders(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    rows = _rows(session, WorkOrder, ids)
    contents = read_contents(session, [row.id for row in rows])
    contexts = _of_orders(session, [row.id for row in rows])
    documents = {row.invoice_id for row in rows if row.invoice_id}
    billed: dict[UUID | None, Invoice] = {row.id: row for row in _rows(session, Invoice, documents)}
    workshop = session.get_one(Workshop, session.info["workshop_id"])
    terms = session.exec(select(PriceTerms)).first()
    is_small = terms is not None and terms.vat_regime == SMALL_BUSINESS

    def setting(decided_at: datetime) -> Setting:
        return Setting(workshop.country, is_small, decided_at.astimezone(zone).date())

    found: list[Fact] = []
    for row in rows:
        content = contents[row.id]
        jobs = [
            (job, job_gross([line_input(line) for line in content.of(job)], setting(job.decided_at)))
            for job in content.jobs
            if job.decided_at is not None
        ]
        found += facts_of_order(row, jobs, billed.get(row.invoice_id), contexts[row.id], zone)
    return {row.id for row in rows}, found


def _ratings(session: Session, zone: ZoneInfo, ids: Collection[UUID]) -> tuple[set[UUID], list[Fact]]:
    query = (
        select(VisitRating, Appointment)
        .join(Appointment, col(Appointment.id) == VisitRating.appointment_id)
        .where(col(VisitRating.id).in_(ids))
    )
    rows = session.exec(query).all()
    channels = _channels(session, [visit for _, visit in rows])
    return {rating.id for rating, _ in rows}, [
        one
        for rating, visit in rows
        for one in facts_of_rating(rating, visit, Context(channels[visit.id]), zone)
    ]


SOURCES: Mapping[str, Source] = {
    "thread": Source(
        Conversation,
        (kinds.ANSWERED, kinds.HANDED_OVER),
        _threads,
        lambda since: col(Conversation.last_message_at) >= since,
    ),
    "message": Source(
        Message,
        (kinds.MESSAGE_IN, kinds.MESSAGE_OUT),
        _messages,
        lambda since: col(Message.created_at) >= since,
    ),
    "lead": Source(
        Lead,
        (kinds.LEAD, kinds.LEAD_WON, kinds.ASKED, kinds.UNOFFERED, *kinds.FUNNEL),
        _leads,
        lambda since: or_(
            col(Lead.created_at) >= since, col(Lead.booked_at) >= since, col(Lead.closed_at) >= since
        ),
    ),
    "visit": Source(
        Appointment,
        (kinds.BOOKED, kinds.VISITED, kinds.RETURNING, kinds.CANCELLED, kinds.NO_SHOW),
        _visits,
        lambda since: or_(col(Appointment.created_at) >= since, col(Appointment.starts_at) >= since),
    ),
    "invoice": Source(Invoice, (kinds.INVOICED,), _invoices, lambda since: col(Invoice.created_at) >= since),
    "payment": Source(Payment, (kinds.PAID,), _payments, lambda since: col(Payment.created_at) >= since),
    "order": Source(
        WorkOrder,
        (kinds.ORDER_CLOSED, kinds.JOB_ACCEPTED, kinds.JOB_DECLINED),
        _orders,
        lambda since: col(WorkOrder.created_at) >= since,
    ),
    "rating": Source(VisitRating, (kinds.RATED,), _ratings, lambda since: col(VisitRating.rated_at) >= since),
}


def next_visits(session: Session, visit_id: UUID) -> Sequence[UUID]:
    """The customer's visit after this one: whether that was a return depends on this one."""
    visit = session.exec(select(Appointment).where(Appointment.id == visit_id)).first()
    if visit is None:
        return ()
    query = select(Appointment.id).where(
        Appointment.customer_id == visit.customer_id,
        Appointment.state == DONE,
        Appointment.starts_at > visit.starts_at,
    )
    return session.exec(query.order_by(col(Appointment.starts_at)).limit(1)).all()


def leads_of(session: Session, conversation_id: UUID) -> Sequence[UUID]:
    """The lead of a thread, if it has one: an answer or a visit takes it further."""
    return session.exec(select(Lead.id).where(Lead.conversation_id == conversation_id)).all()


def unrecorded_messages(session: Session, conversation_ids: Collection[UUID]) -> Sequence[UUID]:
    """Messages of these threads that are no event yet; what was recorded of one never changes."""
    recorded = exists().where(
        col(AnalyticsEvent.kind).in_(SOURCES["message"].kinds),
        col(AnalyticsEvent.subject_id) == Message.id,
    )
    query = select(Message.id).where(col(Message.conversation_id).in_(conversation_ids), ~recorded)
    return session.exec(query).all()


def _rows(session: Session, table: type[Any], ids: Collection[UUID]) -> Sequence[Any]:
    return session.exec(select(table).where(col(table.id).in_(ids))).all() if ids else ()


def _returning(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Of these visits: those with an earlier one, and those that had one when it was recorded."""
    earlier = aliased(Appointment)
    had = exists().where(
        col(earlier.customer_id) == Appointment.customer_id,
        col(earlier.state) == DONE,
        or_(
            col(earlier.starts_at) < Appointment.starts_at,
            and_(col(earlier.starts_at) == Appointment.starts_at, col(earlier.id) < Appointment.id),
        ),
    )
    found = set(session.exec(select(Appointment.id).where(col(Appointment.id).in_(ids), had)))
    recorded = select(AnalyticsEvent.subject_id).where(
        AnalyticsEvent.kind == kinds.RETURNING, col(AnalyticsEvent.subject_id).in_(ids)
    )
    return found | set(session.exec(recorded))


def _channels(session: Session, visits: Iterable[Appointment]) -> dict[UUID, str]:
    rows = list(visits)
    threads = {row.conversation_id for row in rows if row.conversation_id}
    query = select(Conversation.id, Conversation.channel).where(col(Conversation.id).in_(threads))
    known: dict[UUID | None, str] = dict(session.exec(query).all()) if threads else {}
    return {row.id: channel_of(row, known.get(row.conversation_id, "")) for row in rows}


def _weights(session: Session, codes: Collection[str]) -> Mapping[str, tuple[int, int]]:
    if not codes:
        return {}
    query = select(Service.code, Service.minutes, Service.price_max_cents)
    found = session.exec(query.where(col(Service.code).in_(codes)))
    return {code: (minutes, cents) for code, minutes, cents in found}


def _of_orders(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, Context]:
    """Orders are of the channel of their visit, or of the thread they came from; an unknown one of none."""
    found: dict[UUID | None, Context] = dict.fromkeys(ids, Context())
    known = [order_id for order_id in ids if order_id]
    thread_id = func.coalesce(Appointment.conversation_id, WorkOrder.conversation_id)
    query = (
        select(WorkOrder.id, Appointment, Conversation.channel)
        .outerjoin(Appointment, col(Appointment.id) == WorkOrder.appointment_id)
        .outerjoin(Conversation, col(Conversation.id) == thread_id)
        .where(col(WorkOrder.id).in_(known))
    )
    for order_id, visit, channel in session.exec(query) if known else ():
        found[order_id] = Context(channel_of(visit, channel or "") if visit else channel or "")
    return found
