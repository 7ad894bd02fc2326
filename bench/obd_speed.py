"""Values per second through one adapter, and how long it takes from opening it to the first value."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise

from bench.harness import ROOT, machine, record
from carbot_app.adapters.obd.adapter import open_adapter
from carbot_app.adapters.obd.engine import CarFound, Engine, Event, Reading
from tests.peers.obd_adapter import SimulatedAdapter

TURNAROUND, BAUD = 0.05, 115200
SECONDS = 10.0
SIX = (0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x11)
ROUNDS = 5

_PYTHON_OBD = """
import logging, sys, time
import obd
logging.disable(logging.CRITICAL)
began = time.monotonic()
car = obd.OBD(sys.argv[1], baudrate=38400, fast=True, timeout=3)
names = ("ENGINE_LOAD", "COOLANT_TEMP", "INTAKE_PRESSURE", "RPM", "SPEED", "THROTTLE_POS")
car.query(obd.commands.RPM)
first = time.monotonic() - began
count, began = 0, time.monotonic()
while time.monotonic() - began < float(sys.argv[2]):
    count += not car.query(obd.commands[names[count % 6]]).is_null()
print(first, count / (time.monotonic() - began))
"""


@dataclass(frozen=True)
class Run:
    """What one run over one adapter has shown."""

    per_second: float
    """Values, over the whole time."""
    request_ms: float
    """From one reading to the next, median: what a busy machine does not change."""
    to_first: float
    """Seconds from opening the adapter to the first value."""


def obd_speed() -> None:
    """Six values in a request and one, against python-OBD's own loop on the same simulated adapter."""
    setting = machine()
    with _adapter() as adapter:
        six = asyncio.run(_measure(adapter.address, dict.fromkeys(SIX, 50.0), SECONDS))
    with _adapter() as adapter:
        one = asyncio.run(_measure(adapter.address, {0x0C: 50.0}, SECONDS))
    firsts = [six.to_first]
    for _ in range(ROUNDS - 1):
        with _adapter() as adapter:
            firsts.append(asyncio.run(_measure(adapter.address, {0x0C: 50.0}, 0.2)).to_first)
    with _adapter() as adapter:
        command = [sys.executable, "-c", _PYTHON_OBD, adapter.address, str(SECONDS)]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    library_first, library = map(float, said.split())
    record(
        "obd_speed",
        load=f"simulated ELM327 on CAN, {TURNAROUND * 1000:.0f} ms turnaround, {BAUD} baud, {SECONDS:.0f} s",
        target="six PIDs per request >= 100 values/s, one >= 18; first value <= 3 s",
        baseline=f"python-OBD {version('obd')}, its own loop over the same six values: "
        f"{library:.1f} values/s, first value after {library_first:.1f} s",
        result={
            "six_pids": _shown(six),
            "one_pid": _shown(one),
            "first_value_s": {
                "median": round(statistics.median(firsts), 2),
                "worst": round(max(firsts), 2),
                "count": len(firsts),
            },
        },
        setting=setting,
    )


def _shown(run: Run) -> dict[str, float]:
    return {"values_per_s": round(run.per_second, 1), "request_p50_ms": round(run.request_ms, 1)}


def _adapter() -> SimulatedAdapter:
    return SimulatedAdapter("healthy", turnaround=TURNAROUND, baud=BAUD)


async def _measure(address: str, rates: Mapping[int, float], seconds: float) -> Run:
    counted, first = 0, asyncio.Event()
    moments: list[float] = []

    def hear(event: Event) -> None:
        nonlocal counted
        if isinstance(event, CarFound):
            engine.watch(rates)
        elif isinstance(event, Reading):
            counted += len(event.values)
            moments.append(event.at)
            first.set()

    engine = Engine(lambda: open_adapter(address), hear)
    began = time.monotonic()
    task = asyncio.create_task(engine.run())
    await first.wait()
    to_first = time.monotonic() - began
    counted, began = 0, time.monotonic()
    await asyncio.sleep(seconds)
    per_second = counted / (time.monotonic() - began)
    engine.stop()
    await task
    gaps = [after - before for before, after in pairwise(moments)] or [0.0]
    return Run(per_second, statistics.median(gaps) * 1000, to_first)
