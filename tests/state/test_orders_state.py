"""The pages of orders: found, made in half a minute, edited in a pane, moved, and who may do what."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.orders.schemas import EstimateInput, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.state.order import OrderState
from carbot_app.state.order_edit import OrderEditState
from carbot_app.state.order_new import NewOrderState
from carbot_app.state.orders import OrdersState
from carbot_app.state.session import SessionState
from tests.factories import (
    make_appointment,
    make_customer,
    make_resource,
    make_service,
    make_vehicle,
    make_workshop,
    staff_of,
)
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab, words_of

LIST, ONE = "/auftraege/", "/auftraege/auftrag/?id="
PADS = "SAF-BRK-001"
LINE = {"text": "Bremsflüssigkeit", "unit_price": "9,99", "quantity": "2", "kind": "part", "told": "gross"}


@pytest.fixture
def order(services: Services, workshop: Workshop) -> OrderView:
    """New pads for Ayşe's Golf at 129 €."""
    car = make_vehicle(services.db, workshop, make_customer(services.db, workshop))
    make_service(services.db, workshop, PADS)
    wanted = EstimateInput("key", vehicle_id=car.id, service_codes=(PADS,))
    return services.orders.create_estimate(staff_of(workshop), wanted)


async def opened(tab: Tab, order: OrderView) -> Any:
    """The order's page."""
    await tab.at(f"{ONE}{order.id}").call(OrderState.load)
    return await tab.state(OrderState)


async def test_orders_stand_in_their_column_and_in_the_list(tab: Tab, order: OrderView) -> None:
    await tab.at(LIST).call(OrdersState.load)
    state = await tab.state(OrdersState)
    (row,) = state.rows
    assert (row.plate.city, row.customer, row.total, row.word) == (
        *("DO", "Ayşe Yılmaz"),
        *("129,00\u00a0€", "Kostenvoranschlag"),
    )
    assert [(column.title, len(column.rows)) for column in state.columns][:2] == [
        ("Angebote", 1),
        ("Angenommen", 0),
    ]
    assert (state.open_count, state.status, (await tab.state(SessionState)).open_orders) == (1, "ready", 0)
    await tab.call(SessionState.on_live, "orders", str(order.id), "order.changed")
    assert (await tab.state(SessionState)).open_orders == 1


async def test_the_list_is_searched_filtered_and_follows_hints(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    await tab.at(LIST).call(OrdersState.load)
    state = await tab.state(OrdersState)
    await tab.call(OrdersState.find, "nirgends")
    assert state.rows == []
    await tab.call(OrdersState.find, "doab123")
    assert len(state.rows) == 1
    await tab.call(OrdersState.choose, "all")
    assert [column.key for column in state.columns][-1] == "closed"
    services.orders.move(staff_of(workshop), order.id, "accepted")
    await tab.call(OrdersState.on_live, "lead", "", "")
    assert state.rows[0].state == "estimate"
    await tab.call(OrdersState.on_live, "orders", str(order.id), "order.state")
    assert state.rows[0].state == "accepted"
    await tab.call(OrdersState.choose, "nonsense")
    assert state.show == "open"


async def test_a_technician_begins_with_their_own(services: Services, workshop: Workshop) -> None:
    tab = open_tab(services, workshop, role=TECHNICIAN)
    await tab.at(LIST).call(OrdersState.load)
    state = await tab.state(OrdersState)
    assert (state.show, state.may_manage) == ("mine", False)


async def test_a_plate_and_two_services_become_an_order(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_vehicle(services.db, workshop, make_customer(services.db, workshop))
    stock(services.db, workshop)
    await tab.at(LIST).call(NewOrderState.begin)
    state = await tab.state(NewOrderState)
    await tab.call(NewOrderState.read_plate, "do ab 123")
    assert (state.known, state.car, state.owner) == (True, "VW Golf, 2015", "Ayşe Yılmaz")
    await tab.call(NewOrderState.search, "ölwechsel")
    (first, *_) = state.found
    await tab.call(NewOrderState.add_first, {})
    await tab.call(NewOrderState.add, first[0])
    await tab.call(NewOrderState.search, "batterie")
    await tab.call(NewOrderState.add, state.found[0][0])
    assert (len(state.chosen), state.found) == (2, [])
    both = state.total
    await tab.call(NewOrderState.remove, state.chosen[1][0])
    assert state.chosen == [first]
    assert state.total == first[2] != both
    outcomes = await tab.call(NewOrderState.save, {"plate": "do ab 123", "complaint": "klappert"})
    (made,) = services.orders.list_orders(staff_of(workshop))
    assert str(made.id) in words_of(outcomes)
    assert (made.plate, made.customer, state.open) == ("DO-AB 123", "Ayşe Yılmaz", False)
    assert await tab.call(NewOrderState.save, {}) == []


@pytest.mark.parametrize(
    ("form", "field"), [({"plate": "nein"}, "plate"), ({"plate": ""}, "plate"), ({"phone": "12"}, "phone")]
)
async def test_a_mistake_is_told_at_its_field(tab: Tab, form: dict[str, str], field: str) -> None:
    await tab.at(LIST).call(NewOrderState.begin)
    await tab.call(NewOrderState.save, {"plate": "UN-X 42", **form})
    state = await tab.state(NewOrderState)
    assert (list(state.problems), state.open, state.busy) == ([field], True, False)
    await tab.call(NewOrderState.read_plate, "nein??")
    assert (state.car, state.problems) == ("", {})
    await tab.call(NewOrderState.close)
    assert state.open is False


async def test_an_unknown_plate_and_nothing_found_are_said(tab: Tab) -> None:
    await tab.at(LIST).call(NewOrderState.begin)
    await tab.call(NewOrderState.read_plate, "UN-X 42")
    await tab.call(NewOrderState.search, "qqqq")
    state = await tab.state(NewOrderState)
    assert (state.known, state.nothing, await tab.call(NewOrderState.add_first, {})) == (False, True, [])


async def test_a_visit_leads_to_its_one_estimate(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_service(services.db, workshop, PADS)
    people = [make_resource(services.db, workshop, kind) for kind in ("technician", "bay")]
    visit = make_appointment(services.db, workshop, make_customer(services.db, workshop), *people)
    for _ in range(2):
        outcomes = await tab.at(LIST).call(NewOrderState.begin_for, "visit", str(visit.id))
        (made,) = services.orders.list_orders(staff_of(workshop))
        assert str(made.id) in words_of(outcomes)


async def test_the_order_shows_jobs_sums_and_what_is_next(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    shown = state.order
    assert (shown.row.number, shown.total, shown.step, shown.next) == (
        *("AU-2026-00001", "129,00\u00a0€"),
        *(1, "accepted"),
    )
    assert shown.sums == (("Netto", "108,40\u00a0€"), ("MwSt. 19 %", "20,60\u00a0€"))
    (job,) = shown.jobs
    assert job.lines[0].detail == "1 Stk. × 129,00\u00a0€"
    assert (shown.overrun, shown.history[0].title) == ("within", "Kostenvoranschlag")
    assert ("scheduled", "Termin vereinbart") in shown.sides


async def test_the_order_is_moved_and_a_job_marked_done(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    assert "Angenommen" in words_of(await tab.call(OrderState.move, "accepted"))
    await tab.call(OrderState.mark_done, state.order.jobs[0].id, True)
    assert (state.order.row.state, state.order.jobs[0].done, state.busy) == ("accepted", True, False)
    outcomes = await tab.call(OrderState.move, "billed")
    assert "nicht möglich" in words_of(outcomes)


async def test_ready_is_refused_above_the_limit_with_amount_and_limit(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    for step in ("accepted", "in_work"):
        await tab.call(OrderState.move, step)
    await tab.call(OrderEditState.ask, "line", state.order.jobs[0].id, "")
    await tab.call(OrderEditState.save, {**LINE, "unit_price": "10", "quantity": "2"})
    assert (state.order.overrun, state.order.overrun_percent) == ("approval", 100)
    said = words_of(await tab.call(OrderState.move, "ready"))
    assert "149,00" in said
    assert "148,35" in said


async def test_an_order_that_is_not_there_says_so(tab: Tab) -> None:
    for address in ("nichts", "0198a3f0-0000-7000-8000-000000000000"):
        await tab.at(f"{ONE}{address}").call(OrderState.load)
        assert (await tab.state(OrderState)).status == "missing"
    assert await tab.call(OrderState.on_live, "orders", "", "") == []


async def test_hints_about_this_order_are_followed(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    state = await opened(tab, order)
    services.orders.move(staff_of(workshop), order.id, "accepted")
    await tab.call(OrderState.on_live, "orders", "another", "order.state")
    assert state.order.row.state == "estimate"
    await tab.call(OrderState.on_live, "orders", str(order.id), "order.state")
    assert state.order.row.state == "accepted"


async def test_a_line_is_added_changed_and_taken_out_in_the_pane(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    job = state.order.jobs[0].id
    await tab.call(OrderEditState.ask, "line", job, "")
    pane = await tab.state(OrderEditState)
    assert (pane.is_new, pane.typed.quantity) == (True, "1")
    await tab.call(OrderEditState.save, {**LINE, "discount": "10"})
    line = state.order.jobs[0].lines[1]
    assert (line.amount, line.detail, pane.task) == (
        *("17,98\u00a0€", "2 Stk. × 9,99\u00a0€ · \u221210 %"),
        "",
    )
    await tab.call(OrderEditState.ask, "line", job, line.id)
    assert (pane.typed.text, pane.typed.price, pane.typed.quantity, pane.typed.discount) == (
        *("Bremsflüssigkeit", "9,99"),
        *("2", "10"),
    )
    hours = {"kind": "labour", "unit": "HUR", "quantity": "0,4167", "unit_price": "112", "told": "net"}
    await tab.call(OrderEditState.save, {**LINE, **hours})
    changed = state.order.jobs[0].lines[1]
    assert changed.detail == "0,4167 Std. × 112,00\u00a0€ · netto"
    await tab.call(OrderEditState.ask, "line", job, line.id)
    await tab.call(OrderEditState.remove)
    assert len(state.order.jobs[0].lines) == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "viel"}, "quantity"),
        ({"unit_price": "teuer"}, "unit_price"),
        ({"discount": "101"}, "discount"),
        ({"text": " "}, "text"),
        ({"exchange": "on"}, "list_price"),
    ],
)
async def test_a_wrong_line_is_told_at_its_field_and_the_pane_stays(
    tab: Tab, order: OrderView, form: dict[str, str], field: str
) -> None:
    state = await opened(tab, order)
    await tab.call(OrderEditState.ask, "line", state.order.jobs[0].id, "")
    await tab.call(OrderEditState.save, {**LINE, **form})
    pane = await tab.state(OrderEditState)
    assert (list(pane.problems), pane.task, pane.busy) == ([field], "line", False)


async def test_jobs_come_from_the_catalogue_or_by_hand_and_go(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    technician = make_resource(services.db, workshop, "technician", name="Emre")
    state = await opened(tab, order)
    await tab.call(OrderEditState.ask, "new_job", "", "")
    await tab.call(OrderEditState.search, "bremsbeläge")
    pane = await tab.state(OrderEditState)
    await tab.call(OrderEditState.add_service, PADS)
    await tab.call(OrderEditState.ask, "new_job", "", "")
    await tab.call(OrderEditState.search, "")
    form = {"title": "Auspuff", "finding": "Loch", "urgency": "urgent", "technician_id": str(technician.id)}
    await tab.call(OrderEditState.save, form)
    job = state.order.jobs[2]
    assert (job.title, job.urgency_word, job.technician) == ("Auspuff", "Dringend", "Emre")
    await tab.call(OrderEditState.ask, "job", job.id, "")
    assert pane.typed.finding == "Loch"
    await tab.call(OrderEditState.save, {**form, "title": "Endtopf"})
    assert state.order.jobs[2].title == "Endtopf"
    await tab.call(OrderEditState.ask, "job", job.id, "")
    await tab.call(OrderEditState.remove)
    assert len(state.order.jobs) == 2
    await tab.call(OrderEditState.ask, "new_job", "", "")
    await tab.call(OrderEditState.close)
    assert pane.task == ""


async def test_the_head_is_edited_with_local_time_and_payers(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    await tab.call(OrderEditState.ask, "head", "", "")
    form = {
        "title": "Bremsen vorn", "km": "90.000", "promised_at": "2026-11-24T16:30", "discount": "10",
        "insurer": "HUK", "deductible": "20,00", "note": "wartet",
    }  # fmt: skip
    await tab.call(OrderEditState.save, form)
    shown = state.order
    assert (shown.row.title, shown.km, shown.row.promised, shown.total) == (
        *("Bremsen vorn", "90.000 km"),
        *("Morgen, 16:30", "116,10\u00a0€"),
    )
    assert ("davon Kunde", "20,00\u00a0€") in shown.sums
    await tab.call(OrderEditState.ask, "head", "", "")
    pane = await tab.state(OrderEditState)
    assert (pane.typed.promised, pane.typed.km, pane.typed.deductible) == (
        *("2026-11-24T16:30", "90000"),
        "20,00",
    )
    await tab.call(OrderEditState.save, {**form, "promised_at": "bald"})
    assert list(pane.problems) == ["promised_at"]
    await tab.call(OrderEditState.save, {"title": "Bremsen"})
    assert (state.order.row.promised, state.order.km, state.order.total) == ("", "", "129,00\u00a0€")


async def test_what_somebody_saved_meanwhile_is_not_written_over(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    await opened(tab, order)
    await tab.call(OrderEditState.ask, "head", "", "")
    services.orders.move(staff_of(workshop), order.id, "accepted")
    await tab.call(OrderEditState.save, {"title": "Zu spät"})
    pane = await tab.state(OrderEditState)
    assert "AU-2026-00001" in pane.problem
    assert pane.task == "head"


async def test_a_technician_may_note_findings_only(
    services: Services, workshop: Workshop, order: OrderView
) -> None:
    services.orders.move(staff_of(workshop), order.id, "accepted")
    tab = open_tab(services, workshop, role=TECHNICIAN)
    state = await opened(tab, order)
    assert (state.may_manage, state.may_work, state.order.next) == (False, True, "in_work")
    await tab.call(OrderEditState.ask, "finding", state.order.jobs[0].id, "")
    await tab.call(OrderEditState.save, {"finding": "Belag 1,8 mm", "urgency": "urgent"})
    assert (state.order.jobs[0].finding, state.order.jobs[0].urgency_sign) == ("Belag 1,8 mm", "critical")
    await tab.call(OrderEditState.ask, "line", state.order.jobs[0].id, "")
    await tab.call(OrderEditState.save, LINE)
    assert len(state.order.jobs[0].lines) == 1


async def test_the_order_of_another_workshop_is_missing(services: Services, order: OrderView) -> None:
    foreign = open_tab(services, make_workshop(services.db, "schmidt-hamm"))
    assert (await opened(foreign, order)).status == "missing"
