"""The agent between a simulated adapter and a server that speaks wire.py and misbehaves when told to."""

import asyncio
import sqlite3
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from carbot_app.adapters.obd.agent import Agent, AgentEnded, agent_url
from carbot_app.adapters.obd.journal import journal_path
from carbot_app.adapters.obd.talking import ObdTalker
from carbot_app.cli_obd import obd_agent
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.signals import rates
from tests.peers.elm327_cars import VIN
from tests.peers.obd_adapter import SimulatedAdapter

TOKEN = "cba_token"


class DiagnosticServer:
    """Stores batches like the product: in order, each once, and confirms when ``confirming``."""

    def __init__(self) -> None:
        self.heard: list[wire.AgentMessage] = []
        self.stored: dict[str, list[wire.Samples]] = {}
        self.lost: list[wire.Lost] = []
        self.confirming = True
        self.token = TOKEN
        self.connections = 0
        self._socket: ServerConnection | None = None
        self._changed = asyncio.Event()
        self._port = 0

    async def start(self) -> None:
        self._server = await serve(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def say(self, message: wire.ServerMessage) -> None:
        assert self._socket
        await self._socket.send(wire.encode(message))

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def all(self, kind: type) -> list:
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def car(self) -> str:
        return self.all(wire.Start)[-1].car

    def numbers(self, car: str) -> list[int]:
        return [batch.seq for batch in self.stored.get(car, [])]

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request
        assert socket.request.path == "/api/diagnostics/agent"
        if socket.request.headers["Authorization"] != f"Bearer {self.token}":
            await socket.send(wire.encode(wire.Revoked()))
            await socket.close(4401)
            return
        self._socket = socket
        self.connections += 1
        with suppress(ConnectionClosed):
            async for frame in socket:
                message = wire.decode_from_agent(frame)
                self.heard.append(message)
                await self._answer(message)
                self._changed.set()

    async def _answer(self, message: wire.AgentMessage) -> None:
        if isinstance(message, wire.Start):
            known = self.numbers(message.car)
            await self.say(wire.Ack(message.car, known[-1] if known else 0))
            await self.say(wire.Watch(message.car, rates(message.pids)))
        elif isinstance(message, wire.Samples):
            batches = self.stored.setdefault(message.car, [])
            last = batches[-1].seq if batches else max((lost.seq for lost in self.lost), default=0)
            if message.seq > last + 1:
                await self.say(wire.Refusal("samples_missing", message.car, last + 1))
            elif message.seq == last + 1:
                batches.append(message)
            if self.confirming:
                await self.say(wire.Ack(message.car, message.seq))
        elif isinstance(message, wire.Lost):
            self.lost.append(message)


@pytest.fixture
async def server() -> AsyncIterator[DiagnosticServer]:
    started = DiagnosticServer()
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
def adapter() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter("misfire") as simulated:
        yield simulated


@asynccontextmanager
async def agent(
    server: DiagnosticServer, adapters: Sequence[SimulatedAdapter], **options: Any
) -> AsyncIterator[list[str]]:
    said: list[str] = []
    addresses = [adapter.address for adapter in adapters]
    task = asyncio.create_task(Agent(server.url, TOKEN, addresses, said.append, **options).run())
    yield said
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_car_is_announced_read_and_its_codes_are_told(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    async with agent(server, [adapter]) as said:
        await server.until(lambda: len(server.numbers(server.car)) >= 3 if server.all(wire.Start) else False)
        assert isinstance(server.heard[0], wire.Hello)
        assert server.all(wire.Hello)[-1].adapter == "ELM327 v1.5"
        start = server.all(wire.Start)[0]
        assert (start.vin, start.protocol) == (VIN, "ISO 15765-4 CAN 11/500")
        assert 0x0C in start.pids
        await server.say(wire.ReadCodes(server.car, "read-1"))
        await server.until(lambda: bool(server.all(wire.Codes)))
        codes = server.all(wire.Codes)[0]
        assert (codes.command, codes.mil, codes.ecus[0].stored) == ("read-1", True, ("P0301",))
        assert codes.freeze_frames[0].code == "P0301"
        assert server.numbers(server.car) == list(range(1, len(server.numbers(server.car)) + 1))
    assert "Connected to the server." in said
    assert any("the car is connected" in sentence for sentence in said)


async def test_codes_are_cleared_once_however_often_the_order_comes(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    async with agent(server, [adapter]):
        await server.until(lambda: bool(server.all(wire.State)))
        await server.say(wire.ClearCodes(server.car, "clear-1"))
        await server.until(lambda: len(server.all(wire.Cleared)) == 1)
        adapter.tell("refuse 22")
        await server.say(wire.ClearCodes(server.car, "clear-1"))
        await server.say(wire.ClearCodes(server.car, "clear-2"))
        await server.until(lambda: len(server.all(wire.Cleared)) == 3)
    outcomes = {cleared.command: (cleared.ok, cleared.reason) for cleared in server.all(wire.Cleared)}
    assert outcomes == {"clear-1": (True, ""), "clear-2": (False, "conditions_not_correct")}


async def test_nothing_is_lost_while_the_server_is_away(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    server.confirming = False
    async with agent(server, [adapter]) as said:
        await server.until(lambda: bool(server.stored))
        car = server.car
        await server.until(lambda: len(server.numbers(car)) >= 3)
        await server.stop()
        await asyncio.sleep(1)  # the car is read on meanwhile
        server.confirming = True
        await server.start()
        await server.until(lambda: server.connections == 2)
        offline = len(server.numbers(car))
        await server.until(lambda: len(server.numbers(car)) >= offline + 8)
        assert server.car == car
        assert server.numbers(car) == list(range(1, len(server.numbers(car)) + 1))
    times = [batch.base_ms for batch in server.stored[car]]
    assert times == sorted(times)
    assert any("readings are kept" in sentence for sentence in said)


async def test_a_car_is_read_before_the_server_has_ever_been_there(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    await server.stop()
    async with agent(server, [adapter]) as said:
        while not any("the car is connected" in sentence for sentence in said):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        await server.start()
        await server.until(lambda: bool(server.stored))
    hello = server.all(wire.Hello)[0]
    assert server.stored[server.car][0].base_ms < hello.clock_ms


async def test_what_the_server_misses_is_sent_again(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    server.confirming = False
    async with agent(server, [adapter]):
        await server.until(lambda: bool(server.stored) and len(server.numbers(server.car)) >= 4)
        car = server.car
        del server.stored[car][2:]
        await server.until(lambda: len(server.numbers(car)) >= 8)
    assert server.numbers(car) == list(range(1, len(server.numbers(car)) + 1))


async def test_a_full_buffer_gives_up_the_oldest_and_says_so(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    server.confirming = False
    async with agent(server, [adapter], most_bytes=2000) as said:
        await server.until(lambda: bool(server.stored))
        await server.stop()
        server.stored.clear()
        await asyncio.sleep(2.5)
        await server.start()
        await server.until(lambda: bool(server.lost))
        await server.until(lambda: bool(server.stored.get(server.car)))
    assert server.numbers(server.car)[0] == server.lost[-1].seq + 1
    assert sum("The buffer is full" in sentence for sentence in said) == 1


async def test_the_same_car_keeps_its_name_and_another_gets_a_new_one(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    async with agent(server, [adapter]):
        await server.until(lambda: bool(server.stored))
        first = server.car
        adapter.tell("unplug")
        await server.until(lambda: any(s.state == "adapter_lost" for s in server.all(wire.State)))
        adapter.tell("plug")
        await server.until(lambda: [s.state for s in server.all(wire.State)][-1] == "connected")
        assert {start.car for start in server.all(wire.Start)} == {first}
        adapter.tell("ignition off")
        await server.until(lambda: [s.state for s in server.all(wire.State)][-1] == "ignition_off")
        adapter.tell("vin 1M8GDM9AXKP042788")
        adapter.tell("ignition on")
        await server.until(lambda: server.car != first)
        assert server.all(wire.Start)[-1].vin == "1M8GDM9AXKP042788"
        await server.until(lambda: bool(server.stored.get(server.car)))
    ended = [state for state in server.all(wire.State) if state.state == "ended"]
    assert [(state.car, state.reason) for state in ended] == [(first, "other_car")]


async def test_a_stopped_car_is_left_alone_until_it_has_been_away(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    async with agent(server, [adapter]):
        await server.until(lambda: bool(server.stored))
        first = server.car
        await server.say(wire.Stop(first))
        await server.until(lambda: any(s.state == "ended" for s in server.all(wire.State)))
        batches = len(server.numbers(first))
        adapter.tell("unplug")
        adapter.tell("plug")
        await server.until(lambda: server.car != first)
        await server.until(lambda: bool(server.stored.get(server.car)))
        assert len(server.numbers(first)) == batches


async def test_two_adapters_bring_two_cars(server: DiagnosticServer, adapter: SimulatedAdapter) -> None:
    with SimulatedAdapter("ev") as electric:
        async with agent(server, [adapter, electric]):
            await server.until(lambda: len(server.stored) == 2)
    assert {start.vin for start in server.all(wire.Start)} == {VIN, "5YJ3E7EB1KF000337"}


async def test_a_server_that_knows_another_car_by_this_name_gets_a_new_name(
    server: DiagnosticServer, adapter: SimulatedAdapter
) -> None:
    async with agent(server, [adapter]):
        await server.until(lambda: bool(server.stored))
        first = server.car
        await server.say(wire.Refusal("car_changed", first))
        await server.until(lambda: server.car != first)
        await server.until(lambda: server.numbers(server.car)[:1] == [1])


async def test_a_revoked_token_ends_the_agent(server: DiagnosticServer, adapter: SimulatedAdapter) -> None:
    running = asyncio.create_task(Agent(server.url, TOKEN, [adapter.address], print).run())
    await server.until(lambda: bool(server.stored))
    await server.say(wire.Revoked())
    with pytest.raises(AgentEnded, match="does not accept this token"):
        await running


async def test_the_command_ends_with_one_sentence_when_the_token_is_not_valid(
    server: DiagnosticServer, adapter: SimulatedAdapter, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "carbot_app.cli", "obd-agent", "--server", server.url]
    process = await asyncio.create_subprocess_exec(
        *command, "--token", "wrong", "--adapter", adapter.address, "--buffer-dir", str(tmp_path),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, problem = await process.communicate()
    assert process.returncode == 1
    assert problem.decode().strip().splitlines() == [
        "CarBot: The server does not accept this token (any more); create a new one under Diagnose."
    ]


@asynccontextmanager
async def agent_process(
    server: DiagnosticServer, adapter: SimulatedAdapter, folder: Path
) -> AsyncIterator[Process]:
    """``carbot obd-agent`` in a process of its own; killed, as by a power cut, at the end of the block."""
    command = [sys.executable, "-m", "carbot_app.cli", "obd-agent", "--server", server.url]
    process = await asyncio.create_subprocess_exec(
        *command, "--token", TOKEN, "--adapter", adapter.address, "--buffer-dir", str(folder),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def kept_on_disk(folder: Path) -> int:
    """Batches in the file of a process that is dead."""
    (path,) = folder.glob("*.db")
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM entry WHERE seq > 0").fetchone()[0]


async def test_what_was_read_before_a_kill_arrives_once_and_in_order_after_it(
    server: DiagnosticServer, adapter: SimulatedAdapter, tmp_path: Path
) -> None:
    server.confirming = False
    async with agent_process(server, adapter, tmp_path):
        await server.until(lambda: bool(server.stored) and len(server.numbers(server.car)) >= 3)
        car = server.car
        await server.stop()
        await asyncio.sleep(1.5)  # the car is read on meanwhile
    sent, kept = len(server.numbers(car)), kept_on_disk(tmp_path)
    assert kept > sent
    server.confirming = True
    await server.start()
    async with agent_process(server, adapter, tmp_path):
        await server.until(lambda: len(server.numbers(car)) >= kept + 5)
        batches = server.stored[car]
        assert [batch.seq for batch in batches] == list(range(1, len(batches) + 1))
        times = [batch.base_ms for batch in batches]
        assert times == sorted(times)
        assert set(server.stored) == {car}
    assert kept_on_disk(tmp_path) < kept


async def test_a_second_agent_with_the_same_buffer_goes_on_in_memory_and_says_so(
    server: DiagnosticServer, adapter: SimulatedAdapter, tmp_path: Path
) -> None:
    async with agent(server, [adapter], folder=tmp_path):
        await server.until(lambda: bool(server.stored))
        said: list[str] = []
        Agent(server.url, TOKEN, [adapter.address], said.append, folder=tmp_path)
        assert len(said) == 1
        assert "in memory only" in said[0]


async def test_a_broken_buffer_is_put_aside(
    server: DiagnosticServer, adapter: SimulatedAdapter, tmp_path: Path
) -> None:
    journal_path(tmp_path, agent_url(server.url), TOKEN).write_bytes(b"no database at all " * 100)
    async with agent(server, [adapter], folder=tmp_path) as said:
        await server.until(lambda: bool(server.stored))
    assert "was broken" in said[0]
    assert len(list(tmp_path.glob("*.broken"))) == 1


class TcpLink:
    """Bytes of an adapter as a browser would relay them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.read(3)  # in crumbs, as Bluetooth brings them

    async def write(self, chunk: bytes) -> None:
        self._writer.write(chunk)


async def _orders(queue: "asyncio.Queue[wire.ServerMessage]") -> AsyncIterator[wire.ServerMessage]:
    while True:
        yield await queue.get()


@pytest.mark.parametrize("ending", ["stop", "unplug"])
async def test_a_browser_that_relays_bytes_is_spoken_to_like_an_agent(
    adapter: SimulatedAdapter, ending: str
) -> None:
    host, port = adapter.address.removeprefix("socket://").split(":")
    link = TcpLink(*await asyncio.open_connection(host, int(port)))
    heard: list[wire.AgentMessage] = []
    orders: asyncio.Queue[wire.ServerMessage] = asyncio.Queue()

    async def send(message: wire.AgentMessage) -> None:
        wire.decode_from_agent(wire.encode(message))
        heard.append(message)
        if isinstance(message, wire.Start) and message.pids:
            await orders.put(wire.Watch("car-1", rates(message.pids)))
        elif isinstance(message, wire.Samples) and message.seq == 2:
            if ending == "stop":
                await orders.put(wire.Stop("car-1"))
            else:
                await asyncio.to_thread(adapter.tell, "unplug")

    await ObdTalker().talk(link, "car-1", send, _orders(orders))
    assert [hello.adapter for hello in heard if isinstance(hello, wire.Hello)] == ["", "ELM327 v1.5"]
    starts = [message for message in heard if isinstance(message, wire.Start)]
    assert [start.vin for start in starts] == ["", VIN]
    assert {message.car for message in heard if not isinstance(message, wire.Hello)} == {"car-1"}
    reason = {"stop": "by_staff", "unplug": "unplugged"}[ending]
    assert heard[-1] == wire.State("car-1", "ended", reason)


async def test_the_server_speaks_to_its_own_adapters_too(adapter: SimulatedAdapter) -> None:
    heard: list[wire.AgentMessage] = []
    orders: asyncio.Queue[wire.ServerMessage] = asyncio.Queue()

    async def send(message: wire.AgentMessage) -> None:
        heard.append(message)
        if isinstance(message, wire.State) and message.state == "connected":
            await orders.put(wire.ReadCodes("car-1", "read-1"))
        elif isinstance(message, wire.Codes):
            await orders.put(wire.Stop("car-1"))

    await ObdTalker().talk_to(adapter.address, "car-1", send, _orders(orders))
    (codes,) = (message for message in heard if isinstance(message, wire.Codes))
    assert codes.ecus[0].stored == ("P0301",)


def test_without_an_adapter_the_command_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("carbot_app.adapters.obd.finding.find_adapters", list)
    with pytest.raises(typer.Exit):
        obd_agent("https://werkstatt.example", "cba_token")
    assert capsys.readouterr().err == "CarBot: no adapter was found; plug it in or name it with --adapter.\n"
