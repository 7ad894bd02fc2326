"""Direct debits: only with a mandate, only once, on days banks work, and returned ones open again."""

from datetime import UTC, date, datetime

import pytest
from lxml import etree
from sqlmodel import col, select

from carbot_app.adapters.banking.camt import CamtReader
from carbot_app.adapters.banking.pain import PainWriter
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.banking.debit_reading import DebitBook
from carbot_app.domains.banking.debit_schemas import MandateInput
from carbot_app.domains.banking.debit_service import DebitService
from carbot_app.domains.banking.debits import is_bank_day, is_usable, next_bank_day
from carbot_app.domains.banking.models import DebitItem
from carbot_app.domains.banking.service import BankService
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.owed import make_billing_terms, make_invoice
from tests.factories.statements import a_statement, an_entry

COLLECT = date(2026, 12, 1)
PAYER = "DE89370400440532013000"


class Desk:
    """A workshop that may debit a customer."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.db = database
        self.workshop = make_workshop(database)
        self.actor = staff_of(self.workshop)
        messaging = MessagingService(db=database, clock=clock, transport=None)
        self.debits = DebitService(db=database, clock=clock, writer=PainWriter(), messaging=messaging)
        self.book = DebitBook(db=database, clock=clock)
        self.bank = BankService(db=database, clock=clock, reader=CamtReader())
        self.customer = make_customer(
            database, self.workshop, name="Jürgen Groß", email="jg@example.org", language="en"
        )

    def mandate(self, **fields: object):
        given = {"customer_id": self.customer.id, "holder": "Jürgen Groß", "iban": PAYER, **fields}
        return self.debits.add_mandate(
            self.actor,
            MandateInput(**{"signed_on": date(2026, 1, 15), **given}),  # type: ignore[arg-type]
        )

    def invoice(self, number: str, cents: int = 10_000) -> Receivable:
        return make_invoice(self.db, self.workshop, number, cents, customer=self.customer)

    def rows(self, table: type) -> list:
        with self.db.reading(SYSTEM) as session:
            return list(session.exec(select(table).order_by(col(table.id))))


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    desk = Desk(database, clock)
    make_billing_terms(database, desk.workshop, account_holder="Müller & Söhne")
    return desk


def told(file: bytes, path: str) -> list[str]:
    return [node.text for node in etree.fromstring(file).iterfind(f".//{{*}}{path}")]


def test_a_file_holds_what_is_owed_and_the_customer_is_told_before(desk: Desk) -> None:
    desk.mandate(reference="KD10001-M1")
    one, two = desk.invoice("RE-2026-00001"), desk.invoice("RE-2026-00002", 5_050)
    assert [found.sequence for found in desk.debits.list_collectable(desk.actor)] == ["FRST", "FRST"]
    [run] = desk.debits.create_runs(desk.actor, [one.invoice_id, two.invoice_id], COLLECT)
    file = desk.debits.file(desk.actor, run.id)
    assert (run.count, run.total_cents, run.scheme) == (2, 15_050, "CORE")
    assert told(file, "EndToEndId") == ["RE-2026-00001", "RE-2026-00002"]
    assert told(file, "InstdAmt") == ["100.00", "50.50"]
    assert told(file, "MsgId") == [run.file_id]
    assert set(told(file, "ReqdColltnDt")) == {"2026-12-01"}
    assert set(told(file, "Nm")) == {"Mueller & Soehne", "Juergen Gross"}
    # The second collection of the mandate in one file is a following one.
    assert told(file, "SeqTp") == ["FRST", "RCUR"]
    first = desk.rows(OutgoingMessage)[0]
    assert (first.kind, first.language, first.subject) == (
        "debit",
        "en",
        "Direct debit on 1 Dec 2026: RE-2026-00001",
    )
    assert "DE98ZZZ09999999999" in first.text
    assert PAYER not in first.text


def test_nothing_is_collected_twice(desk: Desk) -> None:
    desk.mandate()
    one = desk.invoice("RE-2026-00001")
    desk.debits.create_runs(desk.actor, [one.invoice_id], COLLECT)
    assert desk.debits.list_collectable(desk.actor) == ()
    with pytest.raises(Invalid, match="bank_no_invoice"):
        desk.debits.create_runs(desk.actor, [one.invoice_id], COLLECT)


def test_schemes_get_files_of_their_own_and_a_single_mandate_is_used_once(desk: Desk) -> None:
    firm = make_customer(desk.db, desk.workshop, name="Spedition")
    desk.mandate(recurring=False)
    desk.mandate(customer_id=firm.id, scheme="B2B")
    rows = [desk.invoice("RE-2026-00001"), desk.invoice("RE-2026-00002")]
    rows.append(make_invoice(desk.db, desk.workshop, "RE-2026-00003", 7_000, customer=firm))
    runs = desk.debits.create_runs(desk.actor, [row.invoice_id for row in rows], COLLECT)
    assert [(run.scheme, run.count) for run in runs] == [("CORE", 1), ("B2B", 1)]
    assert told(desk.debits.file(desk.actor, runs[0].id), "SeqTp") == ["OOFF"]
    assert desk.debits.list_collectable(desk.actor) == ()


def test_what_became_of_a_file_is_told_debit_by_debit(desk: Desk) -> None:
    desk.mandate()
    rows = [desk.invoice(f"RE-2026-0000{n}") for n in (1, 2, 3)]
    [run] = desk.debits.create_runs(desk.actor, [row.invoice_id for row in rows], COLLECT)
    came = [an_entry("100.00", e2e=f"RE-2026-0000{n}", ref=f"A{n}") for n in (1, 2)]
    desk.bank.import_file(desk.actor, "a.xml", a_statement(*came))
    back = an_entry("103.00", credit=False, e2e="RE-2026-00002", returned="MS03", charges="3.00", ref="B")
    desk.bank.import_file(desk.actor, "b.xml", a_statement(back))
    [sheet] = desk.book.list_runs(desk.actor)
    assert sheet.run == run
    assert [(debit.number, debit.state, debit.reason) for debit in sheet.debits] == [
        ("RE-2026-00001", "paid", ""),
        ("RE-2026-00002", "returned", "MS03"),
        ("RE-2026-00003", "sent", ""),
    ]
    assert [payment.kind for payment in desk.rows(Payment)] == ["payment", "payment", "returned"]


def test_mandates_are_found_by_customer_holder_and_reference(desk: Desk) -> None:
    firm = make_customer(desk.db, desk.workshop, name="Spedition 100 %")
    mine = desk.mandate(reference="KD-1")
    old = desk.mandate(customer_id=firm.id, holder="Kai Kran", reference="KD-2", signed_on=date(2020, 1, 1))
    found = desk.book.find_mandates(desk.actor)
    assert [(one.mandate, one.customer, one.usable) for one in found] == [
        (old, "Spedition 100 %", False),
        (mine, "Jürgen Groß", True),
    ]
    for search, references in (("100 %", ["KD-2"]), ("kran", ["KD-2"]), ("kd-1", ["KD-1"]), ("_", [])):
        found = desk.book.find_mandates(desk.actor, search)
        assert [one.mandate.reference for one in found] == references, search
    assert [payer.name for payer in desk.book.find_payers(desk.actor, "sped")] == ["Spedition 100 %"]
    assert [payer.contact for payer in desk.book.find_payers(desk.actor, "groß")] == ["jg@example.org"]
    desk.debits.revoke_mandate(desk.actor, mine.id)
    assert not any(one.usable for one in desk.book.find_mandates(desk.actor))


def test_what_the_settings_lack_is_said_before_a_file_is_wanted(
    database: Database, clock: ManualClock
) -> None:
    desk = Desk(database, clock)
    assert desk.book.find_problem(desk.actor) == "billing_iban_invalid"
    make_billing_terms(database, desk.workshop)
    assert desk.book.find_problem(desk.actor) == ""
    assert desk.book.next_collection_day(desk.actor) == next_bank_day(clock().date())


def test_a_returned_debit_opens_the_invoice_and_can_be_tried_again(desk: Desk) -> None:
    desk.mandate()
    one = desk.invoice("RE-2026-00001")
    desk.debits.create_runs(desk.actor, [one.invoice_id], COLLECT)
    came = a_statement(an_entry("100.00", e2e="RE-2026-00001", ref="A"))
    assert desk.bank.import_file(desk.actor, "a.xml", came).booked == 1
    assert [item.state for item in desk.rows(DebitItem)] == ["paid"]
    assert [payment.method for payment in desk.rows(Payment)] == ["direct_debit"]
    back = a_statement(
        an_entry("103.00", credit=False, e2e="RE-2026-00001", returned="AM04", charges="3.00", ref="B")
    )
    assert desk.bank.import_file(desk.actor, "b.xml", back).booked == 1
    assert [item.state for item in desk.rows(DebitItem)] == ["returned"]
    assert desk.rows(Receivable)[0].state == "open"
    [again] = desk.debits.list_collectable(desk.actor)
    assert (again.cents, again.sequence) == (10_000, "RCUR")


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-28", "2026-12-25", "2028-01-03"])
def test_collection_is_on_a_day_banks_work_from_tomorrow_on(desk: Desk, day: str) -> None:
    desk.mandate()
    one = desk.invoice("RE-2026-00001")
    with pytest.raises(Invalid, match="bank_collect_on"):
        desk.debits.create_runs(desk.actor, [one.invoice_id], date.fromisoformat(day))


def test_target_knows_its_six_holidays() -> None:
    assert next_bank_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert next_bank_day(date(2027, 3, 25)) == date(2027, 3, 30)
    assert is_bank_day(date(2026, 10, 5))
    assert not is_bank_day(date(2027, 1, 1))


def test_a_mandate_lapses_when_it_is_not_used_for_three_years() -> None:
    given = {"recurring": True, "uses": 1, "signed_on": date(2020, 1, 1), "revoked_on": None}
    for last, usable in ((date(2023, 12, 31), True), (date(2023, 11, 1), False)):
        assert is_usable(**given, last_used_on=last, on=date(2026, 11, 23)) is usable  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "code"),
    [({"creditor_id": "DE00ZZZ09999999999"}, "bank_creditor_id"), ({"iban": ""}, "billing_iban")],
)
def test_without_creditor_id_or_account_there_is_no_file(
    database: Database, clock: ManualClock, terms: dict, code: str
) -> None:
    desk = Desk(database, clock)
    make_billing_terms(database, desk.workshop, **terms)
    desk.mandate()
    with pytest.raises(Invalid, match=code):
        desk.debits.create_runs(desk.actor, [desk.invoice("RE-2026-00001").invoice_id], COLLECT)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"iban": "DE89370400440532013001"}, "billing_iban_invalid"),
        ({"reference": "zwei Wörter"}, "bank_mandate_reference"),
        ({"scheme": "COR1"}, "bank_mandate_scheme"),
        ({"holder": " "}, "bank_mandate_holder"),
        ({"signed_on": date(2027, 1, 1)}, "bank_mandate_day"),
    ],
)
def test_a_mandate_has_to_be_whole(desk: Desk, fields: dict, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        desk.mandate(**fields)


def test_mandates_are_unique_revocable_and_of_known_customers(desk: Desk) -> None:
    kept = desk.mandate(reference="M1")
    with pytest.raises(Conflict, match="bank_mandate_exists"):
        desk.mandate(reference="M1")
    with pytest.raises(NotFound):
        desk.mandate(customer_id=new_id())
    desk.invoice("RE-2026-00001")
    assert desk.debits.revoke_mandate(desk.actor, kept.id).revoked_on == date(2026, 11, 23)
    assert [one.reference for one in desk.debits.list_mandates(desk.actor, desk.customer.id)] == ["M1"]
    assert desk.debits.list_collectable(desk.actor) == ()


def test_another_workshop_and_people_without_rights_get_nothing(desk: Desk) -> None:
    kept = desk.mandate()
    one = desk.invoice("RE-2026-00001")
    [run] = desk.debits.create_runs(desk.actor, [one.invoice_id], COLLECT)
    stranger = staff_of(make_workshop(desk.db, "anderswo"))
    assert (
        desk.debits.list_collectable(stranger) == desk.debits.list_mandates(stranger, desk.customer.id) == ()
    )
    assert desk.book.find_mandates(stranger) == desk.book.list_runs(stranger) == ()
    assert desk.book.find_payers(stranger, "Groß") == ()
    for act in (
        lambda: desk.debits.file(stranger, run.id),
        lambda: desk.debits.revoke_mandate(stranger, kept.id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        desk.debits.create_runs(staff_of(desk.workshop, "technician"), [], COLLECT)
    for read in (desk.book.list_runs, desk.book.find_mandates, desk.book.find_problem):
        with pytest.raises(Forbidden):
            read(staff_of(desk.workshop, "technician"))


def test_a_name_no_bank_takes_is_refused_before_the_file_leaves(clock: ManualClock) -> None:
    from carbot_app.domains.banking.ports import Creditor, Debit

    debit = Debit("RE-1", 100, "A", "keine", "M1", COLLECT, "FRST", COLLECT, "x")
    with pytest.raises(Invalid, match="bank_debit_refused"):
        PainWriter().write(
            "F1",
            Creditor("Müller", "DE02120300000000202051", "DE98ZZZ09999999999"),
            [debit],
            scheme="CORE",
            at=datetime(2026, 11, 23, tzinfo=UTC),
        )
