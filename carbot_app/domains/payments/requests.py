"""Asking for money, and the page where it is paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.billing.receivables import CANCELLED as RECEIVABLE_CANCELLED
from carbot_app.domains.billing.receivables import lock_receivable, open_cents
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.payments.deposit_rules import platform_fee_cents
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.ports import (
    CANCELLED,
    EXPIRED,
    FAILED,
    OPEN,
    PAID,
    Intent,
    PaymentOrder,
    PaymentProvider,
    ProviderError,
    TransferCodes,
)
from carbot_app.domains.payments.rows import find_account, lock_request, request_view, takes_online
from carbot_app.domains.payments.schemas import INVOICE, PayPage, RequestView
from carbot_app.domains.payments.view import pay_page
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound, Unavailable
from carbot_app.kit.ids import new_secret

PAYABLE = (OPEN, FAILED)
_CHECKOUT_LASTS = timedelta(hours=23)
"""The provider lets a page live for 24 hours at most."""
_MARGIN = timedelta(minutes=5)
"""A page that ends sooner is not handed out again."""


@dataclass(frozen=True, slots=True)
class PlatformFee:
    """What the operator keeps of a payment where the workshop has no fee of its own."""

    percent: Decimal = Decimal(0)
    fix_cents: int = 0


class PaymentRequests:
    """Staff asks; whoever holds the link may see and pay, no permission is asked for."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        provider: PaymentProvider | None,
        codes: TransferCodes,
        public_url: str,
        fee: PlatformFee = PlatformFee(),
    ) -> None:
        self._db = db
        self._clock = clock
        self._provider = provider
        self._codes = codes
        self._public_url = public_url
        self._fee = fee

    def ask_for_invoice(self, actor: Actor, invoice_id: UUID) -> RequestView:
        """The request for what is open of an invoice; asking again finds it.

        Raises NotFound invoice_unknown, Conflict payment_nothing_open.
        """
        actor.require_any("payments.manage", "invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            receivable = lock_receivable(session, invoice_id)
            if receivable.state == RECEIVABLE_CANCELLED or open_cents(receivable) <= 0:
                raise Conflict("payment_nothing_open")
            return request_view(self._of_invoice(session, receivable), self._public_url)

    def link_for_invoice(self, workshop_id: UUID, invoice_id: UUID) -> str:
        """Address of the page where an invoice is paid, for its mail; empty: nothing is to be paid."""
        with self._db.writing(workshop_id) as session:
            receivable = lock_receivable(session, invoice_id)
            if open_cents(receivable) <= 0:
                return ""
            return f"{self._public_url}/zahlen/{self._of_invoice(session, receivable).token}"

    def list_for_invoice(self, actor: Actor, invoice_id: UUID) -> list[RequestView]:
        """Everything that was asked for an invoice, the newest first."""
        actor.require("invoices.read")
        query = select(PaymentRequest).where(PaymentRequest.invoice_id == invoice_id)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.order_by(col(PaymentRequest.id).desc())).all()
            return [request_view(row, self._public_url) for row in rows]

    def withdraw(self, actor: Actor, request_id: UUID) -> RequestView:
        """Ask no more. Raises Conflict payment_already_made; money under way is still taken and booked."""
        actor.require("payments.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = lock_request(session, request_id)
            if row.state not in (*PAYABLE, EXPIRED, CANCELLED):
                raise Conflict("payment_already_made")
            row.state, row.changed_at = CANCELLED, self._clock()
            checkout, row.checkout_id, row.checkout_url = row.checkout_id, "", ""
            session.add(row)
            view = request_view(row, self._public_url)
        self._close(checkout)
        return view

    def get_by_token(self, token: str, *, language: str = "") -> PayPage:
        """What the page of a link shows; NotFound link_unknown."""
        with self._db.reading(SYSTEM) as session:
            row = _by_token(session, token)
            online = takes_online(self._provider, find_account(session, row.workshop_id))
            form = ("", "")
            if self._provider and online and self._provider.publishable_key:
                form = (self._provider.publishable_key, self._provider.script_url)
            return pay_page(
                session, row, now=self._clock(), online=online, form=form, codes=self._codes,
                language=language, public_url=self._public_url,
            )  # fmt: skip

    def start_checkout(self, token: str, *, language: str = "de") -> str:
        """Address of the provider's page for a link, the same one while it lasts.

        Raises NotFound link_unknown, Gone payment_over, Invalid payment_not_online, Unavailable.
        """
        order, kept = self._order(token, language)
        if kept:
            return kept
        assert self._provider is not None
        try:
            checkout = self._provider.create_checkout(order)
        except ProviderError as error:
            raise _unavailable(error) from error
        with self._db.writing(SYSTEM) as session:
            row = lock_request(session, order.request_id)
            # News of a very quick payment may have come first: what is settled keeps its names
            if row.state in PAYABLE and order.key == _key(row):
                row.checkout_id, row.checkout_url = checkout.checkout_id, checkout.url
                row.checkout_until = checkout.expires_at or order.expires_at
                row.intent_id = checkout.intent_id or row.intent_id
                row.account_id = order.account_id
                session.add(row)
        return checkout.url

    def start_intent(self, token: str, *, language: str = "de") -> Intent:
        """A payment in the form on our own page; raises like start_checkout."""
        order, _ = self._order(token, language, keep=False)
        assert self._provider is not None
        try:
            intent = self._provider.create_payment_intent(order)
        except ProviderError as error:
            raise _unavailable(error) from error
        with self._db.writing(SYSTEM) as session:
            row = lock_request(session, order.request_id)
            if row.state in PAYABLE:
                row.intent_id, row.account_id = intent.intent_id, order.account_id
                session.add(row)
        return intent

    def expire_due(self) -> int:
        """Requests whose time is over can no longer be paid online."""
        now = self._clock()
        query = select(PaymentRequest.workshop_id, PaymentRequest.id).where(
            col(PaymentRequest.state).in_(PAYABLE), col(PaymentRequest.expires_at) <= now
        )
        with self._db.reading(SYSTEM) as session:
            due = session.exec(query.limit(500)).all()
        for workshop_id, request_id in due:
            with self._db.writing(workshop_id) as session:
                row = lock_request(session, request_id)
                if row.state in PAYABLE:
                    row.state, row.changed_at = EXPIRED, now
                    checkout, row.checkout_id, row.checkout_url = row.checkout_id, "", ""
                    session.add(row)
                else:
                    checkout = ""
            self._close(checkout)
        return len(due)

    def _order(self, token: str, language: str, *, keep: bool = True) -> tuple[PaymentOrder, str]:
        """What to tell the provider, and the page that is open already."""
        now = self._clock()
        stale = ""
        with self._db.writing(SYSTEM) as session:
            row = lock_request(session, _by_token(session, token).id)
            account = find_account(session, row.workshop_id)
            if row.state not in PAYABLE or row.mismatch or (row.expires_at and row.expires_at <= now):
                raise Gone("payment_over")
            if not takes_online(self._provider, account):
                raise Invalid("payment_not_online")
            if row.purpose == INVOICE and not _follow_invoice(session, row):
                raise Gone("payment_over")
            if row.checkout_url and row.checkout_until and row.checkout_until - _MARGIN > now and keep:
                return self._told(session, row, language), row.checkout_url
            if row.checkout_id:
                stale, row.checkout_id, row.checkout_url = row.checkout_id, "", ""
                row.attempt += 1
            session.add(row)
            session.flush()
            order = self._told(session, row, language)
        self._close(stale)
        return order, ""

    def _told(self, session: Session, row: PaymentRequest, language: str) -> PaymentOrder:
        account = find_account(session, row.workshop_id)
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        percent = account.fee_percent if account and account.fee_percent is not None else self._fee.percent
        fix = account.fee_fix_cents if account and account.fee_fix_cents is not None else self._fee.fix_cents
        fee = platform_fee_cents(row.amount_cents, percent=percent, fix_cents=fix)
        connected = self._provider is not None and self._provider.connects and account is not None
        page = f"{self._public_url}/zahlen/{row.token}"
        until: datetime = self._clock() + _CHECKOUT_LASTS
        return PaymentOrder(
            request_id=row.id,
            amount_cents=row.amount_cents,
            currency=row.currency,
            text=row.text,
            language=language,
            key=_key(row),
            email=customer.email if customer else "",
            account_id=account.account_id if connected and account else "",
            fee_cents=fee if connected else 0,
            success_url=f"{page}?zurueck=1",
            cancel_url=page,
            expires_at=until,
        )

    def _of_invoice(self, session: Session, receivable: Receivable) -> PaymentRequest:
        key = f"invoice:{receivable.invoice_id}"
        wait_for_turn(session, f"payment-request:{key}")
        row = _newest(session, key)
        if row is not None and row.state not in {PAID, EXPIRED, CANCELLED, "refunded"}:
            _follow_invoice(session, row)
            return row
        count = 0 if row is None else int(row.request_key.rpartition("#")[2] or 0) + 1
        row = PaymentRequest(
            workshop_id=receivable.workshop_id,
            token=new_secret(),
            request_key=f"{key}#{count}",
            purpose=INVOICE,
            invoice_id=receivable.invoice_id,
            order_id=receivable.order_id,
            customer_id=receivable.customer_id,
            text=receivable.number,
            amount_cents=open_cents(receivable),
            currency=receivable.currency,
            changed_at=self._clock(),
        )
        session.add(row)
        session.flush()
        return row

    def _close(self, checkout_id: str) -> None:
        if not checkout_id or self._provider is None:
            return
        try:
            self._provider.expire_checkout(checkout_id)
        except ProviderError:
            # Whoever still pays there is booked all the same: the amount is compared then
            return


def _key(row: PaymentRequest) -> str:
    return f"{row.id}:{row.attempt}:{row.amount_cents}:{row.currency}"


def _newest(session: Session, key: str) -> PaymentRequest | None:
    query = select(PaymentRequest).where(col(PaymentRequest.request_key).startswith(f"{key}#"))
    return session.exec(query.order_by(col(PaymentRequest.id).desc())).first()


def _follow_invoice(session: Session, row: PaymentRequest) -> bool:
    """Ask for what is open now; False: nothing is."""
    if row.invoice_id is None:
        return False
    receivable = session.exec(select(Receivable).where(Receivable.invoice_id == row.invoice_id)).first()
    left = open_cents(receivable) if receivable else 0
    if left <= 0:
        return False
    if left != row.amount_cents:
        row.amount_cents, row.checkout_until = left, None
        session.add(row)
    return True


def _by_token(session: Session, token: str) -> PaymentRequest:
    row = None
    if 16 <= len(token) <= 64 and token.isascii():
        row = session.exec(select(PaymentRequest).where(PaymentRequest.token == token)).first()
    if row is None:
        raise NotFound("link_unknown")
    return row


def _unavailable(error: ProviderError) -> Unavailable | Conflict:
    return Conflict("payment_refused") if error.permanent else Unavailable("payment_unavailable")
