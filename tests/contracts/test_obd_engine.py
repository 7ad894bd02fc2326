"""The engine against our simulated adapter, over TCP and a pseudo-terminal: every car, every trouble."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from carbot_app.adapters.obd.adapter import open_adapter
from carbot_app.adapters.obd.car import Car
from carbot_app.adapters.obd.engine import CarFound, Engine, Event, Reading, StateChanged
from carbot_app.adapters.obd.errors import AdapterLost, CarSilent, ObdError, Refused
from carbot_app.domains.diagnostics.signals import BY_PID, is_sane, rates
from carbot_app.domains.diagnostics.wire import ADAPTER_VOLTAGE
from tests.peers.elm327_cars import SCENARIOS, VIN
from tests.peers.obd_adapter import SimulatedAdapter

PROTOCOLS = {
    "ev": "CAN 29/500",
    "can29": "CAN 29/500",
    "kwp": "KWP",
    "iso9141": "ISO 9141-2",
    "j1850": "J1850",
}
CODES = {
    "healthy": {"7E8": ((), (), ())},
    "misfire": {"7E8": (("P0301",), ("P0300",), ("P0301",))},
    "lean": {"7E8": (("P0171",), (), ())},
    "overheated": {"7E8": (("P0217", "P0118", "P0480", "U0100"), (), ())},
    "ev": {"18DAF110": ((), (), ())},
    "kwp": {"10": (("P0301", "P0420", "P0171", "P0130"), (), ())},
    "two_ecus": {"7E8": (("P0700",), (), ()), "7E9": (("P0730",), ("P0741",), ())},
    "clone": {"7E8": (("P0420",), (), ())},
    "can29": {"18DAF110": (("C0035", "B1A01"), (), ())},
    "iso9141": {"10": (("P0133",), (), ())},
    "j1850": {"10": (("P0133",), (), ())},
}
FROZEN = {"misfire": "P0301", "lean": "P0171", "overheated": "P0217", "kwp": "P0301", "two_ecus": "P0700"}


class Watcher:
    """An engine at work and everything it has told."""

    def __init__(self, address: str, **options: bool) -> None:
        self.events: list[Event] = []
        self.values: dict[int, float] = {}
        self._told = asyncio.Event()
        self.engine = Engine(lambda: open_adapter(address), self._hear, **options)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Reading):
            self.values |= event.values
        self._told.set()

    @property
    def states(self) -> list[str]:
        return [event.state for event in self.events if isinstance(event, StateChanged)]

    @property
    def state(self) -> str:
        return self.states[-1] if self.states else ""

    @property
    def car(self) -> CarFound:
        return [event for event in self.events if isinstance(event, CarFound)][-1]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something the engine tells."""
        while not holds():
            self._told.clear()
            await self._told.wait()

    async def connected(self, times: int = 1) -> None:
        await self.until(lambda: self.states.count("connected") == times)

    async def read(self, count: int) -> None:
        """Wait for so many readings more."""
        wanted = self.readings + count
        await self.until(lambda: self.readings >= wanted)

    @property
    def readings(self) -> int:
        return sum(isinstance(event, Reading) for event in self.events)


@asynccontextmanager
async def watching(address: str, **options: bool) -> AsyncIterator[Watcher]:
    watcher = Watcher(address, **options)
    task = asyncio.create_task(watcher.engine.run())
    yield watcher
    watcher.engine.stop()
    await task
    assert watcher.state == "ended"


@pytest.fixture(params=["tcp", "pty"])
def pty(request: pytest.FixtureRequest) -> bool:
    return request.param == "pty"


@pytest.fixture
def healthy() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter("healthy") as adapter:
        yield adapter


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_car_tells_who_it_is_what_it_does_and_what_is_wrong(scenario: str, pty: bool) -> None:
    with SimulatedAdapter(scenario, pty=pty) as adapter:
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            assert watcher.car.vin == ("5YJ3E7EB1KF000337" if scenario == "ev" else VIN)
            assert PROTOCOLS.get(scenario, "CAN 11/500") in watcher.car.protocol
            wanted = rates(watcher.car.pids, [s.key for s in BY_PID.values()])
            watcher.engine.watch(dict.fromkeys(wanted, 50))
            await watcher.until(lambda: wanted.keys() <= watcher.values.keys() | {0x115})
            assert all(is_sane(signal, value) for signal, value in watcher.values.items())
            memory = await watcher.engine.read_codes()
        assert {e.ecu: (e.stored, e.pending, e.permanent) for e in memory.ecus} == CODES[scenario]
        assert memory.mil == any(stored for stored, _, _ in CODES[scenario].values())
        assert memory.readiness["catalyst"]
        frames = {frame.code: frame.values for frame in memory.freeze_frames}
        assert list(frames) == ([FROZEN[scenario]] if scenario in FROZEN else [])
        assert all(values[0x0C] > 600 and values[0x05] > 20 for values in frames.values())


async def test_values_are_those_of_the_car(healthy: SimulatedAdapter) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        watcher.engine.watch(
            {0x0C: 20, 0x05: 20, 0x42: 20, 0xA6: 20, 0x0D: 20, 0x114: 20, ADAPTER_VOLTAGE: 5}
        )
        await watcher.until(lambda: len(watcher.values) == 7)
    values = watcher.values
    assert 780 < values[0x0C] < 1000
    assert values[0x05] in {70, 71}
    assert values[0x42] == pytest.approx(14.1, abs=0.1)
    assert values[0xA6] == 84_210.4
    assert values[0x0D] == 0
    assert values[0x114] == 0
    assert values[ADAPTER_VOLTAGE] == 14.1


async def test_six_values_come_in_one_request_on_can_and_one_on_k_line() -> None:
    asked = {}
    for scenario in ("healthy", "kwp"):
        with SimulatedAdapter(scenario) as adapter:
            opened = await open_adapter(adapter.address)
            car = await Car.meet(opened, await opened.contact())
            before = opened.link.asked
            pids = [0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x11]
            read = await car.read_values(car.together(pids))
            assert opened.link.asked == before + 1
            asked[scenario] = len(read)
            await opened.link.close()
    assert asked == {"healthy": 6, "kwp": 1}


async def test_a_car_that_answers_only_the_first_of_several_is_asked_one_by_one() -> None:
    with SimulatedAdapter("healthy") as adapter:
        adapter.tell("most 1")
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            wanted = dict.fromkeys((0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x11), 50.0)
            watcher.engine.watch(wanted)
            await watcher.until(lambda: watcher.values.keys() == wanted.keys())
            await watcher.read(30)


async def test_a_car_that_refuses_several_at_once_is_asked_for_fewer() -> None:
    with SimulatedAdapter("healthy") as adapter:
        adapter.tell("limit 2")
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            wanted = dict.fromkeys((0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x11), 50.0)
            watcher.engine.watch(wanted)
            await watcher.until(lambda: watcher.values.keys() == wanted.keys())
            assert watcher.states.count("connected") == 1


async def test_pause_reads_nothing_and_notices_the_ignition_all_the_same(healthy: SimulatedAdapter) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        assert watcher.readings == 0
        healthy.tell("ignition off")
        await watcher.until(lambda: watcher.state == "ignition_off")


async def test_reading_goes_on_by_itself_when_the_ignition_is_back(healthy: SimulatedAdapter) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        watcher.engine.watch({0x0C: 20})
        await watcher.read(3)
        healthy.tell("ignition off")
        await watcher.until(lambda: watcher.state == "ignition_off")
        with pytest.raises(CarSilent):
            await watcher.engine.read_codes()
        healthy.tell("ignition on")
        await watcher.connected(2)
        await watcher.read(3)
    assert watcher.states == ["connecting", "connected", "ignition_off", "connected", "ended"]


async def test_a_car_is_waited_for_when_the_ignition_is_off_at_first(healthy: SimulatedAdapter) -> None:
    healthy.tell("ignition off")
    async with watching(healthy.address) as watcher:
        await watcher.until(lambda: watcher.state == "ignition_off")
        healthy.tell("ignition on")
        await watcher.connected()


async def test_reading_goes_on_by_itself_when_the_adapter_is_plugged_in_again(pty: bool) -> None:
    with SimulatedAdapter("healthy", pty=pty) as adapter:
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            watcher.engine.watch({0x0C: 20})
            await watcher.read(3)
            adapter.tell("unplug")
            await watcher.until(lambda: watcher.state == "adapter_lost")
            adapter.tell("plug")
            await watcher.connected(2)
            await watcher.read(3)


async def test_without_a_second_try_a_lost_adapter_is_the_end(healthy: SimulatedAdapter) -> None:
    watcher = Watcher(healthy.address, reconnect=False)
    task = asyncio.create_task(watcher.engine.run())
    await watcher.connected()
    healthy.tell("unplug")
    await task
    assert watcher.events[-1] == StateChanged("ended", "unplugged")


async def test_another_car_on_the_same_adapter_is_told_by_its_vin(healthy: SimulatedAdapter) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        healthy.tell("ignition off")
        await watcher.until(lambda: watcher.state == "ignition_off")
        healthy.tell("vin 1M8GDM9AXKP042788")
        healthy.tell("ignition on")
        await watcher.connected(2)
        assert watcher.car.vin == "1M8GDM9AXKP042788"


@pytest.mark.parametrize("vin", ["WVWZZZ1KZAW00000O", "SHORT", "1234567890123456\x7f"])
async def test_a_broken_vin_is_none_rather_than_a_wrong_one(healthy: SimulatedAdapter, vin: str) -> None:
    healthy.tell(f"vin {vin}")
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        assert watcher.car.vin == ""


@pytest.mark.parametrize("trouble", ["garbage 0.3", "half 0.3", "drop 0.3", "shuffle on", "silent 1"])
@pytest.mark.thorough
async def test_noise_costs_readings_and_never_makes_a_wrong_one(
    healthy: SimulatedAdapter, trouble: str
) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        healthy.tell(trouble)
        watcher.engine.watch({0x0C: 50, 0x05: 50, 0x42: 50, 0x0B: 50, 0xA6: 50, 0x10: 50})
        await watcher.read(40)
        readings = [event.values for event in watcher.events if isinstance(event, Reading)]
    for values in readings:
        assert 750 < values.get(0x0C, 800) < 2700
        assert 69 < values.get(0x05, 70) < 75
        assert 32 < values.get(0x0B, 33) < 38
        assert values.get(0xA6, 84_210.4) == 84_210.4
        assert 13.9 < values.get(0x42, 14) < 14.3


@pytest.mark.parametrize(
    "said",
    [
        "NO DATA",
        "CAN ERROR",
        "BUFFER FULL",
        "STOPPED",
        "?",
        "BUS BUSY",
        "",
        "7E8037F0112AAAAAAAA",
        "7E8037F0121AAAAAAAA",
        "7E8037F0178AAAAAAAA",
    ],
)
async def test_an_adapter_that_complains_now_and_then_is_no_lost_car(
    healthy: SimulatedAdapter, said: str
) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        watcher.engine.watch(dict.fromkeys((0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x11), 50.0))
        for times in (1, 2, 4):
            await watcher.read(2)
            healthy.tell(f"reply {said}*{times}")
        await watcher.read(6)
        memory = await watcher.engine.read_codes()
        assert memory.ecus[0].ecu == "7E8"
    assert watcher.states == ["connecting", "connected", "ended"]


async def test_an_adapter_that_has_restarted_is_set_up_anew(healthy: SimulatedAdapter) -> None:
    async with watching(healthy.address) as watcher:
        await watcher.connected()
        watcher.engine.watch({0x0C: 20})
        healthy.tell("reply LV RESET*1")
        await watcher.connected(2)
        await watcher.read(2)


async def test_codes_are_cleared_only_when_asked_for_and_stay_when_the_car_says_no() -> None:
    with SimulatedAdapter("misfire") as adapter:
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            adapter.tell("refuse 22")
            with pytest.raises(Refused) as refused:
                await watcher.engine.clear_codes()
            assert refused.value.reason == "conditions_not_correct"
            assert (await watcher.engine.read_codes()).ecus[0].stored == ("P0301",)
            adapter.tell("refuse 0")
            await watcher.engine.clear_codes()
            memory = await watcher.engine.read_codes()
            assert memory.ecus[0].stored == ()
            assert memory.ecus[0].permanent == ("P0301",)  # only the car itself takes these back
            assert not memory.mil


async def test_codes_that_do_not_come_through_are_a_failure_and_not_an_empty_memory() -> None:
    with SimulatedAdapter("overheated") as adapter:
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            adapter.tell("half 1")
            with pytest.raises(ObdError):
                await watcher.engine.read_codes()


async def test_many_codes_come_through_out_of_order() -> None:
    codes = [f"P{n:04d}" for n in range(100, 140)]
    with SimulatedAdapter("healthy") as adapter:
        adapter.tell(f"stored {','.join(codes)}")
        adapter.tell("shuffle on")
        async with watching(adapter.address) as watcher:
            await watcher.connected()
            memory = await watcher.engine.read_codes()
            assert sorted(memory.ecus[0].stored) == codes


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("socket://127.0.0.1:1", "unreachable"),
        ("/dev/no-such-adapter", "not_found"),
        ("socket://:x", "unreachable"),
    ],
)
async def test_an_adapter_that_is_not_there_has_a_reason(address: str, reason: str) -> None:
    with pytest.raises(AdapterLost) as lost:
        await open_adapter(address)
    assert lost.value.reason == reason


async def test_something_that_is_no_adapter_is_not_taken_for_one() -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n>")

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    with pytest.raises(AdapterLost) as lost:
        await open_adapter(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert lost.value.reason == "nonsense"
    server.close()
