"""Visits and invoices take orders along; an order becomes the draft of its invoice; on both engines."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.outbox_worker import Delivery, OutboxWorker
from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput
from carbot_app.domains.billing.models import Invoice, InvoiceDraft, Receivable
from carbot_app.domains.booking.board_schemas import Placement
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.orders.invoicing import OrderInvoicing
from carbot_app.domains.orders.models import OrderJob
from carbot_app.domains.orders.reactions import OrderReactions
from carbot_app.domains.orders.schemas import (
    EstimateInput,
    HeadInput,
    JobInput,
    OrderLineInput,
    OrderView,
    PayersInput,
)
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, NotFound
from carbot_app.kit.ids import new_id, new_secret
from tests.factories import make_appointment, staff_of
from tests.factories.saving import save
from tests.services.billing_desk import open_billing_desk
from tests.services.order_desk import OIL, OrderDesk, open_order_desk


@dataclass
class Drafts:
    """Stands in for InvoiceService: keeps drafts in its table and says what it was given."""

    database: Database
    kept: dict[UUID, DraftInput] = field(default_factory=dict)

    @dataclass(frozen=True)
    class Saved:
        """A stored draft."""

        id: UUID
        draft: DraftInput

    def save_draft(self, actor: Actor, draft: DraftInput, draft_id: UUID | None = None) -> Saved:
        """See InvoiceService."""
        if draft_id is None:
            row = InvoiceDraft(workshop_id=actor.workshop_id, order_id=draft.order_id)
            draft_id = save(self.database, row).id
        self.kept[draft_id] = draft
        return self.Saved(draft_id, draft)

    def get_draft(self, _actor: Actor, draft_id: UUID) -> Saved:
        """See InvoiceService."""
        return self.Saved(draft_id, self.kept[draft_id])


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> OrderDesk:
    return open_order_desk(database, clock)


@pytest.fixture
def drafts(database: Database) -> Drafts:
    return Drafts(database)


@pytest.fixture
def invoicing(database: Database, clock: ManualClock, drafts: Drafts) -> OrderInvoicing:
    return OrderInvoicing(db=database, clock=clock, drafts=drafts)


@pytest.fixture
def reactions(database: Database, clock: ManualClock) -> OrderReactions:
    return OrderReactions(db=database, clock=clock)


def _in_work(desk: OrderDesk, order: OrderView) -> OrderView:
    for state in ("accepted", "in_work"):
        order = desk.orders.move(desk.owner, order.id, state)
    return order


def _ready(desk: OrderDesk, order: OrderView) -> OrderView:
    return desk.orders.move(desk.owner, _in_work(desk, order).id, "ready")


def _decide(database: Database, desk: OrderDesk, job_id: UUID, decision: str) -> None:
    with database.writing(desk.workshop.id) as session:
        session.get_one(OrderJob, job_id).decision = decision


def test_approved_and_done_jobs_become_the_draft_with_all_it_needs(
    desk: OrderDesk, database: Database, invoicing: OrderInvoicing, drafts: Drafts
) -> None:
    order = desk.priced("100")
    for title in ("Freigegeben", "Erledigt", "Abgelehnt"):
        line = OrderLineInput(f"{title} 1", Decimal(50), "labour", unit="HUR", minutes=60, cost_cents=700)
        order = desk.orders.add_job(desk.owner, order.id, JobInput(title, lines=(line,)))
    _decide(database, desk, order.jobs[1].id, "approved")
    _decide(database, desk, order.jobs[3].id, "declined")
    desk.orders.mark_done(desk.owner, order.id, order.jobs[2].id)
    desk.orders.mark_done(desk.owner, order.id, order.jobs[3].id)
    technician = desk.front.technicians[0].id
    head = HeadInput(km=90_000, technician_id=technician, discount_percent=Decimal(5), discount_cents=100)
    desk.orders.change_head(desk.owner, order.id, head)
    _in_work(desk, order)
    made = drafts.kept[invoicing.draft(desk.owner, order.id)]
    assert [line.text for line in made.lines] == ["Freigegeben 1", "Erledigt 1"]
    first = made.lines[0]
    assert (first.kind, first.unit, first.minutes, first.cost_cents, first.technician_id) == (
        *("labour", "HUR", 60, 700),
        technician,
    )
    assert (made.order_id, made.order_number, made.customer_id, made.vehicle_id) == (
        order.id,
        order.number,
        desk.customer.id,
        desk.vehicle.id,
    )
    assert (made.plate, made.km, made.language, made.buyer.name) == ("DO-AB 123", 90_000, "de", "Ayşe Yılmaz")
    assert (made.discount_percent, made.discount_cents) == (Decimal(5), 100)


def test_asked_again_the_draft_gets_the_lines_of_today_and_keeps_the_buyer(
    desk: OrderDesk, invoicing: OrderInvoicing, drafts: Drafts
) -> None:
    order = desk.priced("100")
    desk.orders.mark_done(desk.owner, order.id, order.jobs[0].id)
    _in_work(desk, order)
    draft_id = invoicing.draft(desk.owner, order.id)
    company = BuyerInput("Spedition Krause", "Hafenstr. 1", "44147", "Dortmund", business=True)
    drafts.kept[draft_id] = replace(drafts.kept[draft_id], buyer=company)
    line = replace(OrderLineInput("Mehr", Decimal(10)))
    desk.orders.put_line(desk.owner, order.id, order.jobs[0].id, line)
    assert invoicing.draft(desk.owner, order.id) == draft_id
    assert drafts.kept[draft_id].buyer == company
    assert [line.text for line in drafts.kept[draft_id].lines] == ["Pauschale", "Mehr"]


def test_the_insurers_share_and_paid_deposits_go_into_the_draft(
    desk: OrderDesk, database: Database, invoicing: OrderInvoicing, drafts: Drafts
) -> None:
    order = desk.priced("1190")
    payers = PayersInput("HUK", "S-1", deducts_input_tax=True, deductible_cents=15_000)
    desk.orders.change_head(desk.owner, order.id, HeadInput(payers=payers))
    desk.orders.mark_done(desk.owner, order.id, order.jobs[0].id)
    paid = _invoice(database, desk, order, kind="deposit", state="paid")
    _invoice(database, desk, order, kind="deposit", state="open")
    _in_work(desk, order)
    made = drafts.kept[invoicing.draft(desk.owner, order.id)]
    assert made.deposits == (paid.id,)
    assert [(payer["payer"], payer["name"], payer["cents"]) for payer in made.payers] == [
        ("insurer", "HUK S-1", "85000"),
        ("customer", "", "34000"),
    ]
    assert made.payers[1]["vat"] == "19000"


def test_nothing_is_billed_too_early_too_dear_or_twice(
    desk: OrderDesk, database: Database, invoicing: OrderInvoicing, reactions: OrderReactions
) -> None:
    order = desk.priced("100")

    def refused() -> str:
        with pytest.raises(Conflict) as caught:
            invoicing.draft(desk.owner, order.id)
        return caught.value.code

    assert refused() == "order_not_billable"
    _in_work(desk, order)
    assert refused() == "order_nothing_to_bill"
    desk.orders.mark_done(desk.owner, order.id, order.jobs[0].id)
    more = desk.orders.put_line(
        desk.owner, order.id, order.jobs[0].id, OrderLineInput("Mehr", Decimal("15.01"))
    )
    assert refused() == "order_needs_approval"
    desk.orders.remove_line(desk.owner, order.id, order.jobs[0].id, more.jobs[0].lines[1].id)
    _tell(reactions, desk, "invoice.issued", _invoice(database, desk, order))
    assert refused() == "order_billed_already"
    with pytest.raises(Forbidden):
        invoicing.draft(staff_of(desk.workshop, TECHNICIAN), order.id)


def test_another_workshop_cannot_bill_the_order(
    desk: OrderDesk, database: Database, clock: ManualClock, invoicing: OrderInvoicing
) -> None:
    order = desk.priced()
    foreign = open_order_desk(database, clock, "schmidt-hamm")
    with pytest.raises(NotFound):
        invoicing.draft(foreign.owner, order.id)


def test_an_invoice_bills_the_order_and_its_payment_ends_it(
    desk: OrderDesk, database: Database, reactions: OrderReactions
) -> None:
    order = _ready(desk, desk.priced())
    invoice = _invoice(database, desk, order)
    for _ in range(2):
        _tell(reactions, desk, "invoice.issued", invoice)
    billed = desk.orders.get(desk.owner, order.id)
    assert (billed.state, billed.invoice_id, billed.version) == ("billed", invoice.id, order.version + 1)
    with pytest.raises(Conflict):
        desk.orders.add_job(desk.owner, order.id, JobInput(service_code=OIL))
    _settle(database, desk, invoice, "paid")
    _tell(reactions, desk, "invoice.paid", invoice)
    assert desk.orders.get(desk.owner, order.id).state == "paid"
    _settle(database, desk, invoice, "partial")
    _tell(reactions, desk, "invoice.payment", invoice)
    assert desk.orders.get(desk.owner, order.id).state == "billed"


@pytest.mark.parametrize(("picked_up", "paid"), [(False, False), (True, False), (True, True)])
def test_a_cancelled_invoice_gives_the_order_back_to_where_it_was(
    desk: OrderDesk, database: Database, reactions: OrderReactions, picked_up: bool, paid: bool
) -> None:
    order = _ready(desk, desk.priced())
    if picked_up:
        order = desk.orders.move(desk.owner, order.id, "picked_up")
    invoice = _invoice(database, desk, order)
    _tell(reactions, desk, "invoice.issued", invoice)
    if paid:
        _settle(database, desk, invoice, "paid")
        _tell(reactions, desk, "invoice.paid", invoice)
    cancellation = _invoice(database, desk, order, kind="cancellation", original_id=invoice.id)
    _settle(database, desk, invoice, "cancelled")
    for document in (cancellation, invoice, cancellation):
        _tell(reactions, desk, "invoice.cancelled", document)
    found = desk.orders.get(desk.owner, order.id)
    assert (found.state, found.invoice_id) == (order.state, None)
    _tell(reactions, desk, "invoice.issued", invoice)
    assert desk.orders.get(desk.owner, order.id).invoice_id is None


def test_deposits_credits_and_documents_of_nothing_leave_orders_alone(
    desk: OrderDesk, database: Database, reactions: OrderReactions
) -> None:
    order = _ready(desk, desk.priced())
    for kind in ("deposit", "credit"):
        _tell(reactions, desk, "invoice.issued", _invoice(database, desk, order, kind=kind))
    invoice = _invoice(database, desk, order)
    _tell(reactions, desk, "invoice.cancelled", invoice)
    _tell(reactions, desk, "invoice.issued", invoice, order_id="None")
    _tell(reactions, desk, "invoice.issued", invoice, order_id=str(new_id()))
    reactions.on_event(_delivery(desk, "lead.changed", {}))
    assert desk.orders.get(desk.owner, order.id).version == order.version


@pytest.mark.parametrize(
    ("visit_state", "order_state"),
    [("confirmed", "estimate"), ("arrived", "accepted"), ("in_work", "in_work"), ("done", "ready")],
)
def test_a_visit_takes_its_order_along(
    desk: OrderDesk, database: Database, reactions: OrderReactions, visit_state: str, order_state: str
) -> None:
    visit, order = _visit_with_order(desk, database)
    _set_visit(database, desk, visit, visit_state)
    for _ in range(2):
        _tell_visit(reactions, desk, visit)
    assert desk.orders.get(desk.owner, order.id).state == order_state


def test_a_visit_that_is_done_does_not_pass_the_estimate(
    desk: OrderDesk, database: Database, reactions: OrderReactions
) -> None:
    visit, order = _visit_with_order(desk, database)
    order = _in_work(desk, order)
    line = OrderLineInput("Viel mehr", Decimal(5000))
    desk.orders.put_line(desk.owner, order.id, order.jobs[0].id, line)
    _set_visit(database, desk, visit, "done")
    _tell_visit(reactions, desk, visit)
    assert desk.orders.get(desk.owner, order.id).state == "final_check"


def test_what_waits_for_parts_goes_on_waiting_and_a_visit_without_order_is_nothing(
    desk: OrderDesk, database: Database, reactions: OrderReactions
) -> None:
    visit, order = _visit_with_order(desk, database)
    for state in ("accepted", "parts_ordered"):
        desk.orders.move(desk.owner, order.id, state)
    _set_visit(database, desk, visit, "in_work")
    _tell_visit(reactions, desk, visit)
    assert desk.orders.get(desk.owner, order.id).state == "parts_ordered"
    reactions.on_event(_delivery(desk, "appointment.changed", {"appointment_id": str(new_id())}))


def test_the_work_is_sold_by_whoever_has_the_visit(
    desk: OrderDesk,
    database: Database,
    clock: ManualClock,
    reactions: OrderReactions,
    invoicing: OrderInvoicing,
    drafts: Drafts,
) -> None:
    front = desk.front
    outbox = OutboxWorker(database, clock, quick={}, slow={"orders": reactions.on_event})
    first, second = (one.id for one in front.technicians[:2])
    visit, order = _visit_with_order(desk, database)
    assert order.technician_id == first
    at = visit.starts_at + timedelta(days=1)
    front.booking.place(desk.owner, visit.id, Placement(at, second))
    outbox.drain()
    assert desk.orders.get(desk.owner, order.id).technician_id == second
    front.booking.unplan(desk.owner, visit.id)
    outbox.drain()
    assert desk.orders.get(desk.owner, order.id).technician_id is None
    front.booking.place(desk.owner, visit.id, Placement(at, first))
    outbox.drain()
    _in_work(desk, order)
    _decide(database, desk, order.jobs[0].id, "approved")
    lines = drafts.kept[invoicing.draft(desk.owner, order.id)].lines
    assert {line.technician_id for line in lines} == {first}


def test_who_is_named_in_the_order_stays_when_the_visit_is_given_away(
    desk: OrderDesk, database: Database, clock: ManualClock, reactions: OrderReactions
) -> None:
    outbox = OutboxWorker(database, clock, quick={}, slow={"orders": reactions.on_event})
    first, second = (one.id for one in desk.front.technicians[:2])
    visit, order = _visit_with_order(desk, database)
    desk.orders.change_head(desk.owner, order.id, HeadInput(technician_id=second))
    desk.front.booking.place(desk.owner, visit.id, Placement(visit.starts_at + timedelta(days=1), first))
    outbox.drain()
    assert desk.orders.get(desk.owner, order.id).technician_id == second


def test_an_order_is_billed_by_a_real_invoice_and_given_back_by_its_cancellation(
    database: Database, clock: ManualClock, reactions: OrderReactions
) -> None:
    billing = open_billing_desk(database, clock)
    customers, catalog = CustomerService(db=database), CatalogService(db=database)
    orders = OrderService(db=database, clock=clock, customers=customers, catalog=catalog)
    invoicing = OrderInvoicing(db=database, clock=clock, drafts=billing.invoices)
    outbox = OutboxWorker(database, clock, quick={}, slow={"orders": reactions.on_event})
    lines = (OrderLineInput("Pauschale", Decimal(200)), OrderLineInput("HU", Decimal(40), "handed_on"))
    car = VehicleFacts(plate="DO-AB 123")
    wanted = EstimateInput("key", vehicle=car, phone="0171 5550142", jobs=(JobInput("HU", lines=lines),))
    order = orders.create_estimate(billing.actor, wanted)
    orders.mark_done(billing.actor, order.id, order.jobs[0].id)
    for state in ("accepted", "in_work", "ready"):
        orders.move(billing.actor, order.id, state)
    draft_id = invoicing.draft(billing.actor, order.id)
    assert invoicing.draft(billing.actor, order.id) == draft_id
    invoice = billing.invoices.issue(billing.actor, draft_id, request_key="press")
    assert (invoice.gross_cents, invoice.order_id) == (order.total_cents, order.id)
    outbox.drain()
    billed = orders.get(billing.actor, order.id)
    assert (billed.state, billed.invoice_id) == ("billed", invoice.id)
    billing.invoices.cancel(billing.actor, invoice.id, "Falscher Empfänger")
    outbox.drain()
    outbox.stop()
    given_back = orders.get(billing.actor, order.id)
    assert (given_back.state, given_back.invoice_id) == ("ready", None)


def _visit_with_order(desk: OrderDesk, database: Database) -> tuple[Appointment, OrderView]:
    visit = make_appointment(
        database,
        desk.workshop,
        desk.customer,
        desk.front.technicians[0],
        desk.front.bays[0],
        vehicle_id=desk.vehicle.id,
        state="confirmed",
    )
    return visit, desk.estimate(vehicle=VehicleFacts(), service_codes=(), appointment_id=visit.id)


def _set_visit(database: Database, desk: OrderDesk, visit: Appointment, state: str) -> None:
    with database.writing(desk.workshop.id) as session:
        session.get_one(Appointment, visit.id).state = state


def _invoice(
    database: Database,
    desk: OrderDesk,
    order: OrderView,
    *,
    kind: str = "invoice",
    state: str = "open",
    original_id: UUID | None = None,
) -> Invoice:
    day = date(2026, 11, 23)
    sums: dict[str, Any] = {"gross_cents": order.total_cents, "due_cents": order.total_cents}
    number = f"RE-{new_id().hex[-8:]}"
    row = Invoice(
        workshop_id=desk.workshop.id, number=number, kind=kind, issued_on=day, supplied_on=day,
        keep_until=date(2034, 12, 31), currency="EUR", net_cents=0, vat_cents=0, language="de",
        form="zugferd", original_id=original_id, **sums,
    )  # fmt: skip
    save(database, row)
    claim = Receivable(
        workshop_id=desk.workshop.id, invoice_id=row.id, number=number, kind=kind, issued_on=day,
        due_on=day + timedelta(days=14), currency="EUR", state=state, order_id=order.id, token=new_secret(),
        **sums,
    )  # fmt: skip
    save(database, claim)
    return row


def _settle(database: Database, desk: OrderDesk, invoice: Invoice, state: str) -> None:
    with database.writing(desk.workshop.id) as session:
        session.exec(select(Receivable).where(Receivable.invoice_id == invoice.id)).one().state = state


def _tell(
    reactions: OrderReactions, desk: OrderDesk, kind: str, document: Invoice, *, order_id: str = ""
) -> None:
    order = order_id or str(_order_of(desk, document))
    reactions.on_event(_delivery(desk, kind, {"invoice_id": str(document.id), "order_id": order}))


def _order_of(desk: OrderDesk, _document: Invoice) -> UUID:
    return desk.orders.list_orders(desk.owner, show="all")[0].id


def _tell_visit(reactions: OrderReactions, desk: OrderDesk, visit: Appointment) -> None:
    reactions.on_event(_delivery(desk, "appointment.changed", {"appointment_id": str(visit.id)}))


def _delivery(desk: OrderDesk, kind: str, payload: dict[str, Any]) -> Delivery:
    return Delivery(new_id(), desk.workshop.id, kind, payload, datetime(2026, 11, 23, 8, tzinfo=UTC))
