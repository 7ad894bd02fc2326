"""Dunning: proposals by law and terms, letters only when a person releases them, each only once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing import receivables
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.dunning_models import DunningNotice
from carbot_app.domains.billing.dunning_service import DunningService
from carbot_app.domains.billing.models import AuditEntry, Payment, Receivable
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.owed import make_billing_terms, make_invoice

URL = "https://carbot.example"


class Desk:
    """A workshop that waits for its money."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.db, self.clock = database, clock
        self.workshop = make_workshop(database)
        make_billing_terms(database, self.workshop)
        self.actor = staff_of(self.workshop)
        messaging = MessagingService(db=database, clock=clock, transport=None, public_url=URL)
        self.dunning = DunningService(
            db=database, clock=clock, messaging=messaging, printer=TypstDocumentPrinter(), public_url=URL
        )

    def on(self, day: date) -> None:
        self.clock.advance(datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - self.clock())

    def run(self):
        return self.dunning.run(self.actor)

    def release_all(self):
        return self.dunning.release(self.actor, {proposal.key for proposal in self.run().proposals})

    def receivable(self, number: str) -> Receivable:
        with self.db.reading(SYSTEM) as session:
            return session.exec(select(Receivable).where(Receivable.number == number)).one()

    def pay(self, number: str, cents: int, on: date) -> None:
        with self.db.writing(self.workshop.id) as session:
            row = receivables.lock_receivable(session, self.receivable(number).invoice_id)
            payment = Payment(
                workshop_id=self.workshop.id, invoice_id=row.invoice_id, method="cash", amount_cents=cents,
                currency="EUR", received_on=on,
            )  # fmt: skip
            receivables.book(session, row, payment, self.clock())

    def mails(self) -> list[OutgoingMessage]:
        with self.db.reading(SYSTEM) as session:
            return list(session.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.id))))


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, ManualClock(datetime(2026, 2, 2, 9, tzinfo=UTC)))


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_customer_gets_one_letter_over_all_that_is_late(desk: Desk) -> None:
    ayse = make_customer(desk.db, desk.workshop, email="ayse@example.org", language="tr")
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, customer=ayse, issued_on=date(2026, 1, 2))
    make_invoice(desk.db, desk.workshop, "RE-2026-00002", 5_000, customer=ayse, issued_on=date(2026, 1, 10))
    make_invoice(desk.db, desk.workshop, "RE-2026-00003", 5_000, customer=ayse, issued_on=date(2026, 1, 18))
    [proposal] = desk.run().proposals
    assert [claim.number for claim in proposal.claims] == ["RE-2026-00001", "RE-2026-00002"]
    assert (proposal.name, proposal.way, proposal.total_cents) == ("reminder", "mail", 15_000)
    assert desk.receivable("RE-2026-00001").dunning_level == 0
    [notice] = desk.release_all()
    assert (notice.numbers, notice.deadline) == (("RE-2026-00001", "RE-2026-00002"), date(2026, 2, 9))
    [mail] = desk.mails()
    assert (mail.language, mail.to_address, mail.kind) == ("tr", "ayse@example.org", "dunning")
    assert f"{URL}/zahlen/{desk.receivable('RE-2026-00001').token}" in mail.text
    row = desk.receivable("RE-2026-00002")
    assert (row.dunning_level, row.reminded_on) == (1, date(2026, 2, 2))


def test_releasing_twice_sends_once(desk: Desk) -> None:
    make_invoice(
        desk.db, desk.workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 1, 2), email="a@example.org"
    )
    keys = {proposal.key for proposal in desk.run().proposals}
    assert [len(desk.dunning.release(desk.actor, keys)) for _ in range(2)] == [1, 0]
    assert (len(desk.mails()), len(desk.dunning.list_notices(desk.actor))) == (1, 1)
    with desk.db.reading(desk.workshop.id) as session:
        [entry] = session.exec(select(AuditEntry)).all()
        assert (entry.kind, entry.content["level"]) == ("dunning.sent", 1)
        assert find_broken(session) is None


def test_the_levels_follow_each_other_up_to_the_handover(desk: Desk) -> None:
    invoice = make_invoice(
        desk.db, desk.workshop, "RE-2026-00001", 120_900, issued_on=date(2026, 1, 2), is_business=True
    )
    for wait, name, fee in ((0, "reminder", 0), (14, "first", 4_000), (14, "last", 0), (14, "handover", 0)):
        desk.clock.advance(timedelta(days=wait))
        [proposal] = desk.run().proposals
        assert (proposal.name, proposal.claims[0].fee_cents, proposal.way) == (name, fee, "letter")
        desk.release_all()
        assert desk.run().proposals == ()
    desk.clock.advance(timedelta(days=30))
    assert desk.run().proposals == ()
    [done] = desk.run().finished
    assert (done.level, done.reason) == (4, "handover")
    assert [notice.name for notice in desk.dunning.list_notices(desk.actor, invoice.invoice_id)] == [
        "handover", "last", "first", "reminder",
    ]  # fmt: skip
    table = desk.dunning.handover_csv(desk.actor).decode("utf-8-sig")
    assert "RE-2026-00001;2026-01-02;2026-01-16;Spedition Beispiel GmbH;Hafenstr. 12;44147;Dortmund" in table
    assert ";1209,00;40,00;EUR;4;" in table


@pytest.mark.parametrize(
    ("business", "percent", "expected"), [(False, "6.27", 1_848), (True, "10.27", 3_028)]
)
def test_interest_runs_from_the_day_after_the_first_reminder(
    desk: Desk, business: bool, percent: str, expected: int
) -> None:
    """DUN-01 and DUN-02 over the days of this run."""
    make_invoice(
        desk.db, desk.workshop, "RE-2026-00001", 120_900, issued_on=date(2025, 12, 15), is_business=business
    )
    desk.on(date(2026, 1, 2))
    desk.release_all()
    desk.on(date(2026, 4, 1))
    [claim] = desk.run().proposals[0].claims
    assert claim.interest_cents == expected
    assert claim.interest_cents == round(Decimal(120_900) * Decimal(percent) * 89 / 36_500)


def test_a_part_payment_bears_interest_only_until_it_came(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 100_000, issued_on=date(2026, 1, 2))
    desk.release_all()
    desk.pay("RE-2026-00001", 99_000, date(2026, 2, 12))
    desk.on(date(2026, 3, 2))
    [claim] = desk.run().proposals[0].claims
    assert (claim.open_cents, claim.interest_cents) == (1_000, 175)


def test_a_rate_nobody_has_told_is_asked_for_and_then_used(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 100_000, issued_on=date(2026, 6, 1))
    desk.on(date(2026, 6, 20))
    desk.release_all()
    desk.on(date(2026, 7, 10))
    run = desk.run()
    assert run.missing_rate == date(2026, 7, 1)
    with pytest.raises(Invalid, match="billing_base_rate_missing"):
        desk.dunning.release(desk.actor, [run.proposals[0].key])
    assert desk.receivable("RE-2026-00001").dunning_level == 1
    for day, rate, code in (
        (date(2026, 7, 2), "1.5", "dunning_rate_day"),
        (date(2026, 7, 1), "NaN", "dunning_rate_percent"),
        (date(2026, 7, 1), "1.505", "dunning_rate_percent"),
        (date(2026, 7, 1), "99", "dunning_rate_percent"),
    ):
        with pytest.raises(Invalid, match=code):
            desk.dunning.enter_base_rate(desk.actor, day, Decimal(rate))
    desk.dunning.enter_base_rate(desk.actor, date(2026, 7, 1), Decimal("1.50"))
    desk.dunning.enter_base_rate(desk.actor, date(2026, 7, 1), Decimal("1.52"))
    assert [rate.percent for rate in desk.dunning.list_base_rates(desk.actor)] == [Decimal("1.52")]
    [notice] = desk.release_all()
    assert notice.total_cents > 100_000


@pytest.mark.parametrize("reason", ["dispute", "instalments", "insolvency", "manual"])
def test_a_stop_holds_everything_until_it_is_taken_off(desk: Desk, reason: str) -> None:
    row = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 1, 2))
    desk.dunning.stop(desk.actor, row.invoice_id, reason)
    desk.dunning.stop(desk.actor, row.invoice_id, reason)
    run = desk.run()
    assert run.proposals == ()
    assert [(held.reason, held.can_resume) for held in run.held] == [(reason, True)]
    assert desk.dunning.release(desk.actor, [f"{row.invoice_id}:EUR"]) == ()
    desk.dunning.resume(desk.actor, row.invoice_id)
    assert len(desk.run().proposals) == 1
    with desk.db.reading(desk.workshop.id) as session:
        kinds = session.exec(select(AuditEntry.kind).order_by(col(AuditEntry.seq))).all()
    assert list(kinds) == ["dunning.stopped", "dunning.resumed"]


def test_small_sums_paid_and_cancelled_invoices_are_left_alone(desk: Desk) -> None:
    day = date(2026, 1, 2)
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 499, issued_on=day)
    make_invoice(desk.db, desk.workshop, "RE-2026-00002", 10_000, issued_on=day)
    gone = make_invoice(desk.db, desk.workshop, "RE-2026-00003", 10_000, issued_on=day)
    with desk.db.writing(SYSTEM) as session:
        row = session.get_one(Receivable, gone.id)
        row.cancelled_by_id = gone.invoice_id
    desk.pay("RE-2026-00002", 10_000, day)
    run = desk.run()
    assert run.proposals == ()
    assert [(held.number, held.reason) for held in run.held] == [
        ("RE-2026-00001", "small_balance"),
        ("RE-2026-00003", "cancelled"),
    ]


def test_the_letter_is_printed_as_it_was_sent(desk: Desk) -> None:
    make_invoice(
        desk.db, desk.workshop, "RE-2026-00001", 120_900, issued_on=date(2026, 1, 2), is_business=True
    )
    desk.release_all()
    desk.clock.advance(timedelta(days=14))
    key = desk.run().proposals[0].key
    preview = words_of(desk.dunning.preview(desk.actor, key))
    [notice] = desk.release_all()
    assert (notice.way, desk.mails()) == ("letter", [])
    sent = desk.dunning.letter(desk.actor, notice.id)
    assert words_of(sent) == preview
    for part in (
        "RE-2026-00001",
        "1.209,00",
        "Mahnkosten",
        "40,00",
        "Spedition Beispiel GmbH",
        "Hafenstr. 12",
    ):
        assert part in preview
    with pytest.raises(NotFound, match="dunning_proposal_gone"):
        desk.dunning.preview(desk.actor, key)
    desk.pay("RE-2026-00001", 120_900, date(2026, 2, 17))
    assert desk.dunning.letter(desk.actor, notice.id) == sent


def test_a_payment_between_list_and_release_keeps_the_letter_back(desk: Desk) -> None:
    make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 1, 2))
    keys = [proposal.key for proposal in desk.run().proposals]
    desk.pay("RE-2026-00001", 10_000, date(2026, 2, 2))
    assert desk.dunning.release(desk.actor, keys) == ()


def test_another_workshop_sees_and_sends_nothing(desk: Desk) -> None:
    row = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 1, 2))
    stranger = staff_of(make_workshop(desk.db, "anderswo"))
    keys = [proposal.key for proposal in desk.run().proposals]
    [notice] = desk.release_all()
    assert desk.dunning.run(stranger).proposals == desk.dunning.list_notices(stranger) == ()
    assert desk.dunning.release(stranger, keys) == ()
    for act in (
        lambda: desk.dunning.letter(stranger, notice.id),
        lambda: desk.dunning.preview(stranger, keys[0]),
        lambda: desk.dunning.stop(stranger, row.invoice_id, "dispute"),
    ):
        with pytest.raises(NotFound):
            act()


def test_only_who_may_manage_invoices_sends_letters(desk: Desk) -> None:
    row = make_invoice(desk.db, desk.workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 1, 2))
    accountant = staff_of(desk.workshop, "accountant")
    assert len(desk.dunning.run(accountant).proposals) == 1
    for act in (
        lambda: desk.dunning.release(accountant, ["x"]),
        lambda: desk.dunning.stop(accountant, row.invoice_id, "dispute"),
        lambda: desk.dunning.enter_base_rate(accountant, date(2026, 7, 1), Decimal(1)),
        lambda: desk.dunning.run(staff_of(desk.workshop, "technician")),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Invalid, match="dunning_reason_unknown"):
        desk.dunning.stop(desk.actor, row.invoice_id, "mood")
    with desk.db.reading(SYSTEM) as session:
        assert session.exec(select(DunningNotice)).all() == []
