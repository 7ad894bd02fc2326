"""Invoices from the draft to the issued document; every method is one transaction."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.cancelling import cancel, credit
from carbot_app.domains.billing.document import Earlier
from carbot_app.domains.billing.draft_codec import read_row, write_row
from carbot_app.domains.billing.draft_desk import DraftDesk
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.drafting import DraftReader, checked_draft
from carbot_app.domains.billing.einvoices import InvoiceValidator, InvoiceWriter
from carbot_app.domains.billing.invoice_files import ATTACHED, InvoiceFiles
from carbot_app.domains.billing.invoice_mails import InvoiceMails
from carbot_app.domains.billing.invoice_reading import deposit_of, describe, find_invoice, summary_of
from carbot_app.domains.billing.invoice_schemas import (
    CreditLine,
    DraftPreview,
    DraftView,
    InvoiceSummary,
    InvoiceView,
)
from carbot_app.domains.billing.issuing import Writing, issue_of
from carbot_app.domains.billing.models import Invoice, InvoiceDraft, Receivable
from carbot_app.domains.billing.paper import DEPOSIT, INVOICE, DocumentPrinter
from carbot_app.domains.billing.ports import RegisterAnswer, SilentRegister, VatRegister
from carbot_app.domains.billing.receivables import PAID, lock_receivable
from carbot_app.domains.billing.sheets import rules_of
from carbot_app.domains.billing.terms import Biller, load_biller
from carbot_app.domains.billing.working_out import Worked, work_out
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound


class InvoiceService:
    """Reading needs ``invoices.read``, everything else ``invoices.manage``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        writer: InvoiceWriter,
        printer: DocumentPrinter,
        validator: InvoiceValidator,
        store: FileStore,
        messaging: MessagingService,
        public_url: str,
        register: VatRegister | None = None,
    ) -> None:
        self._db, self._clock, self._writer, self._public_url = db, clock, writer, public_url
        self._drafts = DraftReader(register or SilentRegister())
        self._desk = DraftDesk(db=db, clock=clock, reader=self._drafts, printer=printer, store=store)
        self._files = InvoiceFiles(db=db, printer=printer, validator=validator, store=store)
        messaging.add_source(ATTACHED, self._files.attachment)
        self._mails = InvoiceMails(db=db, clock=clock, messaging=messaging, public_url=public_url)

    def save_draft(
        self, actor: Actor, draft: DraftInput, draft_id: UUID | None = None, version: int | None = None
    ) -> DraftView:
        """Keep a draft; it may be incomplete.

        Raises:
            NotFound: ``draft_unknown``. Conflict: ``draft_changed`` when ``version`` is not the stored one.

        """
        actor.require("invoices.manage")
        draft = checked_draft(draft)
        with self._db.writing(actor.workshop_id) as session:
            if draft_id is None:
                row = InvoiceDraft(workshop_id=actor.workshop_id, created_at=self._clock(), version=0)
            else:
                row = _lock_draft(session, draft_id)
            if version is not None and row.version != version:
                raise Conflict("draft_changed")
            write_row(row, draft)
            row.version += 1
            row.updated_by = actor.name[:120]
            biller = load_biller(session, actor.workshop_id)
            row.gross_cents = self._gross(draft, biller)
            session.add(row)
            session.flush()
            return _draft_view(row, biller)

    def get_draft(self, actor: Actor, draft_id: UUID) -> DraftView:
        """A draft. Raises NotFound ``draft_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(InvoiceDraft).where(InvoiceDraft.id == draft_id)).first()
            if row is None:
                raise NotFound("draft_unknown")
            return _draft_view(row, load_biller(session, actor.workshop_id))

    def delete_draft(self, actor: Actor, draft_id: UUID) -> None:
        """Drop a draft; one that is gone is fine."""
        actor.require("invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(InvoiceDraft).where(InvoiceDraft.id == draft_id)).first()
            if row is not None:
                session.delete(row)

    def preview(self, actor: Actor, draft: DraftInput) -> DraftPreview:
        """What would be issued, and what stands against it. Raises Invalid like ``work_out``."""
        actor.require("invoices.read")
        draft = checked_draft(draft)
        with self._db.reading(actor.workshop_id) as session:
            biller = load_biller(session, actor.workshop_id)
            answer = self._drafts.ask(draft, biller)
            deposits = [deposit_of(session, invoice_id) for invoice_id in draft.deposits]
            worked = self._drafts.work_out(draft, biller, self._today(biller), answer, deposits)
            return self._drafts.preview(session, biller, worked, answer)

    def issue(self, actor: Actor, draft_id: UUID, *, request_key: str) -> InvoiceView:
        """Make an invoice of a draft; the same ``request_key`` issues once.

        Raises:
            NotFound: ``draft_unknown``. Invalid: what is missing, with the field. Conflict:
                ``billing_deposit_used``.

        """
        actor.require("invoices.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(InvoiceDraft).where(InvoiceDraft.id == draft_id)).first()
            biller = load_biller(session, actor.workshop_id)
            draft = read_row(row) if row else None
        # The register answers in its own time: it is asked before anything is locked.
        answer = self._drafts.ask(draft, biller) if draft else RegisterAnswer(None)
        with self._db.writing(actor.workshop_id) as session:
            if known := _find_request(session, request_key):
                return describe(session, known, self._clock(), self._public_url)
            row = session.exec(
                select(InvoiceDraft).where(InvoiceDraft.id == draft_id).with_for_update()
            ).first()
            # Whoever waited for the lock finds what the other one issued meanwhile.
            if row is None and (known := _find_request(session, request_key)):
                return describe(session, known, self._clock(), self._public_url)
            if row is None:
                raise NotFound("draft_unknown")
            draft = read_row(row)
            invoice = self._issue(session, actor, draft, answer, request_key)
            session.delete(row)
            session.flush()
            return describe(session, invoice, self._clock(), self._public_url)

    def issue_deposit(
        self,
        actor: Actor,
        *,
        gross_cents: int,
        text: str,
        customer_id: UUID | None,
        order_id: UUID | None = None,
        appointment_id: UUID | None = None,
        buyer: BuyerInput,
        received_on: date,
        language: str = "de",
        request_key: str = "",
    ) -> InvoiceView:
        """An invoice for money that came before the work, taxed by the day it was received.

        Without a ``request_key`` a visit gets one deposit invoice, however often it is asked for.
        """
        actor.require_any("invoices.manage", "payments.manage")
        if gross_cents <= 0:
            raise Invalid("billing_deposit_invalid", field="amount")
        key = request_key or (f"deposit:{appointment_id}" if appointment_id else "")
        draft = checked_draft(
            DraftInput(
                lines=(LineInput("lump_sum", text, Decimal(gross_cents) / 100),),
                kind=DEPOSIT,
                buyer=buyer,
                customer_id=customer_id,
                order_id=order_id,
                language=language,
                supplied_on=received_on,
                received_on=received_on,
                payment_days=0,
                cash_discount_days=0,
            )
        )
        with self._db.reading(actor.workshop_id) as session:
            biller = load_biller(session, actor.workshop_id)
        answer = self._drafts.ask(draft, biller)
        with self._db.writing(actor.workshop_id) as session:
            invoice = _find_request(session, key) or self._issue(session, actor, draft, answer, key)
            return describe(session, invoice, self._clock(), self._public_url)

    def cancel(self, actor: Actor, invoice_id: UUID, reason: str) -> InvoiceView:
        """Take a document back whole; answers the cancellation. Raises like cancelling.cancel."""
        actor.require("invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            writing = self._writing(session, actor)
            original = find_invoice(session, invoice_id)
            invoice, _ = cancel(writing, original, reason, self._today(writing.biller))
            return describe(session, invoice, self._clock(), self._public_url)

    def credit(self, actor: Actor, invoice_id: UUID, lines: Sequence[CreditLine] = ()) -> InvoiceView:
        """Take positions back; answers the credit. Raises like cancelling.credit."""
        actor.require("invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            writing = self._writing(session, actor)
            original = find_invoice(session, invoice_id)
            invoice, _ = credit(writing, original, lines, self._today(writing.biller))
            return describe(session, invoice, self._clock(), self._public_url)

    def get(self, actor: Actor, invoice_id: UUID) -> InvoiceView:
        """An issued document. Raises NotFound ``invoice_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            return describe(session, find_invoice(session, invoice_id), self._clock(), self._public_url)

    def list_summaries(
        self, actor: Actor, *, before: UUID | None = None, limit: int = 50
    ) -> list[InvoiceSummary]:
        """Issued documents, the newest first; ``before``: those issued before this one."""
        actor.require("invoices.read")
        query = select(Receivable).where(Receivable.workshop_id == actor.workshop_id)
        if before is not None:
            query = query.where(Receivable.invoice_id < before)
        query = query.order_by(col(Receivable.invoice_id).desc()).limit(min(max(limit, 1), 200))
        with self._db.reading(actor.workshop_id) as session:
            return [summary_of(owed) for owed in session.exec(query)]

    def get_summary(self, actor: Actor, invoice_id: UUID) -> InvoiceSummary:
        """One issued document. Raises NotFound ``invoice_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            owed = session.exec(select(Receivable).where(Receivable.invoice_id == invoice_id)).first()
            if owed is None:
                raise NotFound("invoice_unknown")
            return summary_of(owed)

    def verify_audit(self, actor: Actor) -> str | None:
        """Id of the first entry of the audit chain that was changed, None when it is whole."""
        actor.require_any("accounting.read", "billing.settings")
        with self._db.reading(actor.workshop_id) as session:
            return find_broken(session)

    def verify_everywhere(self) -> dict[str, str]:
        """Name of each workshop whose chain is broken → id of its first changed entry; for the operator."""
        with self._db.reading(SYSTEM) as session:
            workshops = session.exec(select(Workshop.id, Workshop.slug)).all()
        broken = {}
        for workshop_id, slug in workshops:
            with self._db.reading(workshop_id) as session:
                if entry := find_broken(session):
                    broken[slug] = entry
        return broken

    def find_by_token(self, token: str) -> InvoiceView:
        """The document behind a customer's link. Raises NotFound ``invoice_unknown``."""
        with self._db.reading(SYSTEM) as session:
            owed = session.exec(select(Receivable).where(Receivable.token == token)).first()
        if not token or owed is None:
            raise NotFound("invoice_unknown")
        with self._db.reading(owed.workshop_id) as session:
            return describe(session, find_invoice(session, owed.invoice_id), self._clock(), self._public_url)

    def pdf(self, actor: Actor, invoice_id: UUID) -> bytes:
        """The printed document, printed again where the file is gone."""
        actor.require("invoices.read")
        return self._files.pdf(actor.workshop_id, invoice_id)

    def pdf_by_token(self, token: str) -> tuple[str, bytes]:
        """Number and printed document behind a customer's link. Raises NotFound ``invoice_unknown``."""
        view = self.find_by_token(token)
        with self._db.reading(SYSTEM) as session:
            workshop_id = session.exec(select(Receivable.workshop_id).where(Receivable.token == token)).one()
        return view.number, self._files.pdf(workshop_id, view.id)

    def xml(self, actor: Actor, invoice_id: UUID) -> bytes:
        """The e-invoice as it was issued."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            return find_invoice(session, invoice_id).xml.encode()

    def send(self, actor: Actor, invoice_id: UUID, email: str = "") -> InvoiceView:
        """Queue the mail with the document to ``email`` or the buyer's address.

        Raises:
            Invalid: ``email_invalid``.

        """
        actor.require("invoices.manage")
        self._mails.send(actor.workshop_id, invoice_id, email)
        return self.get(actor, invoice_id)

    @property
    def files(self) -> InvoiceFiles:
        """Consumer of the outbox that prints and checks what was issued."""
        return self._files

    @property
    def desk(self) -> DraftDesk:
        """What a person who writes a draft asks for beside it."""
        return self._desk

    @property
    def mails(self) -> InvoiceMails:
        """Consumer of the outbox that thanks for payments."""
        return self._mails

    def _issue(
        self, session: Session, actor: Actor, draft: DraftInput, answer: RegisterAnswer, request_key: str
    ) -> Invoice:
        writing = self._writing(session, actor)
        biller = writing.biller
        if biller.missing:
            raise Invalid("billing_seller_incomplete", field=biller.missing[0])
        locked = [_lock_deposit(session, invoice_id) for invoice_id in sorted(set(draft.deposits))]
        deposits = [deposit_of(session, invoice_id) for invoice_id in draft.deposits]
        worked = self._drafts.work_out(draft, biller, self._today(biller), answer, deposits)
        _refuse(worked)
        kind = draft.kind if draft.kind == DEPOSIT else INVOICE
        issue = issue_of(
            session,
            biller,
            worked,
            kind,
            earlier=tuple(Earlier(deposit.number, deposit.issued_on) for deposit in deposits),
            vat_check=self._drafts.proof(draft, answer),
            request_key=request_key[:64],
        )
        invoice, _ = writing.write(issue)
        for owed in locked:
            owed.taken_off_by_id = invoice.id
            session.add(owed)
        return invoice

    def _writing(self, session: Session, actor: Actor) -> Writing:
        biller = load_biller(session, actor.workshop_id)
        return Writing(session, biller, self._writer, self._clock(), actor.name[:120])

    def _today(self, biller: Biller) -> date:
        return self._clock().astimezone(ZoneInfo(biller.workshop.timezone)).date()

    def _gross(self, draft: DraftInput, biller: Biller) -> int:
        try:
            return work_out(draft, rules_of(biller), self._today(biller)).totals.gross_cents
        except Invalid:
            return 0


def _refuse(worked: Worked) -> None:
    for problem in worked.problems:
        raise Invalid(problem.code, field=problem.field, **dict(problem.params))


def _lock_draft(session: Session, draft_id: UUID) -> InvoiceDraft:
    row = session.exec(select(InvoiceDraft).where(InvoiceDraft.id == draft_id).with_for_update()).first()
    if row is None:
        raise NotFound("draft_unknown")
    return row


def _draft_view(row: InvoiceDraft, biller: Biller) -> DraftView:
    return DraftView(
        row.id,
        row.version,
        read_row(row),
        row.gross_cents,
        biller.currency,
        row.updated_by,
        row.created_at,
    )


def _find_request(session: Session, request_key: str) -> Invoice | None:
    if not request_key:
        return None
    return session.exec(select(Invoice).where(Invoice.request_key == request_key[:64])).first()


def _lock_deposit(session: Session, invoice_id: UUID) -> Receivable:
    owed = lock_receivable(session, invoice_id)
    if owed.kind != DEPOSIT:
        raise Invalid("billing_deposit_unknown", field="deposits")
    if owed.taken_off_by_id or owed.cancelled_by_id:
        raise Conflict("billing_deposit_used", field="deposits")
    if owed.state != PAID:
        raise Conflict("billing_deposit_unpaid", field="deposits")
    return owed
