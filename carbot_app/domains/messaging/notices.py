"""What the team is told about an event, before it is put into a person's language."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.domains.booking.models import Appointment, Withdrawal
from carbot_app.domains.calls.labels import window_label
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.calls.schemas import CallWindow
from carbot_app.domains.conversations.desk_models import ThreadNote
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents

BODY_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, before it is put into a person's language."""

    kind: str
    """Locale key ``push.<kind>_title``."""
    conversation_id: UUID | None
    name: str
    body: str
    urgent: bool
    """Rings through quiet hours for those who want that."""
    lead_id: UUID | None = None
    url: str = ""
    """Where it leads; empty: to the conversation."""
    tag: str = ""
    """What replaces each other on the phone; empty: notices of the conversation."""
    when: Callable[[str], str] | None = None
    """Begin of the body, where it depends on the person's language."""
    only: tuple[UUID, ...] = ()
    """People it is for; empty: everybody who reads the inbox."""
    phone: str = ""
    """Of the customer, E.164; empty: cannot be called."""

    @property
    def address(self) -> str:
        """Where it leads."""
        thread = f"/posteingang/?c={self.conversation_id}" if self.conversation_id else "/kalender/"
        return self.url or thread

    def title_in(self, language: str) -> str:
        """The heading in a person's language."""
        name = self.name or translate(language, "push.unknown_customer")
        return translate(language, f"push.{self.kind}_title", name=name)

    def text_in(self, language: str) -> str:
        """The line below."""
        when = self.when(language) if self.when else ""
        return " · ".join(filter(None, (when, self.body)))[:BODY_LENGTH]


def read_notice(session: Session, delivery: Delivery, now: datetime) -> Notice | None:
    """The notice of an event; None: nobody needs to know."""
    payload = delivery.payload
    if delivery.kind == "callback.requested":
        return _from_callback(session, session.get(Callback, UUID(payload["callback_id"])), now)
    if delivery.kind == "note.written":
        return _from_note(session, payload) if payload["mentions"] else None
    if delivery.kind == "handover.requested":
        conversation = session.get_one(Conversation, UUID(payload["conversation_id"]))
        kind = f"handover_{payload['reason']}"
        return _from_conversation(session, conversation, kind, urgent=payload["reason"] != "staff")
    if (delivery.kind == "lead.created" and payload["temperature"] != "cold") or payload.get("became_hot"):
        lead = session.get_one(Lead, UUID(payload["lead_id"]))
        conversation = session.get_one(Conversation, lead.conversation_id)
        hot = payload["temperature"] == "hot"
        kind = "lead_hot" if hot else "lead_warm"
        return _from_conversation(session, conversation, kind, urgent=hot, lead_id=lead.id)
    declined = delivery.kind == "appointment.answered" and payload["answer"] == "no"
    if declined or delivery.kind in {"appointment.booked", "appointment.cancelled", "appointment.moved"}:
        appointment = session.get_one(Appointment, UUID(payload["appointment_id"]))
        customer = session.get_one(Customer, appointment.customer_id)
        workshop = session.get_one(Workshop, delivery.workshop_id)
        local = appointment.starts_at.astimezone(ZoneInfo(workshop.timezone))
        return Notice(
            kind=delivery.kind.replace(".", "_"),
            conversation_id=appointment.conversation_id,
            name=customer.name,
            body=f"{local:%d.%m. %H:%M} · {appointment.title}",
            urgent=False,
            phone=customer.phone,
        )
    if delivery.kind == "contract.withdrawn":
        return _of_withdrawal(session.get_one(Withdrawal, UUID(payload["withdrawal_id"])))
    if delivery.kind == "order.decided":
        return _from_answer(session, delivery)
    return _said_again(session, delivery)


def _said_again(session: Session, delivery: Delivery) -> Notice | None:
    """What CarBot itself wants to tell: tasks, automations, escalations and what was put off."""
    payload = delivery.payload
    people = (UUID(payload["person_id"]),) if payload.get("person_id") else ()
    thread_id = UUID(payload["conversation_id"]) if payload.get("conversation_id") else None
    if delivery.kind == "task.due":
        task = session.get(Task, UUID(payload["task_id"]))
        if task is None or task.done_at is not None:
            return None
        customer = session.get(Customer, task.customer_id) if task.customer_id else None
        return Notice(
            kind="task_due",
            conversation_id=task.conversation_id,
            name=customer.name if customer else "",
            body=task.title,
            urgent=False,
            url="" if task.conversation_id else "/heute/",
            tag=str(task.id),
            only=(task.assignee_id,) if task.assignee_id else (),
            phone=customer.phone if customer else "",
        )
    if delivery.kind in {"payment.disputed", "payment.mismatch"}:
        kind = delivery.kind.replace(".", "_")
        return Notice(
            kind, None, "", payload["text"], False, url="/rechnungen/zahlungen/", tag=payload["request_id"]
        )
    if delivery.kind == "automation.push":
        if thread_id is None:
            return Notice(
                "automation", None, "", payload["text"], payload["urgent"], url="/heute/", only=people
            )
        conversation = session.get_one(Conversation, thread_id)
        notice = _from_conversation(session, conversation, "automation", urgent=payload["urgent"])
        return replace(notice, body=payload["text"], only=people)
    if delivery.kind in {"escalation.due", "notice.snoozed"} and thread_id is not None:
        conversation = session.get_one(Conversation, thread_id)
        if conversation.state == "done" or _answered_since(session, thread_id, delivery.created_at):
            return None
        kind = delivery.kind.partition(".")[0] if delivery.kind == "escalation.due" else "snoozed"
        return replace(_from_conversation(session, conversation, kind, urgent=True), only=people)
    return None


def _answered_since(session: Session, conversation_id: UUID, at: datetime) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == conversation_id, Message.author == "staff", Message.created_at > at
    )
    return session.exec(query).first() is not None


def _from_answer(session: Session, delivery: Delivery) -> Notice | None:
    """What a customer said to a question about their order; what staff noted itself is no news."""
    payload = delivery.payload
    if payload["channel"] != "link":
        return None
    customer = session.get(Customer, UUID(payload["customer_id"])) if payload["customer_id"] else None
    country = session.get_one(Workshop, delivery.workshop_id).country

    def said(language: str) -> str:
        amount = format_cents(payload["approved_cents"] or 0, payload["currency"], language, country)
        asked = payload["approved"] + payload["declined"]
        return translate(
            language, "push.order_decided_text", approved=payload["approved"], asked=asked, amount=amount
        )

    return Notice(
        kind="order_decided",
        conversation_id=None,
        name=customer.name if customer else "",
        body=payload["number"],
        urgent=False,
        url=f"/auftraege/auftrag/?id={payload['order_id']}",
        tag=payload["order_id"],
        when=said,
        phone=customer.phone if customer else "",
    )


def _of_withdrawal(declared: Withdrawal) -> Notice:
    visit = f"/kalender/?termin={declared.appointment_id}" if declared.appointment_id else "/heute/"
    return Notice(
        kind="contract_withdrawn",
        conversation_id=None,
        name=declared.sent["name"],
        body=declared.sent["contract"],
        urgent=False,
        url=visit,
    )


def _from_conversation(
    session: Session, conversation: Conversation, kind: str, *, urgent: bool, lead_id: UUID | None = None
) -> Notice:
    customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
    return Notice(
        kind=kind,
        conversation_id=conversation.id,
        name=customer.name if customer else "",
        body=conversation.last_text[:BODY_LENGTH],
        urgent=urgent,
        lead_id=lead_id,
        phone=customer.phone if customer else "",
    )


def _from_note(session: Session, payload: dict[str, Any]) -> Notice | None:
    note = session.get(ThreadNote, UUID(payload["note_id"]))
    if note is None:
        return None
    return Notice(
        kind="note_mention",
        conversation_id=note.conversation_id,
        name=note.author_name,
        body=note.text,
        urgent=False,
        only=tuple(UUID(person) for person in payload["mentions"]),
    )


def _from_callback(session: Session, callback: Callback | None, now: datetime) -> Notice | None:
    if callback is None or callback.state != "open":
        return None
    zone = ZoneInfo(session.get_one(Workshop, callback.workshop_id).timezone)
    window = CallWindow(callback.starts_at, callback.ends_at, callback.soon)
    return Notice(
        kind="callback_requested",
        conversation_id=None,
        name=callback.name,
        body=callback.note,
        urgent=False,
        url="/heute/",
        tag=str(callback.id),
        when=lambda language: window_label(window, now, zone, language),
    )
