"""Cash, card terminal and transfers, noted by people."""

from datetime import date, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.payments.recording import PaymentService
from carbot_app.domains.payments.schemas import PaymentInput
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import staff_of
from tests.services.billing_desk import BillingDesk, open_billing_desk

TODAY = date(2026, 11, 23)


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> BillingDesk:
    return open_billing_desk(database, clock)


@pytest.fixture
def service(database: Database, clock: ManualClock) -> PaymentService:
    return PaymentService(db=database, clock=clock)


def test_cash_is_noted_with_the_number_of_the_tills_receipt(
    desk: BillingDesk, service: PaymentService
) -> None:
    invoice = desk.issue()
    first = service.record(desk.actor, PaymentInput(invoice.id, "cash", 1_900, TODAY, " 4711  A "))
    assert (first.reference, first.left_cents, first.by) == ("4711 A", 10_000, desk.actor.name)
    rest = service.record(desk.actor, PaymentInput(invoice.id, "card_terminal", 10_000, TODAY))
    assert rest.left_cents == 0
    assert desk.invoices.get(desk.actor, invoice.id).state == "paid"
    assert [row.method for row in service.list_payments(desk.actor, invoice.id)] == ["cash", "card_terminal"]


@pytest.mark.parametrize(
    ("method", "cents", "day", "reference", "code"),
    [
        ("cash", 100, TODAY, "", "payment_receipt_missing"),
        ("card", 100, TODAY, "x", "payment_method_invalid"),
        ("transfer", 0, TODAY, "", "payment_amount_invalid"),
        ("transfer", -5, TODAY, "", "payment_amount_invalid"),
        ("transfer", 11_901, TODAY, "", "payment_above_open"),
        ("transfer", 100, TODAY + timedelta(days=1), "", "payment_day_invalid"),
        ("transfer", 100, date(2020, 1, 1), "", "payment_day_invalid"),
    ],
)
def test_what_cannot_be_is_refused(
    desk: BillingDesk,
    service: PaymentService,
    method: str,
    cents: int,
    day: date,
    reference: str,
    code: str,
) -> None:
    invoice = desk.issue()
    with pytest.raises(AppError) as error:
        service.record(desk.actor, PaymentInput(invoice.id, method, cents, day, reference))
    assert error.value.code == code
    assert service.list_payments(desk.actor, invoice.id) == []


def test_a_mistake_is_booked_back_once_and_both_rows_stay(desk: BillingDesk, service: PaymentService) -> None:
    invoice = desk.issue()
    noted = service.record(desk.actor, PaymentInput(invoice.id, "transfer", 11_900, TODAY))
    with pytest.raises(AppError):
        service.undo(desk.actor, noted.id, "  ")
    undone = service.undo(desk.actor, noted.id, "falsche Rechnung")
    assert (undone.amount_cents, undone.left_cents) == (-11_900, 11_900)
    assert desk.invoices.get(desk.actor, invoice.id).state == "open"
    assert len(service.list_payments(desk.actor, invoice.id)) == 2
    with pytest.raises(Conflict) as again:
        service.undo(desk.actor, noted.id, "noch einmal")
    assert again.value.code == "payment_undone"
    with pytest.raises(Conflict):
        service.undo(desk.actor, undone.id, "zurück")


def test_what_a_provider_told_is_not_undone_by_hand(desk: BillingDesk, service: PaymentService) -> None:
    invoice = desk.issue()
    desk.pay(invoice, provider="stripe", provider_id="pi_1")
    paid = service.list_payments(desk.actor, invoice.id)[0]
    with pytest.raises(Conflict) as error:
        service.undo(desk.actor, paid.id, "Versehen")
    assert error.value.code == "payment_not_by_hand"


def test_nothing_is_noted_on_a_cancelled_invoice(desk: BillingDesk, service: PaymentService) -> None:
    invoice = desk.issue()
    noted = service.record(desk.actor, PaymentInput(invoice.id, "transfer", 100, TODAY))
    desk.invoices.cancel(desk.actor, invoice.id, "falsch")
    with pytest.raises(Conflict):
        service.record(desk.actor, PaymentInput(invoice.id, "transfer", 100, TODAY))
    with pytest.raises(Conflict):
        service.undo(desk.actor, noted.id, "falsch")


def test_only_who_may_and_only_in_the_own_workshop(
    desk: BillingDesk, service: PaymentService, database: Database, clock: ManualClock
) -> None:
    invoice = desk.issue()
    noted = service.record(desk.actor, PaymentInput(invoice.id, "transfer", 100, TODAY))
    mechanic = staff_of(desk.workshop, TECHNICIAN)
    for forbidden in (
        lambda: service.record(mechanic, PaymentInput(invoice.id, "transfer", 100, TODAY)),
        lambda: service.undo(mechanic, noted.id, "x"),
        lambda: service.list_payments(mechanic, invoice.id),
    ):
        with pytest.raises(Forbidden):
            forbidden()
    other = open_billing_desk(database, clock, slug="nebenan")
    for unknown in (
        lambda: service.record(other.actor, PaymentInput(invoice.id, "transfer", 100, TODAY)),
        lambda: service.undo(other.actor, noted.id, "x"),
        lambda: service.list_payments(other.actor, invoice.id),
        lambda: service.undo(desk.actor, new_id(), "x"),
    ):
        with pytest.raises(NotFound):
            unknown()
