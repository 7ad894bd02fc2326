"""Staff's side of conversations: the inbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, false
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, func, or_, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.schemas import (
    InboxCounts,
    InboxPage,
    InboxRow,
    MessageView,
    ThreadView,
    TimelineEntry,
)
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.domains.conversations.threads import (
    announce,
    append_message,
    lock_conversation,
    messages_after,
)
from carbot_app.domains.conversations.views import describe_message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.scoring import HOT
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Person
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound, TooLarge

VIEWS = ("open", "hot", "mine", "waiting", "done", "all")


class InboxService:
    """Use cases of the inbox and the thread beside it."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService, leads: LeadService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers
        self._leads = leads

    def list_inbox(
        self,
        actor: Actor,
        *,
        view: str = "open",
        search: str = "",
        before: str | None = None,
        limit: int = 50,
    ) -> InboxPage:
        """A page of threads, most recent first. ``search`` looks in name, plate, phone and last message."""
        actor.require("inbox.read")
        if view not in VIEWS:
            raise Invalid("inbox_view_unknown", field="view")
        query = (
            sa_select(Conversation, Lead, Customer, Vehicle, col(Person.name))
            .outerjoin(Lead, col(Lead.conversation_id) == Conversation.id)
            .outerjoin(Customer, col(Conversation.customer_id) == Customer.id)
            .outerjoin(Vehicle, col(Lead.vehicle_id) == Vehicle.id)
            .outerjoin(Person, col(Conversation.taken_by) == Person.id)
            .where(col(Conversation.last_seq) > 0, _condition(view, actor))
        )
        if search.strip():
            query = query.where(_search_condition(search.strip()))
        if before:
            query = query.where(_before(before))
        order = (col(Conversation.last_message_at).desc(), col(Conversation.id).desc())
        with self._db.reading(actor.workshop_id) as session:
            rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
            counts = self._counts(session, actor)
        shown = rows[:limit]
        last = shown[-1][0] if len(rows) > limit else None
        return InboxPage(
            rows=tuple(_row(*found) for found in shown),
            counts=counts,
            next_before=f"{last.last_message_at.isoformat()}|{last.id}" if last else None,
        )

    def count(self, actor: Actor) -> InboxCounts:
        """Figures beside the filters, for the shell."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._counts(session, actor)

    def get_thread(self, actor: Actor, conversation_id: UUID) -> ThreadView:
        """A thread with its lead, customer and timeline; NotFound when it is not this workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            conversation = session.exec(
                select(Conversation).where(Conversation.id == conversation_id)
            ).first()
            if conversation is None:
                raise NotFound("conversation_not_found")
            messages = messages_after(session, conversation_id, 0)
            lead = session.exec(select(Lead).where(Lead.conversation_id == conversation_id)).first()
            vehicle = session.get(Vehicle, lead.vehicle_id) if lead and lead.vehicle_id else None
            customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
            taker = session.get(Person, conversation.taken_by) if conversation.taken_by else None
            visits = self._visits(session, customer)
        return ThreadView(
            conversation_id=conversation.id,
            channel=conversation.channel,
            language=conversation.language,
            state=conversation.state,
            mode=conversation.mode,
            handover_reason=conversation.handover_reason,
            taken_by=conversation.taken_by,
            taken_by_name=taker.name if taker else "",
            taken_at=conversation.taken_at,
            page_url=conversation.page_url,
            messages=tuple(describe_message(message) for message in messages),
            customer_seen_seq=conversation.customer_seen_seq,
            staff_seen_seq=conversation.staff_seen_seq,
            lead=self._leads.describe(lead, vehicle) if lead else None,
            customer=self._customers.describe_customer(customer) if customer else None,
            appointment_id=next((v.id for v in visits if v.conversation_id == conversation.id), None),
            timeline=_timeline(conversation, messages, visits),
            last_seq=conversation.last_seq,
        )

    def mark_seen(self, actor: Actor, conversation_id: UUID, seq: int) -> None:
        """Staff has read up to ``seq``; the unread mark goes in every open browser."""
        actor.require("inbox.read")
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            seen = min(seq, conversation.last_seq)
            if seen > conversation.staff_seen_seq:
                conversation.staff_seen_seq = seen
                announce(session, conversation, reason="state")

    def reply(self, actor: Actor, conversation_id: UUID, text: str) -> MessageView:
        """Answer as a person; the assistant is silent from now on."""
        actor.require("inbox.reply")
        text = text.replace("\x00", "").strip()
        if not text:
            raise Invalid("message_empty", field="text")
        if len(text) > MESSAGE_LIMIT:
            raise TooLarge("message_too_long", field="text", limit=MESSAGE_LIMIT)
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            self._take(session, conversation, actor, now)
            message = append_message(
                session,
                conversation,
                author="staff",
                text=text,
                now=now,
                author_id=actor.subject_id,
                author_name=actor.name,
            )
            conversation.staff_seen_seq = conversation.last_seq
            return describe_message(message)

    def take_over(self, actor: Actor, conversation_id: UUID) -> None:
        """A person takes the thread without writing yet."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            self._take(session, lock_conversation(session, conversation_id), actor, self._clock())

    def hand_back(self, actor: Actor, conversation_id: UUID) -> None:
        """The assistant answers again."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            if conversation.mode == "assistant":
                return
            conversation.mode, conversation.handover_reason = "assistant", ""
            conversation.taken_by, conversation.taken_at = None, None
            self._system_line(session, conversation, "handed_back", actor, self._clock())
            announce(session, conversation, reason="mode")

    def set_done(self, actor: Actor, conversation_id: UUID, done: bool) -> None:
        """Close the thread or open it again; a new message of the customer opens it by itself."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            conversation.state = "done" if done else "open"
            if done:
                conversation.staff_seen_seq = conversation.last_seq
            announce(session, conversation, reason="state")

    def _take(self, session: Session, conversation: Conversation, actor: Actor, now: datetime) -> None:
        if conversation.mode == "human" and conversation.taken_by == actor.subject_id:
            return
        conversation.mode = "human"
        conversation.handover_reason = conversation.handover_reason or "staff"
        conversation.taken_by = actor.subject_id if actor.kind == "person" else None
        conversation.taken_at = now
        self._system_line(session, conversation, "taken_over", actor, now)
        announce(session, conversation, reason="mode")

    @staticmethod
    def _system_line(
        session: Session, conversation: Conversation, kind: str, actor: Actor, now: datetime
    ) -> None:
        line: dict[str, Any] = {"type": kind, "name": actor.name, "reason": conversation.handover_reason}
        append_message(session, conversation, author="system", text="", now=now, parts=[line])

    @staticmethod
    def _counts(session: Session, actor: Actor) -> InboxCounts:
        def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

        query = (
            sa_select(
                func.count(),
                counted(_condition("hot", actor)),
                counted(_condition("mine", actor)),
                counted(_condition("waiting", actor)),
                counted(_unread()),
            )
            .select_from(Conversation)
            .outerjoin(Lead, col(Lead.conversation_id) == Conversation.id)
            .where(col(Conversation.last_seq) > 0, col(Conversation.state) == "open")
        )
        return InboxCounts(*session.execute(query).one())

    @staticmethod
    def _visits(session: Session, customer: Customer | None) -> list[Appointment]:
        if customer is None:
            return []
        query = select(Appointment).where(Appointment.customer_id == customer.id)
        return list(session.exec(query.order_by(col(Appointment.starts_at).desc()).limit(10)))


def _unread() -> ColumnElement[bool]:
    return and_(
        col(Conversation.staff_seen_seq) < col(Conversation.last_seq),
        col(Conversation.last_author) == "customer",
    )


def _condition(view: str, actor: Actor) -> ColumnElement[bool]:
    is_open = col(Conversation.state) == "open"
    conditions: dict[str, ColumnElement[bool]] = {
        "open": is_open,
        "hot": and_(is_open, col(Lead.score) >= HOT),
        "mine": and_(is_open, col(Conversation.taken_by) == actor.subject_id),
        "waiting": and_(is_open, col(Conversation.mode) == "human", col(Conversation.last_author) != "staff"),
        "done": col(Conversation.state) == "done",
        "all": col(Conversation.id).is_not(None),
    }
    return conditions[view]


def _search_condition(search: str) -> ColumnElement[bool]:
    bare = "".join(character for character in search if character.isalnum())
    plate = func.replace(func.replace(col(Vehicle.plate), "-", ""), " ", "")
    return or_(
        col(Customer.name).icontains(search, autoescape=True),
        col(Conversation.last_text).icontains(search, autoescape=True),
        plate.icontains(bare, autoescape=True) if bare else false(),
        col(Customer.phone).contains(bare.lstrip("0"), autoescape=True) if bare.isdigit() else false(),
        select(Message.id)
        .where(
            Message.conversation_id == Conversation.id, col(Message.text).icontains(search, autoescape=True)
        )
        .exists(),
    )


def _before(cursor: str) -> ColumnElement[bool]:
    try:
        at_text, _, id_text = cursor.partition("|")
        at, conversation_id = datetime.fromisoformat(at_text), UUID(id_text)
    except ValueError:
        raise Invalid("cursor_invalid", field="before") from None
    recent = col(Conversation.last_message_at)
    return or_(recent < at, and_(recent == at, col(Conversation.id) < conversation_id))


def _row(
    conversation: Conversation,
    lead: Lead | None,
    customer: Customer | None,
    vehicle: Vehicle | None,
    taken_by: str | None,
) -> InboxRow:
    return InboxRow(
        conversation_id=conversation.id,
        customer_name=customer.name if customer else "",
        preview=conversation.last_text,
        last_author=conversation.last_author,
        last_message_at=conversation.last_message_at,
        unread=conversation.staff_seen_seq < conversation.last_seq and conversation.last_author == "customer",
        channel=conversation.channel,
        language=conversation.language,
        mode=conversation.mode,
        handover_reason=conversation.handover_reason,
        state=conversation.state,
        taken_by_name=taken_by or "",
        plate=vehicle.plate if vehicle else "",
        plate_country=vehicle.plate_country if vehicle else "DE",
        vehicle_label=f"{vehicle.make} {vehicle.model}".strip() if vehicle else "",
        score=lead.score if lead else 0,
        temperature=lead.temperature if lead else "cold",
        urgency=lead.urgency if lead else "normal",
        lead_state=lead.state if lead else "open",
    )


def _timeline(
    conversation: Conversation, messages: list[Message], visits: list[Appointment]
) -> tuple[TimelineEntry, ...]:
    entries = [TimelineEntry("started", conversation.created_at, {"channel": conversation.channel})]
    for message in messages:
        for part in message.parts:
            if part.get("type") in {"handover", "taken_over", "handed_back", "danger", "booking"}:
                params = {key: part.get(key, "") for key in ("name", "reason", "title", "when")}
                entries.append(TimelineEntry(str(part["type"]), message.created_at, params))
    entries.extend(
        TimelineEntry("visit", visit.starts_at, {"title": visit.title, "state": visit.state})
        for visit in visits
    )
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))
