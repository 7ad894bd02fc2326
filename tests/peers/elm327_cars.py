"""Cars for the simulated adapter: believable values over time, trouble codes, and how they answer.

Formulas are those of SAE J1979, written down here once more so that a mistake of the product shows.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

VIN = "WVWZZZ1KZAW000001"
WARM = 90.0


@dataclass
class Motor:
    """A 1.6 l petrol engine on the lift: warms up, idles, and is revved for six seconds every half minute."""

    cold: float = 70.0
    """Coolant in °C when the clock starts."""
    hottest: float = WARM
    rough: float = 0.0
    """How much the idle shakes, in rpm."""
    leak: float = 0.0
    """Air nobody measured, in percent of the mixture at idle."""

    def revved(self, t: float) -> float:
        """0 at idle, 1 at 2,600 rpm."""
        phase = t % 30
        return max(0.0, min(1.0, (phase - 18) / 1.5, (25.5 - phase) / 1.5))

    def coolant(self, t: float) -> float:
        return self.hottest - (self.hottest - self.cold) * math.exp(-t / 180)

    def rpm(self, t: float) -> float:
        cold = max(0.0, WARM - self.coolant(t)) * 5
        shaking = self.rough * (math.sin(t * 9.1) + 0.6 * math.sin(t * 23.7 + 1)) * (1 - self.revved(t))
        return 820 + cold + 1780 * self.revved(t) + 12 * math.sin(t * 2.3) + shaking

    def pressure(self, t: float) -> float:
        return 33 + 4 * self.revved(t) + self.leak * 0.2 * (1 - self.revved(t)) + self.rough * 0.04

    def air(self, t: float) -> float:
        """g/s by speed and density."""
        density = self.pressure(t) * 1000 / (287 * 303)
        return self.rpm(t) / 120 * 1.6 * 0.85 * density

    def short_trim(self, t: float) -> float:
        return self.leak * (1 - 0.75 * self.revved(t)) + 1.5 * math.sin(t * 1.7)


Values = dict[int, Callable[[float], bytes]]


def _byte(value: float) -> bytes:
    return bytes((max(0, min(255, round(value))),))


def _word(value: float) -> bytes:
    return max(0, min(65535, round(value))).to_bytes(2, "big")


def _share(value: float) -> bytes:
    return _byte(value * 255 / 100)


def _trim(value: float) -> bytes:
    return _byte(value * 128 / 100 + 128)


def petrol(motor: Motor, km: float = 84_210.4) -> Values:
    """PID → bytes of an engine control unit."""
    m = motor
    return {
        0x03: lambda t: b"\x02\x00",
        0x04: lambda t: _share(21 + 12 * m.revved(t)),
        0x05: lambda t: _byte(m.coolant(t) + 40),
        0x06: lambda t: _trim(m.short_trim(t)),
        0x07: lambda t: _trim(1.6 + m.leak * 0.6),
        0x0B: lambda t: _byte(m.pressure(t)),
        0x0C: lambda t: _word(m.rpm(t) * 4),
        0x0D: lambda t: _byte(0),
        0x0E: lambda t: _byte((10 + 16 * m.revved(t)) * 2 + 128),
        0x0F: lambda t: _byte(28 + 40),
        0x10: lambda t: _word(m.air(t) * 100),
        0x11: lambda t: _share(14 + 9 * m.revved(t)),
        0x13: lambda t: b"\x03",
        0x14: lambda t: _byte((0.45 + 0.35 * math.sin(t * 6)) * 200) + b"\x80",
        0x15: lambda t: _byte((0.66 + 0.02 * math.sin(t)) * 200) + b"\xff",
        0x1C: lambda t: b"\x06",
        0x1F: _word,
        0x21: lambda t: _word(0),
        0x2F: lambda t: _share(62),
        0x31: lambda t: _word(1840),
        0x33: lambda t: _byte(99),
        0x42: lambda t: _word((14.1 + 0.05 * math.sin(t)) * 1000),
        0x45: lambda t: _share(3 + 9 * m.revved(t)),
        0x46: lambda t: _byte(18 + 40),
        0x49: lambda t: _share(15 + 14 * m.revved(t)),
        0x5C: lambda t: _byte(m.coolant(t) - 6 + 40),
        0x5E: lambda t: _word(m.air(t) / 14.7 / 745 * 3600 / 0.05),
        0xA6: lambda t: round(km * 10).to_bytes(4, "big"),
    }


@dataclass
class Ecu:
    """A control unit: ``address`` as it stands in a header, ``values`` of service 01."""

    address: str
    values: Values
    vin: str = ""
    stored: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    permanent: list[str] = field(default_factory=list)
    frozen: float | None = None
    """The moment of the freeze frame, in seconds of the clock; None: there is none."""
    refusal: int = 0
    """Code with which service 04 is refused."""
    most: int = 6
    """PIDs it answers in one request; more are left out."""
    limit: int = 6
    """PIDs of one request; one with more is not answered."""

    def answer(self, request: bytes, t: float, counted: bool) -> list[bytes]:
        """Payloads of the answer; several only on K-line and J1850."""
        service, rest = request[0], request[1:]
        if service == 0x01:
            return self._live(rest, t)
        if service == 0x02 and len(rest) == 2 and self.frozen is not None and self.stored:
            return self._frozen(rest[0])
        if service in {0x03, 0x07, 0x0A}:
            codes = {0x03: self.stored, 0x07: self.pending, 0x0A: self.permanent}[service]
            return _codes(service + 0x40, codes, counted)
        if service == 0x04:
            if self.refusal:
                return [bytes((0x7F, 0x04, self.refusal))]
            self.stored, self.pending, self.frozen = [], [], None
            return [b"\x44"]
        if service == 0x09 and rest[:1] == b"\x02" and self.vin:
            return _vin(self.vin, counted)
        return []

    def _live(self, pids: bytes, t: float) -> list[bytes]:
        found = b""
        if len(pids) > self.limit:
            return []
        for pid in pids[: self.most]:
            body = self._value(pid, t)
            if body is not None:
                found += bytes((pid,)) + body
        return [b"\x41" + found] if found else []

    def _value(self, pid: int, t: float) -> bytes | None:
        if pid == 0x01:
            lamp = 0x80 if self.stored else 0
            return bytes((lamp | len(self.stored), 0x07, 0xE5, 0x04 if self.stored else 0))
        if pid % 0x20 == 0:
            return _mask({0x01, *self.values}, pid)
        value = self.values.get(pid)
        return value(t) if value else None

    def _frozen(self, pid: int) -> list[bytes]:
        if pid % 0x20 == 0:
            kept = {p for p in self.values if p < 0x60 and p not in {0x13, 0x1C}}
            body = _mask({0x02, *kept}, pid)
        elif pid == 0x02:
            body = code_bytes(self.stored[0])
        else:
            body = self._value(pid, self.frozen or 0.0)
        return [bytes((0x42, pid, 0)) + body] if body is not None else []


def _mask(pids: set[int], base: int) -> bytes | None:
    later = base + 0x20
    bits = sum(1 << (32 - (pid - base)) for pid in pids if base < pid <= later)
    if any(pid > later for pid in pids):
        bits |= 1
    return bits.to_bytes(4, "big") if bits else None


def code_bytes(code: str) -> bytes:
    """``P0301`` → ``03 01``."""
    return bytes(("PCBU".index(code[0]) << 6 | int(code[1]) << 4 | int(code[2], 16), int(code[3:], 16)))


def _codes(first: int, codes: list[str], counted: bool) -> list[bytes]:
    body = b"".join(map(code_bytes, codes))
    if counted:
        return [bytes((first, len(codes))) + body]
    chunks = [body[at : at + 6] for at in range(0, max(len(body), 1), 6)]
    return [bytes((first,)) + chunk.ljust(6, b"\x00") for chunk in chunks]


def _vin(vin: str, counted: bool) -> list[bytes]:
    if counted:
        return [b"\x49\x02\x01" + vin.encode()]
    padded = vin.encode().rjust(20, b"\x00")
    return [bytes((0x49, 0x02, n + 1)) + padded[4 * n : 4 * n + 4] for n in range(5)]


@dataclass
class Scenario:
    """A car and the adapter it is plugged into."""

    digit: str
    """Its protocol in the adapter's numbering."""
    ecus: list[Ecu]
    clone: bool = False
    version: str = "ELM327 v1.5"


def _engine(motor: Motor, address: str = "7E8", **more: object) -> Ecu:
    return Ecu(address, petrol(motor), vin=VIN, **more)  # type: ignore[arg-type]


def _electric() -> Ecu:
    values: Values = {
        0x0D: lambda t: _byte(0),
        0x42: lambda t: _word(14_400),
        0x46: lambda t: _byte(58),
        0x5B: lambda t: _share(71.4 - t / 600),
        0xA6: lambda t: (312_455).to_bytes(4, "big"),
    }
    return Ecu("18DAF110", values, vin="5YJ3E7EB1KF000337")


def _gearbox(address: str) -> Ecu:
    values: Values = {0x05: lambda t: _byte(118), 0x0C: lambda t: _word(820 * 4), 0x0D: lambda t: _byte(0)}
    return Ecu(address, values, stored=["P0730"], pending=["P0741"])


SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "healthy": lambda: Scenario("6", [_engine(Motor())]),
    "misfire": lambda: Scenario("6", [_engine(
        Motor(rough=70), stored=["P0301"], pending=["P0300"], permanent=["P0301"], frozen=4.0)]),
    "lean": lambda: Scenario("6", [_engine(Motor(leak=22), stored=["P0171"], frozen=6.0)]),
    "overheated": lambda: Scenario("6", [_engine(
        Motor(cold=112, hottest=121), stored=["P0217", "P0118", "P0480", "U0100"], frozen=2.0)]),
    "ev": lambda: Scenario("7", [_electric()]),
    "kwp": lambda: Scenario("5", [_engine(
        Motor(), "10", most=1, stored=["P0301", "P0420", "P0171", "P0130"], frozen=3.0)]),
    "two_ecus": lambda: Scenario("6", [_engine(Motor(), stored=["P0700"], frozen=3.0), _gearbox("7E9")]),
    "clone": lambda: Scenario("6", [_engine(Motor(), stored=["P0420"])], clone=True, version="ELM327 v2.1"),
    "can29": lambda: Scenario("7", [_engine(Motor(), "18DAF110", stored=["C0035", "B1A01"])]),
    "iso9141": lambda: Scenario("3", [_engine(Motor(), "10", most=1, stored=["P0133"])]),
    "j1850": lambda: Scenario("2", [_engine(Motor(), "10", most=1, stored=["P0133"])]),
}  # fmt: skip
