"""Mails with documents, in the customer's language: the invoice itself and the thanks for a payment."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.billing.einvoices import ZUGFERD
from carbot_app.domains.billing.invoice_files import ATTACHED
from carbot_app.domains.billing.invoice_reading import document_link, find_invoice
from carbot_app.domains.billing.models import Invoice, Payment, Receivable
from carbot_app.domains.billing.receivables import PAYMENT, lock_receivable
from carbot_app.domains.customers.contact import parse_email
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_id
from carbot_app.kit.money import format_cents


class InvoiceMails:
    """Queues mails; the document hangs on them when they leave."""

    def __init__(self, *, db: Database, clock: Clock, messaging: MessagingService, public_url: str) -> None:
        self._db, self._clock, self._messaging, self._public_url = db, clock, messaging, public_url
        self._pay_link: Callable[[UUID, UUID], str] = lambda _workshop_id, _invoice_id: ""

    def ask_with(self, pay_link: Callable[[UUID, UUID], str]) -> None:
        """Say in every mail that asks for money where it is paid.

        ``pay_link`` takes workshop and invoice and gives an address, or nothing. Payments are built on
        billing, so they are made known here afterwards.
        """
        self._pay_link = pay_link

    def send(self, workshop_id: UUID, invoice_id: UUID, email: str = "") -> None:
        """Queue the mail with the document. Raises Invalid ``email_invalid``."""
        # The request for money is a transaction of its own, which must not wait for this one
        link = self._pay_link(workshop_id, invoice_id)
        with self._db.writing(workshop_id) as session:
            invoice = find_invoice(session, invoice_id)
            owed = lock_receivable(session, invoice_id)
            address = email.strip() or owed.email
            if not address:
                raise Invalid("email_invalid", field="email")
            self._queue(session, invoice, owed, "invoice", parse_email(address), key=new_id().hex, pay=link)
            owed.sent_at = self._clock()
            session.add(owed)

    def on_event(self, delivery: Delivery) -> None:
        """Thank for a payment that settled an invoice; an offset or a discount is none."""
        payment_id = delivery.payload.get("payment_id")
        if delivery.kind != "invoice.paid" or not payment_id:
            return
        with self._db.writing(delivery.workshop_id) as session:
            payment = session.exec(select(Payment).where(Payment.id == UUID(payment_id))).one()
            invoice = find_invoice(session, payment.invoice_id)
            owed = session.exec(select(Receivable).where(Receivable.invoice_id == invoice.id)).one()
            if payment.kind == PAYMENT and payment.amount_cents > 0 and owed.email:
                self._queue(session, invoice, owed, "receipt", owed.email, key=payment_id)

    def _queue(
        self,
        session: Session,
        invoice: Invoice,
        owed: Receivable,
        kind: str,
        address: str,
        *,
        key: str,
        pay: str = "",
    ) -> None:
        workshop = session.get_one(Workshop, invoice.workshop_id)
        language = invoice.language
        amount = invoice.due_cents if kind == "invoice" else owed.settled_cents
        variables = {
            "number": invoice.number,
            "workshop": workshop.name,
            "name": owed.buyer_name,
            "amount": format_cents(abs(amount), invoice.currency, language, workshop.country),
            "due": f"{owed.due_on:%d.%m.%Y}",
            "link": document_link(self._public_url, owed.token),
            "pay": f"\n\n{translate(language, 'invoice.mail.pay', link=pay)}" if pay else "",
        }
        asks = kind == "invoice" and invoice.due_cents > 0
        body = f"mail.{kind if asks or kind == 'receipt' else 'other'}"
        self._messaging.queue_mail(
            session,
            workshop_id=invoice.workshop_id,
            kind=f"invoice.{kind}",
            to_address=address,
            subject=translate(
                language,
                f"invoice.{body}_subject",
                title=translate(language, f"paper.title.{invoice.kind}"),
                **variables,
            ),
            text=translate(
                language,
                f"invoice.{body}_text",
                title=translate(language, f"paper.title.{invoice.kind}"),
                **variables,
            ),
            attachments=_attachments(invoice) if kind == "invoice" else (),
            dedupe_key=f"{kind}:{invoice.id}:{key}",
            language=language,
        )


def _attachments(invoice: Invoice) -> list[dict[str, str]]:
    """The PDF; a ZUGFeRD file carries its XML, an XRechnung is the XML itself."""
    forms = ("pdf",) if invoice.form == ZUGFERD else ("pdf", "xml")
    return [{"source": ATTACHED, "invoice_id": str(invoice.id), "form": form} for form in forms]
