"""From the moment an adapter has a value to the frame in which a real Chromium has drawn it."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import websockets
from playwright.sync_api import Page, sync_playwright
from sqlmodel import select

from bench.harness import Server, machine, milliseconds, record, running
from bench.obd_stream import agent_token
from carbot_app.adapters.obd.engine import CarFound, Event, Reading, StateChanged
from carbot_app.adapters.obd.errors import CarSilent
from carbot_app.adapters.obd.reporting import CarReporter, now_ms
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.models import DiagnosticSession
from tests.chromium import FLAGS, find_or_fetch_chromium

HZ, SECONDS, WARM_UP_SECONDS = 10, 60, 5
RPM, OTHERS = 0x0C, (0x04, 0x05, 0x06, 0x07, 0x0B, 0x0D, 0x0E, 0x0F, 0x11)
FIRST = 1000
"""The first engine speed; each reading is one more, so that the text on the screen names its reading."""

_WATCH = """() => {
  const figure = document.querySelector('[role=meter][aria-label=Drehzahl] .cb-gauge-value .cb-num');
  window.drawn = [];
  new MutationObserver(() => {
    const shown = Number(figure.textContent.replace(/\\D/g, ''));
    // The frame with this text is on the screen when the next one begins
    requestAnimationFrame(() => requestAnimationFrame(() => window.drawn.push([shown, Date.now()])));
  }).observe(figure, { childList: true, characterData: true, subtree: true });
}"""


class _Car:
    """Is an Engine whose car says one more revolution a minute each time; notes when it said so."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self.said: dict[int, float] = {}

    async def run(self) -> None:
        self._tell(StateChanged("connected"))
        self._tell(CarFound("", (RPM, *OTHERS), "ISO 15765-4 CAN 11/500", "bench"))
        while True:
            await asyncio.sleep(1 / HZ)
            speed = FIRST + len(self.said)
            self.said[speed] = time.time()
            values = {RPM: float(speed), **dict.fromkeys(OTHERS, 40.0)}
            self._tell(Reading(time.monotonic(), values))

    async def read_codes(self) -> Any:
        raise CarSilent("bench")

    def watch(self, rates: object) -> None: ...

    def stop(self) -> None: ...


class _Lift(threading.Thread):
    """The agent's own way of reporting, on a line of its own, until ``end``."""

    def __init__(self, server: Server, token: str) -> None:
        super().__init__(daemon=True)
        self._address = f"ws://{server.host}:{server.port}/api/diagnostics/agent"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._over = threading.Event()
        self.said: dict[int, float] = {}

    def run(self) -> None:
        asyncio.run(self._talk())

    def end(self) -> None:
        self._over.set()
        self.join()

    async def _talk(self) -> None:
        async with websockets.connect(self._address, additional_headers=self._headers) as socket:
            await socket.send(wire.encode(wire.Hello("bench", now_ms())))
            outgoing: asyncio.Queue[wire.AgentMessage] = asyncio.Queue()
            reporter = CarReporter(self._engine, outgoing.put_nowait)  # type: ignore[arg-type]
            tasks = [
                asyncio.create_task(work)
                for work in (reporter.run(), self._send(socket, outgoing), self._hear(socket))
            ]
            await asyncio.to_thread(self._over.wait)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _engine(self, tell: Callable[[Event], None]) -> _Car:
        car = _Car(tell)
        self.said = car.said
        return car

    async def _send(self, socket: Any, outgoing: "asyncio.Queue[wire.AgentMessage]") -> None:
        while True:
            await socket.send(wire.encode(await outgoing.get()))

    async def _hear(self, socket: Any) -> None:
        async for _ in socket:
            continue


def obd_pixel() -> None:
    """One car at ten readings a second, one browser that shows it."""
    setting = machine()
    with running() as server:
        database = Database(f"sqlite:///{server.data_dir / 'carbot.db'}")
        lift = _Lift(server, agent_token(database, "Hebebühne"))
        lift.start()
        shown = _watch(server, _session(database))
        lift.end()
        database.close()
    seconds = [at / 1000 - lift.said[speed] for speed, at in shown if speed in lift.said]
    record(
        "obd_pixel",
        load=f"one car at {HZ} Hz x {1 + len(OTHERS)} values for {SECONDS} s through the agent's reporter, "
        "its live page with all gauges and strips in a Chromium without a graphics card, on the same machine",
        target="adapter reading to pixel p95 <= 200 ms",
        baseline="of it the agent gathers up to 80 ms and the page paints 15 frames a second, up to 67 ms",
        result={
            "reading_to_drawn_frame": milliseconds(seconds),
            "readings": HZ * SECONDS,
            "shown_share_percent": round(100 * len(seconds) / (HZ * SECONDS)),
        },
        setting=setting,
    )


def _session(database: Database) -> UUID:
    """Of the car that has just come in."""
    for _ in range(100):
        with database.reading(SYSTEM) as session:
            connected = select(DiagnosticSession.id).where(DiagnosticSession.state == "connected")
            found = session.exec(connected).first()
        if found:
            return found
        time.sleep(0.1)
    raise RuntimeError("the car did not come in")


def _watch(server: Server, session_id: UUID) -> list[tuple[int, float]]:
    """Engine speed on the screen and the moment its frame was drawn."""
    name, _, value = server.sign_in().partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_fetch_chromium(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
        context.add_cookies([{"name": name, "value": value, "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}/diagnose/auto/?id={session_id}")
        _until_it_moves(page)
        page.evaluate(_WATCH)
        page.wait_for_timeout(SECONDS * 1000)
        drawn = page.evaluate("window.drawn")
        browser.close()
    return [(int(speed), float(at)) for speed, at in drawn]


def _until_it_moves(page: Page) -> None:
    page.wait_for_selector("[role=meter][aria-label=Drehzahl] .cb-gauge-value", timeout=60_000)
    page.wait_for_timeout(WARM_UP_SECONDS * 1000)
