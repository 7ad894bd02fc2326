"""Web push to the team: who is told what, when, and what the notification says."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment, Withdrawal
from carbot_app.domains.calls.labels import window_label
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.calls.schemas import CallWindow
from carbot_app.domains.conversations.desk_models import ThreadNote
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.messaging.models import PushReceipt, PushSubscription
from carbot_app.domains.messaging.ports import DeliveryError, PushTransport
from carbot_app.domains.messaging.schemas import PushDeviceView, PushSubscriptionInput
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate

BODY_LENGTH = 140
TOO_MANY_FAILURES = 20
LOOPBACK = ("127.0.0.1", "localhost")
"""Only here a push service may speak plain HTTP."""


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


class PushService:
    """Use cases of push devices and the consumer of outbox events."""

    def __init__(
        self, *, db: Database, clock: Clock, transport: PushTransport, hosts: Collection[str]
    ) -> None:
        """``hosts``: push services we are willing to call; the endpoint comes from a browser, after all."""
        self._db = db
        self._clock = clock
        self._transport = transport
        self._hosts = tuple(hosts)

    @property
    def public_key(self) -> str:
        """See PushTransport.public_key."""
        return self._transport.public_key

    def subscribe(self, actor: Actor, subscription: PushSubscriptionInput) -> None:
        """Register a device of the signed-in person; registering again refreshes its keys."""
        person_id = _person(actor)
        if not self._is_push_service(subscription.endpoint):
            raise Invalid("push_endpoint_invalid", field="endpoint")
        with self._db.writing(actor.workshop_id) as session:
            query = select(PushSubscription).where(PushSubscription.endpoint == subscription.endpoint)
            row = session.exec(query).first() or PushSubscription(
                workshop_id=actor.workshop_id,
                person_id=person_id,
                endpoint=subscription.endpoint,
                p256dh="",
                auth="",
            )
            row.person_id, row.device = person_id, subscription.device[:120]
            row.p256dh, row.auth, row.failures = subscription.p256dh, subscription.auth, 0
            session.add(row)

    def unsubscribe(self, actor: Actor, endpoint: str) -> None:
        """Forget a device of the signed-in person; forgetting twice is fine."""
        with self._db.writing(actor.workshop_id) as session:
            query = select(PushSubscription).where(
                PushSubscription.endpoint == endpoint, PushSubscription.person_id == _person(actor)
            )
            for row in session.exec(query):
                session.delete(row)

    def list_devices(self, actor: Actor) -> list[PushDeviceView]:
        """The signed-in person's devices."""
        query = select(PushSubscription).where(PushSubscription.person_id == _person(actor))
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.order_by(col(PushSubscription.id))).all()
        return [PushDeviceView(r.id, r.device, r.created_at, r.last_success_at) for r in rows]

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: push to every device that should ring, each once per event."""
        with self._db.reading(delivery.workshop_id) as session:
            notice = _notice(session, delivery, self._clock())
            targets = self._targets(session, delivery, notice) if notice else []
        errors = []
        for subscription, payload in targets:
            try:
                self._push(delivery, subscription, payload, urgent=bool(notice and notice.urgent))
            except DeliveryError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def _is_push_service(self, endpoint: str) -> bool:
        try:
            address = urlsplit(endpoint)
        except ValueError:
            return False
        host = address.hostname or ""
        secure = address.scheme == "https" or (address.scheme == "http" and host in LOOPBACK)
        return secure and any(host == known or host.endswith(f".{known}") for known in self._hosts)

    def _targets(
        self, session: Session, delivery: Delivery, notice: Notice
    ) -> list[tuple[PushSubscription, dict[str, Any]]]:
        workshop = session.get_one(Workshop, delivery.workshop_id)
        local = self._clock().astimezone(ZoneInfo(workshop.timezone))
        query = (
            select(PushSubscription, Membership, Person)
            .join(Membership, col(Membership.person_id) == PushSubscription.person_id)
            .join(Person, col(Person.id) == PushSubscription.person_id)
            .where(Membership.active)
        )
        return [
            (subscription, _payload(notice, person.language))
            for subscription, membership, person in session.exec(query)
            if "inbox.read" in PERMISSIONS[membership.role]
            and (not notice.only or membership.person_id in notice.only)
            and _may_ring(membership, notice, local)
        ]

    def _push(
        self, delivery: Delivery, subscription: PushSubscription, payload: dict[str, Any], *, urgent: bool
    ) -> None:
        receipt = select(PushReceipt.id).where(
            PushReceipt.event_id == delivery.id, PushReceipt.subscription_id == subscription.id
        )
        with self._db.reading(SYSTEM) as session:
            if session.exec(receipt).first() is not None:
                return
        try:
            self._transport.push(
                endpoint=subscription.endpoint,
                p256dh=subscription.p256dh,
                auth=subscription.auth,
                payload=json.dumps(payload, ensure_ascii=False),
                urgent=urgent,
                topic=str(payload["tag"]).replace("-", "")[:32],
            )
        except DeliveryError as error:
            self._note_failure(subscription.id, gone=error.permanent)
            if not error.permanent:
                raise
            return
        with self._db.writing(SYSTEM) as session:
            session.add(PushReceipt(event_id=delivery.id, subscription_id=subscription.id))
            row = session.get_one(PushSubscription, subscription.id)
            row.last_success_at, row.failures = self._clock(), 0

    def _note_failure(self, subscription_id: UUID, *, gone: bool) -> None:
        with self._db.writing(SYSTEM) as session:
            row = session.get(PushSubscription, subscription_id)
            if row is None:
                return
            row.failures += 1
            if gone or row.failures >= TOO_MANY_FAILURES:
                session.delete(row)


def _person(actor: Actor) -> UUID:
    actor.require("inbox.read")
    if actor.subject_id is None:
        raise Invalid("push_needs_person")
    return actor.subject_id


def _may_ring(membership: Membership, notice: Notice, local: datetime) -> bool:
    if not membership.push_quiet_from or not membership.push_quiet_to:
        return True
    if notice.urgent and membership.push_hot_always:
        return True
    start, end = time.fromisoformat(membership.push_quiet_from), time.fromisoformat(membership.push_quiet_to)
    now = local.time()
    quiet = start <= now < end if start <= end else now >= start or now < end
    return not quiet


def _notice(session: Session, delivery: Delivery, now: datetime) -> Notice | None:
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
        )
    if delivery.kind == "contract.withdrawn":
        return _of_withdrawal(session.get_one(Withdrawal, UUID(payload["withdrawal_id"])))
    return None


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


def _payload(notice: Notice, language: str) -> dict[str, Any]:
    name = notice.name or translate(language, "push.unknown_customer")
    thread = f"/posteingang/?c={notice.conversation_id}" if notice.conversation_id else "/kalender/"
    when = notice.when(language) if notice.when else ""
    return {
        "title": translate(language, f"push.{notice.kind}_title", name=name),
        "body": " · ".join(filter(None, (when, notice.body)))[:BODY_LENGTH],
        "url": notice.url or thread,
        "tag": notice.tag or str(notice.conversation_id or notice.kind),
        "lead_id": str(notice.lead_id) if notice.lead_id else None,
        "lang": language,
        "silent": not notice.urgent,
    }
