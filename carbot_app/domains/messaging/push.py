"""Web push to the team: who is told what, when, and what the notification says.

A device is its person's, wherever they work: it rings for every workshop they are a member of.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.messaging.models import PushReceipt, PushSubscription
from carbot_app.domains.messaging.notice_kinds import kind_of, may_concern_team
from carbot_app.domains.messaging.notice_wishes import read_wishes
from carbot_app.domains.messaging.notices import Notice, read_notice
from carbot_app.domains.messaging.ports import DeliveryError, PushTransport
from carbot_app.domains.messaging.push_actions import PushActions
from carbot_app.domains.messaging.schemas import PushDeviceView, PushSubscriptionInput
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid

TOO_MANY_FAILURES = 20
LOOPBACK = ("127.0.0.1", "localhost")
"""Only here a push service may speak plain HTTP."""


class PushService:
    """Use cases of push devices and the consumer of outbox events."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        transport: PushTransport,
        hosts: Collection[str],
        actions: PushActions,
    ) -> None:
        """``hosts``: push services we are willing to call; the endpoint comes from a browser, after all."""
        self._db = db
        self._clock = clock
        self._transport = transport
        self._hosts = tuple(hosts)
        self._actions = actions

    @property
    def public_key(self) -> str:
        """See PushTransport.public_key."""
        return self._transport.public_key

    def subscribe(self, actor: Actor, subscription: PushSubscriptionInput) -> None:
        """Register a device of the signed-in person; registering again refreshes its keys."""
        person_id = _person(actor)
        if not self._is_push_service(subscription.endpoint):
            raise Invalid("push_endpoint_invalid", field="endpoint")
        with self._db.writing(SYSTEM) as session:
            query = select(PushSubscription).where(PushSubscription.endpoint == subscription.endpoint)
            row = session.exec(query).first() or PushSubscription(
                workshop_id=actor.workshop_id,
                person_id=person_id,
                endpoint=subscription.endpoint,
                p256dh="",
                auth="",
            )
            row.workshop_id, row.person_id = actor.workshop_id, person_id
            row.device = subscription.device[:120]
            row.p256dh, row.auth, row.failures = subscription.p256dh, subscription.auth, 0
            session.add(row)

    def unsubscribe(self, actor: Actor, endpoint: str) -> None:
        """Forget a device of the signed-in person; forgetting twice is fine."""
        with self._db.writing(SYSTEM) as session:
            query = select(PushSubscription).where(
                PushSubscription.endpoint == endpoint, PushSubscription.person_id == _person(actor)
            )
            for row in session.exec(query):
                session.delete(row)

    def list_devices(self, actor: Actor) -> list[PushDeviceView]:
        """The signed-in person's devices."""
        query = select(PushSubscription).where(PushSubscription.person_id == _person(actor))
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(query.order_by(col(PushSubscription.id))).all()
        return [PushDeviceView(r.id, r.device, r.created_at, r.last_success_at) for r in rows]

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: push to every device that should ring, each once per event."""
        if not may_concern_team(delivery.kind):
            return
        with self._db.reading(delivery.workshop_id) as session:
            notice = read_notice(session, delivery, self._clock())
            if notice is None:
                return
            workshop = session.get_one(Workshop, delivery.workshop_id)
            people = self._who_is_rung(session, workshop, delivery, notice)
        errors = []
        for subscription, payload in self._targets(workshop, people, notice):
            try:
                self._push(delivery, subscription, payload, urgent=notice.urgent)
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

    def _who_is_rung(
        self, session: Session, workshop: Workshop, delivery: Delivery, notice: Notice
    ) -> dict[UUID, Person]:
        local = self._clock().astimezone(ZoneInfo(workshop.timezone))
        wishes = read_wishes(session)
        query = (
            select(Membership, Person)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(Membership.active)
        )
        return {
            person.id: person
            for membership, person in session.exec(query)
            if (not notice.only or person.id in notice.only)
            and "inbox.read" in PERMISSIONS[membership.role]
            and _may_ring(membership, notice, local)
            and wishes.of(person.id, kind_of(delivery.kind)).push
        }

    def _targets(
        self, workshop: Workshop, people: Mapping[UUID, Person], notice: Notice
    ) -> list[tuple[PushSubscription, dict[str, Any]]]:
        devices = select(PushSubscription).where(col(PushSubscription.person_id).in_(people))
        elsewhere = select(Membership.person_id).where(
            Membership.active,
            Membership.workshop_id != workshop.id,
            col(Membership.person_id).in_(people),
        )
        with self._db.reading(SYSTEM) as session:
            # Written down at two workshops a device still rings once
            found = {row.endpoint: row for row in session.exec(devices.order_by(col(PushSubscription.id)))}
            several = set(session.exec(elsewhere))
        return [
            (row, self._payload(notice, people[row.person_id], workshop, in_several=row.person_id in several))
            for row in found.values()
        ]

    def _payload(
        self, notice: Notice, person: Person, workshop: Workshop, *, in_several: bool
    ) -> dict[str, Any]:
        """``in_several``: the person works in other workshops too; others need not be told where."""
        language = person.language
        title = notice.title_in(language)
        return {
            "title": f"{workshop.name} · {title}" if in_several else title,
            "body": notice.text_in(language),
            "url": notice.address,
            "workshop_id": str(workshop.id) if in_several else None,
            "tag": notice.tag or str(notice.conversation_id or notice.kind),
            "lead_id": str(notice.lead_id) if notice.lead_id else None,
            "lang": language,
            "silent": not notice.urgent,
            "actions": self._actions.buttons(notice, person.id, workshop.id, language),
        }

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
