"""News of the provider: stored under its name for them, then handled by a job, again if need be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel import Session, col, delete, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.payments.models import PaymentAccount, PaymentRequest, Payout, ProviderEvent
from carbot_app.domains.payments.money import apply_dispute, apply_payment, apply_refund
from carbot_app.domains.payments.ports import (
    PAID,
    PaymentProvider,
    Seen,
    SeenAccount,
    SeenDispute,
    SeenPayment,
    SeenPayout,
    SeenRefund,
    UntrustedEvent,
)
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Forbidden, NotFound

log = structlog.get_logger()

EVENT = "payment.event"
KEPT = timedelta(days=120)
"""How long handled news are kept: as long as a payment may be disputed."""
RETRIED = timedelta(days=7)
UNKNOWN, NOT_OURS = "account_unknown", "not_ours"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did."""

    handled: int
    failed: int


class ProviderEvents:
    """Nobody is signed in here: the provider's signature stands for it."""

    def __init__(self, *, db: Database, clock: Clock, provider: PaymentProvider | None) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider

    def receive(self, name: str, *, headers: Mapping[str, str], body: bytes) -> None:
        """Store a webhook call; the same one again changes nothing.

        Raises NotFound (no such provider is set up), Forbidden webhook_untrusted.
        """
        provider = self._named(name)
        try:
            signed = provider.verify_webhook(headers, body)
        except UntrustedEvent:
            raise Forbidden("webhook_untrusted") from None
        with self._db.writing(SYSTEM) as session:
            wait_for_turn(session, f"provider-event:{signed.event_id}")
            if _find(session, name, signed.event_id) is not None:
                return
            workshop_id = _whose(
                session, provider.understand(signed.payload), signed.account_id, connects=provider.connects
            )
            row = ProviderEvent(
                workshop_id=workshop_id,
                provider=name,
                event_id=signed.event_id,
                kind=signed.kind[:80],
                account_id=signed.account_id,
                happened_at=signed.at,
                received_at=self._clock(),
                error="" if workshop_id else UNKNOWN,
                payload=signed.payload,
            )
            session.add(row)
            if workshop_id:
                emit(session, workshop_id, EVENT, provider_event_id=row.id)

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: handles what was stored."""
        if delivery.kind == EVENT and self._provider is not None:
            self.handle(UUID(delivery.payload["provider_event_id"]))

    def handle(self, event_id: UUID) -> bool:
        """Do what a stored event means; False: it is nobody's. Doing it twice is harmless."""
        with self._db.reading(SYSTEM) as session:
            event = session.get_one(ProviderEvent, event_id)
            provider = self._named(event.provider)
            seen = provider.understand(event.payload)
            workshop_id = event.workshop_id or _whose(
                session, seen, event.account_id, connects=provider.connects
            )
        try:
            error = self._act(provider, event, seen, workshop_id)
        except Exception as problem:
            self._mark(event_id, workshop_id, type(problem).__name__, done=False)
            raise
        self._mark(event_id, workshop_id, error, done=workshop_id is not None)
        return workshop_id is not None

    def replay(self, since: datetime, *, everything: bool = False) -> Replayed:
        """Handle again what is not handled yet, or everything since then; nothing is booked twice."""
        query = select(ProviderEvent.id).where(ProviderEvent.received_at >= since)
        if not everything:
            query = query.where(col(ProviderEvent.handled_at).is_(None))
        with self._db.reading(SYSTEM) as session:
            ids = session.exec(query.order_by(col(ProviderEvent.happened_at))).all()
        handled = failed = 0
        for event_id in ids:
            try:
                done = self.handle(event_id)
            except Exception as problem:  # the next one may well succeed
                log.warning("payments.not_replayed", event_id=str(event_id), error=type(problem).__name__)
                done = False
            handled, failed = handled + done, failed + (not done)
        return Replayed(handled, failed)

    def retry(self) -> None:
        """Handle what is left of the last days: news whose payment was not known yet when they came."""
        if self._provider is not None:
            self.replay(self._clock() - RETRIED)

    def sweep(self) -> None:
        """Forget news that were handled long ago."""
        with self._db.writing(SYSTEM) as session:
            old = col(ProviderEvent.received_at) < self._clock() - KEPT
            session.exec(delete(ProviderEvent).where(old))

    def _act(
        self, provider: PaymentProvider, event: ProviderEvent, seen: Seen | None, workshop_id: UUID | None
    ) -> str:
        """Why nothing was done; empty: it was."""
        if seen is None:
            return ""
        if workshop_id is None:
            return UNKNOWN
        if isinstance(seen, (SeenAccount, SeenPayout)):
            with self._db.writing(workshop_id) as session:
                _note_standing(session, workshop_id, event.account_id, seen)
            return ""
        with self._db.reading(workshop_id) as session:
            row = find_request(session, seen)
        # Only the platform's own account holds payments of requests (destination charges)
        if row is None or event.account_id:
            return NOT_OURS
        if isinstance(seen, SeenPayment) and seen.state == PAID:
            seen = look_closer(provider, seen)
        with self._db.writing(workshop_id) as session:
            apply(session, row.id, seen, self._clock())
        return ""

    def _mark(self, event_id: UUID, workshop_id: UUID | None, error: str, *, done: bool) -> None:
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(ProviderEvent, event_id)
            row.workshop_id, row.error = workshop_id, error
            row.attempts += 1
            row.handled_at = row.handled_at or (self._clock() if done else None)
            session.add(row)

    def _named(self, name: str) -> PaymentProvider:
        if self._provider is None or self._provider.name != name:
            raise NotFound
        return self._provider


def apply(
    session: Session, request_id: UUID, seen: SeenPayment | SeenRefund | SeenDispute, now: datetime
) -> None:
    """What the provider has seen, done to a request."""
    if isinstance(seen, SeenPayment):
        apply_payment(session, request_id, seen, now)
    elif isinstance(seen, SeenRefund):
        apply_refund(session, request_id, seen, now)
    else:
        apply_dispute(session, request_id, seen, now)


def look_closer(provider: PaymentProvider, seen: SeenPayment) -> SeenPayment:
    """With charge and method, which news do not tell; what the payment is now counts."""
    now = provider.retrieve(intent_id=seen.intent_id, checkout_id=seen.checkout_id)
    return replace(
        now,
        request_id=seen.request_id or now.request_id,
        checkout_id=seen.checkout_id or now.checkout_id,
        at=seen.at,
    )


def find_request(session: Session, seen: SeenPayment | SeenRefund | SeenDispute) -> PaymentRequest | None:
    """The request a payment is for: by the name we gave along, else by the provider's names for it."""
    if isinstance(seen, SeenPayment) and seen.request_id:
        try:
            return session.get(PaymentRequest, UUID(seen.request_id))
        except ValueError:
            return None
    known = [
        column == value
        for column, value in (
            (PaymentRequest.intent_id, seen.intent_id),
            (PaymentRequest.charge_id, seen.charge_id),
            (PaymentRequest.checkout_id, seen.checkout_id if isinstance(seen, SeenPayment) else ""),
        )
        if value
    ]
    return session.exec(select(PaymentRequest).where(or_(*known))).first() if known else None


def _find(session: Session, provider: str, event_id: str) -> ProviderEvent | None:
    return session.exec(
        select(ProviderEvent).where(ProviderEvent.provider == provider, ProviderEvent.event_id == event_id)
    ).first()


def _whose(session: Session, seen: Seen | None, account_id: str, *, connects: bool) -> UUID | None:
    if isinstance(seen, (SeenPayment, SeenRefund, SeenDispute)):
        request = find_request(session, seen)
        if request is not None:
            return request.workshop_id
    account_id = seen.account_id if isinstance(seen, SeenAccount) else account_id
    if not account_id:
        return _only_workshop(session) if isinstance(seen, SeenPayout) and not connects else None
    query = select(PaymentAccount.workshop_id).where(PaymentAccount.account_id == account_id)
    return session.exec(query).first()


def _only_workshop(session: Session) -> UUID | None:
    """Whose the operator's own account is; None: it is shared, and its payouts are nobody's alone."""
    found = session.exec(select(Workshop.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _note_standing(
    session: Session, workshop_id: UUID, account_id: str, seen: SeenAccount | SeenPayout
) -> None:
    if isinstance(seen, SeenAccount):
        account = session.exec(
            select(PaymentAccount).where(PaymentAccount.account_id == seen.account_id)
        ).first()
        if account is not None:
            account.charges_enabled = seen.charges_enabled
            account.payouts_enabled = seen.payouts_enabled
            account.details_submitted = seen.details_submitted
            session.add(account)
        return
    row = session.exec(select(Payout).where(Payout.payout_id == seen.payout_id)).first()
    if row is not None and (row.state != "pending" or seen.at < row.seen_at) and seen.state != "failed":
        return
    row = row or Payout(
        workshop_id=workshop_id,
        payout_id=seen.payout_id,
        state="",
        amount_cents=seen.amount_cents,
        currency=seen.currency,
        arrives_on=seen.arrives_on,
    )
    row.state, row.arrives_on, row.seen_at = seen.state, seen.arrives_on, seen.at
    session.add(row)
