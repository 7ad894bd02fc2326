"""The services of billing, from the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from carbot_app.adapters.banking.camt import CamtReader
from carbot_app.adapters.banking.pain import PainWriter
from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.einvoice.validating import SaxonInvoiceValidator
from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.adapters.vies.register import ViesRegister
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.accounting.service import AccountingService
from carbot_app.domains.banking.debit_reading import DebitBook
from carbot_app.domains.banking.debit_service import DebitService
from carbot_app.domains.banking.service import BankService
from carbot_app.domains.billing.bulk import InvoiceBulk
from carbot_app.domains.billing.dunning_service import DunningService
from carbot_app.domains.billing.einvoices import InvoiceValidator
from carbot_app.domains.billing.invoicing import InvoiceService
from carbot_app.domains.billing.listing import InvoiceList
from carbot_app.domains.billing.ports import SilentRegister, VatRegister
from carbot_app.domains.billing.seller import SellerService
from carbot_app.domains.billing.terms import BillingTermsService
from carbot_app.domains.expenses.from_mail import MailedInvoices
from carbot_app.domains.expenses.service import ExpenseService
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.clock import Clock


# Without slots: two bases that have some cannot be put together
@dataclass(frozen=True, kw_only=True)
class BillingServices:
    """What Services has of billing."""

    invoices: InvoiceService
    billing_terms: BillingTermsService
    seller: SellerService
    invoice_list: InvoiceList
    invoice_bulk: InvoiceBulk
    bank: BankService
    debits: DebitService
    debit_book: DebitBook
    dunning: DunningService
    accounting: AccountingService
    expenses: ExpenseService
    mailed_invoices: MailedInvoices


def invoice_service(
    settings: Settings,
    db: Database,
    clock: Clock,
    messaging: MessagingService,
    validator: InvoiceValidator | None = None,
    register: VatRegister | None = None,
) -> InvoiceService:
    """Invoices. Documents have a store of their own: what sweeps photos without a row must not see them."""
    return InvoiceService(
        db=db,
        clock=clock,
        writer=FacturxInvoiceWriter(),
        printer=TypstDocumentPrinter(),
        validator=validator or SaxonInvoiceValidator(),
        store=_documents(settings),
        messaging=messaging,
        public_url=settings.effective_public_url,
        register=register or _register(settings),
    )


def billing_services(
    settings: Settings,
    db: Database,
    clock: Clock,
    messaging: MessagingService,
    *,
    mailed: FileStore,
    forget_prices: Callable[[UUID], None],
) -> dict[str, Any]:
    """Fields of BillingServices; ``mailed`` holds the files of the threads."""
    validator, register = SaxonInvoiceValidator(), _register(settings)
    expenses = ExpenseService(
        db=db,
        clock=clock,
        reader=FileInvoiceReader(),
        validator=validator,
        store=FolderFileStore(settings.data_dir / "expenses"),
    )
    invoices = invoice_service(settings, db, clock, messaging, validator, register)
    listing = InvoiceList(db=db, clock=clock)
    return {
        "invoices": invoices,
        "billing_terms": BillingTermsService(
            db=db, store=_documents(settings), maker=PillowPictureMaker(), clock=clock
        ),
        "seller": SellerService(db=db, register=register, forget=forget_prices),
        "invoice_list": listing,
        "invoice_bulk": InvoiceBulk(invoices=invoices, listing=listing),
        "bank": BankService(db=db, clock=clock, reader=CamtReader()),
        "debit_book": DebitBook(db=db, clock=clock),
        "debits": DebitService(db=db, clock=clock, writer=PainWriter(), messaging=messaging),
        "dunning": DunningService(
            db=db,
            clock=clock,
            messaging=messaging,
            printer=TypstDocumentPrinter(),
            public_url=settings.effective_public_url,
        ),
        "accounting": AccountingService(db=db, clock=clock),
        "expenses": expenses,
        "mailed_invoices": MailedInvoices(db=db, store=mailed, expenses=expenses),
    }


def _register(settings: Settings) -> VatRegister:
    return ViesRegister(settings.vies_url) if settings.vies_url else SilentRegister()


def _documents(settings: Settings) -> FolderFileStore:
    return FolderFileStore(settings.data_dir / "documents")
