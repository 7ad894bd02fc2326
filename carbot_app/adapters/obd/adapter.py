"""An ELM327, an STN, or what claims to be one: set up by what it does, never by the version it tells."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from carbot_app.adapters.obd.decoding import load_library
from carbot_app.adapters.obd.errors import AdapterLost, AdapterSilent, CarSilent
from carbot_app.adapters.obd.framing import (
    PROTOCOLS,
    Assembly,
    Family,
    Protocol,
    assemble,
    flow_control,
    guess_family,
)
from carbot_app.adapters.obd.link import Link
from carbot_app.adapters.obd.replies import Reply, Verdict
from carbot_app.adapters.obd.transports import is_network, open_transport

BAUDS = (38400, 115200, 9600, 230400, 57600, 500000)
_RESET_SECONDS = 4.0
_SEARCH_SECONDS = 20.0
_REQUEST_SECONDS = 5.0
_SETUP = ("ATE0", "ATL0", "ATS0", "ATH1", "ATCAF1", "ATCFC1", "ATAT1")
"""No echo, line feeds and spaces; headers, formatted CAN, flow control, adaptive timing. Clones know some."""
_BY_HAND = "678953421"
"""Protocols from the most to the least frequent, for clones whose own search does not work."""


@dataclass(slots=True)
class Abilities:
    """What has been seen to work."""

    counts: bool = False
    """Ends an answer after as many frames as asked for instead of waiting for more."""
    adaptive: bool = False
    voltage: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """A car has answered ``0100``."""

    protocol: Protocol
    assembly: Assembly


class Adapter:
    """One adapter that is set up and ready to look for a car."""

    def __init__(self, link: Link, name: str, abilities: Abilities) -> None:
        self.link = link
        self.name = name
        """What it says it is, ``ELM327 v1.5``: for people to read."""
        self.abilities = abilities

    async def contact(self, known: str = "") -> Contact:
        """Find the protocol of the car; ``known`` is the digit that worked last time.

        Raises:
            CarSilent: no car answers.
            AdapterLost: the adapter is gone.
        """
        tries = [known] if known else []
        for digit in [*tries, "0"]:
            found, reply = await self._try_protocol(digit)
            if found is not None:
                return found
        if reply.verdict is not Verdict.NO_CAR:  # its search failed otherwise: perhaps it has none
            for digit in _BY_HAND:
                found, _ = await self._try_protocol(digit)
                if found is not None:
                    return found
        raise CarSilent("ignition_off")

    async def request(self, command: str, seconds: float = _REQUEST_SECONDS) -> Reply:
        """A request to the car.

        Raises:
            AdapterSilent: no prompt came; it has been broken off.
            AdapterLost: the adapter is gone or has restarted and forgotten its settings.
        """
        reply = await self.link.ask(command, seconds)
        if reply.verdict is Verdict.RESET:
            raise AdapterLost("restarted")
        return reply

    async def tell(self, command: str) -> bool:
        """Change a setting; whether it was accepted."""
        return "OK" in (await self.link.ask(command)).text.upper()

    async def read_voltage(self) -> float | None:
        """Volts at the socket; None: it cannot measure."""
        reply = await self.link.ask("ATRV")
        try:
            return float(reply.text.upper().removesuffix("V"))
        except ValueError:
            self.abilities.voltage = False
            return None

    async def answer_long_messages(self, ecu: str) -> bool:
        """Send flow control as we say, for clones that do not do it themselves; whether that is possible."""
        address, content = flow_control(ecu)
        commands = (f"ATFCSH{address}", f"ATFCSD{content}", "ATFCSM1")
        return all([await self.tell(command) for command in commands])

    async def wait_longer(self) -> None:
        """Give a slow car 400 ms instead of 200, and the adaptation more room."""
        await self.tell("ATAT1")
        await self.tell("ATST64")

    async def _try_protocol(self, digit: str) -> tuple[Contact | None, Reply]:
        await self.tell(f"ATSP{digit}")
        reply = await self.request("0100", _SEARCH_SECONDS)
        if not reply.lines:
            return None, reply
        protocol = await self._protocol(reply.lines)
        if protocol is None:
            return None, reply
        assembly = assemble(reply.lines, protocol.family)
        if self.abilities.adaptive and protocol.family.is_can:
            await self.tell("ATAT2")  # CAN answers at once; the slow ones need the careful adaptation
        self.abilities.counts = await self._counts_frames(assembly, protocol.family, len(reply.lines))
        return Contact(protocol, assembly), reply

    async def _protocol(self, lines: Sequence[str]) -> Protocol | None:
        """What the adapter tells counts only if the answer looks like it."""
        told = (await self.link.ask("ATDPN")).text.upper().removeprefix("A")
        protocol = PROTOCOLS.get(told)
        if protocol is not None and _answers(assemble(lines, protocol.family)):
            return protocol
        family = guess_family(lines)
        return next((row for row in PROTOCOLS.values() if row.family is family), None)

    async def _counts_frames(self, seen: Assembly, family: Family, frames: int) -> bool:
        """Whether ``0100`` with a number behind it brings the same answer."""
        try:
            reply = await self.request(f"0100{frames:X}")
        except AdapterSilent:
            return False
        return bool(reply.lines) and assemble(reply.lines, family).messages == seen.messages


def _answers(assembly: Assembly) -> bool:
    return any(message.payload[:2] == b"\x41\x00" for message in assembly.messages)


async def set_up(link: Link) -> Adapter:
    """Reset an adapter and make it speak as briefly as it can.

    Raises:
        AdapterLost: nobody who could be an adapter answers; ``silent`` or ``nonsense``.
    """
    await asyncio.to_thread(load_library)
    await link.settle()
    try:
        name = (await link.ask("ATZ", _RESET_SECONDS)).text
        accepted = {command: "OK" in (await link.ask(command)).text.upper() for command in _SETUP}
    except AdapterSilent:
        raise AdapterLost("silent") from None
    if not accepted["ATE0"]:
        raise AdapterLost("nonsense")
    stn = await link.ask("STI")
    if stn.verdict is Verdict.OK and stn.text.upper().startswith("STN"):
        name = stn.text
    abilities = Abilities(adaptive=accepted["ATAT1"])
    return Adapter(link, name[:80] or "ELM327", abilities)


async def open_adapter(address: str) -> Adapter:
    """Open and set up the adapter at ``socket://host:port`` or a device; serial lines at the rate that works.

    Raises:
        AdapterLost: there is none, or it does not answer at any rate.
    """
    problem = AdapterLost("silent")
    for baud in BAUDS[:1] if is_network(address) else BAUDS:
        link = Link(await open_transport(address, baud))
        try:
            return await set_up(link)
        except AdapterLost as error:
            await link.close()
            problem = error
        except BaseException:
            await link.close()
            raise
    raise problem
