"""Everything that happened with a customer, newest first, in pages.

A cursor is instant and id of the last item shown: what arrives meanwhile moves no page. Each kind reads its
own newest rows after the cursor; together they are merged and cut.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CANCELLED, DONE, IN_WORK, NO_SHOW
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customer_file.schemas import TimelineItem, TimelinePage
from carbot_app.domains.customers.models import Consent, Customer
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.errors import Invalid

_TEXT = 240
_REPLY = "thread.reply"
"""Mails of this kind carry a message that is in its thread already."""
Cursor = tuple[datetime, UUID]
Reader = Callable[[Session, Customer, "_Page"], list[TimelineItem]]


class _Page:
    """Cuts a query to what comes after the cursor."""

    def __init__(self, before: Cursor | None, limit: int, now: datetime) -> None:
        self.before, self.limit, self.now = before, limit, now

    def cut(self, query: Any, at: Any, row_id: Any) -> Any:
        if self.before is not None:
            instant, last = self.before
            query = query.where(or_(at < instant, and_(at == instant, row_id < last)))
        return query.order_by(at.desc(), row_id.desc()).limit(self.limit)


def read_timeline(
    session: Session, customer: Customer, *, kinds: Collection[str], before: str, limit: int, now: datetime
) -> TimelinePage:
    """A page of the kinds asked for; none: all.

    Raises:
        Invalid: ``cursor_invalid``.
    """
    page = _Page(parse_cursor(before), limit + 1, now)
    found = [
        item
        for kind, read in _READERS.items()
        if not kinds or kind in kinds
        for item in read(session, customer, page)
    ]
    found.sort(key=lambda item: (item.at, item.id), reverse=True)
    shown = found[:limit]
    more = len(found) > limit
    return TimelinePage(tuple(shown), _cursor(shown[-1]) if more else "")


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
        raise Invalid("cursor_invalid", field="before") from None


def _cursor(item: TimelineItem) -> str:
    return f"{item.at.isoformat()}_{item.id}"


def _messages(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = (
        select(Message)
        .join(Conversation, col(Conversation.id) == Message.conversation_id)
        .where(Conversation.customer_id == customer.id, Message.author != "system", Message.text != "")
    )
    return [
        TimelineItem(
            "message",
            row.id,
            row.created_at,
            row.text[:_TEXT],
            state=row.author,
            actor=row.author_name,
            conversation_id=row.conversation_id,
        )
        for row in session.exec(page.cut(query, col(Message.created_at), col(Message.id)))
    ]


def _calls(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = select(Callback).where(Callback.customer_id == customer.id)
    return [
        TimelineItem("call", row.id, row.created_at, row.note[:_TEXT], state=row.state, actor=row.handled_by)
        for row in session.exec(page.cut(query, col(Callback.created_at), col(Callback.id)))
    ]


def _bookings(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = select(Appointment).where(Appointment.customer_id == customer.id)
    return [
        TimelineItem("booking", row.id, row.created_at, row.title, state=row.source, appointment_id=row.id)
        for row in session.exec(page.cut(query, col(Appointment.created_at), col(Appointment.id)))
    ]


def _visits(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = select(Appointment).where(
        Appointment.customer_id == customer.id,
        col(Appointment.state).in_((DONE, IN_WORK, NO_SHOW, CANCELLED)),
        Appointment.starts_at <= page.now,
    )
    return [
        TimelineItem("visit", row.id, row.starts_at, row.title, state=row.state, appointment_id=row.id)
        for row in session.exec(page.cut(query, col(Appointment.starts_at), col(Appointment.id)))
    ]


def _mails(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    visits = select(Appointment.id).where(Appointment.customer_id == customer.id)
    query = select(OutgoingMessage).where(
        col(OutgoingMessage.appointment_id).in_(visits), OutgoingMessage.kind != _REPLY
    )
    return [
        TimelineItem("mail", row.id, row.created_at, row.subject or row.text[:_TEXT], state=row.channel)
        for row in session.exec(page.cut(query, col(OutgoingMessage.created_at), col(OutgoingMessage.id)))
    ]


def _consents(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = select(Consent).where(Consent.customer_id == customer.id)
    given = [
        TimelineItem("consent", row.id, row.given_at, row.kind, state="given", actor=row.noted_by)
        for row in session.exec(page.cut(query, col(Consent.given_at), col(Consent.id)))
    ]
    ended = query.where(col(Consent.withdrawn_at).is_not(None))
    return given + [
        TimelineItem("consent", row.id, row.withdrawn_at or row.given_at, row.kind, state="withdrawn")
        for row in session.exec(page.cut(ended, col(Consent.withdrawn_at), col(Consent.id)))
    ]


def _tyres(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = select(WheelSet).where(WheelSet.customer_id == customer.id)
    return [
        TimelineItem("tyres", row.id, row.created_at, row.code, state=row.season)
        for row in session.exec(page.cut(query, col(WheelSet.created_at), col(WheelSet.id)))
    ]


def _ratings(session: Session, customer: Customer, page: _Page) -> list[TimelineItem]:
    query = (
        select(VisitRating)
        .join(Appointment, col(Appointment.id) == VisitRating.appointment_id)
        .where(Appointment.customer_id == customer.id)
    )
    return [
        TimelineItem(
            "rating",
            row.id,
            row.rated_at,
            row.comment[:_TEXT],
            state=str(row.stars),
            appointment_id=row.appointment_id,
        )
        for row in session.exec(page.cut(query, col(VisitRating.rated_at), col(VisitRating.id)))
    ]


_READERS: dict[str, Reader] = {
    "message": _messages,
    "call": _calls,
    "booking": _bookings,
    "visit": _visits,
    "mail": _mails,
    "consent": _consents,
    "tyres": _tyres,
    "rating": _ratings,
}
KINDS = tuple(_READERS)
