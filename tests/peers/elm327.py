"""A simulated ELM327 in a process of its own, over TCP or a pseudo-terminal, with a car behind it.

``python -m tests.peers.elm327 --scenario misfire --tcp`` prints its address. Lines on its standard input
change the world: ``ignition off``, ``unplug``, ``plug``, ``reply CAN ERROR*3``, ``garbage 0.2``,
``half 0.2``, ``drop 0.2``, ``shuffle on``, ``vin …``, ``refuse 22``, ``stored P0301,P0420``, ``silent 2``,
``most 1`` and ``limit 2`` PIDs per request (answered in part; not at all).
Each is confirmed with ``ok``.

Times are those of a real adapter: ``--turnaround`` from the request to the answer of the car, ten bits per
character at ``--baud``, and the wait for further answers unless the request says how many to expect.
"""

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.peers.elm327_cars import SCENARIOS, Scenario

AT_TURNS, RESET_TURNS, SEARCH_TURNS = 0.1, 8, 12
"""Everything else in turnarounds: 50 ms make 0.4 s for a reset."""
WAIT_TURNS = {0: 4.0, 1: 0.6, 2: 0.25}
"""How long it waits for one more answer, by ATAT."""
BAD = "~#\x00\xfe$%!"


@dataclass
class Faults:
    """What is wrong at the moment."""

    ignition: bool = True
    garbage: float = 0.0
    half: float = 0.0
    drop: float = 0.0
    shuffle: bool = False
    silent: int = 0
    reply: str = ""
    replies: int = 0


class Elm327:
    """The adapter: settings, timing, and lines as they come out of the serial port."""

    def __init__(self, scenario: Scenario, turnaround: float, baud: int) -> None:
        self.scenario = scenario
        self.faults = Faults()
        self._turnaround = turnaround
        self._character = 10 / baud
        self._random = random.Random(7)
        self._began = self._due = time.monotonic()
        self.reset()

    def reset(self) -> None:
        """As after ATZ."""
        self.echo = self.feeds = self.spaces = True
        self.headers = False
        self.adaptive, self.protocol, self.searched, self.own_flow_control = 1, "0", "", False

    async def handle(self, line: str, write: Callable[[bytes], None]) -> None:
        """One command from the computer; the answer ends with the prompt."""
        self._due = time.monotonic()
        self._take((len(line) + 1) * self._character)
        command = re.sub(r"\s", "", line).upper()
        text = f"{line}\r" if self.echo else ""
        if self.faults.silent:
            self.faults.silent -= 1
            return
        if not command:
            rows = []
        elif command.startswith("AT") or command == "STI":
            rows = [self._at(command)]
        else:
            rows = self._request(command)
        end = "\r\n" if self.feeds else "\r"
        text += end.join([*rows, "", ""]) + ">"
        self._take(len(text) * self._character)
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))
        write(self._spoil(text).encode("latin-1"))

    def _take(self, seconds: float) -> None:
        """What has to pass in the real thing; slept once per answer, so that a busy machine adds no more."""
        self._due += seconds

    def _turns(self, count: float) -> None:
        self._take(count * self._turnaround)

    def _at(self, command: str) -> str:
        self._turns(RESET_TURNS if command in {"ATZ", "ATWS"} else AT_TURNS)
        clone = self.scenario.clone
        if command in {"ATZ", "ATWS"}:
            self.reset()
            return f"\r\r{self.scenario.version}"
        if command == "ATI":
            return self.scenario.version
        if command == "ATRV":
            return "14.1V" if self.faults.ignition else "12.3V"
        if clone and command[:4] in {"ATDP", "ATAT", "ATCF", "ATAL", "STI"}:
            return "?"
        if command == "ATDPN":
            return f"A{self.searched}" if self.protocol == "0" and self.searched else self.protocol
        if match := re.fullmatch(r"AT(E|L|S|H)([01])", command):
            return self._switch(match[1], match[2] == "1")
        if match := re.fullmatch(r"ATAT([012])", command):
            self.adaptive = int(match[1])
        elif match := re.fullmatch(r"AT[ST]PA?([0-9A-C])", command):
            self.protocol, self.searched = match[1], ""
        elif command == "ATFCSM1":
            self.own_flow_control = True
        elif not re.match(r"AT(CAF|CFC|ST|FCS|AL|D$|SH|M|PC|I$|@)", command):
            return "?"
        return "OK"

    def _switch(self, name: str, on: bool) -> str:
        attribute = {"E": "echo", "L": "feeds", "S": "spaces", "H": "headers"}[name]
        if not (name == "S" and self.scenario.clone):  # a clone says OK and goes on
            setattr(self, attribute, on)
        return "OK"

    def _request(self, command: str) -> list[str]:
        faults = self.faults
        if not re.fullmatch(r"[0-9A-F]{2,15}", command):
            return ["?"]
        if faults.replies and command != "0100":
            faults.replies -= 1
            self._turns(1)
            return [faults.reply]
        opening = self._open_bus()
        if opening and not opening[-1].endswith("..."):
            return opening
        count = int(command[-1], 16) if len(command) % 2 else 0
        if count and self.scenario.clone:
            return ["?"]
        request = bytes.fromhex(command[: len(command) & ~1])
        self._turns(1)
        rows = self._rows(request)
        if not count or len(rows) < count:
            self._turns(WAIT_TURNS[self.adaptive])
        rows = rows[:count] if count else rows
        if faults.shuffle:
            self._random.shuffle(rows)
        return [*opening, *(rows or ["NO DATA"])]

    def _open_bus(self) -> list[str]:
        """Search, or fail as an adapter does when the ignition is off or the protocol is another."""
        chosen = self.searched or self.protocol
        if chosen == self.scenario.digit and self.faults.ignition:
            return []
        if not self.faults.ignition and chosen != "0":
            self._turns(1)
            return ["NO DATA"]
        self._turns(SEARCH_TURNS)
        if not self.faults.ignition:
            return ["SEARCHING...", "UNABLE TO CONNECT"]
        if self.protocol != "0":
            return ["BUS INIT: ERROR" if chosen in "345" else "CAN ERROR"]
        self.searched = self.scenario.digit
        return ["SEARCHING..."]

    def _rows(self, request: bytes) -> list[str]:
        counted = self.scenario.digit in "6789"
        t = time.monotonic() - self._began
        rows: list[str] = []
        for ecu in self.scenario.ecus:
            for payload in ecu.answer(request, t, counted):
                rows += self._can(ecu.address, payload) if counted else [self._line(ecu.address, payload)]
        return [row for row in rows if self._random.random() >= self.faults.drop]

    def _can(self, address: str, payload: bytes) -> list[str]:
        if len(payload) <= 7:
            frames = [bytes((len(payload),)) + payload]
        else:
            rest = payload[6:]
            frames = [bytes((0x10 | len(payload) >> 8, len(payload) & 0xFF)) + payload[:6]]
            if not self.scenario.clone or self.own_flow_control:
                parts = (rest[at : at + 7] for at in range(0, len(rest), 7))
                frames += [bytes((0x20 | n & 15,)) + part for n, part in enumerate(parts, start=1)]
        if self.headers:
            return [self._hex(address, frame.ljust(8, b"\x00")) for frame in frames]
        if len(frames) == 1:
            return [self._hex("", payload)]
        bodies = [payload[:6], *(payload[at : at + 7] for at in range(6, len(payload), 7))]
        return [f"{len(payload):03X}", *(f"{n & 15:X}:{self._hex('', b)}" for n, b in enumerate(bodies))]

    def _line(self, address: str, payload: bytes) -> str:
        if not self.headers:
            return self._hex("", payload)
        digit, source = self.scenario.digit, int(address, 16)
        first = bytes((0x80 | len(payload), 0xF1)) if digit in "45" else b"\x48\x6b"
        frame = first + bytes((source,)) + payload
        check = _crc(frame) if digit in "12" else sum(frame) & 0xFF
        return self._hex("", frame + bytes((check,)))

    def _hex(self, head: str, body: bytes) -> str:
        if not self.spaces:
            return head + body.hex().upper()
        parts = [head] if len(head) == 3 else [head[at : at + 2] for at in range(0, len(head), 2)]
        return " ".join([*(part for part in parts if part), *(f"{byte:02X}" for byte in body)]) + " "

    def _spoil(self, text: str) -> str:
        """Noise between lines, cut lines; the prompt comes through, as it does in life."""
        lines = text.split("\r")
        for at, line in enumerate(lines[:-1]):
            if len(line) < 6 or "OK" in line:
                continue
            if self._random.random() < self.faults.garbage:
                noise = "".join(self._random.choices(BAD, k=5))
                cut = self._random.randrange(len(line))
                lines[at] = line[:cut] + noise + line[cut:] if "\x00" not in noise else noise + "\r" + line
            if self._random.random() < self.faults.half:
                lines[at] = line[: self._random.randrange(2, len(line) - 1)]
        return "\r".join(lines)


def _crc(frame: bytes) -> int:
    """CRC-8 of SAE J1850, bit by bit."""
    register = 0xFF
    for byte in frame:
        for bit in range(7, -1, -1):
            turned = register >> 7 ^ byte >> bit & 1
            register = (register << 1 ^ (0x1D if turned else 0)) & 0xFF
    return register ^ 0xFF


class Port:
    """One client at a time; a byte that arrives while a command runs stops it."""

    def __init__(self, elm: Elm327) -> None:
        self._elm = elm
        self._line = ""
        self._busy: asyncio.Task[None] | None = None

    def received(self, content: bytes, write: Callable[[bytes], None]) -> None:
        """Bytes of the computer."""
        if self._busy and not self._busy.done():
            self._busy.cancel()
            write(b"STOPPED\r\r>")
            return
        text = self._line + content.replace(b"\x00", b"").replace(b"\n", b"").decode("latin-1")
        line, end, self._line = text.partition("\r")
        if end:
            self._busy = asyncio.create_task(self._elm.handle(line, write))
        else:
            self._line = text


class TcpPort:
    """Listens on a free port; unplugged it hangs up and lets nobody in."""

    def __init__(self, elm: Elm327) -> None:
        self._elm = elm
        self._clients: set[asyncio.StreamWriter] = set()
        self._number = 0

    async def plug(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._number)
        self._number = self._server.sockets[0].getsockname()[1]
        return f"socket://127.0.0.1:{self._number}"

    async def unplug(self) -> None:
        self._server.close()
        for writer in self._clients:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = Port(self._elm)
        self._clients.add(writer)
        try:
            while content := await reader.read(1024):
                port.received(content, writer.write)
        except OSError:
            pass
        finally:
            self._clients.discard(writer)
            writer.close()


class PtyPort:
    """A device that comes and goes under the same name."""

    def __init__(self, elm: Elm327) -> None:
        self._elm = elm
        self._name = Path(tempfile.mkdtemp(prefix="elm327-")) / "tty"

    async def plug(self) -> str:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self._name.unlink(missing_ok=True)
        self._name.symlink_to(os.ttyname(self._theirs))
        port = Port(self._elm)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._ours, self._read, port)
        return str(self._name)

    async def unplug(self) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        self._name.unlink()
        os.close(self._ours)
        os.close(self._theirs)

    def _read(self, port: Port) -> None:
        ours = self._ours
        port.received(os.read(ours, 1024), lambda content: _write(ours, content))


def _write(descriptor: int, content: bytes) -> None:
    try:
        os.write(descriptor, content)
    except OSError:
        return


async def obey(line: str, elm: Elm327, port: TcpPort | PtyPort) -> None:
    """One line of standard input."""
    word, _, rest = line.strip().partition(" ")
    faults = elm.faults
    if word == "unplug":
        await port.unplug()
    elif word == "plug":
        elm.reset()
        await port.plug()
    elif word == "reply":
        faults.reply, _, times = rest.partition("*")
        faults.replies = int(times or 1)
    elif word in {"ignition", "shuffle"}:
        setattr(faults, word, rest == "on")
        if word == "ignition" and rest == "off":
            elm.searched = ""
    elif word in {"garbage", "half", "drop"}:
        setattr(faults, word, float(rest))
    elif word == "silent":
        faults.silent = int(rest)
    elif word == "vin":
        elm.scenario.ecus[0].vin = rest
    elif word == "stored":
        elm.scenario.ecus[0].stored = rest.split(",")
    elif word == "most":
        elm.scenario.ecus[0].most = int(rest)
    elif word == "limit":
        elm.scenario.ecus[0].limit = int(rest)
    elif word == "refuse":
        for ecu in elm.scenario.ecus:
            ecu.refusal = int(rest, 16)
    else:
        raise SystemExit(f"unknown: {line!r}")
    print("ok", flush=True)


async def serve(arguments: argparse.Namespace) -> None:
    """Until standard input ends."""
    elm = Elm327(SCENARIOS[arguments.scenario](), arguments.turnaround, arguments.baud)
    port = PtyPort(elm) if arguments.pty else TcpPort(elm)
    print(await port.plug(), flush=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await obey(line.decode(), elm, port)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", choices=SCENARIOS, default="healthy")
    parser.add_argument("--pty", action="store_true")
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("--turnaround", type=float, default=0.05)
    parser.add_argument("--baud", type=int, default=115200)
    asyncio.run(serve(parser.parse_args()))
