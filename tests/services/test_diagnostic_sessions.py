"""Sessions begin, find out which car they belong to, are watched and end. Both engines."""

from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.schemas import SessionOpen, SessionView
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.services.diagnostics_bay import GOLF, PIDS, POLO, Bay, open_bay


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    return open_bay(database, clock)


def car_of(bay: Bay, plate: str = "DO-AB 123", vin: str = "", **fields: object) -> Vehicle:
    customer = make_customer(bay.db, bay.workshop)
    return make_vehicle(bay.db, bay.workshop, customer, plate=plate, vin=vin, **fields)


def vehicle(bay: Bay, row: Vehicle) -> Vehicle:
    with bay.db.reading(bay.workshop.id) as session:
        return session.get_one(Vehicle, row.id)


def opened(bay: Bay, **wanted: object) -> SessionView:
    wish = SessionOpen(agent_id=bay.agent.subject_id, **wanted)  # type: ignore[arg-type]
    return bay.sessions.open_session(bay.staff, wish)


def test_a_car_on_record_is_known_by_its_vin(bay: Bay) -> None:
    golf = car_of(bay, vin=GOLF)
    started = bay.start()
    found = bay.sessions.get_session(bay.staff, started.session_id)
    assert found.car is not None
    assert (found.car.id, found.question, found.state, found.is_live) == (golf.id, "", "connected", True)
    assert found.car.customer_name
    assert started.last_seq == 0
    assert started.rates[0x0C] >= 5


def test_a_car_nobody_knows_stays_a_question_and_gets_no_owner(bay: Bay) -> None:
    car_of(bay, vin=POLO)
    found = bay.sessions.get_session(bay.staff, bay.start().session_id)
    assert (found.car, found.question, found.vin) == (None, "unknown_car", GOLF)


def test_the_car_that_was_opened_by_plate_learns_its_vin(bay: Bay) -> None:
    golf = car_of(bay)
    waiting = opened(bay, plate="do ab 123")
    assert (waiting.state, waiting.is_live) == ("waiting", False)
    started = bay.start()
    assert started.session_id == waiting.id
    found = bay.sessions.get_session(bay.staff, waiting.id)
    assert found.car is not None
    assert found.car.id == golf.id
    assert vehicle(bay, golf).vin == GOLF


def test_a_vin_of_another_customer_is_asked_about_and_recorded_on_no_car(bay: Bay) -> None:
    golf, polo = car_of(bay), car_of(bay, "EN-XY 789", POLO)
    opened(bay, vehicle_id=golf.id)
    session_id = bay.start(POLO).session_id
    found = bay.sessions.get_session(bay.staff, session_id)
    assert (found.car, found.question) == (None, "vin_of_another")
    assert found.expected is not None
    assert found.expected.id == golf.id
    assert [car.id for car in found.with_vin] == [polo.id]
    assert vehicle(bay, golf).vin == ""
    with pytest.raises(Conflict) as refused:
        bay.sessions.identify(bay.staff, session_id, golf.id, replace_vin=True)
    assert (refused.value.code, refused.value.params) == ("vin_of_another", {"plate": "EN-XY 789"})
    answered = bay.sessions.identify(bay.staff, session_id, polo.id)
    assert answered.car is not None
    assert (answered.car.id, answered.question) == (polo.id, "")


def test_a_wrong_vin_is_asked_about_and_can_be_put_right(bay: Bay) -> None:
    golf = car_of(bay, vin=POLO)
    opened(bay, vehicle_id=golf.id)
    session_id = bay.start(GOLF).session_id
    assert bay.sessions.get_session(bay.staff, session_id).question == "vin_differs"
    with pytest.raises(Conflict, match="vin_differs"):
        bay.sessions.identify(bay.staff, session_id, golf.id)
    assert vehicle(bay, golf).vin == POLO
    bay.sessions.identify(bay.staff, session_id, golf.id, replace_vin=True)
    assert vehicle(bay, golf).vin == GOLF


def test_two_cars_with_one_vin_are_asked_about(bay: Bay) -> None:
    car_of(bay, vin=GOLF)
    second = car_of(bay, "EN-XY 789", GOLF)
    session_id = bay.start().session_id
    assert bay.sessions.get_session(bay.staff, session_id).question == "vin_twice"
    answered = bay.sessions.identify(bay.staff, session_id, second.id)
    assert answered.car is not None
    assert answered.car.id == second.id


def test_a_car_without_a_vin_is_the_one_that_was_opened(bay: Bay) -> None:
    old = car_of(bay)
    opened(bay, vehicle_id=old.id)
    found = bay.sessions.get_session(bay.staff, bay.start("").session_id)
    assert found.car is not None
    assert (found.car.id, found.vin) == (old.id, "")


def test_the_same_car_goes_on_where_it_was_and_another_vin_is_refused(bay: Bay) -> None:
    first = bay.start()
    assert bay.record(first.session_id, 1, [(0, 0x0C, 800.0), (250, 0x0C, 810.0)])
    again = bay.start()
    assert (again.session_id, again.last_seq) == (first.session_id, 1)
    assert again.stored_until == bay.clock() + timedelta(milliseconds=250)
    with pytest.raises(Conflict, match="car_changed"):
        bay.start(POLO)


def test_a_car_an_agent_brings_anew_ends_the_session_before(bay: Bay) -> None:
    before = bay.start(car="before").session_id
    now = bay.start(car="after").session_id
    found = bay.sessions.get_session(bay.staff, before)
    assert (found.state, found.reason, found.ended_at) == ("ended", "restarted", bay.clock())
    assert bay.sessions.get_session(bay.staff, now).is_live


def test_another_agent_cannot_take_a_car_over(bay: Bay) -> None:
    bay.start()
    _, token = bay.agents.create_agent(bay.staff, "Halle 2")
    other = bay.agents.resolve_agent(token)
    assert other is not None
    with pytest.raises(Conflict, match="car_taken"):
        bay.intake.start(other, wire.Start("car1", GOLF))


def test_a_waiting_session_is_not_for_another_agent_and_not_for_ever(bay: Bay) -> None:
    waiting = opened(bay)
    with pytest.raises(Conflict, match="agent_waits"):
        opened(bay)
    bay.clock.advance(timedelta(minutes=31))
    assert bay.start().session_id != waiting.id


def test_what_is_read_can_be_chosen_paused_and_resumed(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.bus.heard.clear()
    assert bay.sessions.set_rates(bay.staff, session_id, {0x0C: 20.0}).rates == {0x0C: 20.0}
    assert bay.sessions.pause(bay.staff, session_id).paused
    assert bay.start().rates == {}
    assert not bay.sessions.resume(bay.staff, session_id).paused
    told = [message["rates"] for _, message in bay.bus.heard]
    assert told == [{"12": 20.0}, {}, {"12": 20.0}]
    assert bay.start().rates == {0x0C: 20.0}


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        ({0x0C: 51.0}, "rate_unknown"),
        ({0x0C: 0.0}, "rate_unknown"),
        ({0xFF: 1.0}, "signal_unknown"),
        (dict.fromkeys(range(65), 1.0), "too_many_signals"),
    ],
)
def test_rates_no_car_can_keep_are_refused(bay: Bay, rates: dict[int, float], code: str) -> None:
    session_id = bay.start().session_id
    with pytest.raises(Invalid) as refused:
        bay.sessions.set_rates(bay.staff, session_id, rates)
    assert refused.value.code == code


def test_a_moment_is_marked_for_everybody(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.clock.advance(timedelta(seconds=5))
    mark = bay.sessions.mark(bay.staff, session_id, "  Ruckeln\nbei 3.000 ")
    assert (mark.text, mark.at, mark.by) == ("Ruckeln bei 3.000", bay.clock(), bay.staff.name)
    assert bay.sessions.get_session(bay.staff, session_id).marks == (mark,)
    assert bay.bus.heard[-1][1]["t"] == "mark"
    for moment in (bay.clock() - timedelta(minutes=1), bay.clock() + timedelta(minutes=1)):
        with pytest.raises(Invalid, match="moment_outside"):
            bay.sessions.mark(bay.staff, session_id, at=moment)


def test_what_staff_has_ended_stays_ended_and_lets_the_agent_go(bay: Bay) -> None:
    golf = car_of(bay, vin=GOLF, km=100)
    session_id = bay.start().session_id
    bay.record(session_id, 1, [(0, 0xA6, 80_000.0)], km=80_000)
    assert bay.sessions.end_session(bay.staff, session_id).state == "ended"
    assert bay.sessions.end_session(bay.staff, session_id).reason == "by_staff"
    assert bay.bus.orders[-1] == "stop"
    assert vehicle(bay, golf).km == 80_000
    bay.intake.set_state(bay.agent, session_id, "connected")
    assert bay.sessions.get_session(bay.staff, session_id).state == "ended"
    assert bay.start().is_over
    with pytest.raises(Conflict, match="session_over"):
        bay.sessions.pause(bay.staff, session_id)


def test_a_car_that_is_silent_for_hours_ends_by_itself(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.clock.advance(timedelta(hours=11))
    assert bay.intake.end_silent() == 0
    bay.clock.advance(timedelta(hours=2))
    assert bay.intake.end_silent() == 1
    found = bay.sessions.get_session(bay.staff, session_id)
    assert (found.state, found.reason) == ("ended", "silent")


def test_sessions_are_listed_and_found(bay: Bay) -> None:
    golf = car_of(bay, vin=GOLF)
    first = bay.start(car="one").session_id
    bay.read_codes(first, "P0301", "P0171")
    bay.clock.advance(timedelta(seconds=1))
    bay.read_codes(first, "P0301")
    second = bay.start(POLO, car="two").session_id
    bay.intake.set_state(bay.agent, second, "ended")
    lines = bay.sessions.list_sessions(bay.staff)
    assert [(line.id, line.code_count) for line in lines] == [(second, 0), (first, 1)]
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, show="live")] == [first]
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, show="ended")] == [second]
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, vehicle_id=golf.id)] == [first]
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, search="ab 1")] == [first]
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, search=POLO[-6:])] == [second]
    assert bay.sessions.list_sessions(bay.staff, search="%") == []
    assert [line.id for line in bay.sessions.list_sessions(bay.staff, before=second)] == [first]
    with pytest.raises(Invalid):
        bay.sessions.list_sessions(bay.staff, show="none")


@pytest.mark.parametrize(
    ("wish", "error", "code"),
    [
        ({"way": "magic"}, Invalid, "way_unknown"),
        ({"agent_id": None}, Invalid, "agent_missing"),
        ({"agent_id": new_id()}, NotFound, "agent_unknown"),
        ({"plate": "DO-ZZ 99"}, NotFound, "vehicle_unknown"),
        ({"vehicle_id": new_id()}, NotFound, "vehicle_unknown"),
        ({"order_id": new_id()}, NotFound, "order_unknown"),
    ],
)
def test_a_session_of_nothing_is_not_opened(
    bay: Bay, wish: dict[str, object], error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as refused:
        bay.sessions.open_session(
            bay.staff,
            SessionOpen(**{"agent_id": bay.agent.subject_id, **wish}),  # type: ignore[arg-type]
        )
    assert refused.value.code == code  # type: ignore[attr-defined]


def test_a_browser_that_relays_gets_the_car_of_its_session(bay: Bay) -> None:
    wish = SessionOpen(way="relay")
    waiting = bay.sessions.open_session(bay.staff, wish)
    car = bay.intake.relay_car(bay.staff, waiting.id)
    started = bay.intake.start(bay.staff, wire.Start(car, GOLF, PIDS), way="relay")
    assert started.session_id == waiting.id
    bay.sessions.end_session(bay.staff, waiting.id)
    with pytest.raises(Conflict, match="session_over"):
        bay.intake.relay_car(bay.staff, waiting.id)
    with pytest.raises(Conflict, match="session_not_relayed"):
        bay.intake.relay_car(bay.staff, bay.start().session_id)


def test_another_workshop_sees_and_touches_nothing(bay: Bay, database: Database, clock: ManualClock) -> None:
    car_of(bay, vin=GOLF)
    mine = bay.start().session_id
    there = open_bay(database, clock, make_workshop(database, slug="nebenan"))
    stranger, other_car = there.staff, car_of(there)
    assert there.sessions.list_sessions(stranger) == []
    for attempt in (
        lambda: there.sessions.get_session(stranger, mine),
        lambda: there.sessions.identify(stranger, mine, other_car.id),
        lambda: there.sessions.pause(stranger, mine),
        lambda: there.sessions.mark(stranger, mine),
        lambda: there.sessions.end_session(stranger, mine),
        lambda: there.intake.set_state(there.agent, mine, "ended"),
        lambda: there.read_codes(mine, "P0301"),
        lambda: there.codes.list_readings(stranger, mine),
        lambda: there.codes.clear_codes(stranger, mine, "neugierig"),
        lambda: there.recordings.list_pieces(stranger, mine),
        lambda: there.recordings.export(stranger, mine, "csv"),
        lambda: bay.sessions.identify(bay.staff, mine, other_car.id),
        lambda: bay.sessions.open_session(bay.staff, SessionOpen(agent_id=there.agent.subject_id)),
        lambda: there.agents.revoke_agent(stranger, bay.agent.subject_id),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotFound):
            attempt()
    assert not there.record(mine, 1, [(0, 0x0C, 800.0)])
    # The same VIN is a stranger's there
    found = there.sessions.get_session(stranger, there.start(car="car1").session_id)
    assert found.question == "unknown_car"
    assert bay.sessions.get_session(bay.staff, mine).sample_count == 0


def test_who_may_only_read_changes_nothing(bay: Bay) -> None:
    session_id = bay.start().session_id
    accountant = staff_of(bay.workshop, role="accountant")
    with pytest.raises(Forbidden):
        bay.sessions.get_session(accountant, session_id)
    with pytest.raises(Forbidden):
        bay.sessions.get_session(bay.agent, session_id)
    with pytest.raises(Forbidden):
        bay.sessions.end_session(bay.agent, session_id)
