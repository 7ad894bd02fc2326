"""The history of a car in the customer's file: unfolded, sealed, and nothing of it for others."""

from datetime import date, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import Delivery
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.domains.vehicle_history.mileage import Reading, judge
from carbot_app.domains.vehicle_history.recording import REPORT_ISSUED
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.state.mileage_curve import mileage_curve
from carbot_app.state.session import SessionState
from carbot_app.state.vehicle_history import FIRST, VehicleHistoryState
from carbot_app.state.wording import Reader
from tests.factories import make_vehicle, make_workshop
from tests.state.tabs import Tab, open_tab, words_of


@pytest.fixture
def reader(clock: ManualClock) -> Reader:
    return Reader("de", ZoneInfo("Europe/Berlin"), clock())


def report(services: Services, car: Vehicle, km: int, days_ago: int = 0) -> None:
    told = {"report_id": str(new_id()), "vehicle_id": str(car.id), "sha256": "ab" * 32, "km": km}
    at = services.clock() - timedelta(days=days_ago)
    services.history_recorder.on_event(Delivery(new_id(), car.workshop_id, REPORT_ISSUED, told, at))


@pytest.fixture
def car(services: Services, workshop: Workshop) -> Vehicle:
    return make_vehicle(services.db, workshop)


async def opened(tab: Tab, car: Vehicle) -> VehicleHistoryState:
    await tab.call(VehicleHistoryState.open, str(car.id))
    return await tab.state(VehicleHistoryState)


async def test_a_car_without_entries_is_ready_and_empty(tab: Tab, car: Vehicle) -> None:
    state = await opened(tab, car)
    assert (state.status, state.lines, state.card.km) == ("ready", [], "")


async def test_entries_come_newest_first_with_what_is_believed(
    services: Services, tab: Tab, car: Vehicle
) -> None:
    report(services, car, 90_000, days_ago=60)
    report(services, car, 9_100, days_ago=30)
    report(services, car, 92_500)
    state = await opened(tab, car)
    assert [line.km for line in state.lines] == ["92.500 km", "9.100 km", "90.000 km", ""]
    assert (state.card.km, state.card.broken, state.card.contradictory) == ("92.500 km", "", True)
    assert state.lines[1].doubt.startswith("Nicht plausibel: am ")
    assert state.lines[1].doubt.endswith("waren es schon 90.000 km")
    assert (state.lines[0].title, state.lines[3].told) == ("Diagnosebericht", ("VW Golf 2015",))
    assert state.card.can_hand_out
    assert state.card.curve_label == "Kilometerstände über die Zeit, zuletzt 92.500 km"


async def test_older_entries_come_when_they_are_asked_for(services: Services, tab: Tab, car: Vehicle) -> None:
    for step in range(FIRST + 2):
        report(services, car, 90_000 + step)
    state = await opened(tab, car)
    assert (len(state.lines), state.more) == (FIRST, 3)
    await tab.call(VehicleHistoryState.show_all)
    assert (len(state.lines), state.more) == (FIRST + 3, 0)
    await tab.call(VehicleHistoryState.close)
    assert state.vehicle_id == ""


async def test_a_technician_reads_and_hands_nothing_out(
    services: Services, workshop: Workshop, car: Vehicle
) -> None:
    report(services, car, 90_000)
    tab = open_tab(services, workshop, TECHNICIAN)
    await tab.call(SessionState.load)
    state = await opened(tab, car)
    assert (len(state.lines), state.card.can_hand_out) == (2, False)


@pytest.mark.parametrize("asked", ["", "no id", "foreign"])
async def test_what_is_not_there_or_not_ours_fails_in_words(services: Services, tab: Tab, asked: str) -> None:
    foreign = make_vehicle(services.db, make_workshop(services.db, "zweite"))
    wanted = str(foreign.id) if asked == "foreign" else asked
    outcomes = await tab.call(VehicleHistoryState.open, wanted)
    state = await tab.state(VehicleHistoryState)
    assert (state.status, state.lines) == ("failed", [])
    assert words_of(outcomes)


def curve(reader: Reader, *told: tuple[int, int]) -> str:
    start = date(2024, 1, 1)
    readings = [
        Reading(seq, start + timedelta(days=days), km, "check_in")
        for seq, (days, km) in enumerate(told, start=1)
    ]
    return mileage_curve(judge(readings), reader)


def drawn(svg: str, name: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f".//{{http://www.w3.org/2000/svg}}{name}")


def test_the_curve_goes_through_what_is_believed_and_shows_the_rest_beside_it(reader: Reader) -> None:
    svg = curve(reader, (0, 50_000), (300, 5_200), (600, 80_000))
    assert len(drawn(svg, "circle")) == 2
    assert svg.count("var(--cb-warn-ink)") == 1
    assert [text.text for text in drawn(svg, "text")][-2:] == ["1. Jan. 2024", "23. Aug. 2025"]


@pytest.mark.parametrize(
    "told", [[(0, 0), (0, 0)], [(0, 88_400), (0, 88_400)], [(0, 1), (3_650, 999_999)], [(0, 5), (1, 6)]]
)
def test_no_figures_bring_the_curve_down_or_out_of_its_frame(reader: Reader, told: list) -> None:
    svg = curve(reader, *told)
    for circle in drawn(svg, "circle"):
        assert 0 <= float(circle.attrib["cx"]) <= 340
        assert 0 <= float(circle.attrib["cy"]) <= 132
    assert 2 <= sum(text.attrib.get("text-anchor") == "end" for text in drawn(svg, "text")) <= 6


def test_one_reading_is_no_curve(reader: Reader) -> None:
    assert curve(reader, (0, 50_000)) == curve(reader) == ""
