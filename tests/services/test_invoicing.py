"""From a draft to an issued document and back: figures, numbers, deposits, cancellations. Both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from carbot_app.adapters.mail.smtp import compose
from carbot_app.adapters.payments.setup import payment_services
from carbot_app.config import Settings
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.invoice_schemas import CreditLine
from carbot_app.domains.billing.models import AuditEntry, Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.paper_codec import kept_from_json
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.domains.customers.merging import ContactMerging
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import Letter
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.saving import save
from tests.services.billing_desk import MAX, SPEDITION, BillingDesk, deposit, line, open_billing_desk

TODAY = date(2026, 11, 23)


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> BillingDesk:
    return open_billing_desk(database, clock)


def rows(desk: BillingDesk, table: type) -> list:
    with desk.database.reading(SYSTEM) as session:
        return list(session.exec(select(table).order_by(table.id)))


@pytest.mark.parametrize(
    ("lines", "net", "vat", "gross"),
    [
        pytest.param([line("9.99", "3")], 2997, 569, 3566, id="VAT-01"),
        pytest.param([line("49.90", gross=True)], 4193, 797, 4990, id="VAT-02"),
        pytest.param([line("13.50")], 1350, 257, 1607, id="VAT-03"),
        pytest.param([line("1000", kind="part", exchange=True)], 100_000, 20_900, 120_900, id="VAT-04"),
        pytest.param(
            [line("1000", kind="part", exchange=True, discount_percent=Decimal(10))],
            90_000, 19_000, 109_000, id="VAT-05",
        ),
        pytest.param(
            [line("320", kind="part", exchange=True), line("11.20", "12")], 45_440, 9_242, 54_682, id="VAT-06"
        ),
        pytest.param([line("49"), line("154", kind="handed_on")], 20_300, 931, 21_231, id="VAT-07"),
    ],
)  # fmt: skip
def test_worked_examples_of_the_trade_come_out_of_the_service(
    desk: BillingDesk, lines: list, net: int, vat: int, gross: int
) -> None:
    found = desk.issue(*lines)
    assert (found.net_cents, found.vat_cents, found.gross_cents) == (net, vat, gross)
    assert (found.number, found.state, found.open_cents) == ("RE-2026-00001", "open", gross)
    assert (found.issued_on, found.supplied_on, found.due_on) == (TODAY, TODAY, date(2026, 12, 7))
    assert found.keep_until == date(2034, 12, 31)
    (row,) = rows(desk, Invoice)
    assert f"<ram:GrandTotalAmount>{Decimal(gross) / 100:.2f}<" in row.xml
    assert sum(part.net_cents for part in rows(desk, InvoiceLine)) == net


def test_a_draft_is_changed_until_it_is_issued_and_nobody_overwrites_anybody(desk: BillingDesk) -> None:
    first = desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX))
    second = desk.invoices.save_draft(
        desk.actor, DraftInput((line("20"),), buyer=MAX), first.id, version=first.version
    )
    assert (second.version, second.gross_cents) == (2, 2380)
    with pytest.raises(Conflict, match="draft_changed"):
        desk.invoices.save_draft(desk.actor, second.draft, first.id, version=1)
    assert desk.invoices.get_draft(desk.actor, first.id) == second
    desk.invoices.delete_draft(desk.actor, first.id)
    desk.invoices.delete_draft(desk.actor, first.id)
    for gone in (desk.invoices.get_draft, lambda a, i: desk.invoices.issue(a, i, request_key="k")):
        with pytest.raises(NotFound, match="draft_unknown"):
            gone(desk.actor, first.id)


def test_pressing_twice_issues_once(desk: BillingDesk) -> None:
    draft = desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX))
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda _: desk.invoices.issue(desk.actor, draft.id, request_key="press"), range(4))
        )
    assert {invoice.number for invoice in found} == {"RE-2026-00001"}
    assert len(rows(desk, Invoice)) == 1
    with pytest.raises(NotFound, match="draft_unknown"):
        desk.invoices.issue(desk.actor, draft.id, request_key="another")


def test_a_hundred_at_once_get_consecutive_numbers(desk: BillingDesk) -> None:
    drafts = [
        desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX)).id for _ in range(100)
    ]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda one: desk.invoices.issue(desk.actor, one, request_key=str(one)), drafts))
    assert sorted(invoice.number for invoice in found) == [f"RE-2026-{at:05}" for at in range(1, 101)]
    with desk.database.reading(desk.workshop.id) as session:
        assert find_broken(session) is None
        assert len(session.exec(select(AuditEntry)).all()) == 100


def test_what_fails_uses_no_number_and_leaves_nothing(
    desk: BillingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX))
    with monkeypatch.context() as patch:
        patch.setattr(
            "carbot_app.domains.billing.issuing.record", lambda *_, **__: (_ for _ in ()).throw(OSError)
        )
        with pytest.raises(OSError):  # noqa: PT011
            desk.invoices.issue(desk.actor, draft.id, request_key="k")
    assert [rows(desk, table) for table in (Invoice, Receivable, OutboxEvent)] == [[], [], []]
    assert desk.invoices.issue(desk.actor, draft.id, request_key="k").number == "RE-2026-00001"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"lines": (line("10", "0"),)}, "billing_quantity_invalid", "lines.1.quantity"),
        ({"lines": (line("-10"),)}, "billing_price_invalid", "lines.1.unit_price"),
        ({"lines": (line("99999999", "999999"),)}, "billing_amount_too_large", None),
        ({"lines": ()}, "billing_no_lines", "lines"),
        ({"lines": (line("10", text=" "),)}, "missing", "lines.1.text"),
        ({"buyer": SPEDITION.__class__("GmbH", business=True)}, "billing_buyer_incomplete", "buyer.street"),
        ({"form": "word"}, "billing_form_unknown", "form"),
        ({"payers": ({"name": "HUK", "cents": "1"},)}, "billing_payers_differ", "payers"),
        ({"supplied_on": date(2027, 1, 1)}, "billing_supplied_later", "supplied_on"),
        ({"form": "xrechnung_cii"}, "invoice_rule_broken", "buyer_reference"),
    ],
)
def test_what_cannot_be_issued_says_why_and_where(
    desk: BillingDesk, change: dict, code: str, field: str | None
) -> None:
    draft = DraftInput(**{"lines": (line("10"),), "buyer": MAX, **change})
    saved = desk.invoices.save_draft(desk.actor, draft)
    with pytest.raises(Invalid) as refused:
        desk.invoices.issue(desk.actor, saved.id, request_key="k")
    assert (refused.value.code, refused.value.field) == (code, field)
    assert rows(desk, Invoice) == []


def test_a_workshop_without_tax_number_issues_nothing(database: Database, clock: ManualClock) -> None:
    desk = open_billing_desk(database, clock, vat_id="", terms={"tax_number": ""})
    with pytest.raises(Invalid, match="billing_seller_incomplete"):
        desk.issue()


def test_returned_goods_have_a_negative_quantity_and_make_a_debt_of_the_workshop(desk: BillingDesk) -> None:
    found = desk.issue(line("100", "-1", kind="part"))
    assert (found.gross_cents, found.open_cents, found.state) == (-11_900, -11_900, "open")


def test_the_rate_is_that_of_the_day_of_supply(desk: BillingDesk) -> None:
    old = desk.issue(line("100"), supplied_on=date(2020, 11, 2))
    assert (old.vat_cents, desk.issue(line("100")).vat_cents) == (1600, 1900)


def test_a_foreign_business_owes_the_tax_itself_only_with_a_number_the_register_knows(
    desk: BillingDesk,
) -> None:
    buyer = SPEDITION.__class__("Garage", "Rue 1", "75001", "Paris", "FR", "", True, "FR40303265045")
    with pytest.raises(Invalid) as asked:
        desk.issue(buyer=buyer)
    assert (asked.value.code, asked.value.params["answers"]) == ("billing_tax_question", "trust charge")
    charged = desk.issue(buyer=buyer, answers={"vat_id_unverified": "charge"})
    assert charged.vat_cents == 1900
    desk.register.registered = True
    free = desk.issue(buyer=buyer)
    assert (free.vat_cents, free.groups[0].category) == (0, "AE")
    kept = kept_from_json(next(row for row in rows(desk, Invoice) if row.id == free.id).paper)
    assert kept.vat_check == {"state": "valid", "request_id": "WAPI-1", "asked_at": ""}
    desk.register.registered = False
    assert desk.issue(buyer=buyer).vat_cents == 1900


def test_without_vat_no_tax_is_shown_and_the_reason_told(database: Database, clock: ManualClock) -> None:
    desk = open_billing_desk(database, clock, vat_id="")
    save(database, PriceTerms(workshop_id=desk.workshop.id, vat_regime="small_business"))
    found = desk.issue()
    assert (found.vat_cents, found.groups[0].category) == (0, "E")
    assert "§ 19 UStG" in rows(desk, Invoice)[0].xml


def test_a_deposit_is_taxed_by_its_day_and_taken_off_once_with_its_vat(desk: BillingDesk) -> None:
    paid = deposit(desk, 50_000, date(2026, 11, 2))
    assert (paid.kind, paid.net_cents, paid.vat_cents) == ("deposit", 42_017, 7_983)
    with pytest.raises(Conflict, match="billing_deposit_unpaid"):
        desk.issue(line("1000"), deposits=(paid.id,))
    desk.pay(paid)
    final = desk.issue(line("1000"), deposits=(paid.id,))
    assert (final.gross_cents, final.due_cents) == (119_000, 69_000)
    xml = next(row for row in rows(desk, Invoice) if row.id == final.id).xml
    assert "<ram:TotalPrepaidAmount>500.00<" in xml
    assert "420,17" in xml
    assert "79,83" in xml
    with pytest.raises(Conflict, match="billing_deposit_used"):
        desk.issue(line("1000"), deposits=(paid.id,))
    with pytest.raises(Conflict, match="invoice_deposit_used"):
        desk.invoices.cancel(desk.actor, paid.id, "")
    desk.invoices.cancel(desk.actor, final.id, "falsch")
    assert desk.issue(line("1000"), deposits=(paid.id,)).due_cents == 69_000


def test_one_deposit_per_visit(desk: BillingDesk) -> None:
    visit = new_id()
    one, other = (deposit(desk, 5_000, TODAY, appointment_id=visit) for _ in range(2))
    assert one.id == other.id
    with pytest.raises(Invalid, match="billing_deposit_invalid"):
        deposit(desk, 0, TODAY)


def test_a_cancellation_takes_an_unpaid_invoice_back_whole(desk: BillingDesk) -> None:
    original = desk.issue(line("320", kind="part", exchange=True), line("154", kind="handed_on"))
    taken_back = desk.invoices.cancel(desk.actor, original.id, "Falscher Kunde")
    assert (taken_back.number, taken_back.kind) == ("RE-2026-00002", "cancellation")
    assert taken_back.gross_cents == -original.gross_cents
    assert taken_back.original_number == original.number
    assert [part.quantity for part in taken_back.lines] == [-1, -1]
    xml = rows(desk, Invoice)[-1].xml
    assert "<ram:TypeCode>384<" in xml
    assert f"<ram:IssuerAssignedID>{original.number}<" in xml
    after = desk.invoices.get(desk.actor, original.id)
    assert (after.state, after.open_cents, after.cancelled_by_number) == ("cancelled", 0, taken_back.number)
    assert (taken_back.state, taken_back.open_cents) == ("paid", 0)
    for again in (original.id, taken_back.id):
        with pytest.raises(Conflict):
            desk.invoices.cancel(desk.actor, again, "")
    assert "invoice.paid" not in [event.kind for event in rows(desk, OutboxEvent)]


@pytest.mark.parametrize(("paid", "refund"), [(11_900, 11_900), (5_000, 5_000), (13_000, 13_000)])
def test_what_was_paid_is_owed_back_after_a_cancellation(desk: BillingDesk, paid: int, refund: int) -> None:
    original = desk.issue(line("100"))
    desk.pay(original, paid)
    taken_back = desk.invoices.cancel(desk.actor, original.id, "")
    assert taken_back.open_cents == -refund
    after = desk.pay(taken_back, -refund, kind="refund")
    assert (after.state, after.open_cents) == ("paid", 0)


def test_a_discount_that_was_taken_is_not_paid_back(desk: BillingDesk) -> None:
    original = desk.issue(line("100"))
    desk.pay(original, 11_662)
    desk.pay(original, 238, kind="discount", method="none")
    assert desk.invoices.cancel(desk.actor, original.id, "").open_cents == -11_662


def test_a_credit_takes_back_positions_and_never_more_than_there_is(desk: BillingDesk) -> None:
    original = desk.issue(line("10", "4", kind="part"), line("100"))
    part = desk.invoices.credit(desk.actor, original.id, [CreditLine(1, Decimal(3))])
    assert (part.kind, part.gross_cents, part.state) == ("credit", -3_570, "paid")
    assert "<ram:TypeCode>381<" in rows(desk, Invoice)[-1].xml
    assert desk.invoices.get(desk.actor, original.id).open_cents == 16_660 - 3_570
    for too_much in (CreditLine(1, Decimal(2)), CreditLine(3), CreditLine(1, Decimal(-1))):
        with pytest.raises(Invalid, match="invoice_credit_too_much"):
            desk.invoices.credit(desk.actor, original.id, [too_much])
    with pytest.raises(Conflict, match="invoice_credited"):
        desk.invoices.cancel(desk.actor, original.id, "")
    rest = desk.invoices.credit(desk.actor, original.id)
    assert part.gross_cents + rest.gross_cents == -original.gross_cents
    after = desk.invoices.get(desk.actor, original.id)
    assert (after.state, after.cancelled_by_id) == ("cancelled", rest.id)
    with pytest.raises(Conflict, match="invoice_not_creditable"):
        desk.invoices.credit(desk.actor, rest.id)


def test_an_invoice_stays_when_its_customer_is_deleted(desk: BillingDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    found = desk.issue(customer_id=customer.id)
    with desk.database.writing(SYSTEM) as session:
        session.delete(session.get_one(Customer, customer.id))
    after = desk.invoices.get(desk.actor, found.id)
    assert (after.customer_id, after.buyer_name) == (None, MAX.name)


def test_ten_thousand_lines_are_the_most(desk: BillingDesk) -> None:
    preview = desk.invoices.preview(desk.actor, DraftInput((line("1"),) * 10_000, buyer=MAX))
    assert preview.totals.net_cents == 1_000_000
    with pytest.raises(Invalid, match="billing_too_many_lines"):
        desk.invoices.preview(desk.actor, DraftInput((line("1"),) * 10_001, buyer=MAX))


def test_a_preview_says_what_is_missing_and_whether_an_e_invoice_is_a_duty(desk: BillingDesk) -> None:
    found = desk.invoices.preview(desk.actor, DraftInput((line("300"),), buyer=SPEDITION.__class__("Max")))
    assert {problem.field for problem in found.problems} == {
        "buyer.street",
        "buyer.postal_code",
        "buyer.city",
    }
    assert (found.simplified, found.duty.must, found.choice.category) == (False, False, "S")
    small = desk.invoices.preview(desk.actor, DraftInput((line("250", gross=True),)))
    assert (small.simplified, small.problems) == (True, ())


def test_the_printed_file_is_kept_and_printed_again_where_it_is_gone(desk: BillingDesk) -> None:
    found = desk.issue()
    first = desk.invoices.pdf(desk.actor, found.id)
    assert desk.invoices.pdf(desk.actor, found.id) == first
    assert desk.printer.printed == [found.number]
    desk.store.delete(desk.workshop.id, f"{found.id}.pdf")
    assert desk.invoices.pdf_by_token(found.token) == (found.number, first)
    event = Delivery(
        new_id(), desk.workshop.id, "invoice.issued", {"invoice_id": str(found.id)}, desk.clock()
    )
    desk.invoices.files.on_event(event)
    assert desk.invoices.get(desk.actor, found.id).checked
    for token in ("", "x"):
        with pytest.raises(NotFound, match="invoice_unknown"):
            desk.invoices.pdf_by_token(token)


def test_mails_go_in_the_customers_language_and_thanks_only_for_money(desk: BillingDesk) -> None:
    found = desk.issue(language="pl")
    assert desk.invoices.send(desk.actor, found.id).sent_at == desk.clock()
    desk.pay(found)
    for event in rows(desk, OutboxEvent):
        delivery = Delivery(event.id, desk.workshop.id, event.kind, event.payload, desk.clock())
        desk.invoices.mails.on_event(delivery)
        desk.invoices.mails.on_event(delivery)
    mails = rows(desk, OutgoingMessage)
    assert [(mail.kind, mail.to_address) for mail in mails] == [
        ("invoice.invoice", "max@example.org"),
        ("invoice.receipt", "max@example.org"),
    ]
    assert "Faktura RE-2026-00001" in mails[0].subject
    assert found.link in mails[0].text
    with pytest.raises(Invalid, match="email_invalid"):
        desk.invoices.send(desk.actor, found.id, "nobody")


def test_the_mail_that_asks_for_money_says_where_it_is_paid(desk: BillingDesk) -> None:
    settings = Settings(public_url="https://carbot.example")
    services = payment_services(settings, desk.database, desk.clock, provider=None, invoices=None)
    payments = services.requests
    desk.invoices.mails.ask_with(payments.link_for_invoice)
    found = desk.issue()
    desk.invoices.send(desk.actor, found.id)
    (request,) = payments.list_for_invoice(desk.actor, found.id)
    desk.pay(found)
    desk.invoices.send(desk.actor, found.id)
    asking, settled = rows(desk, OutgoingMessage)
    assert request.url.startswith("https://carbot.example/zahlen/")
    assert request.url in asking.text
    assert "/zahlen/" not in settled.text


@pytest.mark.parametrize("table", [Invoice, InvoiceLine, Payment, AuditEntry])
def test_what_was_issued_or_booked_cannot_be_changed_by_code_or_by_hand(
    desk: BillingDesk, table: type
) -> None:
    desk.pay(desk.issue())
    name = table.__tablename__
    column = {"invoice": "number", "invoice_line": "text", "payment": "reference", "audit_entry": "by"}[name]
    changes = (lambda _, row: setattr(row, column, "forged"), lambda session, row: session.delete(row))
    for change in changes:
        with pytest.raises(Conflict, match="invoice_immutable"):
            _change(desk, table, change)
    for statement in (f"UPDATE {name} SET \"{column}\" = 'forged'", f"DELETE FROM {name}"):
        for scope in (SYSTEM, desk.workshop.id):
            with pytest.raises(DBAPIError), desk.database.writing(scope) as session:
                session.execute(text(statement))


def test_an_altered_audit_entry_is_named(desk: BillingDesk) -> None:
    for _ in range(3):
        desk.issue()
    assert desk.invoices.verify_audit(desk.actor) is None
    entry = sorted(rows(desk, AuditEntry), key=lambda row: row.seq)[1]
    with desk.database.writing(SYSTEM) as session:
        _unlock(session, desk.database)
        session.execute(text("UPDATE audit_entry SET kind = 'forged' WHERE seq = 2"))
    assert desk.invoices.verify_audit(desk.actor) == str(entry.id)


def _change(desk: BillingDesk, table: type, change: Callable[[Session, Any], None]) -> None:
    with desk.database.writing(desk.workshop.id) as session:
        change(session, session.exec(select(table)).first())


def _unlock(session: Session, database: Database) -> None:
    names = ("audit_entry_frozen_update",) if database.is_sqlite else ("audit_entry_frozen ON audit_entry",)
    for name in names:
        session.execute(text(f"DROP TRIGGER {name}"))


def test_nobody_reads_another_workshops_documents_or_issues_without_permission(desk: BillingDesk) -> None:
    found = desk.issue()
    stranger = staff_of(make_workshop(desk.database, "fremd"))
    for read in (desk.invoices.get, desk.invoices.pdf, desk.invoices.xml, desk.invoices.get_summary):
        with pytest.raises(NotFound):
            read(stranger, found.id)
    assert desk.invoices.list_summaries(stranger) == []
    (summary,) = desk.invoices.list_summaries(desk.actor)
    assert summary == desk.invoices.get_summary(desk.actor, found.id)
    assert desk.invoices.list_summaries(desk.actor, before=found.id) == []
    accountant = staff_of(desk.workshop, "accountant")
    assert desk.invoices.get(accountant, found.id).number == found.number
    for refused in (
        lambda: desk.invoices.cancel(accountant, found.id, ""),
        lambda: desk.invoices.save_draft(accountant, DraftInput(())),
        lambda: desk.invoices.get(staff_of(desk.workshop, "technician"), found.id),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_merging_customers_moves_what_is_owed_and_leaves_the_document(desk: BillingDesk) -> None:
    keep, other = (make_customer(desk.database, desk.workshop, phone=f"+49171555014{at}") for at in range(2))
    found = desk.issue(customer_id=other.id)
    before = [row.model_dump() for row in rows(desk, Invoice)]
    customers = CustomerService(db=desk.database)
    ContactMerging(db=desk.database, clock=desk.clock, customers=customers).merge(
        desk.actor, keep.id, other.id
    )
    assert desk.invoices.get(desk.actor, found.id).customer_id == keep.id
    assert [row.model_dump() for row in rows(desk, Invoice)] == before


@pytest.mark.parametrize(("form", "suffixes"), [("zugferd", ["pdf"]), ("xrechnung_cii", ["pdf", "xml"])])
def test_the_document_hangs_on_its_mail(
    database: Database, clock: ManualClock, form: str, suffixes: list[str]
) -> None:
    mailbox = Mailbox()
    messaging = MessagingService(db=database, clock=clock, transport=mailbox)
    desk = open_billing_desk(database, clock, messaging=messaging)
    found = desk.issue(buyer=replace(SPEDITION, buyer_reference="KD-1"), form=form)
    desk.invoices.send(desk.actor, found.id)
    assert messaging.send_due() == 1
    (letter,) = mailbox.letters
    assert [file.filename for file in letter.attachments] == [f"{found.number}.{end}" for end in suffixes]
    attached = list(compose(letter, "office@carbot.example").iter_attachments())
    contents = [desk.invoices.pdf(desk.actor, found.id), desk.invoices.xml(desk.actor, found.id)]
    assert [part.get_payload(decode=True) for part in attached] == contents[: len(suffixes)]


class Mailbox:
    """A MailTransport that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """See MailTransport."""
        self.letters.append(letter)
