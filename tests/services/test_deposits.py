"""Money in advance for visits: asked by the owner's rule, billed when paid, given back in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.booking.desk import call_off
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.messaging.models import AppointmentAnswer
from carbot_app.domains.payments.deposit_rules import DepositRule
from carbot_app.domains.team.roles import FRONT_DESK
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Gone, Invalid
from carbot_app.kit.ids import new_id
from tests.factories import make_appointment, make_customer, make_resource, staff_of
from tests.peers.stripe_standin import StripeStandin
from tests.services.payments_desk import PaymentsDesk, open_payments_desk

PRICE = DepositRule("price", from_cents=10_000, percent=20)
NEXT_WEEK = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(database: Database, clock: ManualClock, stripe: StripeStandin) -> PaymentsDesk:
    return open_payments_desk(database, clock, stripe)


def visit(desk: PaymentsDesk, **fields: object) -> Appointment:
    workshop, database = desk.billing.workshop, desk.database
    customer = make_customer(database, workshop, name="Ayşe Yılmaz", phone="+491715550142")
    technician = make_resource(database, workshop, "technician", name=new_id().hex[:8])
    bay = make_resource(database, workshop, "bay", name=new_id().hex[:8])
    told = {"starts_at": NEXT_WEEK, "state": "confirmed", **fields}
    return make_appointment(database, workshop, customer, technician, bay, **told)


def asked(desk: PaymentsDesk, row: Appointment) -> str:
    """Token of the deposit's page; empty: none is asked for."""
    found = desk.payments.deposits.find_for(row.id, language="de")
    return found.path.rpartition("/")[2] if found and found.state == "open" else ""


def shown(desk: PaymentsDesk, row: Appointment) -> str:
    """State of the deposit beside the visit; empty: nothing is shown."""
    found = desk.payments.deposits.find_for(row.id, language="de")
    return found.state if found else ""


def cancel(desk: PaymentsDesk, row: Appointment, *, by: str = "customer") -> None:
    with desk.database.writing(row.workshop_id) as session:
        call_off(session, session.get_one(Appointment, row.id), now=desk.clock(), by=by)
    desk.work()


def pay(desk: PaymentsDesk, token: str) -> UUID:
    """The customer pays; the deposit's invoice."""
    desk.stripe.pay(desk.checkout(token))
    desk.hear()
    invoice_id = desk.row(token).invoice_id
    assert invoice_id is not None
    return invoice_id


def test_without_a_rule_nothing_is_asked(desk: PaymentsDesk) -> None:
    row = visit(desk)
    assert asked(desk, row) == ""
    assert desk.payments.deposits.find_for(new_id(), language="de") is None
    assert desk.payments.accounts.get_rule(desk.actor).rule == "off"


def test_a_deposit_is_asked_once_paid_billed_and_confirms_the_visit(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    token = asked(desk, row)
    assert asked(desk, row) == token
    page = desk.payments.requests.get_by_token(token)
    assert (page.amount_cents, page.purpose, page.iban, page.terms) == (2_580, "deposit", "", "24")
    assert page.back_url.endswith(row.manage_token)
    invoice_id = pay(desk, token)
    invoice = desk.billing.invoices.get(desk.actor, invoice_id)
    assert (invoice.kind, invoice.gross_cents, invoice.state) == ("deposit", 2_580, "paid")
    assert desk.booked(invoice_id) == [("payment", 2_580, "card")]
    with desk.database.reading(row.workshop_id) as session:
        answer = session.exec(
            select(AppointmentAnswer).where(AppointmentAnswer.appointment_id == row.id)
        ).one()
    assert (answer.answer, answer.channel) == ("yes", "deposit")
    assert asked(desk, row) == ""
    desk.hear()
    assert len(desk.booked(invoice_id)) == 1


def test_the_customer_reads_beside_the_visit_what_is_asked_until_when_and_what_became_of_it(
    desk: PaymentsDesk,
) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    found = desk.payments.deposits.find_for(row.id, language="en")
    assert found is not None
    assert (found.state, found.amount_cents, found.amount) == ("open", 2_580, "€25.80")
    assert found.until == "Mon, Nov 30, 9:00 am"
    checkout = desk.checkout(found.path.rpartition("/")[2])
    desk.stripe.pay(checkout, "sepa_debit")
    desk.hear()
    assert shown(desk, row) == "processing"
    desk.stripe.clear(desk.stripe.things[checkout]["payment_intent"])
    desk.hear()
    assert shown(desk, row) == "paid"
    cancel(desk, row)
    assert shown(desk, row) == "refunded"


def test_what_was_not_paid_in_time_is_shown_no_more_and_the_visit_stays(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    assert shown(desk, row) == "open"
    desk.clock.advance(timedelta(days=8))
    desk.payments.requests.expire_due()
    assert shown(desk, row) == ""
    with desk.database.reading(row.workshop_id) as session:
        assert session.get_one(Appointment, row.id).state == "confirmed"


def test_money_that_differs_is_being_looked_at_and_is_not_asked_for_again(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    checkout = desk.checkout(asked(desk, row))
    desk.stripe.things[checkout]["amount_total"] = 2_000
    desk.stripe.pay(checkout)
    desk.hear()
    assert shown(desk, row) == "checking"


def test_by_risk_only_who_may_not_come_is_asked(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, DepositRule("risk", from_score=80))
    assert asked(desk, visit(desk)) == ""
    desk.payments.accounts.save_rule(desk.actor, DepositRule("risk", from_score=5))
    row = visit(desk)
    assert asked(desk, row) != ""
    assert asked(desk, visit(desk, starts_at=datetime(2026, 11, 1, 8, tzinfo=UTC))) == ""


def test_who_cancels_in_time_gets_it_back_by_itself(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    token = asked(desk, row)
    invoice_id = pay(desk, token)
    cancel(desk, row)
    assert desk.state(token) == "refunded"
    assert ("refund", -2_580, "card") in desk.booked(invoice_id)
    assert desk.billing.invoices.get(desk.actor, invoice_id).state == "cancelled"
    desk.hear()
    assert [kind for kind, _, _ in desk.booked(invoice_id)].count("refund") == 1


def test_who_cancels_late_does_not_but_the_workshop_gives_it_back(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    late, called_off = visit(desk), visit(desk)
    tokens = [asked(desk, late), asked(desk, called_off)]
    for token in tokens:
        pay(desk, token)
    desk.clock.advance(NEXT_WEEK - desk.clock() - timedelta(hours=3))
    cancel(desk, late)
    cancel(desk, called_off, by="workshop")
    assert [desk.state(token) for token in tokens] == ["paid", "refunded"]


def test_what_was_not_paid_is_over_with_the_visit(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row, missed = visit(desk), visit(desk)
    token, other = asked(desk, row), asked(desk, missed)
    checkout = desk.checkout(other)
    cancel(desk, row)
    assert desk.state(token) == "cancelled"
    desk.clock.advance(timedelta(days=8))
    assert desk.state(other) == "expired"
    assert desk.payments.requests.expire_due() == 1
    assert desk.stripe.things[checkout]["status"] == "expired"
    with pytest.raises(Gone):
        desk.payments.requests.start_checkout(other)


def test_paid_and_cancelled_within_moments_is_given_back(desk: PaymentsDesk) -> None:
    desk.payments.accounts.save_rule(desk.actor, PRICE)
    row = visit(desk)
    token = asked(desk, row)
    checkout = desk.checkout(token)
    cancel(desk, row)
    desk.stripe.pay(checkout)
    desk.hear()
    assert desk.state(token) == "refunded"


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("rule", DepositRule("always")),
        ("kind", DepositRule("risk", kind="all")),
        ("from_score", DepositRule("risk", from_score=101)),
        ("percent", DepositRule("risk", percent=0)),
        ("fixed_cents", DepositRule("risk", fixed_cents=499)),
        ("refund_hours", DepositRule("risk", refund_hours=-1)),
        ("from_cents", DepositRule("price", from_cents=-1)),
    ],
)
def test_rules_that_make_no_sense_are_refused(desk: PaymentsDesk, field: str, rule: DepositRule) -> None:
    with pytest.raises(Invalid) as error:
        desk.payments.accounts.save_rule(desk.actor, rule)
    assert error.value.field == field


def test_only_who_may_changes_the_rule(desk: PaymentsDesk) -> None:
    with pytest.raises(Forbidden):
        desk.payments.accounts.save_rule(staff_of(desk.billing.workshop, FRONT_DESK), PRICE)
