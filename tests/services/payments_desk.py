"""A workshop that is paid online, over the stand-in for Stripe."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from carbot_app.adapters.payments.setup import Payments, payment_services
from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.config import Settings
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.payments.deposit_invoices import DepositInvoicing
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin
from tests.services.billing_desk import BillingDesk, open_billing_desk

URL = "https://carbot.example"


@dataclass(frozen=True)
class PaymentsDesk:
    """What tests of payments hold in hands."""

    billing: BillingDesk
    stripe: StripeStandin
    payments: Payments
    provider: StripePayments
    database: Database
    clock: ManualClock

    @property
    def actor(self) -> Actor:
        """The owner."""
        return self.billing.actor

    def asked(self, invoice: InvoiceView) -> str:
        """Token of the page where an invoice is paid."""
        return self.payments.requests.ask_for_invoice(self.actor, invoice.id).url.rpartition("/")[2]

    def checkout(self, token: str) -> str:
        """A customer presses the button; the name of the provider's page."""
        return self.payments.requests.start_checkout(token).rpartition("/")[2]

    def hear(self, *events: dict[str, Any]) -> None:
        """Webhook calls of these, or of everything that happened, and the jobs after them."""
        for event in events or tuple(self.stripe.events):
            headers, body = self.stripe.signed(event)
            self.payments.events.receive("stripe", headers=headers, body=body)
        self.work()

    def work(self) -> None:
        """Deliver the outbox until nothing new comes."""
        for _ in range(10):
            with self.database.writing(SYSTEM) as session:
                query = select(OutboxEvent).where(col(OutboxEvent.delivered_at).is_(None))
                rows = session.exec(query.order_by(col(OutboxEvent.id))).all()
                for row in rows:
                    row.delivered_at = self.clock()
            if not rows:
                return
            for row in rows:
                delivery = Delivery(row.id, row.workshop_id, row.kind, row.payload, row.created_at)
                self.payments.events.on_event(delivery)
                self.payments.deposits.on_event(delivery)

    def row(self, token: str) -> PaymentRequest:
        """The request behind a link."""
        with self.database.reading(SYSTEM) as session:
            return session.exec(select(PaymentRequest).where(PaymentRequest.token == token)).one()

    def state(self, token: str) -> str:
        """What the customer is told."""
        return self.payments.requests.get_by_token(token).state

    def booked(self, invoice_id: UUID) -> list[tuple[str, int, str]]:
        """Kind, amount and method of every payment of an invoice; the audit chain holds."""
        with self.database.reading(self.billing.workshop.id) as session:
            assert find_broken(session) is None
            query = select(Payment).where(Payment.invoice_id == invoice_id).order_by(col(Payment.id))
            return [(row.kind, row.amount_cents, row.method) for row in session.exec(query)]

    def receivable(self, invoice_id: UUID) -> Receivable:
        """What is owed."""
        with self.database.reading(self.billing.workshop.id) as session:
            return session.exec(select(Receivable).where(Receivable.invoice_id == invoice_id)).one()


def open_payments_desk(
    database: Database, clock: ManualClock, stripe: StripeStandin, *, connects: bool = False, **workshop: Any
) -> PaymentsDesk:
    """The desk; ``connects``: the workshop has to connect an account first."""
    billing = open_billing_desk(database, clock, **workshop)
    provider = StripePayments(
        secret_key=KEY, webhook_secret=SECRET, api_base=stripe.origin, connects=connects
    )
    settings = Settings(_env_file=None, public_url=URL, stripe_fee_percent=1, stripe_fee_cents=10)  # type: ignore[call-arg]
    payments = payment_services(
        settings,
        database,
        clock,
        provider=provider,
        invoices=DepositInvoicing(db=database, invoices=billing.invoices),
    )
    return PaymentsDesk(billing, stripe, payments, provider, database, clock)
