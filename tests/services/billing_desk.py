"""A workshop that bills, with its services over real adapters or over quick stand-ins."""

import tempfile
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.einvoices import Finding
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.billing.invoicing import InvoiceService
from carbot_app.domains.billing.models import BillingTerms, Payment
from carbot_app.domains.billing.paper import Paper
from carbot_app.domains.billing.ports import RegisterAnswer, VatRegister
from carbot_app.domains.billing.receivables import book, lock_receivable
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.factories.saving import save

MAX = BuyerInput("Max Mustermann", "Hafenstr. 12", "44147", "Dortmund", email="max@example.org")
SPEDITION = BuyerInput("Spedition GmbH", "Kai 1", "20457", "Hamburg", email="ap@example.org", business=True)


@dataclass
class QuickPrinter:
    """Prints nothing but counts."""

    printed: list[str] = field(default_factory=list)

    def print(self, paper: Paper, xml: bytes = b"") -> bytes:
        """See DocumentPrinter."""
        self.printed.append(paper.document.number)
        return b"%PDF " + paper.document.number.encode() + xml[:10]


class Lenient:
    """An InvoiceValidator with nothing to say."""

    def findings(self, xml: bytes) -> tuple[Finding, ...]:
        """See InvoiceValidator."""
        return ()


@dataclass
class Register:
    """A VatRegister that says what it is told to."""

    registered: bool | None = None
    asked: list[str] = field(default_factory=list)

    def ask(self, number: str, *, own_number: str = "") -> RegisterAnswer:
        """See VatRegister."""
        self.asked.append(number)
        return RegisterAnswer(self.registered, "WAPI-1" if self.registered else "")


@dataclass(frozen=True)
class BillingDesk:
    """What tests of billing hold in hands."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    actor: Actor
    invoices: InvoiceService
    printer: Any
    store: FolderFileStore
    register: Register

    def issue(self, *lines: LineInput, key: str = "", **more: Any) -> InvoiceView:
        """A draft that is issued at once."""
        draft = DraftInput(lines or (line("100"),), **{"buyer": MAX, **more})
        saved = self.invoices.save_draft(self.actor, draft)
        return self.invoices.issue(self.actor, saved.id, request_key=key or new_id().hex)

    def pay(self, invoice: InvoiceView, cents: int | None = None, **more: Any) -> InvoiceView:
        """Money comes."""
        with self.database.writing(self.workshop.id) as session:
            owed = lock_receivable(session, invoice.id)
            payment = Payment(
                workshop_id=self.workshop.id,
                invoice_id=invoice.id,
                method=more.pop("method", "transfer"),
                amount_cents=invoice.due_cents if cents is None else cents,
                currency=invoice.currency,
                received_on=self.clock().date(),
                **more,
            )
            book(session, owed, payment, self.clock())
        return self.invoices.get(self.actor, invoice.id)


def line(price: str, quantity: str = "1", kind: str = "labour", **more: Any) -> LineInput:
    """A position told net."""
    return replace(LineInput(kind, f"{kind} {price}", Decimal(price), Decimal(quantity), gross=False), **more)


def open_billing_desk(
    database: Database,
    clock: ManualClock,
    *,
    printer: Any = None,
    validator: Any = None,
    register: VatRegister | None = None,
    terms: dict[str, Any] | None = None,
    messaging: MessagingService | None = None,
    **workshop: Any,
) -> BillingDesk:
    """A workshop in Dortmund with an account and a tax number."""
    row = make_workshop(database, **{"vat_id": "DE136695976", **workshop})
    told: dict[str, Any] = {
        "tax_number": "30/123/45678", "iban": "DE02120300000000202051", "contact_name": "Büro",
    }  # fmt: skip
    save(database, BillingTerms(workshop_id=row.id, **{**told, **(terms or {})}))
    printer = printer or QuickPrinter()
    asked = register or Register()
    store = FolderFileStore(Path(tempfile.mkdtemp(prefix="carbot-documents-")))
    invoices = open_invoices(
        database,
        clock,
        printer=printer,
        store=store,
        register=asked,
        **{key: part for key, part in (("validator", validator), ("messaging", messaging)) if part},
    )
    return BillingDesk(database, clock, row, staff_of(row), invoices, printer, store, asked)  # type: ignore[arg-type]


def open_invoices(database: Database, clock: ManualClock, **parts: Any) -> InvoiceService:
    """The service over quick stand-ins, but for the given parts."""
    standing: dict[str, Any] = {
        "writer": FacturxInvoiceWriter(),
        "printer": QuickPrinter(),
        "validator": Lenient(),
        "store": FolderFileStore(Path(tempfile.mkdtemp(prefix="carbot-documents-"))),
        "messaging": MessagingService(db=database, clock=clock, transport=None),
        "public_url": "https://carbot.example",
    }
    return InvoiceService(db=database, clock=clock, **{**standing, **parts})


def deposit(desk: BillingDesk, cents: int, on: date, **more: Any) -> InvoiceView:
    """A deposit that was received."""
    return desk.invoices.issue_deposit(
        desk.actor,
        **{
            **{"gross_cents": cents, "text": "Anzahlung Getriebe", "customer_id": None},
            **{"buyer": MAX, "received_on": on, **more},
        },
    )
