"""Live diagnostics without a browser: the list, one car, its codes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics import recording, wire
from carbot_app.domains.diagnostics.schemas import Recorded, SessionOpen, Started
from carbot_app.domains.diagnostics.states import AGENT, RELAY, SERVER
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import ACCOUNTANT, FRONT_DESK, TECHNICIAN
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.state.diagnosis import DiagnosisState
from carbot_app.state.diagnosis_codes import DiagnosisCodesState
from carbot_app.state.diagnosis_rows import session_href
from carbot_app.state.diagnostics import DiagnosticsState
from tests.factories import make_customer, make_service, make_vehicle, make_workshop, staff_of
from tests.state.tabs import Tab, open_tab, words_of

VIN = "WVWZZZ1KZAW000001"
PIDS = (0x04, 0x05, 0x06, 0x07, 0x0C, 0x0D, 0x11, 0x42)


@pytest.fixture
def car(services: Services, workshop: Workshop) -> Vehicle:
    owner = make_customer(services.db, workshop)
    return make_vehicle(services.db, workshop, owner, vin=VIN, plate="DO-AB 123", make="VW", model="Golf")


@pytest.fixture
def agent(services: Services, workshop: Workshop) -> Actor:
    _, token = services.diagnostics.agents.create_agent(staff_of(workshop), "Bühne 1")
    found = services.diagnostics.agents.resolve_agent(token)
    assert found is not None
    return found


@pytest.fixture
def plug_in(services: Services, agent: Actor, car: Vehicle) -> Callable[..., Started]:
    """A car comes in at the agent."""

    def start(vin: str = VIN, key: str = "car1") -> Started:
        started = services.diagnostics.intake.start(
            agent, wire.Start(key, vin, PIDS, "ISO 15765-4 CAN 11/500")
        )
        services.diagnostics.intake.set_state(agent, started.session_id, "connected", "")
        return started

    return start


def record(services: Services, agent: Actor, started: Started, seq: int = 1) -> None:
    rows = [(at, 0x0C, 780.0 + at / 100) for at in range(0, 10_000, 100)]
    block = Recorded(
        session_id=started.session_id, first_seq=seq, last_seq=seq, starts_at=services.clock(), span_ms=9_900,
        sample_count=len(rows), packed=recording.pack(rows),
    )  # fmt: skip
    services.diagnostics.intake.store(agent, [block])


def read_codes(services: Services, agent: Actor, started: Started, *codes: str) -> None:
    frames = tuple(wire.FreezeFrame("7E8", code, {0x0C: 742.0, 0x05: 34.0}) for code in codes[:1])
    told = wire.Codes("car1", 0, bool(codes), (wire.EcuCodes("7E8", codes),), {"catalyst": False}, frames)
    services.diagnostics.intake.record_codes(agent, started.session_id, told, at=services.clock(), read_by="")


async def opened(tab: Tab, started: Started) -> DiagnosisState:
    tab.at(session_href(started.session_id))
    await tab.call(DiagnosisState.load)
    return await tab.state(DiagnosisState)


async def codes_of(tab: Tab, started: Started) -> DiagnosisCodesState:
    tab.at(session_href(started.session_id))
    await tab.call(DiagnosisCodesState.load)
    return await tab.state(DiagnosisCodesState)


async def test_an_empty_workshop_has_an_empty_list(tab: Tab) -> None:
    await tab.call(DiagnosticsState.load)
    state = await tab.state(DiagnosticsState)
    assert (state.status, state.live, state.rows, state.may_run) == ("ready", [], [], True)


async def test_running_cars_stand_apart_from_recordings(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    await tab.call(DiagnosticsState.load)
    state = await tab.state(DiagnosticsState)
    assert [(row.car, row.plate.city, row.word) for row in state.live] == [("VW Golf", "DO", "Verbunden")]
    read_codes(services, agent, started, "P0301")
    services.diagnostics.sessions.end_session(staff_of(tab.workshop), started.session_id)
    await tab.call(DiagnosticsState.on_live, "diagnostic", str(started.session_id), "changed")
    assert (state.live, [row.detail for row in state.rows]) == ([], ["1 Fehlercode"])
    await tab.call(DiagnosticsState.find, "Passat")
    assert state.rows == []
    await tab.call(DiagnosticsState.find, "do-ab")
    assert len(state.rows) == 1


async def test_a_car_at_this_device_is_opened_by_plate(tab: Tab, car: Vehicle) -> None:
    await tab.call(DiagnosticsState.load)
    await tab.call(DiagnosticsState.begin)
    state = await tab.state(DiagnosticsState)
    assert (state.open, state.way, state.agents, state.adapters) == (True, RELAY, [], [])
    outcome = await tab.call(DiagnosticsState.start, {"plate": "do ab 123"})
    assert "/diagnose/auto/?id=" in words_of(outcome)
    assert not state.open


async def test_a_plate_nobody_knows_is_said_at_the_form(tab: Tab) -> None:
    await tab.call(DiagnosticsState.begin)
    assert await tab.call(DiagnosticsState.start, {"plate": "DO-XY 999"}) == []
    state = await tab.state(DiagnosticsState)
    assert state.open
    assert state.problem


async def test_an_agent_has_to_be_chosen_and_an_unknown_one_is_refused(tab: Tab, agent: Actor) -> None:
    await tab.call(DiagnosticsState.begin)
    state = await tab.state(DiagnosticsState)
    assert (state.way, [name for _, name in state.agents]) == (AGENT, ["Bühne 1"])
    for chosen in ("", "not-an-id", str(new_id())):
        await tab.call(DiagnosticsState.start, {"agent": chosen})
        assert state.problem, chosen
    await tab.call(DiagnosticsState.start, {"agent": state.agents[0][0]})
    assert not state.problem


async def test_an_unknown_way_is_the_one_at_this_device(tab: Tab) -> None:
    await tab.call(DiagnosticsState.choose_way, "telepathy")
    assert (await tab.state(DiagnosticsState)).way == RELAY


async def test_a_live_car_shows_gauges_lanes_and_its_stream(
    tab: Tab, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await opened(tab, started)
    assert state.status == "ready"
    assert (state.session.car, state.session.live, state.session.question) == ("VW Golf", True, "")
    assert state.feed == f"/api/diagnostics/sessions/{started.session_id}/live"
    assert [one["label"] for one in state.gauges][:2] == ["Drehzahl", "Kühlmittel"]
    assert state.gauges[0]["unit"] == "1/min"
    assert state.relay == ""
    assert await tab.size(DiagnosisState) < 30_000


async def test_a_session_that_is_none_is_missing_and_another_workshops_too(
    services: Services, tab: Tab, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    tab.at("/diagnose/auto/?id=nonsense")
    await tab.call(DiagnosisState.load)
    assert (await tab.state(DiagnosisState)).status == "missing"
    stranger = open_tab(services, make_workshop(services.db, "anders"))
    assert (await opened(stranger, started)).status == "missing"


async def test_a_mark_is_set_and_reading_paused_and_resumed(
    services: Services, tab: Tab, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await opened(tab, started)
    await tab.call(DiagnosisState.mark, {"text": "Gas 2.100"})
    assert [mark["label"] for mark in state.marks] == ["Gas 2.100"]
    await tab.call(DiagnosisState.turn)
    assert state.session.paused
    await tab.call(DiagnosisState.turn)
    assert not state.session.paused


async def test_lanes_join_and_leave_up_to_eight(tab: Tab, plug_in: Callable[..., Started]) -> None:
    state = await opened(tab, plug_in())
    first = state.lane_keys[0]
    await tab.call(DiagnosisState.toggle_lane, first)
    assert first not in [lane["key"] for lane in state.lanes]
    for key, _ in state.choices:
        if key not in state.lane_keys:
            await tab.call(DiagnosisState.toggle_lane, key)
    assert len(state.lanes) == 8
    more = next((key for key, _ in state.choices if key not in state.lane_keys), "")
    await tab.call(DiagnosisState.toggle_lane, more)
    assert len(state.lanes) == 8


async def test_a_value_that_was_not_read_is_read_from_then_on(
    services: Services, tab: Tab, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    await opened(tab, started)
    services.diagnostics.sessions.set_rates(staff_of(tab.workshop), started.session_id, {0x0C: 10.0})
    await tab.call(DiagnosisState.toggle_lane, "vehicle_speed")
    await tab.call(DiagnosisState.toggle_lane, "vehicle_speed")
    await tab.call(DiagnosisState.toggle_lane, "throttle")
    rates = services.diagnostics.sessions.get_session(staff_of(tab.workshop), started.session_id).rates
    assert 0x11 in rates


async def test_what_ended_is_replayed_and_compared_with_the_visit_before(
    services: Services, tab: Tab, agent: Actor, clock: ManualClock, plug_in: Callable[..., Started]
) -> None:
    actor = staff_of(tab.workshop)
    before = plug_in(key="car0")
    record(services, agent, before)
    clock.advance(timedelta(seconds=10))
    services.diagnostics.sessions.end_session(actor, before.session_id)
    clock.advance(timedelta(days=30))
    now = plug_in()
    record(services, agent, now)
    clock.advance(timedelta(seconds=10))
    state = await opened(tab, now)
    await tab.call(DiagnosisState.end)
    assert (state.session.over, state.feed.rsplit("/", 1)[1]) == (True, "replay")
    assert state.ended_ms - state.session.started_ms == 10_000
    assert [id_ for id_, _ in state.earlier] == [str(before.session_id)]
    await tab.call(DiagnosisState.compare, str(before.session_id))
    assert state.compared[str(0x0C)][0] == [0, 780.0]
    assert state.changes == ["Drehzahl im Mittel 830 → 830 1/min"]
    await tab.call(DiagnosisState.compare, "")
    assert (state.compared, state.compared_with, state.changes) == ({}, "", [])


async def test_a_car_with_another_vin_is_a_question_until_it_is_answered(
    services: Services, tab: Tab, agent: Actor, car: Vehicle
) -> None:
    sessions = services.diagnostics.sessions
    (known,) = services.diagnostics.agents.list_agents(staff_of(tab.workshop))
    sessions.open_session(staff_of(tab.workshop), SessionOpen(AGENT, known.id, vehicle_id=car.id))
    started = services.diagnostics.intake.start(agent, wire.Start("car1", "WVWZZZ6RZBY000002", PIDS))
    state = await opened(tab, started)
    assert state.session.question == "vin_differs"
    assert [choice.car for choice in state.session.choices] == ["VW Golf"]
    await tab.call(DiagnosisState.identify, state.session.choices[0].id, False)
    assert state.session.question == "vin_differs"
    await tab.call(DiagnosisState.identify, state.session.choices[0].id, True)
    assert (state.session.question, state.session.vehicle_id) == ("", str(car.id))


async def test_a_car_nobody_named_is_named_by_its_plate(
    services: Services, tab: Tab, agent: Actor, car: Vehicle
) -> None:
    started = services.diagnostics.intake.start(agent, wire.Start("car1", "", PIDS))
    state = await opened(tab, started)
    assert (state.session.question, state.session.choices) == ("unknown_car", ())
    for wrong in ("", "DO-XY 999", "?"):
        assert words_of(await tab.call(DiagnosisState.identify_plate, {"plate": wrong})), wrong
        assert state.session.question == "unknown_car"
    await tab.call(DiagnosisState.identify_plate, {"plate": "do ab 123"})
    assert (state.session.question, state.session.vehicle_id) == ("", str(car.id))


async def test_an_adapter_of_the_server_needs_no_page(services: Services, tab: Tab) -> None:
    services.diagnostics.agents.server_adapters = True
    made = services.diagnostics.agents.add_adapter(staff_of(tab.workshop), "Grube", "/dev/ttyUSB0")
    await tab.call(DiagnosticsState.begin)
    await tab.call(DiagnosticsState.choose_way, SERVER)
    outcome = await tab.call(DiagnosticsState.start, {"adapter": str(made.id)})
    (found,) = services.diagnostics.sessions.list_sessions(staff_of(tab.workshop))
    assert session_href(found.id) in words_of(outcome)
    tab.at(session_href(found.id))
    await tab.call(DiagnosisState.load)
    assert (await tab.state(DiagnosisState)).relay == ""
    await tab.call(DiagnosticsState.start, {"adapter": str(made.id)})
    state = await tab.state(DiagnosticsState)
    assert "läuft schon" in state.problem


async def test_unread_codes_are_said_so_and_a_reading_opens_the_worst(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await codes_of(tab, started)
    assert (state.status, state.codes) == ("unread", [])
    read_codes(services, agent, started, "P0128", "P0301")
    await tab.call(DiagnosisCodesState.on_live, "diagnostic", str(started.session_id), "diagnostic.codes")
    assert state.status == "ready"
    assert (state.mil, [one.code for one in state.codes], state.opened) == (True, ["P0301", "P0128"], "P0301")
    misfire = state.codes[0]
    assert (misfire.kind, misfire.where, misfire.safe) == ("Gespeichert", "7E8", "limited")
    assert misfire.causes[0].rank == "1"
    assert misfire.check
    assert [(one.name, one.value) for one in state.codes[1].freeze] == [
        ("Drehzahl", "742 1/min"), ("Kühlmitteltemperatur", "34 °C"),
    ]  # fmt: skip
    assert (state.has_readiness, len(state.incomplete)) == (True, 1)
    await tab.call(DiagnosisCodesState.toggle, "P0301")
    assert state.opened == ""


async def test_gathered_hints_reach_the_open_session(
    services: Services, tab: Tab, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await opened(tab, started)
    services.diagnostics.sessions.pause(staff_of(tab.workshop), started.session_id)
    await tab.call(DiagnosisState.on_live, "resync", "invoices orders", "")
    assert not state.session.paused
    await tab.call(DiagnosisState.on_live, "resync", "diagnostic orders", "")
    assert state.session.paused


async def test_codes_are_not_understood_anew_when_only_the_connection_changed(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await codes_of(tab, started)
    read_codes(services, agent, started, "P0301")
    await tab.call(DiagnosisCodesState.on_live, "diagnostic", str(started.session_id), "diagnostic.state")
    assert state.status == "unread"
    await tab.call(DiagnosisCodesState.on_live, "diagnostic", str(started.session_id), "diagnostic.codes")
    assert state.status == "ready"


async def test_an_austrian_plate_looks_austrian(services: Services, tab: Tab, agent: Actor) -> None:
    owner = make_customer(services.db, tab.workshop)
    make_vehicle(
        services.db, tab.workshop, owner, vin="WVWZZZ6RZBY000002", plate="W-12345A", plate_country="AT"
    )
    started = services.diagnostics.intake.start(agent, wire.Start("car9", "WVWZZZ6RZBY000002", PIDS))
    state = await opened(tab, started)
    assert state.session.plate.country == "A"
    await tab.call(DiagnosticsState.load)
    assert (await tab.state(DiagnosticsState)).live[0].plate.country == "A"


async def test_a_hint_about_another_car_changes_nothing(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    state = await codes_of(tab, started)
    read_codes(services, agent, started, "P0301")
    await tab.call(DiagnosisCodesState.on_live, "diagnostic", str(new_id()), "diagnostic.codes")
    assert state.status == "unread"


async def test_codes_are_cleared_with_a_reason_by_who_may(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    read_codes(services, agent, started, "P0301")
    state = await codes_of(tab, started)
    assert state.may_clear
    assert words_of(await tab.call(DiagnosisCodesState.clear, {"reason": " "}))
    assert state.clearings == []
    await tab.call(DiagnosisCodesState.clear, {"reason": "Zündspule ersetzt"})
    assert "Zündspule ersetzt" in state.clearings[0].detail
    desk = open_tab(services, workshop=tab.workshop, role=FRONT_DESK)
    at_desk = await codes_of(desk, started)
    assert not at_desk.may_clear
    await desk.call(DiagnosisCodesState.clear, {"reason": "Einfach so"})
    assert len(at_desk.clearings) == 1


async def test_a_code_becomes_an_estimate_for_this_car(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started]
) -> None:
    started = plug_in()
    read_codes(services, agent, started, "P0128")
    state = await codes_of(tab, started)
    assert state.codes[0].service == ""
    needed = services.diagnostics.meaning.explain(staff_of(tab.workshop), started.session_id, language="de")
    assert needed is not None
    service: Service = make_service(services.db, tab.workshop, needed.codes[0].view.service)
    services.catalog.forget(tab.workshop.id)
    await tab.call(DiagnosisCodesState.load)
    assert (state.codes[0].service, state.codes[0].price != "") == (service.code, True)
    outcome = words_of(await tab.call(DiagnosisCodesState.estimate, "P0128"))
    assert "/auftraege/auftrag/?id=" in outcome
    (order,) = services.orders.list_orders(staff_of(tab.workshop), show="all", search="")
    assert order.plate == "DO-AB 123"


@pytest.mark.parametrize("role", [TECHNICIAN, ACCOUNTANT])
async def test_who_may_not_make_estimates_makes_none(
    services: Services, tab: Tab, agent: Actor, plug_in: Callable[..., Started], role: str
) -> None:
    started = plug_in()
    read_codes(services, agent, started, "P0128")
    other = open_tab(services, workshop=tab.workshop, role=role)
    await codes_of(other, started)
    await other.call(DiagnosisCodesState.estimate, "P0128")
    assert services.orders.list_orders(staff_of(tab.workshop), show="all", search="") == []
