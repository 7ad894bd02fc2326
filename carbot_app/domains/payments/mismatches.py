"""Money that differs from what was asked for: a person looks, and books it, gives it back or lets it be."""

from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.billing.receivables import CANCELLED as RECEIVABLE_CANCELLED
from carbot_app.domains.billing.receivables import lock_receivable
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.money import apply_payment, note_paid
from carbot_app.domains.payments.ports import PAID, PaymentProvider, ProviderError, SeenPayment
from carbot_app.domains.payments.rows import lock_both, lock_request, request_view
from carbot_app.domains.payments.schemas import DEPOSIT, INVOICE, MismatchView, RequestView
from carbot_app.domains.payments.transitions import SETTLED
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, Unavailable
from carbot_app.kit.ids import new_secret

AMOUNT, CURRENCY, TWICE, VOID, REFUND, CHANGED = (
    *("amount", "currency", "twice", "cancelled", "refund", "changed"),
)
_LISTED = 100


class MismatchService:
    """Nothing of a payment that differs is booked before a person has decided; the decision is remembered."""

    def __init__(
        self, *, db: Database, clock: Clock, provider: PaymentProvider | None, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider
        self._public_url = public_url

    def list_open(self, actor: Actor) -> list[MismatchView]:
        """What waits for a person, the newest first."""
        actor.require("payments.manage")
        query = select(PaymentRequest).where(PaymentRequest.mismatch != "")
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.order_by(col(PaymentRequest.id).desc()).limit(_LISTED)).all()
        return [self._view(row) for row in rows]

    def look_again(self, actor: Actor, request_id: UUID) -> RequestView:
        """Ask the provider what the payment is now, and book it if it fits.

        Raises Conflict payment_mismatch_stays, and what ``book`` raises.
        """
        row = self._flagged(actor, request_id)
        seen = self._ask(row)
        with self._db.writing(actor.workshop_id) as session:
            if row.state in SETTLED or apply_payment(session, row.id, seen, self._clock()).mismatch:
                raise Conflict("payment_mismatch_stays")
            held = lock_request(session, row.id)
            return self._settled(session, held, row.mismatch_id)

    def book(self, actor: Actor, request_id: UUID, invoice_id: UUID | None = None) -> RequestView:
        """Book what came as it came: on another invoice, or (None) on what was asked for.

        What is missing stays owed, what is too much stays visible on the invoice.

        Raises NotFound payment_request_unknown or invoice_unknown; Invalid billing_currency_differs;
        Conflict payment_mismatch_settled (decided already), payment_mismatch_booked (it is on its invoice),
        payment_not_paid, invoice_cancelled or payment_refused; Unavailable payment_unavailable.
        """
        row = self._flagged(actor, request_id)
        if _kind(row) not in {AMOUNT, TWICE, VOID}:
            raise Conflict("payment_mismatch_booked")
        seen = self._paid(row)
        with self._db.writing(actor.workshop_id) as session:
            target = self._target(session, row, invoice_id or row.invoice_id)
            held = self._held(session, row)
            paid = held if held.state not in SETTLED else _second(held)
            if target is not None:
                paid.purpose, paid.invoice_id, paid.text = INVOICE, target.invoice_id, target.number
                paid.order_id, paid.customer_id = target.order_id, target.customer_id
                if seen.currency != target.currency:
                    raise Invalid("billing_currency_differs", field="currency")
            paid.amount_cents, paid.currency = seen.amount_cents, seen.currency
            paid.state, paid.changed_at = PAID, seen.at
            note_paid(session, paid, seen, self._clock())
            self._settled(session, held, row.mismatch_id)
            return request_view(paid, self._public_url)

    def give_back(self, actor: Actor, request_id: UUID) -> RequestView:
        """Send back money that was never booked; pressed twice it is done once. Raises like ``book``."""
        row = self._flagged(actor, request_id)
        if _kind(row) not in {AMOUNT, CURRENCY, TWICE, VOID}:
            raise Conflict("payment_mismatch_booked")
        seen = self._paid(row)
        assert self._provider is not None
        try:
            self._provider.refund(
                row.mismatch_id,
                seen.amount_cents,
                key=f"{row.id}:back:{row.mismatch_id}",
                connected=bool(row.account_id),
                fee=seen.fee_cents > 0,
            )
        except ProviderError as error:
            raise _failed(error) from error
        with self._db.writing(actor.workshop_id) as session:
            return self._settled(session, self._held(session, row), row.mismatch_id)

    def settle(self, actor: Actor, request_id: UUID) -> RequestView:
        """A person has done with the provider what was to be done.

        Raises NotFound payment_request_unknown, Conflict payment_mismatch_settled.
        """
        row = self._flagged(actor, request_id)
        with self._db.writing(actor.workshop_id) as session:
            return self._settled(session, self._held(session, row), row.mismatch_id)

    def _flagged(self, actor: Actor, request_id: UUID) -> PaymentRequest:
        actor.require("payments.manage")
        with self._db.reading(actor.workshop_id) as session:
            query = select(PaymentRequest).where(PaymentRequest.id == request_id)
            row = session.exec(query).first()
        if row is None:
            raise NotFound("payment_request_unknown")
        if not row.mismatch:
            raise Conflict("payment_mismatch_settled")
        return row

    def _held(self, session: Session, row: PaymentRequest) -> PaymentRequest:
        """The row, locked, as long as nobody has decided meanwhile."""
        held = lock_both(session, row.id)
        if held.mismatch_id != row.mismatch_id or not held.mismatch:
            raise Conflict("payment_mismatch_settled")
        return held

    def _target(self, session: Session, row: PaymentRequest, invoice_id: UUID | None) -> Receivable | None:
        """The receivable money goes onto; None: a deposit that has no invoice yet."""
        if invoice_id is None:
            if row.purpose == DEPOSIT:
                return None
            raise NotFound("invoice_unknown")
        # Always in the same order: two people at payments of the same invoices must not wait in a ring
        ids = {invoice_id, row.invoice_id or invoice_id}
        target = {one: lock_receivable(session, one) for one in sorted(ids)}[invoice_id]
        if target.state == RECEIVABLE_CANCELLED:
            raise Conflict("invoice_cancelled")
        return target

    def _settled(self, session: Session, held: PaymentRequest, provider_id: str) -> RequestView:
        held.mismatch = held.mismatch_id = ""
        held.decided = [*held.decided, provider_id]
        if held.state not in SETTLED:
            # The page of the provider is used up; who pays again needs another
            held.checkout_id, held.checkout_url, held.attempt = "", "", held.attempt + 1
        session.add(held)
        return request_view(held, self._public_url)

    def _ask(self, row: PaymentRequest) -> SeenPayment:
        if self._provider is None:
            raise Conflict("payment_not_available")
        try:
            return self._provider.retrieve(intent_id=row.mismatch_id)
        except ProviderError as error:
            raise _failed(error) from error

    def _paid(self, row: PaymentRequest) -> SeenPayment:
        seen = self._ask(row)
        if seen.state != PAID:
            raise Conflict("payment_not_paid")
        return seen

    def _view(self, row: PaymentRequest) -> MismatchView:
        kind = _kind(row)
        told = row.mismatch.split()
        provider = self._provider
        return MismatchView(
            id=row.id,
            kind=kind,
            text=row.text,
            invoice_id=row.invoice_id,
            asked_cents=row.amount_cents,
            came_cents=int(told[-1]) if told[-1].isdigit() else None,
            currency=row.currency,
            came_currency=told[-1] if kind == CURRENCY else row.currency,
            can_book=provider is not None and kind in {AMOUNT, TWICE, VOID},
            can_give_back=provider is not None and kind in {AMOUNT, CURRENCY, TWICE, VOID},
            can_look_again=provider is not None and kind in {AMOUNT, CURRENCY},
            url=provider.page_of(row.mismatch_id) if provider else "",
        )


def _kind(row: PaymentRequest) -> str:
    """Of the words ``transitions`` tells a mismatch by."""
    first = row.mismatch.partition(" ")[0]
    if first in {"amount", "currency"}:
        return CHANGED if row.state in SETTLED else first
    return {"twice": TWICE, "invoice": VOID}.get(first, REFUND)


def _second(row: PaymentRequest) -> PaymentRequest:
    """A request of its own for a second payment, so that it can be refunded like any other."""
    return PaymentRequest(
        workshop_id=row.workshop_id,
        token=new_secret(),
        request_key=f"second:{row.mismatch_id}"[:80],
        purpose=INVOICE,
        currency=row.currency,
        language=row.language,
        changed_at=row.changed_at,
        provider=row.provider,
        account_id=row.account_id,
        amount_cents=row.amount_cents,
    )


def _failed(error: ProviderError) -> Conflict | Unavailable:
    return Conflict("payment_refused") if error.permanent else Unavailable("payment_unavailable")
