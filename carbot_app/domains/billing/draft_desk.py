"""What a person who writes a draft asks for beside it: who was billed before, and how it would look."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_codec import read_row
from carbot_app.domains.billing.draft_schemas import BuyerInput
from carbot_app.domains.billing.drafting import DraftReader
from carbot_app.domains.billing.invoice_reading import deposit_of
from carbot_app.domains.billing.models import Invoice, InvoiceDraft, Receivable
from carbot_app.domains.billing.paper import DEPOSIT, INVOICE, DocumentPrinter, Paper
from carbot_app.domains.billing.paper_codec import kept_from_json
from carbot_app.domains.billing.paper_making import make_paper
from carbot_app.domains.billing.sheets import make_sheet
from carbot_app.domains.billing.terms import load_biller
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate


class DraftDesk:
    """Reads only."""

    def __init__(
        self, *, db: Database, clock: Clock, reader: DraftReader, printer: DocumentPrinter, store: FileStore
    ) -> None:
        self._db, self._clock, self._reader = db, clock, reader
        self._printer, self._store = printer, store

    def buyer_of(self, actor: Actor, customer_id: UUID) -> BuyerInput:
        """Who is billed for a customer: as on the newest invoice, else what the record tells.

        A record holds no address, so the first invoice asks for it and the next one knows it.

        Raises:
            NotFound: no customer of this workshop.

        """
        actor.require("invoices.manage")
        billed = (
            select(Invoice)
            .join(Receivable, col(Receivable.invoice_id) == col(Invoice.id))
            .where(Receivable.customer_id == customer_id, Invoice.kind == INVOICE)
            .order_by(col(Invoice.id).desc())
            .limit(1)
        )
        with self._db.reading(actor.workshop_id) as session:
            customer = session.exec(select(Customer).where(Customer.id == customer_id)).first()
            if customer is None:
                raise NotFound
            newest = session.exec(billed).first()
            told = kept_from_json(newest.paper).draft.buyer if newest else BuyerInput(customer.name)
            return replace(told, email=customer.email or told.email)

    def print_draft(self, actor: Actor, draft_id: UUID) -> bytes:
        """How a draft would look; it says that it is none yet and asks nobody to pay.

        Raises:
            NotFound: ``draft_unknown``. Invalid: what ``work_out`` says is wrong.

        """
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(InvoiceDraft).where(InvoiceDraft.id == draft_id)).first()
            if row is None:
                raise NotFound("draft_unknown")
            draft, biller = read_row(row), load_biller(session, actor.workshop_id)
            today = self._clock().astimezone(ZoneInfo(biller.workshop.timezone)).date()
            deposits = [deposit_of(session, invoice_id) for invoice_id in draft.deposits]
            answer = self._reader.ask(draft, biller)
            worked = self._reader.work_out(draft, biller, today, answer, deposits)
            kind = DEPOSIT if draft.kind == DEPOSIT else INVOICE
            number = translate(draft.language, "paper.not_issued")
            paper = make_paper(worked, make_sheet(session, biller, draft, kind, number))
            logo_file = biller.terms.logo_file
        paper = replace(paper, document=replace(paper.document, payments=(), remittance=""))
        return self._printer.print(self._with_logo(actor.workshop_id, paper, logo_file))

    def _with_logo(self, workshop_id: UUID, paper: Paper, logo_file: str) -> Paper:
        if not logo_file:
            return paper
        return replace(paper, look=replace(paper.look, logo=self._store.get(workshop_id, logo_file)))
