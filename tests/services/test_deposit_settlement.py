"""What was paid in advance for a visit is taken off by the final invoice of its order; on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.orders.invoicing import OrderInvoicing
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.orders.states import CANCELLED
from carbot_app.domains.payments.deposit_rules import DepositRule
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_appointment, make_customer, make_resource, make_workshop, staff_of
from tests.peers.stripe_standin import StripeStandin
from tests.services.payments_desk import PaymentsDesk, open_payments_desk
from tests.services.test_deposits import NEXT_WEEK, asked, pay, visit

FIFTY = DepositRule("price", from_cents=10_000, kind="fixed", fixed_cents=5_000)
BUYER = BuyerInput(name="Ayşe Yılmaz", street="Hansastr. 9", postal_code="44137", city="Dortmund")


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(database: Database, clock: ManualClock, stripe: StripeStandin) -> PaymentsDesk:
    opened = open_payments_desk(database, clock, stripe)
    opened.payments.accounts.save_rule(opened.actor, FIFTY)
    return opened


def draft_of(desk: PaymentsDesk, row: Appointment) -> UUID:
    """An order is opened for the visit, done, and made the draft of an invoice over 500.00."""
    orders = OrderService(
        db=desk.database,
        clock=desk.clock,
        customers=CustomerService(db=desk.database),
        catalog=CatalogService(db=desk.database, clock=desk.clock),
    )
    job = JobInput("Bremsen", lines=(OrderLineInput("Pauschale", Decimal(500)),))
    wanted = EstimateInput(request_key=new_id().hex, appointment_id=row.id, jobs=(job,))
    order = orders.create_estimate(desk.actor, wanted)
    orders.mark_done(desk.actor, order.id, order.jobs[0].id)
    for state in ("accepted", "in_work", "ready"):
        orders.move(desk.actor, order.id, state)
    invoicing = OrderInvoicing(db=desk.database, clock=desk.clock, drafts=desk.billing.invoices)
    return invoicing.draft(desk.actor, order.id)


def issued(desk: PaymentsDesk, draft_id: UUID) -> InvoiceView:
    """The invoice of the draft, its buyer's address filled in."""
    invoices = desk.billing.invoices
    draft = replace(invoices.get_draft(desk.actor, draft_id).draft, buyer=BUYER)
    invoices.save_draft(desk.actor, draft, draft_id)
    return invoices.issue(desk.actor, draft_id, request_key=new_id().hex)


def test_a_deposit_paid_before_the_order_was_opened_is_taken_off_with_its_vat(desk: PaymentsDesk) -> None:
    row = visit(desk)
    deposit_id = pay(desk, asked(desk, row))
    final = issued(desk, draft_of(desk, row))
    assert (final.gross_cents, final.due_cents) == (50_000, 45_000)
    assert desk.receivable(deposit_id).taken_off_by_id == final.id
    assert desk.receivable(final.id).due_cents == 45_000
    told = desk.billing.invoices.xml(desk.actor, final.id).decode()
    assert desk.billing.invoices.get(desk.actor, deposit_id).number in told


def test_a_deposit_is_taken_off_once(desk: PaymentsDesk) -> None:
    row = visit(desk)
    deposit_id = pay(desk, asked(desk, row))
    issued(desk, draft_of(desk, row))
    with desk.database.writing(row.workshop_id) as session:
        session.exec(select(WorkOrder).where(WorkOrder.appointment_id == row.id)).one().state = CANCELLED
    second = desk.billing.invoices.get_draft(desk.actor, draft_of(desk, row)).draft
    assert deposit_id not in second.deposits


def test_what_is_asked_for_but_not_paid_and_what_went_back_is_not_taken_off(desk: PaymentsDesk) -> None:
    unpaid, returned = visit(desk), visit(desk)
    asked(desk, unpaid)
    token = asked(desk, returned)
    pay(desk, token)
    desk.payments.refunds.send_back(desk.row(token))
    desk.hear()
    for row in (unpaid, returned):
        assert issued(desk, draft_of(desk, row)).due_cents == 50_000


def test_deposits_of_other_visits_and_other_workshops_are_left_alone(
    desk: PaymentsDesk, database: Database
) -> None:
    pay(desk, asked(desk, visit(desk)))
    assert issued(desk, draft_of(desk, visit(desk))).due_cents == 50_000
    elsewhere = make_workshop(database, slug="andere")
    neighbour = replace(desk, billing=replace(desk.billing, workshop=elsewhere, actor=staff_of(elsewhere)))
    customer = make_customer(database, elsewhere)
    technician, bay = (make_resource(database, elsewhere, kind) for kind in ("technician", "bay"))
    row = make_appointment(database, elsewhere, customer, technician, bay, starts_at=NEXT_WEEK)
    draft = desk.billing.invoices.get_draft(neighbour.actor, draft_of(neighbour, row)).draft
    assert draft.deposits == ()
