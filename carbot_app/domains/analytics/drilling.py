"""The records behind a figure, newest first, in pages.

Most figures count events, and their rows are the events that stand: so rows and figure agree, also where the
record was erased since. A cursor is instant and id of the last row shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, func, or_, select

from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.charts import instants
from carbot_app.domains.analytics.drill_records import (
    describe,
    invoice_href,
    names_of,
    plates_of,
    visit_href,
)
from carbot_app.domains.analytics.figures import sums
from carbot_app.domains.analytics.kpis import STEPS, asked_by
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.schemas import DrillPage, DrillRow, Filters, Span
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.kit.errors import Invalid

MOST_ROWS = 200
_DOCUMENTS = {kinds.INVOICED, kinds.ORDER_CLOSED}
"""Their day is the one printed on the document, whenever the event came."""
BEHIND: dict[str, tuple[str, ...]] = {
    "new_leads": (kinds.LEAD,),
    "conversion": (kinds.LEAD_WON,),
    "chat_volume": (kinds.MESSAGE_IN, kinds.MESSAGE_OUT),
    "first_response": (kinds.ANSWERED,),
    "assistant_solved": (kinds.ANSWERED,),
    "bookings": (kinds.BOOKED,),
    "no_show": (kinds.NO_SHOW,),
    "revenue": (kinds.INVOICED,),
    "average_order": (kinds.ORDER_CLOSED,),
    "hours_sold": (kinds.INVOICED,),
    "declined_value": (kinds.JOB_DECLINED,),
    "rating": (kinds.RATED,),
    "returning": (kinds.RETURNING,),
    **{code: step.kinds for code, step in STEPS.items()},
}
"""Figure → kinds whose events are its rows; utilisation has visits, open_items documents."""
Cursor = tuple[datetime, UUID]
_Found = tuple[list[tuple[DrillRow, UUID]], int]
"""Rows with their ids, one more than are shown, and how many there are without a cursor."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A question about the rows behind a figure."""

    code: str
    span: Span
    filters: Filters
    limit: int
    before: Cursor | None
    rules: OpeningRules

    def cut(self, query: Any, at: Any, row_id: Any) -> Any:
        """The rows of a query that come after the cursor, one more than are shown."""
        if self.before is not None:
            instant, last = self.before
            query = query.where(or_(at < instant, and_(at == instant, row_id < last)))
        return query.order_by(at.desc(), row_id.desc()).limit(self.limit + 1)


def read_rows(session: Session, drill: Drill) -> DrillPage:
    """A page of rows, and how many there are in all."""
    found, total = _READERS.get(drill.code, _events)(session, drill)
    shown = found[: drill.limit]
    after = ""
    if len(found) > drill.limit:
        row, row_id = shown[-1]
        after = f"{row.at.isoformat()}_{row_id}"
    return DrillPage(tuple(row for row, _ in shown), after, total)


def parse_cursor(text: str) -> Cursor | None:
    """Instant and id of a cursor; None when it is empty.

    Raises:
        Invalid: ``cursor_invalid``.
    """
    if not text:
        return None
    try:
        instant, row_id = text.split("_")
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise ValueError(text)
        return at, UUID(row_id)
    except ValueError:
        raise Invalid("cursor_invalid", field="after") from None


def _events(session: Session, drill: Drill) -> _Found:
    events: list[AnalyticsEvent] = []
    for kind in BEHIND[drill.code]:
        query = select(AnalyticsEvent).where(*_standing(drill, kind))
        if kind not in _DOCUMENTS:
            # As instants come, so do their days: with them the index tells the newest, and no year is sorted
            query = query.order_by(col(AnalyticsEvent.day).desc())
            if drill.before is not None:
                query = query.where(AnalyticsEvent.day <= drill.rules.local_date(drill.before[0]))
        events += session.exec(drill.cut(query, col(AnalyticsEvent.occurred_at), col(AnalyticsEvent.id)))
    events.sort(key=lambda event: (event.occurred_at, event.id), reverse=True)
    events = events[: drill.limit + 1]
    rows = describe(session, events, drill.rules.zone)
    return list(zip(rows, (event.id for event in events), strict=True)), _count(session, drill)


def _count(session: Session, drill: Drill) -> int:
    """From the sums, which are quicker than counting; they do not know which documents have work in them."""
    if drill.code == "hours_sold":
        query = select(func.count()).select_from(AnalyticsEvent)
        return session.exec(query.where(*_standing(drill, kinds.INVOICED))).one()
    asked = BEHIND[drill.code]
    if drill.code == "assistant_solved":
        asked = (kinds.ANSWERED, kinds.HANDED_OVER)
    counted = {kind: one.events for (kind,), one in sums(session, drill.span, asked, drill.filters).items()}
    return sum(-many if kind == kinds.HANDED_OVER else many for kind, many in counted.items())


def _standing(drill: Drill, kind: str) -> list[ColumnElement[bool]]:
    """Events of a kind that were not taken back and pass the filters."""
    filters, table = drill.filters, AnalyticsEvent
    later = aliased(AnalyticsEvent)
    taken_back = exists().where(
        col(later.workshop_id) == table.workshop_id,
        col(later.kind) == table.kind,
        col(later.subject_id) == table.subject_id,
        col(later.part) == table.part,
        col(later.revision) == table.revision + 1,
    )
    found = [
        col(table.kind) == kind,
        col(table.sign) == 1,
        col(table.day).between(drill.span.first, drill.span.last),
        ~taken_back,
    ]
    if kind not in _DOCUMENTS:
        start, end = instants(drill.rules, drill.span)
        found += [col(table.occurred_at) >= start, col(table.occurred_at) < end]
    by_parts = kinds.counted_by_parts(kind, asked_by(filters))
    if by_parts is not None:
        found.append(col(table.part) != "" if by_parts else col(table.part) == "")
    for column, value in (
        (col(table.channel), filters.channel or None),
        (col(table.service_code), filters.service_code or None),
        (col(table.technician_id), filters.technician_id),
        (col(table.hour), filters.hour),
    ):
        if value is not None:
            found.append(column == value)
    if filters.weekday is not None:
        found.append(func.extract("dow", col(table.day)) == (filters.weekday + 1) % 7)
    if drill.code == "hours_sold":
        found.append(col(table.quantity) != 0)
    if drill.code == "assistant_solved":
        found.append(~_handed_over())
    return found


def _handed_over() -> ColumnElement[bool]:
    """Whether a person had to take over the thread, and that still stands."""
    given = aliased(AnalyticsEvent)
    total = (
        select(func.coalesce(func.sum(col(given.sign)), 0))
        .where(
            given.workshop_id == AnalyticsEvent.workshop_id,
            given.kind == kinds.HANDED_OVER,
            given.subject_id == AnalyticsEvent.subject_id,
        )
        .scalar_subquery()
    )
    return total > 0


def _visits(session: Session, drill: Drill) -> _Found:
    """Visits that took a technician's time; ``quantity``: minutes of work as planned."""
    start, end = instants(drill.rules, drill.span)
    query = select(Appointment.starts_at, Appointment.ends_at, Appointment.id).where(
        Appointment.starts_at < end, Appointment.ends_at > start, col(Appointment.state).not_in(FREE_STATES)
    )
    if drill.filters.technician_id is not None:
        query = query.where(Appointment.technician_id == drill.filters.technician_id)
    ordered = query.order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
    asked = [(at, visit_id) for at, until, visit_id in session.exec(ordered) if _touches(drill, at, until)]
    left = [one for one in asked if drill.before is None or one < drill.before][: drill.limit + 1]
    rows = session.exec(
        select(Appointment).where(col(Appointment.id).in_([visit_id for _, visit_id in left]))
    )
    by_id = {row.id: row for row in rows}
    visits = [by_id[visit_id] for _, visit_id in left]
    names = names_of(session, (visit.customer_id for visit in visits))
    plates = plates_of(session, (visit.vehicle_id for visit in visits))
    shown = [
        DrillRow(
            at=visit.starts_at,
            title=names.get(visit.customer_id, ""),
            detail=visit.title,
            plate=plates.get(visit.vehicle_id, ""),
            quantity=visit.minutes or int((visit.ends_at - visit.starts_at).total_seconds() // 60),
            amount_cents=visit.price_max_cents,
            href=visit_href(visit, drill.rules.zone),
        )
        for visit in visits
    ]
    return list(zip(shown, (visit.id for visit in visits), strict=True)), len(asked)


def _touches(drill: Drill, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a visit is on the weekday and in the hour that was asked for; of a longer one its first day."""
    first, last = starts_at.astimezone(drill.rules.zone), ends_at.astimezone(drill.rules.zone)
    hour, weekday = drill.filters.hour, drill.filters.weekday
    if weekday is not None and first.weekday() != weekday:
        return False
    if hour is None or first.date() != last.date():
        return True
    return first.hour <= hour and (last.hour, last.minute) > (hour, 0)


def _owed(session: Session, drill: Drill) -> _Found:
    """Documents that were open at the end of the last day; ``amount_cents``: what was left of each."""
    paid = (
        select(func.coalesce(func.sum(col(Payment.amount_cents)), 0))
        .where(Payment.invoice_id == Receivable.invoice_id, Payment.received_on <= drill.span.last)
        .correlate(Receivable)
        .scalar_subquery()
    )
    left = col(Receivable.due_cents) - paid
    is_open = (
        Receivable.issued_on <= drill.span.last,
        or_(and_(col(Receivable.due_cents) >= 0, left > 0), and_(col(Receivable.due_cents) < 0, left < 0)),
    )
    query = select(Receivable, left).where(*is_open)
    total = session.exec(select(func.count()).select_from(Receivable).where(*is_open)).one()
    if drill.before is not None:
        instant, last = drill.before
        on = instant.astimezone(drill.rules.zone).date()
        query = query.where(
            or_(Receivable.issued_on < on, and_(Receivable.issued_on == on, Receivable.id < last))
        )
    query = query.order_by(col(Receivable.issued_on).desc(), col(Receivable.id).desc())
    rows = session.exec(query.limit(drill.limit + 1)).all()
    shown = [
        DrillRow(
            at=_midnight(row.issued_on, drill.rules),
            title=row.buyer_name,
            detail=row.number,
            plate=row.plate,
            quantity=1,
            amount_cents=int(cents),
            href=invoice_href(row.invoice_id),
        )
        for row, cents in rows
    ]
    return list(zip(shown, (row.id for row, _ in rows), strict=True)), total


def _midnight(day: date, rules: OpeningRules) -> datetime:
    return datetime.combine(day, time.min, rules.zone)


_READERS: dict[str, Callable[[Session, Drill], _Found]] = {"utilisation": _visits, "open_items": _owed}
