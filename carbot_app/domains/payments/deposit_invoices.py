"""Invoices of deposits that customers paid online (§ 14(5) UStG: money in advance is taxed when it comes)."""

from uuid import UUID

from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput
from carbot_app.domains.billing.invoicing import InvoiceService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict
from carbot_app.kit.i18n import translate

_MAY = frozenset({"invoices.read", "invoices.manage", "payments.manage"})


class DepositInvoicing:
    """See payments.ports.DepositInvoices; acts by the owner's rule, for nobody."""

    def __init__(self, *, db: Database, invoices: InvoiceService) -> None:
        self._db = db
        self._invoices = invoices

    def issue(self, request_id: UUID, workshop_id: UUID) -> UUID:
        """See DepositInvoices."""
        with self._db.reading(workshop_id) as session:
            row = session.get_one(PaymentRequest, request_id)
            customer = session.get(Customer, row.customer_id) if row.customer_id else None
        if row.invoice_id is not None:
            return row.invoice_id
        if row.paid_on is None:
            raise Conflict("payment_not_paid")
        buyer = BuyerInput(name=customer.name, email=customer.email) if customer else BuyerInput()
        return self._invoices.issue_deposit(
            _actor(workshop_id),
            gross_cents=row.amount_cents,
            text=translate(row.language, "payments.deposit_line", visit=row.text),
            customer_id=row.customer_id,
            order_id=row.order_id,
            appointment_id=row.appointment_id,
            buyer=buyer,
            received_on=row.paid_on,
            language=row.language,
            request_key=row.request_key,
        ).id

    def take_back(self, invoice_id: UUID, workshop_id: UUID) -> None:
        """See DepositInvoices."""
        actor = _actor(workshop_id)
        if self._invoices.get(actor, invoice_id).state != "cancelled":
            self._invoices.cancel(actor, invoice_id, translate("de", "payments.deposit_back"))


def _actor(workshop_id: UUID) -> Actor:
    return Actor(kind="system", workshop_id=workshop_id, permissions=_MAY)
