"""What the rows behind a figure say of their records, and where each record is shown."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.schemas import DrillRow
from carbot_app.domains.billing.models import Invoice, Receivable
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.models import OrderJob, WorkOrder
from carbot_app.domains.ratings.models import VisitRating

_WORDS = 160


@dataclass(frozen=True, slots=True)
class Record:
    """A record in the words of the workshop. ``amount_cents``: where the event has none."""

    detail: str
    href: str
    vehicle_id: UUID | None = None
    plate: str = ""
    amount_cents: int = 0


Records = Mapping[UUID, Record]
_Reader = Callable[[Session, Collection[UUID], ZoneInfo], Records]


def describe(session: Session, events: Sequence[AnalyticsEvent], zone: ZoneInfo) -> list[DrillRow]:
    """A row for every event; one whose record is gone has neither words nor a page."""
    records: dict[tuple[str, UUID], Record] = {}
    for kind in {event.kind for event in events}:
        subjects = {_subject(event) for event in events if event.kind == kind}
        found = _READERS[kind](session, subjects, zone)
        records |= {(kind, subject): record for subject, record in found.items()}
    told = [records.get((event.kind, _subject(event))) for event in events]
    names = names_of(session, (event.customer_id for event in events))
    plates = plates_of(session, (one.vehicle_id for one in told if one))
    return [
        DrillRow(
            at=event.occurred_at,
            title=names.get(event.customer_id, ""),
            detail=one.detail if one else "",
            plate=(one.plate or plates.get(one.vehicle_id, "")) if one else "",
            quantity=event.quantity,
            amount_cents=event.amount_cents or (one.amount_cents if one else 0),
            href=one.href if one else "",
        )
        for event, one in zip(events, told, strict=True)
    ]


def names_of(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of customers."""
    query = select(Customer.id, Customer.name).where(col(Customer.id).in_(set(ids) - {None}))
    return dict(session.exec(query).all())


def plates_of(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Plates of cars."""
    query = select(Vehicle.id, Vehicle.plate).where(col(Vehicle.id).in_(set(ids) - {None}))
    return dict(session.exec(query).all())


def visit_href(visit: Appointment, zone: ZoneInfo) -> str:
    """The visit in the calendar."""
    return f"/kalender/?on={visit.starts_at.astimezone(zone).date().isoformat()}&termin={visit.id}"


def invoice_href(invoice_id: UUID) -> str:
    """The document over the list of invoices."""
    return f"/rechnungen/?rechnung={invoice_id}"


def _subject(event: AnalyticsEvent) -> UUID:
    """Decisions are counted per order and part; what is shown is the job."""
    return UUID(event.part) if event.kind in _JOBS else event.subject_id


def _thread_href(conversation_id: UUID | None) -> str:
    return f"/posteingang/?c={conversation_id}" if conversation_id else ""


def _leads(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    return {
        row.id: Record(
            row.wish[:_WORDS],
            _thread_href(row.conversation_id),
            row.vehicle_id,
            amount_cents=row.value_max_cents,
        )
        for row in _rows(session, Lead, ids)
    }


def _threads(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    return {
        row.id: Record(row.last_text[:_WORDS], _thread_href(row.id))
        for row in _rows(session, Conversation, ids)
    }


def _messages(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    return {
        row.id: Record(row.text[:_WORDS], _thread_href(row.conversation_id))
        for row in _rows(session, Message, ids)
    }


def _visits(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    return {
        row.id: Record(row.title, visit_href(row, zone), row.vehicle_id)
        for row in _rows(session, Appointment, ids)
    }


def _ratings(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    rows = session.exec(
        select(VisitRating, Appointment)
        .join(Appointment, col(Appointment.id) == VisitRating.appointment_id)
        .where(col(VisitRating.id).in_(ids))
    )
    return {
        rating.id: Record((rating.comment or visit.title)[:_WORDS], visit_href(visit, zone), visit.vehicle_id)
        for rating, visit in rows
    }


def _invoices(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    rows = session.exec(
        select(Invoice.id, Invoice.number, Receivable.plate)
        .join(Receivable, col(Receivable.invoice_id) == Invoice.id)
        .where(col(Invoice.id).in_(ids))
    )
    return {row_id: Record(number, invoice_href(row_id), plate=plate) for row_id, number, plate in rows}


def _orders(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    return {
        row.id: Record(_order_words(row, row.title), _order_href(row), row.vehicle_id)
        for row in _rows(session, WorkOrder, ids)
    }


def _jobs(session: Session, ids: Collection[UUID], zone: ZoneInfo) -> Records:
    rows = session.exec(
        select(OrderJob, WorkOrder)
        .join(WorkOrder, col(WorkOrder.id) == OrderJob.order_id)
        .where(col(OrderJob.id).in_(ids))
    )
    return {
        job.id: Record(_order_words(order, job.title), _order_href(order), order.vehicle_id)
        for job, order in rows
    }


def _order_words(order: WorkOrder, title: str) -> str:
    return " · ".join(filter(None, (order.number, title)))[:_WORDS]


def _order_href(order: WorkOrder) -> str:
    return f"/auftraege/auftrag/?id={order.id}"


def _rows(session: Session, table: type[Any], ids: Collection[UUID]) -> Sequence[Any]:
    return session.exec(select(table).where(col(table.id).in_(ids))).all()


_JOBS = {kinds.JOB_ACCEPTED, kinds.JOB_DECLINED}
_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys((kinds.LEAD, kinds.LEAD_WON, kinds.ASKED, *kinds.FUNNEL), _leads),
    kinds.ANSWERED: _threads,
    **dict.fromkeys((kinds.MESSAGE_IN, kinds.MESSAGE_OUT), _messages),
    **dict.fromkeys((kinds.BOOKED, kinds.VISITED, kinds.NO_SHOW, kinds.RETURNING), _visits),
    kinds.RATED: _ratings,
    kinds.INVOICED: _invoices,
    kinds.ORDER_CLOSED: _orders,
    **dict.fromkeys(_JOBS, _jobs),
}
