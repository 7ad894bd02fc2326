"""The engine against an adapter others wrote: what holds for our simulator holds there too."""

import asyncio
from collections.abc import Iterator

import pytest

from carbot_app.adapters.obd.adapter import open_adapter
from carbot_app.adapters.obd.engine import CarFound, Engine, Event, Reading
from carbot_app.domains.diagnostics.signals import is_sane, rates
from tests.peers.elm327_emulator import CODES, Elm327Emulator
from tests.peers.npm_packages import running


@pytest.fixture
def emulator() -> Iterator[Elm327Emulator]:
    with running(Elm327Emulator()) as started:
        yield started


async def test_an_independent_adapter_is_read_like_our_own(emulator: Elm327Emulator) -> None:
    found: asyncio.Queue[CarFound] = asyncio.Queue()
    values: dict[int, float] = {}
    enough = asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, CarFound):
            found.put_nowait(event)
            engine.watch(dict.fromkeys(rates(event.pids), 50.0))
        elif isinstance(event, Reading):
            values.update(event.values)
            if {0x0C, 0x0D, 0x05, 0x04} <= values.keys():
                enough.set()

    engine = Engine(lambda: open_adapter(emulator.address), hear)
    task = asyncio.create_task(engine.run())
    car = await found.get()
    await enough.wait()
    memory = await engine.read_codes()
    await engine.clear_codes()
    after = await engine.read_codes()
    engine.stop()
    await task

    assert len(car.vin) == 17
    assert "CAN" in car.protocol
    assert all(is_sane(signal, value) for signal, value in values.items())
    stored = {code for ecu in memory.ecus for code in ecu.stored}
    assert stored == set(CODES)
    assert not {code for ecu in after.ecus for code in ecu.stored}
