"""Buttons under a push: call and put off work without opening the app or signing in.

A button carries a sealed ticket that names person, conversation and an end; nobody else can make one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.notices import Notice
from carbot_app.domains.team.models import Membership
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Gone, NotFound
from carbot_app.kit.i18n import translate

PURPOSE = "push-action"
VALID = timedelta(days=1)
SNOOZE = timedelta(minutes=30)
_LONGEST_TICKET = 600


class Vault(Protocol):
    """Seals tickets."""

    def seal(self, text: str, *, purpose: str) -> str:
        """Ciphertext that opens only for the same purpose."""
        ...

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text. Raises ValueError when sealed with another key or for another purpose."""
        ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may do something about which conversation."""

    workshop_id: UUID
    person_id: UUID
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class CallTarget:
    """Whom to call."""

    name: str
    phone: str
    """E.164."""
    language: str
    """Of whoever calls."""


class PushActions:
    """Makes buttons and does what they say."""

    def __init__(self, *, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault

    def buttons(
        self, notice: Notice, person_id: UUID, workshop_id: UUID, language: str
    ) -> Sequence[dict[str, Any]]:
        """``{action, title, url | ticket}`` for the service worker; browsers show the last two at most."""
        if notice.conversation_id is None:
            return []
        ticket = self._seal(Ticket(workshop_id, person_id, notice.conversation_id))
        call = {"action": "call", "title": translate(language, "push.action_call")}
        return [
            {"action": "answer", "title": translate(language, "push.action_answer")},
            *([{**call, "url": f"/api/push/call/{ticket}"}] if notice.phone else []),
            {"action": "snooze", "title": translate(language, "push.action_snooze"), "ticket": ticket},
        ]

    def snooze(self, sealed: str) -> None:
        """Ring this person again in half an hour, unless somebody has answered by then; twice is once.

        Raises:
            NotFound: not a ticket. Gone: too old, or the person may no longer read the inbox.
        """
        ticket = self._open(sealed)
        with self._db.writing(ticket.workshop_id) as session:
            self._require_member(session, ticket)
            now = self._clock()
            told = {"conversation_id": str(ticket.conversation_id), "person_id": str(ticket.person_id)}
            pending = select(OutboxEvent).where(
                OutboxEvent.kind == "notice.snoozed",
                col(OutboxEvent.delivered_at).is_(None),
                OutboxEvent.available_at > now,
            )
            if any(event.payload == told for event in session.exec(pending)):
                return
            session.add(
                OutboxEvent(
                    workshop_id=ticket.workshop_id,
                    kind="notice.snoozed",
                    payload=told,
                    available_at=now + SNOOZE,
                    created_at=now,
                )
            )

    def call_target(self, sealed: str) -> CallTarget:
        """The number behind the button. Raises as ``snooze``, and NotFound where there is none."""
        ticket = self._open(sealed)
        with self._db.reading(ticket.workshop_id) as session:
            self._require_member(session, ticket)
            conversation = session.get(Conversation, ticket.conversation_id)
            customer_id = conversation.customer_id if conversation else None
            customer = session.get(Customer, customer_id) if customer_id else None
            if customer is None or not customer.phone:
                raise NotFound
            return CallTarget(customer.name, customer.phone, customer.language)

    def _seal(self, ticket: Ticket) -> str:
        plain = {
            "w": ticket.workshop_id.hex,
            "p": ticket.person_id.hex,
            "c": ticket.conversation_id.hex,
            "until": int((self._clock() + VALID).timestamp()),
        }
        return self._vault.seal(json.dumps(plain), purpose=PURPOSE)

    def _open(self, sealed: str) -> Ticket:
        try:
            if len(sealed) > _LONGEST_TICKET:
                raise ValueError
            plain = json.loads(self._vault.unseal(sealed, purpose=PURPOSE))
        except ValueError:
            raise NotFound from None
        if datetime.fromtimestamp(plain["until"], UTC) < self._clock():
            raise Gone
        return Ticket(UUID(plain["w"]), UUID(plain["p"]), UUID(plain["c"]))

    @staticmethod
    def _require_member(session: Session, ticket: Ticket) -> None:
        query = select(Membership.role).where(Membership.person_id == ticket.person_id, Membership.active)
        role = session.exec(query).first()
        if role is None or "inbox.read" not in PERMISSIONS[role]:
            raise Gone
