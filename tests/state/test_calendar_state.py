"""Appointments of a day or week, their state, and moving them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.team.models import Workshop
from carbot_app.state.calendar import CalendarState
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
from tests.state.tabs import Tab, open_tab, words_of

TUESDAY = "/kalender/?on=2026-11-24"


def visit(services: Services, workshop: Workshop, **fields: object) -> Appointment:
    """Brake pads on Tuesday 2026-11-24 at 9:00, with everything needed to move it."""
    customer = make_customer(services.db, workshop)
    vehicle = make_vehicle(services.db, workshop, customer)
    technician, bay = (make_resource(services.db, workshop, kind) for kind in ("technician", "bay"))
    make_service(services.db, workshop)
    return make_appointment(services.db, workshop, customer, technician, bay, vehicle_id=vehicle.id, **fields)


async def test_a_day_shows_its_appointments_in_the_workshops_time(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    visit(services, workshop)
    await tab.at(TUESDAY).call(CalendarState.load)
    state = await tab.state(CalendarState)
    (day,) = state.days
    assert (day.title, day.summary, day.today) == ("Dienstag, 24. November", "1 Std.", False)
    (line,) = day.visits
    assert (line.starts, line.ends, line.name) == ("09:00", "10:00", "Ayşe Yılmaz")
    assert (line.plate.city, line.badge, line.next_state) == ("DO", "requested", "confirmed")


async def test_a_week_begins_on_monday_and_has_seven_days(tab: Tab) -> None:
    await tab.at(f"{TUESDAY}&span=week").call(CalendarState.load)
    state = await tab.state(CalendarState)
    assert [day.on for day in state.days][::6] == ["2026-11-23", "2026-11-29"]
    await tab.call(CalendarState.browse, 1)
    assert state.on == "2026-11-30"


@pytest.mark.parametrize("address", ["/kalender/", "/kalender/?on=31.02.2026&span=year"])
async def test_an_address_without_a_day_shows_today(tab: Tab, address: str) -> None:
    await tab.at(address).call(CalendarState.load)
    state = await tab.state(CalendarState)
    assert (state.span, state.on, state.status) == ("day", "2026-11-23", "ready")


async def test_the_next_step_is_one_tap(services: Services, workshop: Workshop, tab: Tab) -> None:
    appointment = str(visit(services, workshop).id)
    await tab.at(TUESDAY).call(CalendarState.load)
    state = await tab.state(CalendarState)
    for step, badge in (
        ("confirmed", "confirmed"),
        ("arrived", "arrived"),
        ("in_work", "progress"),
        ("done", "done"),
    ):
        assert state.days[0].visits[0].next_state == step
        await tab.call(CalendarState.change_state, appointment, step)
        assert state.days[0].visits[0].badge == badge
    assert state.days[0].visits[0].next_state == ""


async def test_a_step_that_makes_no_sense_is_refused(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    appointment = str(visit(services, workshop, state="cancelled").id)
    await tab.at(TUESDAY).call(CalendarState.load)
    outcomes = await tab.call(CalendarState.change_state, appointment, "arrived")
    assert '"err"' in words_of(outcomes).replace("\\", "")
    assert (await tab.state(CalendarState)).days[0].visits[0].badge == "cancelled"


async def test_an_appointment_moves_to_a_free_time(services: Services, workshop: Workshop, tab: Tab) -> None:
    appointment = str(visit(services, workshop).id)
    await tab.at(f"{TUESDAY}&termin={appointment}").call(CalendarState.load)
    state = await tab.state(CalendarState)
    assert (state.chosen.line.id, state.chosen.can_move) == (appointment, True)
    await tab.call(CalendarState.find_times)
    assert (state.task, state.free_day) == ("move", "2026-11-24")
    await tab.call(CalendarState.pick_day, "2026-11-25")
    await tab.call(CalendarState.pick_slot, state.times.afternoon[0]["value"])
    await tab.call(CalendarState.move)
    assert (state.chosen.day, state.chosen.line.starts) == ("Mittwoch, 25. November", "13:00")
    assert (state.task, state.days[0].visits, state.busy) == ("", [], False)


async def test_a_time_taken_meanwhile_keeps_the_old_one(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    appointment = visit(services, workshop)
    await tab.at(f"{TUESDAY}&termin={appointment.id}").call(CalendarState.load)
    await tab.call(CalendarState.find_times)
    state = await tab.state(CalendarState)
    await tab.call(CalendarState.pick_slot, "not-a-slot")
    outcomes = await tab.call(CalendarState.move)
    assert "Termin ist nicht möglich" in words_of(outcomes)
    assert (state.chosen.line.starts, state.busy, state.task) == ("09:00", False, "move")


async def test_another_workshops_appointment_does_not_exist(services: Services, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    foreign = str(visit(services, other, title="Geheime Arbeit").id)
    state = await tab.state(CalendarState)
    await tab.at(TUESDAY).call(CalendarState.load)
    assert state.days[0].visits == []
    for handler, arguments in (
        (CalendarState.open_visit, [foreign]),
        (CalendarState.change_state, [foreign, "arrived"]),
        (CalendarState.open_visit, [str(uuid4())]),
        (CalendarState.open_visit, ["nonsense"]),
    ):
        assert '"err"' in words_of(await tab.call(handler, *arguments)).replace("\\", "")
        assert state.chosen.line.id == ""
    with services.db.reading(other.id) as session:
        assert session.get_one(Appointment, UUID(foreign)).state == "requested"


async def test_a_technician_reads_but_does_not_change(services: Services, workshop: Workshop) -> None:
    appointment = str(visit(services, workshop).id)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.at(TUESDAY).call(CalendarState.load)
    await technician.call(CalendarState.open_visit, appointment)
    state = await technician.state(CalendarState)
    assert (state.chosen.may_change, state.chosen.can_move, state.chosen.steps) == (False, False, ())
    outcomes = await technician.call(CalendarState.change_state, appointment, "confirmed")
    assert "Berechtigung" in words_of(outcomes)


async def test_a_full_week_stays_small(services: Services, workshop: Workshop, tab: Tab) -> None:
    customer = make_customer(services.db, workshop)
    technician, bay = (make_resource(services.db, workshop, kind) for kind in ("technician", "bay"))
    for number in range(70):
        starts_at = datetime(2026, 11, 23 + number % 6, 7 + number // 12, tzinfo=UTC)
        make_appointment(services.db, workshop, customer, technician, bay, starts_at=starts_at)
    await tab.at(f"{TUESDAY}&span=week").call(CalendarState.load)
    assert await tab.size(CalendarState) < 40_000


async def test_staff_sees_how_likely_nobody_comes_and_why(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    ahead = visit(services, workshop, state="confirmed")
    await tab.at(TUESDAY).call(CalendarState.load)
    await tab.call(CalendarState.open_visit, str(ahead.id))
    chosen = (await tab.state(CalendarState)).chosen
    assert 0 < int(chosen.risk) < 100
    assert "Erster Besuch" in chosen.risk_reasons
    services.answers.answer_by_link(ahead.manage_token, "no")
    await tab.call(CalendarState.open_visit, str(ahead.id))
    chosen = (await tab.state(CalendarState)).chosen
    assert "Hat abgesagt: kommt nicht" in chosen.risk_reasons
    assert chosen.must_confirm
    services.booking.change_state(staff_of(workshop), ahead.id, "arrived")
    await tab.call(CalendarState.open_visit, str(ahead.id))
    assert (await tab.state(CalendarState)).chosen.risk == "", "the customer is here"
