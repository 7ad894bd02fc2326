"""Estimates become orders: made from what is known, edited, moved and found again, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.totals import TaxGroup
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.models import OrderJob, WorkOrder
from carbot_app.domains.orders.schemas import (
    EstimateInput,
    HeadInput,
    JobInput,
    OrderLineInput,
    OrderView,
    PayersInput,
)
from carbot_app.domains.team.roles import ACCOUNTANT, TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    make_appointment,
    make_conversation,
    make_lead,
    make_person,
    make_resource,
    staff_of,
)
from tests.services.order_desk import OIL, PADS, OrderDesk, open_order_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> OrderDesk:
    return open_order_desk(database, clock)


def test_a_plate_and_a_service_make_an_estimate_at_the_price_for_the_car(desk: OrderDesk) -> None:
    order = desk.estimate()
    told = desk.front.catalog.quote(
        desk.owner, PADS, vehicle=VehicleFacts(vehicle_class="compact", year=2015), language="de"
    )
    assert (order.number, order.state, order.version) == ("AU-2026-00001", "estimate", 1)
    assert (order.customer and order.customer.id, order.vehicle and order.vehicle.id) == (
        desk.customer.id,
        desk.vehicle.id,
    )
    assert order.total_cents == order.estimate_cents == told.high_cents > 0
    assert [job.title for job in order.jobs] == [told.service_name] == [order.title]
    assert [(entry.kind, entry.by, entry.content["state"]) for entry in order.history] == [
        ("order.state", "Sabine Müller", "estimate")
    ]


def test_every_service_of_the_catalogue_is_estimated_at_the_upper_end_of_its_quote(desk: OrderDesk) -> None:
    car = VehicleFacts(make="VW", model="Golf", vehicle_class="compact", year=2015)
    for service in desk.front.catalog.list_services(desk.owner, language="de"):
        quote = desk.front.catalog.quote(desk.owner, service.code, vehicle=car, language="de")
        assert desk.orders.preview_sum(desk.owner, [service.code], car) == quote.high_cents, service.code


def test_the_fee_of_an_inspection_is_handed_on_without_tax(desk: OrderDesk) -> None:
    order = desk.estimate(service_codes=("SAF-HUA-001",))
    kinds = [line.kind for line in order.jobs[0].lines]
    assert "handed_on" in kinds
    assert {group.category for group in order.totals.groups} == {"S", "E"}


def test_pressing_twice_makes_one_estimate_and_uses_one_number(desk: OrderDesk) -> None:
    def press(_: int) -> OrderView:
        return desk.estimate(request_key="once")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(press, range(4)))
    assert len({order.id for order in found}) == 1
    assert desk.estimate().number == "AU-2026-00002"


def test_a_visit_brings_its_customer_car_services_and_time(desk: OrderDesk, database: Database) -> None:
    visit = _visit(desk, database)
    order = desk.estimate(vehicle=VehicleFacts(), service_codes=(), appointment_id=visit.id)
    assert (order.customer and order.customer.id, order.vehicle and order.vehicle.id) == (
        desk.customer.id,
        desk.vehicle.id,
    )
    assert (order.technician, order.promised_at, order.state) == ("T0", visit.ends_at, "estimate")
    assert [job.service_code for job in order.jobs] == [PADS]
    again = desk.estimate(vehicle=VehicleFacts(), service_codes=(), appointment_id=visit.id)
    assert again.id == order.id
    assert [found.id for found in desk.orders.list_of(desk.owner, appointment_id=visit.id)] == [order.id]


def test_the_order_of_a_car_that_is_here_is_accepted_at_once(desk: OrderDesk, database: Database) -> None:
    visit = _visit(desk, database, state="arrived")
    order = desk.estimate(vehicle=VehicleFacts(), service_codes=(), appointment_id=visit.id)
    assert (order.state, order.estimate_cents) == ("accepted", order.total_cents)


def test_a_conversation_brings_what_its_lead_wants(desk: OrderDesk, database: Database) -> None:
    thread = make_conversation(database, desk.workshop, customer_id=desk.customer.id, language="tr")
    make_lead(database, thread, vehicle_id=desk.vehicle.id, service_codes=[OIL], wish="Yağ değişimi")
    order = desk.estimate(vehicle=VehicleFacts(), service_codes=(), conversation_id=thread.id)
    assert (order.language, order.complaint) == ("tr", "Yağ değişimi")
    assert (order.vehicle and order.vehicle.id, [job.service_code for job in order.jobs]) == (
        desk.vehicle.id,
        [OIL],
    )
    found = desk.orders.list_of(desk.owner, conversation_id=thread.id)
    assert [one.id for one in found] == [order.id]


def test_an_unknown_plate_makes_the_car_and_its_owner(desk: OrderDesk) -> None:
    car = VehicleFacts(plate="UN-X 42", make="Opel", model="Corsa")
    order = desk.estimate(vehicle=car, name="Jan Kowalski", phone="0171 5550199", km=81_000)
    assert order.vehicle is not None
    assert order.customer is not None
    assert (order.vehicle.plate, order.vehicle.label) == ("UN-X 42", "Opel Corsa")
    assert (order.customer.name, order.km) == ("Jan Kowalski", 81_000)
    known = desk.orders.find_car(desk.owner, "un x 42")
    assert known.customer is not None
    assert (known.plate, known.customer.id) == ("UN-X 42", order.customer.id)
    assert desk.orders.find_car(desk.owner, "UN-X 43").vehicle is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"request_key": " "}, "order_key_missing"),
        ({"request_key": "k" * 65}, "order_key_missing"),
        ({"vehicle": VehicleFacts()}, "order_car_missing"),
        ({"vehicle": VehicleFacts(plate="???")}, "plate_invalid"),
        ({"service_codes": ("NO-PE-001",)}, "service_unknown"),
        ({"service_codes": (PADS,) * 21}, "too_many_services"),
        ({"km": -1}, "km_invalid"),
        ({"title": "x" * 201}, "too_long"),
        ({"promised_at": datetime(1, 1, 1, tzinfo=UTC)}, "order_promised_invalid"),
        ({"customer_id": new_id()}, "order_customer_gone"),
        ({"vehicle_id": new_id()}, "order_vehicle_gone"),
        ({"appointment_id": new_id()}, "appointment_unknown"),
        ({"conversation_id": new_id()}, "conversation_not_found"),
        ({"jobs": (JobInput(" "),)}, "missing"),
        ({"jobs": (JobInput("A"),) * 61}, "order_too_many_jobs"),
        (
            {"jobs": (JobInput("A", lines=(OrderLineInput("x", Decimal(1)),) * 10_000),)},
            "order_too_many_lines",
        ),
    ],
)
def test_an_estimate_that_cannot_be_is_refused_and_uses_no_number(
    desk: OrderDesk, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(AppError) as caught:
        desk.estimate(**fields)
    assert caught.value.code == code
    assert desk.estimate().number == "AU-2026-00001"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"quantity": Decimal(0)}, "billing_quantity_invalid", "quantity"),
        ({"quantity": Decimal(-1)}, "billing_quantity_invalid", "quantity"),
        ({"quantity": Decimal("NaN")}, "billing_quantity_invalid", "quantity"),
        ({"quantity": Decimal(10) ** 9}, "billing_quantity_invalid", "quantity"),
        ({"quantity": Decimal("0.00000001")}, "billing_quantity_invalid", "quantity"),
        ({"unit_price": Decimal(-1)}, "billing_price_invalid", "unit_price"),
        ({"unit_price": Decimal("Infinity")}, "billing_price_invalid", "unit_price"),
        ({"discount_percent": Decimal(101)}, "billing_discount_invalid", "discount"),
        ({"kind": "gift"}, "order_kind_unknown", "kind"),
        ({"unit": "XYZ"}, "order_unit_unknown", "unit"),
        ({"text": " "}, "missing", "text"),
        ({"minutes": -5}, "order_minutes_invalid", "minutes"),
        ({"cost_cents": -1}, "billing_price_invalid", "cost"),
        ({"exchange": True}, "billing_price_invalid", "list_price"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_field(
    desk: OrderDesk, change: dict[str, Any], code: str, field: str
) -> None:
    order = desk.priced()
    line = replace(OrderLineInput("Öl", Decimal("9.99")), **change)
    with pytest.raises(Invalid) as caught:
        desk.orders.put_line(desk.owner, order.id, order.jobs[0].id, line)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert desk.orders.get(desk.owner, order.id).version == order.version


def test_lines_are_added_changed_and_taken_out_and_the_estimate_follows(desk: OrderDesk) -> None:
    order = desk.priced("100")
    job = order.jobs[0]
    part = OrderLineInput("Belag", Decimal("9.99"), "part", quantity=Decimal(3), gross=False)
    order = desk.orders.put_line(desk.owner, order.id, job.id, part, version=order.version)
    assert order.total_cents == 10_000 + 3_566
    assert order.estimate_cents == order.total_cents
    added = order.jobs[0].lines[1]
    fewer = replace(part, quantity=Decimal("2.50"), part_number="0 986 494 1")
    order = desk.orders.put_line(desk.owner, order.id, job.id, fewer, line_id=added.id)
    assert (order.jobs[0].lines[1].quantity, order.jobs[0].lines[1].part_number) == (
        Decimal("2.5"),
        "0 986 494 1",
    )
    order = desk.orders.remove_line(desk.owner, order.id, job.id, added.id)
    assert (order.total_cents, len(order.jobs[0].lines)) == (10_000, 1)
    with pytest.raises(NotFound) as caught:
        desk.orders.remove_line(desk.owner, order.id, job.id, added.id)
    assert caught.value.code == "order_line_unknown"


def test_jobs_come_from_the_catalogue_and_go_again(desk: OrderDesk) -> None:
    order = desk.priced("100")
    order = desk.orders.add_job(desk.owner, order.id, JobInput(service_code=OIL))
    assert order.jobs[1].title
    assert order.total_cents == 10_000 + order.jobs[1].gross_cents
    wanted = JobInput(
        "Ölwechsel", finding="Öl schwarz", urgency="soon", technician_id=desk.front.technicians[0].id
    )
    order = desk.orders.change_job(desk.owner, order.id, order.jobs[1].id, wanted)
    changed = order.jobs[1]
    assert (changed.title, changed.finding, changed.urgency, changed.technician) == (
        *("Ölwechsel", "Öl schwarz", "soon"),
        "T0",
    )
    order = desk.orders.remove_job(desk.owner, order.id, changed.id)
    assert (len(order.jobs), order.total_cents) == (1, 10_000)
    with pytest.raises(NotFound) as caught:
        desk.orders.remove_job(desk.owner, order.id, changed.id)
    assert caught.value.code == "order_job_unknown"


def test_whoever_saves_an_older_version_is_told_which_order_changed(desk: OrderDesk) -> None:
    order = desk.priced()
    desk.orders.change_head(desk.owner, order.id, HeadInput(note="Kunde wartet"), version=order.version)
    with pytest.raises(Conflict) as caught:
        desk.orders.change_head(desk.owner, order.id, HeadInput(note="Nein"), version=order.version)
    assert (caught.value.code, caught.value.params) == ("order_changed_meanwhile", {"number": order.number})
    assert desk.orders.get(desk.owner, order.id).note == "Kunde wartet"


def test_the_head_takes_discount_technician_time_and_kilometres(desk: OrderDesk, database: Database) -> None:
    order = desk.priced("200")
    promised = datetime(2026, 11, 24, 15, tzinfo=UTC)
    head = HeadInput(
        title="Bremsen vorn",
        km=90_000,
        technician_id=desk.front.technicians[1].id,
        promised_at=promised,
        discount_percent=Decimal(10),
        discount_cents=500,
    )
    order = desk.orders.change_head(desk.owner, order.id, head)
    assert (order.title, order.km, order.technician, order.promised_at) == (
        *("Bremsen vorn", 90_000),
        *("T1", promised),
    )
    assert order.total_cents == 17_500
    with database.reading(desk.workshop.id) as session:
        assert session.get_one(Vehicle, desk.vehicle.id).km == 90_000
    cleared = desk.orders.change_head(
        desk.owner, order.id, HeadInput(clear=frozenset({"technician_id", "promised_at"}))
    )
    assert (cleared.technician_id, cleared.promised_at, cleared.km) == (None, None, 90_000)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (HeadInput(discount_percent=Decimal(101)), "billing_discount_invalid"),
        (HeadInput(discount_cents=-1), "billing_discount_invalid"),
        (HeadInput(discount_cents=1_000_000), "billing_discount_invalid"),
        (HeadInput(km=-1), "km_invalid"),
        (HeadInput(technician_id=new_id()), "order_technician_unknown"),
        (HeadInput(promised_at=datetime(2026, 11, 24)), "order_promised_invalid"),  # noqa: DTZ001
        (HeadInput(payers=PayersInput("HUK", deductible_cents=-1)), "billing_deductible_invalid"),
        (HeadInput(payers=PayersInput("HUK", deductible_cents=99_999_999)), "billing_deductible_invalid"),
    ],
)
def test_a_head_that_cannot_be_changes_nothing(desk: OrderDesk, head: HeadInput, code: str) -> None:
    order = desk.priced()
    with pytest.raises(Invalid) as caught:
        desk.orders.change_head(desk.owner, order.id, head)
    assert caught.value.code == code
    assert desk.orders.get(desk.owner, order.id) == order


def test_the_insurer_pays_net_where_the_customer_deducts_input_tax(desk: OrderDesk) -> None:
    order = desk.priced("1190")
    payers = PayersInput("HUK", "S-4711", deducts_input_tax=True, deductible_cents=15_000)
    order = desk.orders.change_head(desk.owner, order.id, HeadInput(payers=payers))
    assert [(portion.payer, portion.cents) for portion in order.portions] == [
        ("insurer", 85_000),
        ("customer", 34_000),
    ]
    assert order.payers == payers
    line = replace(OrderLineInput("Rabatt", Decimal(1)), discount_percent=Decimal(0))
    smaller = desk.orders.put_line(
        desk.owner, order.id, order.jobs[0].id, line, line_id=order.jobs[0].lines[0].id
    )
    assert smaller.portions == ()
    alone = desk.orders.change_head(desk.owner, order.id, HeadInput(payers=PayersInput()))
    assert (alone.payers, alone.portions) == (PayersInput(), ())


def test_an_exchange_part_bears_vat_on_the_old_part(desk: OrderDesk) -> None:
    engine = OrderLineInput("Austauschmotor", Decimal(1000), "part", gross=False, exchange=True)
    order = desk.estimate(service_codes=(), jobs=(JobInput("Motor", lines=(engine,)),))
    assert order.total_cents == 120_900
    assert order.totals.groups[-1] == TaxGroup("Z", 0, -10_000, 0, ("old_part",))


def test_an_order_goes_its_way_and_every_step_is_in_the_chain(desk: OrderDesk, database: Database) -> None:
    order = desk.priced()
    for state in ("accepted", "diagnosis", "parts_ordered", "in_work", "final_check", "ready", "picked_up"):
        order = desk.orders.move(desk.owner, order.id, state)
        assert order.state == state
    again = desk.orders.move(desk.owner, order.id, "picked_up")
    assert again.version == order.version
    assert [entry.content["from"] for entry in order.history] == [
        *("", "estimate", "accepted", "diagnosis", "parts_ordered", "in_work", "final_check", "ready"),
    ]
    with database.reading(desk.workshop.id) as session:
        assert find_broken(session) is None
        events = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "order.state")).all()
    assert {"order_id": str(order.id), "state": "ready", "from": "final_check"} in [e.payload for e in events]


@pytest.mark.parametrize(
    ("state", "error", "code"),
    [
        ("billed", Conflict, "order_state_not_allowed"),
        ("ready", Conflict, "order_state_not_allowed"),
        ("nowhere", Invalid, "order_state_unknown"),
    ],
)
def test_a_step_that_is_not_allowed_is_refused(
    desk: OrderDesk, state: str, error: type[AppError], code: str
) -> None:
    order = desk.priced()
    with pytest.raises(error) as caught:
        desk.orders.move(desk.owner, order.id, state)
    assert caught.value.code == code
    assert desk.orders.get(desk.owner, order.id).state == "estimate"


def test_fifteen_percent_over_the_estimate_asks_for_an_approval_before_it_is_ready(
    desk: OrderDesk, database: Database
) -> None:
    order = desk.orders.move(desk.owner, desk.priced("500").id, "accepted")
    order = desk.orders.move(desk.owner, order.id, "in_work")
    job, line = order.jobs[0], order.jobs[0].lines[0]

    def costs(euros: str) -> OrderView:
        wanted = OrderLineInput("Pauschale", Decimal(euros))
        return desk.orders.put_line(desk.owner, order.id, job.id, wanted, line_id=line.id)

    warned = costs("550")
    assert warned.overrun is not None
    assert (warned.estimate_cents, warned.overrun.state) == (50_000, "warn")
    blocked = costs("575.01")
    assert blocked.overrun is not None
    assert blocked.overrun.blocks
    with pytest.raises(Conflict) as caught:
        desk.orders.move(desk.owner, order.id, "ready")
    assert caught.value.code == "order_needs_approval"
    assert caught.value.params == {"amount": "575,01\xa0€", "limit": "575,00\xa0€"}
    with database.writing(desk.workshop.id) as session:
        session.get_one(WorkOrder, order.id).approved_cents = 57_501
    assert desk.orders.move(desk.owner, order.id, "ready").state == "ready"


def test_the_visit_goes_along_and_ready_ends_it(desk: OrderDesk, database: Database) -> None:
    visit = _visit(desk, database, state="confirmed")
    order = desk.estimate(vehicle=VehicleFacts(), service_codes=(), appointment_id=visit.id)
    seen = []
    for state in ("accepted", "in_work", "ready"):
        desk.orders.move(desk.owner, order.id, state)
        with database.reading(desk.workshop.id) as session:
            seen.append(session.get_one(Appointment, visit.id).state)
    assert seen == ["arrived", "in_work", "done"]


def test_a_technician_notes_findings_and_work_but_no_prices(desk: OrderDesk) -> None:
    order = desk.orders.move(desk.owner, desk.priced().id, "accepted")
    technician = staff_of(desk.workshop, TECHNICIAN)
    order = desk.orders.move(technician, order.id, "diagnosis")
    order = desk.orders.note_finding(technician, order.id, order.jobs[0].id, "Belag 1,8 mm", "urgent")
    order = desk.orders.add_job(technician, order.id, JobInput("Stoßdämpfer", finding="undicht"))
    order = desk.orders.mark_done(technician, order.id, order.jobs[0].id)
    first = order.jobs[0].done_at
    order = desk.orders.mark_done(technician, order.id, order.jobs[0].id)
    assert (order.jobs[0].finding, order.jobs[0].urgency, order.jobs[0].done_at) == (
        *("Belag 1,8 mm", "urgent"),
        first,
    )
    assert order.jobs[1].gross_cents == 0
    assert desk.orders.mark_done(technician, order.id, order.jobs[0].id, done=False).jobs[0].done_at is None
    line = OrderLineInput("Öl", Decimal(1))
    refused: list[Callable[[], object]] = [
        lambda: desk.orders.put_line(technician, order.id, order.jobs[0].id, line),
        lambda: desk.orders.add_job(technician, order.id, JobInput("Öl", lines=(line,))),
        lambda: desk.orders.remove_job(technician, order.id, order.jobs[0].id),
        lambda: desk.orders.change_head(technician, order.id, HeadInput(discount_cents=1)),
        lambda: desk.orders.move(technician, order.id, "cancelled"),
        lambda: desk.orders.create_estimate(technician, EstimateInput("key")),
        lambda: desk.orders.mark_done(staff_of(desk.workshop, ACCOUNTANT), order.id, order.jobs[0].id),
    ]
    for attempt in refused:
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Invalid) as caught:
        desk.orders.note_finding(technician, order.id, order.jobs[0].id, "x", "maybe")
    assert caught.value.code == "order_urgency_unknown"


def test_an_approved_job_cannot_be_taken_out_and_a_closed_order_not_changed(
    desk: OrderDesk, database: Database
) -> None:
    order = desk.priced()
    _set(database, order, decision="approved")
    with pytest.raises(Conflict) as caught:
        desk.orders.remove_job(desk.owner, order.id, order.jobs[0].id)
    assert caught.value.code == "order_job_approved"
    desk.orders.move(desk.owner, order.id, "cancelled")
    with pytest.raises(Conflict) as caught:
        desk.orders.mark_done(desk.owner, order.id, order.jobs[0].id)
    assert caught.value.code == "order_closed"


def test_what_was_declined_costs_nothing(desk: OrderDesk, database: Database) -> None:
    order = desk.orders.add_job(desk.owner, desk.priced("100").id, JobInput(service_code=OIL))
    _set(database, order, decision="declined")
    order = desk.orders.change_head(desk.owner, order.id, HeadInput(note="x"))
    assert order.total_cents == order.jobs[1].gross_cents


def test_orders_are_found_by_plate_name_number_and_title(desk: OrderDesk) -> None:
    first = desk.estimate(title="Bremsen quietschen")
    desk.estimate(vehicle=VehicleFacts(plate="UN-X 42"), title="Inspektion")
    for search in ("doab123", "ab 123", desk.customer.name[:4], "00001", "AU-2026-00001", "quietsch"):
        found = desk.orders.list_orders(desk.owner, search=search)
        assert [order.id for order in found] == [first.id], search
    assert len(desk.orders.list_orders(desk.owner)) == 2
    assert desk.orders.list_orders(desk.owner, search="%") == []
    assert desk.orders.list_orders(desk.owner, search="---") == []


def test_the_list_shows_what_is_open_mine_ready_or_all(desk: OrderDesk, database: Database) -> None:
    me = staff_of(desk.workshop, TECHNICIAN, person_id=_person(database))
    mine = make_resource(database, desk.workshop, "technician", name="Ich", person_id=me.subject_id)
    whole, job, other, gone = (desk.priced() for _ in range(4))
    desk.orders.change_head(desk.owner, whole.id, HeadInput(technician_id=mine.id))
    desk.orders.change_job(desk.owner, job.id, job.jobs[0].id, JobInput("Teil", technician_id=mine.id))
    desk.orders.move(desk.owner, gone.id, "cancelled")
    for state in ("accepted", "in_work", "ready"):
        desk.orders.move(desk.owner, other.id, state)

    def shown(show: str, **more: str) -> set[object]:
        return {order.id for order in desk.orders.list_orders(me, show=show, **more)}  # type: ignore[arg-type]

    assert shown("mine") == {whole.id, job.id}
    assert shown("open") == {whole.id, job.id, other.id}
    assert shown("ready") == {other.id}
    assert shown("all") == {whole.id, job.id, other.id, gone.id}
    assert shown("all", state="cancelled") == {gone.id}
    assert desk.orders.count_open(me) == 3
    assert ("Ich" in [name for _, name in desk.orders.list_technicians(me)]) is True
    with pytest.raises(Invalid):
        desk.orders.list_orders(me, show="everything")


def test_an_order_stays_when_its_customer_is_deleted(desk: OrderDesk, database: Database) -> None:
    order = desk.priced()
    with database.writing(desk.workshop.id) as session:
        session.delete(session.get_one(Vehicle, desk.vehicle.id))
        session.flush()
        session.delete(session.get_one(Customer, desk.customer.id))
    found = desk.orders.get(desk.owner, order.id)
    assert (found.customer, found.vehicle, found.total_cents) == (None, None, 50_000)
    assert [(one.plate, one.customer) for one in desk.orders.list_orders(desk.owner)] == [("", "")]
    assert desk.orders.add_job(desk.owner, order.id, JobInput(service_code=OIL)).jobs[1].title


def test_another_workshop_neither_reads_nor_changes_the_order(
    desk: OrderDesk, database: Database, clock: ManualClock
) -> None:
    order = desk.priced()
    foreign = open_order_desk(database, clock, "schmidt-hamm")
    attempts: list[Callable[[], object]] = [
        lambda: foreign.orders.get(foreign.owner, order.id),
        lambda: foreign.orders.move(foreign.owner, order.id, "accepted"),
        lambda: foreign.orders.mark_done(foreign.owner, order.id, order.jobs[0].id),
        lambda: foreign.orders.add_job(foreign.owner, order.id, JobInput(service_code=OIL)),
        lambda: foreign.estimate(vehicle_id=desk.vehicle.id),
        lambda: foreign.estimate(customer_id=desk.customer.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert foreign.orders.list_orders(foreign.owner, show="all") == []
    assert foreign.estimate().number == "AU-2026-00001"


def _visit(desk: OrderDesk, database: Database, **fields: Any) -> Appointment:
    return make_appointment(
        database,
        desk.workshop,
        desk.customer,
        desk.front.technicians[0],
        desk.front.bays[0],
        vehicle_id=desk.vehicle.id,
        **fields,
    )


def _set(database: Database, order: OrderView, *, decision: str) -> None:
    """As the customer's answer does."""
    with database.writing(_workshop_of(database, order)) as session:
        session.get_one(OrderJob, order.jobs[0].id).decision = decision


def _workshop_of(database: Database, order: OrderView) -> Any:
    with database.reading(SYSTEM) as session:
        return session.get_one(WorkOrder, order.id).workshop_id


def _person(database: Database) -> Any:
    return make_person(database).id
