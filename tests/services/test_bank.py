"""Statements: read once, booked only when certain, and everything can be taken back."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from carbot_app.adapters.banking.camt import CamtReader
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.banking.models import BankEntry, BankStatement
from carbot_app.domains.banking.schemas import Part
from carbot_app.domains.banking.service import BankService
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.models import AuditEntry, Payment, Receivable
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.owed import make_invoice
from tests.factories.statements import a_statement, an_entry

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parents[1] / "vectors" / "acceptance.json").read_text("utf-8"))
}
SAMPLE = (Path(__file__).parents[1] / "vectors" / "banking" / "camt.053.001.08.xml").read_bytes()


class Desk:
    """A workshop at its bank."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.db = database
        self.workshop: Workshop = make_workshop(database)
        self.actor: Actor = staff_of(self.workshop)
        self.bank = BankService(db=database, clock=clock, reader=CamtReader())

    def read(self, *entries: str, name: str = "a.xml", **more: str):
        return self.bank.import_file(self.actor, name, a_statement(*entries, **more))

    def receivable(self, number: str) -> Receivable:
        with self.db.reading(SYSTEM) as session:
            return session.exec(select(Receivable).where(Receivable.number == number)).one()

    def payments(self) -> list[Payment]:
        with self.db.reading(SYSTEM) as session:
            return list(session.exec(select(Payment).order_by(col(Payment.id))))

    def count(self, table: type) -> int:
        with self.db.reading(SYSTEM) as session:
            return len(session.exec(select(table)).all())

    def entry(self, state: str = "open"):
        [entry] = self.bank.list_entries(self.actor, state=state).entries
        return entry


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)


def test_the_sample_books_what_is_certain_and_suggests_the_rest(desk: Desk) -> None:
    """REC-01 and REC-02."""
    for vector in ("REC-01", "REC-02"):
        for number, amount in VECTORS[vector]["input"]["open"]:
            if not desk.bank.list_open_invoices(desk.actor, number):
                make_invoice(desk.db, desk.workshop, number, int(Decimal(amount) * 100))
    result = desk.bank.import_file(desk.actor, "camt.xml", SAMPLE)
    assert (result.lines, result.new, result.booked, result.suggested) == (2, 2, 1, 1)
    assert desk.receivable("RE-2026-00041").state == "paid"
    assert desk.receivable("RE-2026-00042").state == "open"
    thought = desk.entry().suggestion
    assert thought is not None
    assert (thought.action, thought.reason, thought.short_cents) == ("suggest", "short", 319)
    assert [part.number for part in thought.parts] == VECTORS["REC-02"]["expected"]["paid"]
    [payment] = desk.payments()
    assert (payment.amount_cents, payment.method, payment.provider) == (20_313, "transfer", "bank")
    booked = desk.entry("booked")
    assert booked.automatic
    assert (desk.count(AuditEntry), booked.parts[0].number) == (1, "RE-2026-00041")


def test_confirming_with_the_difference_as_discount_pays_both(desk: Desk) -> None:
    for number, cents in (("RE-2026-00042", 54_682), ("RE-2026-00043", 21_231)):
        make_invoice(desk.db, desk.workshop, number, cents)
    desk.bank.import_file(desk.actor, "camt.xml", SAMPLE)
    entry = next(e for e in desk.bank.list_entries(desk.actor).entries if e.amount_cents == 75_594)
    desk.bank.confirm(desk.actor, entry.id, difference="discount")
    assert {desk.receivable(f"RE-2026-0004{n}").state for n in (2, 3)} == {"paid"}
    assert sorted((p.kind, p.amount_cents) for p in desk.payments()) == [
        ("discount", 319),
        ("payment", 20_912),
        ("payment", 54_682),
    ]
    with desk.db.reading(desk.workshop.id) as session:
        assert find_broken(session) is None


def test_discount_as_agreed_is_taken_by_confirming_but_only_in_time(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, discount=("2.00", 7))
    make_invoice(desk.db, desk.workshop, "RE-2026-00002", 10_000, discount=("2.00", 7))
    desk.read(
        an_entry("98.00", "RE-2026-00001", on="2026-11-08", ref="A"),
        an_entry("98.00", "RE-2026-00002", on="2026-11-09", ref="B"),
    )
    late, early = desk.bank.list_entries(desk.actor).entries
    assert (early.suggestion.reason, late.suggestion.reason) == ("cash_discount", "short")
    desk.bank.confirm(desk.actor, early.id)
    desk.bank.confirm(desk.actor, late.id)
    assert desk.receivable("RE-2026-00001").state == "paid"
    left = desk.receivable("RE-2026-00002")
    assert (left.state, left.due_cents - left.settled_cents) == ("partial", 200)


def test_the_same_file_and_overlapping_files_change_nothing(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    first = (an_entry("100.00", "RE-2026-00001", ref="A"), an_entry("7.00", "Danke"))
    desk.read(*first, kind="052")
    again = desk.read(*first, kind="052")
    assert (again.known_file, again.new) == (True, 0)
    overlapping = desk.read(*first, an_entry("9.00", "neu", ref="C"), kind="053")
    assert (overlapping.new, overlapping.known_file) == (1, False)
    assert (desk.count(BankEntry), desk.count(BankStatement), len(desk.payments())) == (3, 2, 1)


def test_a_file_that_does_not_add_up_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Invalid, match="bank_balance_differs"):
        desk.read(an_entry("10.00"), opening="0.00", closing="11.00")
    assert (desk.count(BankEntry), desk.count(BankStatement)) == (0, 0)


def test_the_second_payment_of_an_invoice_is_asked_about(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    result = desk.read(
        an_entry("100.00", "RE-2026-00001", ref="A"), an_entry("100.00", "RE-2026-00001", ref="B")
    )
    assert (result.booked, len(desk.payments())) == (1, 1)
    assert desk.entry().suggestion.reason == "already_paid"


def test_what_is_too_much_stays_visible_on_the_invoice(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    desk.read(an_entry("120.00", "RE-2026-00001"))
    entry = desk.entry()
    assert (entry.suggestion.reason, entry.suggestion.rest_cents) == ("over", 2_000)
    desk.bank.confirm(desk.actor, entry.id)
    row = desk.receivable("RE-2026-00001")
    assert (row.state, row.due_cents - row.settled_cents) == ("paid", -2_000)


def test_what_banks_kept_on_the_way_counts_as_paid(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    desk.read(an_entry("92.50", "RE-2026-00001"))
    desk.bank.confirm(desk.actor, desk.entry().id, difference="fee")
    [payment] = desk.payments()
    assert (payment.amount_cents, payment.fee_cents) == (10_000, 750)
    assert desk.receivable("RE-2026-00001").state == "paid"


def test_a_person_splits_and_ignores_and_decides_once(desk: Desk) -> None:
    one, two = (make_invoice(desk.db, desk.workshop, f"RE-2026-0000{n}", 10_000) for n in (1, 2))
    desk.read(an_entry("150.00", "Danke", ref="A"), an_entry("-0.00".lstrip("-"), "Abschluss", ref="B"))
    entry = next(e for e in desk.bank.list_entries(desk.actor).entries if e.amount_cents)
    for parts, code in (
        ((Part(one.invoice_id, 9_000),), "bank_parts_sum"),
        ((Part(one.invoice_id, 20_000), Part(two.invoice_id, -5_000)), "bank_parts_sum"),
        ((Part(one.invoice_id, 7_500), Part(one.invoice_id, 7_500)), "bank_parts_twice"),
        ((), "bank_no_invoice"),
    ):
        with pytest.raises(Invalid, match=code):
            desk.bank.split(desk.actor, entry.id, parts)
    desk.bank.split(desk.actor, entry.id, (Part(one.invoice_id, 10_000), Part(two.invoice_id, 5_000)))
    assert (desk.receivable("RE-2026-00001").state, desk.receivable("RE-2026-00002").state) == (
        "paid",
        "partial",
    )
    for act in (desk.bank.ignore, lambda actor, at: desk.bank.confirm(actor, at, [one.invoice_id])):
        with pytest.raises(Conflict, match="bank_entry_decided"):
            act(desk.actor, entry.id)
    rest = desk.entry()
    assert desk.bank.ignore(desk.actor, rest.id).state == "ignored"
    assert desk.bank.undo(desk.actor, rest.id).state == "open"


def test_undoing_counter_books_and_never_books_again_by_itself(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, discount=("2.00", 30))
    desk.read(an_entry("98.00", "RE-2026-00001"))
    entry = desk.entry()
    for _ in range(2):
        desk.bank.confirm(desk.actor, entry.id)
        assert desk.receivable("RE-2026-00001").state == "paid"
        assert desk.bank.confirm(desk.actor, entry.id).state == "booked"
        desk.bank.undo(desk.actor, entry.id)
        row = desk.receivable("RE-2026-00001")
        assert (row.state, row.settled_cents) == ("open", 0)
    assert sum(p.amount_cents for p in desk.payments()) == 0
    assert len(desk.payments()) == 8
    assert desk.bank.book_safe(desk.actor) == 0


def test_what_became_certain_later_is_booked_at_once(desk: Desk) -> None:
    desk.read(an_entry("100.00", "RE-2026-00001"))
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    assert desk.bank.list_entries(desk.actor).safe == 1
    assert (desk.bank.book_safe(desk.actor), desk.bank.book_safe(desk.actor)) == (1, 0)
    assert desk.receivable("RE-2026-00001").state == "paid"


def test_a_payment_that_came_back_opens_the_invoice_again(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    desk.read(an_entry("100.00", "RE-2026-00001", ref="A"))
    back = an_entry(
        "103.00", "Rückgabe", credit=False, returned="MS03", charges="3.00", e2e="RE-2026-00001", ref="B"
    )
    assert desk.read(back, name="b.xml").booked == 1
    row = desk.receivable("RE-2026-00001")
    assert (row.state, row.settled_cents, row.paid_on) == ("open", 0, None)
    returned = desk.payments()[-1]
    assert (returned.kind, returned.amount_cents, returned.fee_cents) == ("returned", -10_000, 300)


def test_an_unknown_return_and_other_debits_wait(desk: Desk) -> None:
    desk.read(
        an_entry("50.00", "Miete", credit=False, ref="A"),
        an_entry("50.00", "RE-2026-00009", credit=False, returned="AC04", ref="B"),
    )
    assert {e.suggestion.action for e in desk.bank.list_entries(desk.actor).entries} == {"none"}


def test_what_waits_is_counted_without_what_the_account_does_besides(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    assert desk.bank.count_waiting(desk.actor).count == 0
    desk.read(
        an_entry("100.00", "RE-2026-00001", ref="A"),
        an_entry("45.00", "Vielen Dank", ref="B"),
        an_entry("50.00", "Miete", credit=False, ref="C"),
        an_entry("60.00", "Rückgabe", credit=False, returned="AC04", ref="D"),
    )
    waiting = desk.bank.count_waiting(desk.actor)
    assert (waiting.count, waiting.incoming_cents, waiting.currency) == (2, 4_500, "EUR")


def test_money_a_workshop_sent_back_itself_is_a_refund(desk: Desk) -> None:
    one = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    desk.read(an_entry("100.00", "RE-2026-00001", ref="A"))
    desk.read(an_entry("20.00", "Nachlass", credit=False, ref="B"), name="b.xml")
    desk.bank.confirm(desk.actor, desk.entry().id, [one.invoice_id])
    assert [(paid.kind, paid.amount_cents) for paid in desk.payments()] == [
        ("payment", 10_000),
        ("refund", -2_000),
    ]


def test_who_paid_before_is_known_by_the_account(desk: Desk) -> None:
    ayse = make_customer(desk.db, desk.workshop)
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, customer=ayse)
    make_invoice(desk.db, desk.workshop, "RE-2026-00002", 5_000, customer=ayse)
    desk.read(an_entry("100.00", "RE-2026-00001", ref="A"), an_entry("50.00", "Werkstatt", ref="B"))
    thought = desk.entry().suggestion
    assert (thought.action, thought.found_by) == ("suggest", "amount_and_iban")


def test_a_reference_of_iso_11649_is_certain(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00042", 10_000)
    entry = an_entry("100.00").replace(
        "<Ustrd></Ustrd>", "<Strd><CdtrRefInf><Ref>RF82RE202600042</Ref></CdtrRefInf></Strd>"
    )
    assert desk.read(entry).booked == 1


def test_entries_are_found_by_name_text_and_page(desk: Desk) -> None:
    desk.read(*(an_entry(f"{n}.00", f"Text {n}", ref=f"R{n}", name=f"Kunde {n}") for n in range(1, 6)))
    page = desk.bank.list_entries(desk.actor, limit=3)
    assert (len(page.entries), page.has_more, page.open) == (3, True, 5)
    assert desk.bank.list_entries(desk.actor, search="kunde 4").entries[0].amount_cents == 400
    assert desk.bank.list_entries(desk.actor, search="text 2").entries[0].amount_cents == 200


def test_another_currency_is_never_booked(desk: Desk) -> None:
    one = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    content = a_statement(an_entry("100.00", "RE-2026-00001")).replace(b'Ccy="EUR"', b'Ccy="USD"')
    desk.bank.import_file(desk.actor, "usd.xml", content)
    entry = desk.entry()
    assert entry.suggestion.reason == "currency_differs"
    with pytest.raises(Invalid, match="billing_currency_differs"):
        desk.bank.confirm(desk.actor, entry.id, [one.invoice_id])


def test_another_workshop_sees_and_moves_nothing(desk: Desk) -> None:
    one = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000)
    desk.read(an_entry("100.00", "Danke"))
    entry = desk.entry()
    stranger = staff_of(make_workshop(desk.db, "anderswo"))
    assert desk.bank.list_entries(stranger).entries == ()
    assert desk.bank.list_open_invoices(stranger) == ()
    assert desk.bank.count_waiting(stranger).count == 0
    for act in (desk.bank.get_entry, desk.bank.confirm, desk.bank.ignore, desk.bank.undo):
        with pytest.raises(NotFound, match="bank_entry_unknown"):
            act(stranger, entry.id)
    desk.bank.import_file(stranger, "a.xml", a_statement(an_entry("100.00", "RE-2026-00001", ref="Z")))
    [own] = desk.bank.list_entries(stranger).entries
    assert own.suggestion.action == "none"
    with pytest.raises(NotFound, match="invoice_unknown"):
        desk.bank.confirm(stranger, own.id, [one.invoice_id])


def test_who_only_works_on_cars_sees_no_account(desk: Desk) -> None:
    technician = staff_of(desk.workshop, "technician")
    for act in (
        lambda: desk.bank.list_entries(technician),
        lambda: desk.bank.count_waiting(technician),
        lambda: desk.bank.book_safe(technician),
        lambda: desk.bank.import_file(technician, "a.xml", SAMPLE),
    ):
        with pytest.raises(Forbidden):
            act()
    assert desk.bank.import_file(staff_of(desk.workshop, "accountant"), "a.xml", SAMPLE).new == 2
