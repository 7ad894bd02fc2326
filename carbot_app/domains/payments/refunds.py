"""Money that goes back to customers, and what the bank and the provider do with money."""

from uuid import UUID

from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.payments.models import Dispute, PaymentRequest, Payout
from carbot_app.domains.payments.money import apply_refund
from carbot_app.domains.payments.ports import PAID, PaymentProvider, PayoutPart, ProviderError
from carbot_app.domains.payments.rows import find_account, lock_request, request_view
from carbot_app.domains.payments.schemas import DisputeView, PayoutPartView, PayoutView, RequestView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, Unavailable

_LISTED = 200


class RefundService:
    """Refunds of online payments; cash and transfers go back by PaymentService.undo."""

    def __init__(
        self, *, db: Database, clock: Clock, provider: PaymentProvider | None, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider
        self._public_url = public_url

    def refund(
        self, actor: Actor, request_id: UUID, amount_cents: int | None = None, *, reason: str
    ) -> RequestView:
        """Send back a part, or all that is left (None). Pressed twice it is done once.

        Raises NotFound payment_request_unknown; Invalid payment_reason_missing or payment_amount_invalid;
        Conflict payment_not_paid or payment_refused; Unavailable payment_unavailable.
        """
        actor.require("payments.manage")
        reason = " ".join(reason.split())[:140]
        if not reason:
            raise Invalid("payment_reason_missing", field="reason")
        with self._db.writing(actor.workshop_id) as session:
            row = lock_request(session, request_id)
            # Kept before the provider is asked: its news may be booked before its answer
            row.refund_reason, row.refund_by = reason, actor.name
            session.add(row)
        try:
            return self.send_back(row, amount_cents)
        except (Conflict, Invalid):
            self._forget_reason(row)
            raise

    def send_back(self, row: PaymentRequest, amount_cents: int | None = None) -> RequestView:
        """The same for code that acts by a rule of the owner."""
        left = row.amount_cents - row.refunded_cents
        amount = left if amount_cents is None else amount_cents
        if row.state != PAID or self._provider is None:
            raise Conflict("payment_not_paid")
        if not 0 < amount <= left:
            raise Invalid("payment_amount_invalid", field="amount")
        try:
            seen = self._provider.refund(
                row.intent_id,
                amount,
                key=f"{row.id}:refund:{row.refunded_cents}:{amount}",
                connected=bool(row.account_id),
                fee=row.fee_cents > 0,
            )
        except ProviderError as error:
            raise _failed(error) from error
        with self._db.writing(row.workshop_id) as session:
            apply_refund(session, row.id, seen, self._clock())
            return request_view(session.get_one(PaymentRequest, row.id), self._public_url)

    def _forget_reason(self, row: PaymentRequest) -> None:
        """Nothing goes back: another refund has a reason of its own."""
        with self._db.writing(row.workshop_id) as session:
            held = lock_request(session, row.id)
            held.refund_reason = held.refund_by = ""
            session.add(held)

    def list_disputes(self, actor: Actor) -> list[DisputeView]:
        """Payments banks ask back, the newest first."""
        actor.require_any("payments.manage", "accounting.read")
        query = select(Dispute, PaymentRequest).join(
            PaymentRequest, col(PaymentRequest.id) == Dispute.request_id
        )
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query.order_by(col(Dispute.id).desc()).limit(_LISTED)).all()
        return [
            DisputeView(
                row.dispute_id, request.invoice_id, request.text, row.state, row.reason, row.amount_cents,
                row.currency, row.answer_until, self._page_of(request),
            )
            for row, request in found
        ]  # fmt: skip

    def list_payouts(self, actor: Actor) -> list[PayoutView]:
        """What the provider sends to the bank account, the newest first."""
        actor.require_any("payments.manage", "accounting.read")
        query = select(Payout).order_by(col(Payout.arrives_on).desc(), col(Payout.id).desc())
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.limit(_LISTED)).all()
        return [
            PayoutView(row.payout_id, row.state, row.amount_cents, row.currency, row.arrives_on)
            for row in rows
        ]

    def open_payout(self, actor: Actor, payout_id: str) -> list[PayoutPartView]:
        """What a payout is made of; the provider alone knows.

        Raises NotFound payout_unknown, Conflict payment_refused, Unavailable payment_unavailable.
        """
        actor.require_any("payments.manage", "accounting.read")
        with self._db.reading(actor.workshop_id) as session:
            known = session.exec(select(Payout.id).where(Payout.payout_id == payout_id)).first()
            account = find_account(session, actor.workshop_id)
        if known is None or self._provider is None:
            raise NotFound("payout_unknown")
        account_id = account.account_id if account and self._provider.connects else ""
        try:
            parts = self._provider.list_payout_parts(payout_id, account_id)
        except ProviderError as error:
            raise _failed(error) from error
        charges = {part.charge_id for part in parts if part.charge_id}
        query = select(PaymentRequest).where(col(PaymentRequest.charge_id).in_(charges))
        with self._db.reading(actor.workshop_id) as session:
            paid = {row.charge_id: row for row in session.exec(query)} if charges else {}
        return [_part_view(part, paid.get(part.charge_id)) for part in parts]

    def _page_of(self, row: PaymentRequest) -> str:
        return self._provider.page_of(row.intent_id) if self._provider else ""


def _part_view(part: PayoutPart, row: PaymentRequest | None) -> PayoutPartView:
    return PayoutPartView(
        part.kind,
        row.text if row else "",
        row.invoice_id if row else None,
        part.amount_cents,
        part.fee_cents,
        part.currency,
    )


def _failed(error: ProviderError) -> Conflict | Unavailable:
    return Conflict("payment_refused") if error.permanent else Unavailable("payment_unavailable")
