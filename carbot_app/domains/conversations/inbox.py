"""Staff's side of conversations: the inbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.inbox_list import count_threads, list_rows
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.ports import ThreadChannels
from carbot_app.domains.conversations.schemas import (
    InboxCounts,
    InboxPage,
    MessageView,
    ReplyChannel,
    ThreadView,
    TimelineEntry,
)
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.domains.conversations.threads import (
    CHAT,
    announce,
    append_message,
    files_of,
    lock_conversation,
    messages_after,
)
from carbot_app.domains.conversations.views import describe_message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Person
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, TooLarge

_THREAD_WITH_ALL = (
    sa_select(Conversation, Lead, Vehicle, Customer, col(Person.name))
    .outerjoin(Lead, col(Lead.conversation_id) == Conversation.id)
    .outerjoin(Vehicle, col(Lead.vehicle_id) == Vehicle.id)
    .outerjoin(Customer, col(Conversation.customer_id) == Customer.id)
    .outerjoin(Person, col(Conversation.taken_by) == Person.id)
)


class InboxService:
    """Use cases of the inbox and the thread beside it."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        customers: CustomerService,
        leads: LeadService,
        channels: ThreadChannels | None = None,
    ) -> None:
        """``channels``: None where nothing but the chat is answered."""
        self._channels = channels
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
        with self._db.reading(actor.workshop_id) as session:
            rows, following = list_rows(
                session,
                actor.workshop_id,
                actor.subject_id,
                view=view,
                search=search,
                before=before,
                limit=limit,
            )
            counts = count_threads(session, actor.workshop_id, actor.subject_id)
        return InboxPage(rows=tuple(rows), counts=counts, next_before=following)

    def count(self, actor: Actor) -> InboxCounts:
        """Figures beside the filters, for the shell."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return count_threads(session, actor.workshop_id, actor.subject_id)

    def get_thread(self, actor: Actor, conversation_id: UUID) -> ThreadView:
        """A thread with its lead, customer and timeline; NotFound when it is not this workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            found = session.execute(_THREAD_WITH_ALL.where(col(Conversation.id) == conversation_id)).first()
            if found is None:
                raise NotFound("conversation_not_found")
            conversation, lead, vehicle, customer, taken_by_name = found
            messages = messages_after(session, conversation_id, 0)
            files = files_of(session, messages)
            ways = self._ways(session, conversation)
            visits = self._visits(session, customer)
        return ThreadView(
            conversation_id=conversation.id,
            channel=conversation.channel,
            language=conversation.language,
            state=conversation.state,
            mode=conversation.mode,
            handover_reason=conversation.handover_reason,
            taken_by=conversation.taken_by,
            taken_by_name=taken_by_name or "",
            taken_at=conversation.taken_at,
            page_url=conversation.page_url,
            messages=tuple(describe_message(message, files.get(message.id, ())) for message in messages),
            customer_seen_seq=conversation.customer_seen_seq,
            staff_seen_seq=conversation.staff_seen_seq,
            lead=self._leads.describe(lead, vehicle) if lead else None,
            customer=self._customers.describe_customer(customer) if customer else None,
            appointment_id=next((v.id for v in visits if v.conversation_id == conversation.id), None),
            timeline=_timeline(conversation, messages, visits),
            last_seq=conversation.last_seq,
            reply_channels=ways,
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

    def reply(self, actor: Actor, conversation_id: UUID, text: str, *, channel: str = "") -> MessageView:
        """Answer as a person; the assistant is silent from now on.

        ``channel`` is one of the thread's ``reply_channels``, empty: the usual one. Raises Invalid
        message_empty or channel_unknown, TooLarge, and Conflict with the code of a channel that is refused.
        """
        actor.require("inbox.reply")
        text = text.replace("\x00", "").strip()
        if not text:
            raise Invalid("message_empty", field="text")
        if len(text) > MESSAGE_LIMIT:
            raise TooLarge("message_too_long", field="text", limit=MESSAGE_LIMIT)
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            way = self._way(session, conversation, channel)
            self._take(session, conversation, actor, now)
            message = append_message(
                session,
                conversation,
                author="staff",
                text=text,
                now=now,
                author_id=actor.subject_id,
                author_name=actor.name,
                channel=way.channel,
                address=way.address,
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

    def _ways(self, session: Session, conversation: Conversation) -> tuple[ReplyChannel, ...]:
        if self._channels is None:
            return (ReplyChannel(CHAT, ""),)
        return self._channels.list_for(session, conversation)

    def _way(self, session: Session, conversation: Conversation, channel: str) -> ReplyChannel:
        ways = self._ways(session, conversation)
        way = next((way for way in ways if not channel or way.channel == channel), None)
        if way is None:
            raise Invalid("channel_unknown", field="channel")
        if way.refused:
            raise Conflict(way.refused)
        return way

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
    def _visits(session: Session, customer: Customer | None) -> list[Appointment]:
        if customer is None:
            return []
        query = select(Appointment).where(Appointment.customer_id == customer.id)
        return list(session.exec(query.order_by(col(Appointment.starts_at).desc()).limit(10)))


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
