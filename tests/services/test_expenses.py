"""Invoices of suppliers: read and judged, kept once, booked only when they add up."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.accounting.service import AccountingService
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.einvoices import Finding
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.expenses.from_mail import MailedInvoices
from carbot_app.domains.expenses.models import Expense
from carbot_app.domains.expenses.reading import MAX_BYTES
from carbot_app.domains.expenses.schemas import ExpenseAmount, ReceiptInput
from carbot_app.domains.expenses.service import ExpenseService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from carbot_app.kit.ids import new_id
from tests.factories import make_conversation, make_message, make_workshop, staff_of
from tests.factories.accounting import make_expense, make_terms
from tests.factories.saving import save
from tests.factories.supplier_files import CREDIT, INVOICE, OIL, pdf_with

TODAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Judge:
    """An InvoiceValidator that says what it is told."""

    def __init__(self) -> None:
        self.found: tuple[Finding, ...] = ()
        self.is_down = False

    def findings(self, xml: bytes) -> tuple[Finding, ...]:
        if self.is_down:
            raise Unavailable("einvoice_unavailable")
        return self.found


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def expenses(database: Database, clock: ManualClock, judge: Judge, tmp_path: Path) -> ExpenseService:
    store = FolderFileStore(tmp_path / "expenses")
    return ExpenseService(db=database, clock=clock, reader=FileInvoiceReader(), validator=judge, store=store)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database, vat_id="DE129273398")


@pytest.fixture
def owner(workshop: Workshop) -> Actor:
    return staff_of(workshop)


def receipt(**fields: object) -> ReceiptInput:
    defaults: dict[str, object] = {
        "supplier": "Hausmeister Klein",
        "number": "17",
        "issued_on": date(2026, 11, 20),
        "amounts": (ExpenseAmount("S", 1900, 10_000, 1_900),),
    }
    return ReceiptInput(**{**defaults, **fields})  # pyright: ignore[reportArgumentType]


def test_an_einvoice_is_read_shown_and_ready_to_be_booked(expenses: ExpenseService, owner: Actor) -> None:
    found = expenses.upload(owner, INVOICE, filename="C:\\Rechnung.xml")
    assert (found.row.entry_number, found.row.state, found.row.source) == (
        "ER-2026-00001",
        "checked",
        "upload",
    )
    assert (found.row.supplier, found.row.number, found.row.is_einvoice) == (
        "Kfz-Meisterbetrieb Muster GmbH",
        "RE-2026-00042",
        True,
    )
    assert found.document
    assert found.row.gross_cents == found.document.gross_cents > 0
    assert (found.document.seller.vat_id, found.document.lines[0].quantity) == ("DE136695976", "1.2")
    assert (found.filename, found.findings, found.duplicates, found.can_type) == (
        "Rechnung.xml",
        (),
        (),
        False,
    )
    assert expenses.get_expense(owner, found.row.id) == found
    assert expenses.read_original(owner, found.row.id).content == INVOICE


def test_a_credit_lowers_what_was_spent(expenses: ExpenseService, owner: Actor) -> None:
    found = expenses.upload(owner, CREDIT)
    assert found.document
    assert found.document.is_credit
    assert found.row.gross_cents == -found.document.gross_cents < 0


def test_what_speaks_against_a_document_is_kept_and_it_waits_to_be_looked_at(
    expenses: ExpenseService, owner: Actor, judge: Judge
) -> None:
    judge.found = (Finding("rule", "fatal", "BR-99", "Something is missing", params=(("term", "x"),)),)
    found = expenses.upload(owner, INVOICE)
    assert (found.row.state, found.row.fatal, found.findings) == ("received", 1, judge.found)
    judge.found, judge.is_down = (), True
    late = expenses.upload(owner, OIL)
    assert [finding.code for finding in late.findings] == ["unchecked"]


def test_the_same_file_is_kept_once(expenses: ExpenseService, owner: Actor, database: Database) -> None:
    expenses.upload(owner, INVOICE)
    with pytest.raises(Conflict) as known:
        expenses.upload(owner, INVOICE)
    assert (known.value.code, known.value.params) == ("expense_known", {"number": "ER-2026-00001"})
    with database.reading(owner.workshop_id) as session:
        assert len(session.exec(select(Expense)).all()) == 1


def test_the_same_number_of_the_same_supplier_is_named_and_booked_once(
    expenses: ExpenseService, owner: Actor
) -> None:
    first = expenses.upload(owner, INVOICE)
    second = expenses.upload(owner, pdf_with(("factur-x.xml", INVOICE)))
    assert second.duplicates == ("ER-2026-00001",)
    expenses.book(owner, first.row.id, "goods")
    with pytest.raises(Conflict) as refused:
        expenses.book(owner, second.row.id, "goods")
    assert (refused.value.code, refused.value.params) == ("expense_duplicate", {"number": "ER-2026-00001"})
    expenses.reject(owner, second.row.id, "doppelt")
    assert expenses.get_expense(owner, first.row.id).duplicates == ()


def test_a_pdf_without_data_is_typed_in(expenses: ExpenseService, owner: Actor) -> None:
    found = expenses.upload(owner, pdf_with())
    assert (found.row.state, found.can_type, found.document, found.media_type) == (
        "received",
        True,
        None,
        "application/pdf",
    )
    with pytest.raises(Invalid, match="expense_amounts"):
        expenses.book(owner, found.row.id, "rent")
    typed = expenses.save_receipt(owner, found.row.id, receipt())
    assert (typed.row.state, typed.row.gross_cents, typed.row.supplier) == (
        "checked",
        11_900,
        "Hausmeister Klein",
    )
    booked = expenses.book(owner, found.row.id, "rent")
    assert (booked.row.state, booked.row.category, booked.can_type) == ("booked", "rent", False)
    with pytest.raises(Conflict, match="expense_not_editable"):
        expenses.save_receipt(owner, found.row.id, receipt())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"supplier": " "}, "expense_supplier"),
        ({"supplier_vat_id": "x" * 30}, "expense_supplier"),
        ({"number": ""}, "expense_number"),
        ({"issued_on": date(1926, 1, 1)}, "expense_day"),
        ({"amounts": ()}, "expense_amounts"),
        ({"amounts": (ExpenseAmount("S", 1900, 10_000, 700),)}, "expense_amounts"),
        ({"amounts": (ExpenseAmount("S", 9900, 10_000, 9_900),)}, "expense_amounts"),
        ({"amounts": (ExpenseAmount("?", 1900, 10_000, 1_900),)}, "expense_amounts"),
        ({"amounts": (ExpenseAmount("S", 0, 10**13, 0),)}, "expense_amounts"),
    ],
)
def test_what_is_typed_wrongly_is_refused_in_words(
    expenses: ExpenseService, owner: Actor, fields: dict, code: str
) -> None:
    found = expenses.upload(owner, pdf_with())
    with pytest.raises(Invalid, match=code):
        expenses.save_receipt(owner, found.row.id, receipt(**fields))


def test_an_invoice_whose_sums_do_not_meet_cannot_be_booked(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database
) -> None:
    amounts = [{"category": "S", "rate": 1900, "net_cents": 10_000, "vat_cents": 1_000}]
    row = make_expense(database, workshop, state="received", amounts=amounts, gross_cents=11_000)
    with pytest.raises(Invalid, match="expense_amounts"):
        expenses.book(owner, row.id, "goods")
    foreign = make_expense(database, workshop, state="checked", currency="USD")
    with pytest.raises(Invalid, match="expense_currency"):
        expenses.book(owner, foreign.id, "goods")
    with pytest.raises(Invalid, match="expense_category"):
        expenses.book(owner, foreign.id, "yachts")


def test_an_expense_is_booked_paid_rejected_and_reopened_in_this_order_only(
    expenses: ExpenseService, owner: Actor
) -> None:
    expense_id = expenses.upload(owner, INVOICE).row.id
    with pytest.raises(Conflict, match="expense_not_booked"):
        expenses.mark_paid(owner, expense_id, TODAY, "bank")
    with pytest.raises(Invalid, match="expense_reason"):
        expenses.reject(owner, expense_id, " ")
    assert expenses.reject(owner, expense_id, "nicht\nbestellt").reason == "nicht bestellt"
    with pytest.raises(Conflict, match="expense_rejected"):
        expenses.book(owner, expense_id, "goods")
    assert expenses.reopen(owner, expense_id).row.state == "received"
    with pytest.raises(Conflict, match="expense_not_rejected"):
        expenses.reopen(owner, expense_id)
    expenses.book(owner, expense_id, "goods")
    for day, way in ((date(2026, 11, 24), "bank"), (TODAY, "gold")):
        with pytest.raises(Invalid, match="expense_paid_on"):
            expenses.mark_paid(owner, expense_id, day, way)
    paid = expenses.mark_paid(owner, expense_id, TODAY, "cash")
    assert (paid.row.state, paid.paid_on, paid.paid_by) == ("paid", TODAY, "cash")
    with pytest.raises(Conflict, match="expense_paid"):
        expenses.reject(owner, expense_id, "zu spät")
    assert expenses.book(owner, expense_id, "tools").row.state == "paid"


def test_every_step_stands_in_the_audit_chain(
    expenses: ExpenseService, owner: Actor, database: Database
) -> None:
    expense_id = expenses.upload(owner, INVOICE).row.id
    expenses.book(owner, expense_id, "goods")
    expenses.mark_paid(owner, expense_id, TODAY, "bank")
    with database.reading(owner.workshop_id) as session:
        kinds = [row.kind for row in session.exec(select(AuditEntry).order_by(AuditEntry.seq))]  # pyright: ignore
        assert kinds == ["expense.received", "expense.booked", "expense.paid"]
        assert find_broken(session) is None


def test_the_list_has_the_newest_first_and_counts_every_state(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database
) -> None:
    for day in (1, 2, 3):
        make_expense(database, workshop, number=f"T-{day}", received_on=date(2026, 11, day))
    make_expense(database, workshop, state="rejected")
    found = expenses.list_expenses(owner, state="booked", count=2)
    assert [row.number for row in found.rows] == ["T-3", "T-2"]
    assert (found.counts, found.has_more) == ({"booked": 3, "rejected": 1}, True)
    assert len(expenses.list_expenses(owner).rows) == 4


def test_a_late_invoice_is_booked_in_the_month_it_came(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database, clock: ManualClock
) -> None:
    found = expenses.upload(owner, INVOICE.replace(b">20261123<", b">20261023<"))
    assert (found.row.issued_on, found.posted_on) == (date(2026, 10, 23), date(2026, 11, 1))
    make_terms(database, workshop)
    expenses.book(owner, found.row.id, "goods")
    books = AccountingService(db=database, clock=clock)
    assert books.get_month(owner, TODAY).expenses == 1
    assert books.get_month(owner, date(2026, 10, 1)).expenses == 0


def test_too_much_is_refused_before_it_is_read(expenses: ExpenseService, owner: Actor) -> None:
    with pytest.raises(TooLarge, match="einvoice_too_large"):
        expenses.upload(owner, b"<" + b" " * MAX_BYTES)


def test_expenses_are_for_the_books_of_their_own_workshop_only(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database
) -> None:
    expense_id = expenses.upload(owner, INVOICE).row.id
    with pytest.raises(Forbidden):
        expenses.upload(staff_of(workshop, "front_desk"), OIL)
    with pytest.raises(Forbidden):
        expenses.list_expenses(staff_of(workshop, "technician"))
    stranger = staff_of(make_workshop(database, "other"))
    for attempt in (expenses.get_expense, expenses.read_original):
        with pytest.raises(NotFound):
            attempt(stranger, expense_id)
    with pytest.raises(NotFound):
        expenses.book(stranger, expense_id, "goods")
    assert expenses.list_expenses(stranger).rows == ()


def mailed(
    database: Database,
    workshop: Workshop,
    store: FolderFileStore,
    *files: tuple[str, bytes],
    channel: str = "mail",
) -> Delivery:
    """A mail with files that was taken into a thread."""
    message = make_message(database, make_conversation(database, workshop))
    for position, (name, content) in enumerate(files):
        row = MessageFile(
            workshop_id=workshop.id, message_id=message.id, position=position, kind="file", name=name,
            media_type="application/octet-stream", size=len(content), sha256="x",
        )  # fmt: skip
        store.put(workshop.id, str(row.id), content)
        save(database, row)
    payload = {"message_id": str(message.id), "channel": channel}
    return Delivery(new_id(), workshop.id, "message.received", payload, MOMENT)


def test_an_einvoice_in_a_mail_becomes_an_expense_once(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database, tmp_path: Path
) -> None:
    store = FolderFileStore(tmp_path / "files")
    mails = MailedInvoices(db=database, store=store, expenses=expenses)
    files = (
        ("rechnung.pdf", pdf_with(("factur-x.xml", INVOICE))),
        ("foto.pdf", pdf_with()),
        ("a.xml", b"<a/>"),
    )
    delivery = mailed(database, workshop, store, *files)
    mails.on_event(delivery)
    mails.on_event(delivery)
    (row,) = expenses.list_expenses(owner).rows
    assert (row.source, row.number, row.state) == ("mail", "RE-2026-00042", "checked")
    assert expenses.get_expense(owner, row.id).filename == "rechnung.pdf"


def test_our_own_invoice_sent_back_and_files_of_a_chat_are_no_expenses(
    expenses: ExpenseService, owner: Actor, workshop: Workshop, database: Database, tmp_path: Path
) -> None:
    store = FolderFileStore(tmp_path / "files")
    mails = MailedInvoices(db=database, store=store, expenses=expenses)
    own = INVOICE.replace(b"DE136695976", b"DE129273398")
    mails.on_event(mailed(database, workshop, store, ("own.xml", own)))
    mails.on_event(mailed(database, workshop, store, ("chat.xml", INVOICE), channel="whatsapp"))
    gone = mailed(database, workshop, store, ("gone.xml", OIL))
    for file in (tmp_path / "files").rglob("*-*-*"):
        if file.is_file():
            file.unlink()
    mails.on_event(gone)
    assert expenses.list_expenses(owner).rows == ()
    assert expenses.receive_mail(workshop.id, b"x" * (MAX_BYTES + 1)) is None
