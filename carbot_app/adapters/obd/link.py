"""One question, one answer: the talk with an adapter, whose prompt ``>`` ends every answer."""

import asyncio

from carbot_app.adapters.obd.errors import AdapterLost, AdapterSilent
from carbot_app.adapters.obd.replies import PROMPT, Reply, parse
from carbot_app.adapters.obd.transports import Transport

_MOST = 64 * 1024
"""Bytes of one answer; an adapter that sends more without a prompt has lost its mind."""
_PATIENCE = 3
"""Requests in a row that may stay without a prompt."""
_QUIET = 0.05


class Link:
    """Sends commands to one adapter, one at a time; not for several tasks at once."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._rest = b""
        self._silent = 0
        self.asked = 0
        """Requests so far."""

    async def ask(self, command: str, seconds: float = 2.0) -> Reply:
        """Send a command and wait for the prompt.

        Raises:
            AdapterSilent: no prompt came in time; the request has been broken off.
            AdapterLost: the adapter is gone, or was silent several times in a row.
        """
        self._rest = b""  # whatever came unasked belongs to no question
        self.asked += 1
        await self._transport.write(command.encode("ascii") + b"\r")
        try:
            async with asyncio.timeout(seconds):
                raw = await self._until_prompt()
        except TimeoutError:
            await self._break_off()
            raise AdapterSilent("no_answer") from None
        self._silent = 0
        return parse(raw, command)

    async def settle(self) -> None:
        """Wait until an adapter in an unknown state says nothing more."""
        await self._transport.write(b"\r")
        try:
            while True:
                async with asyncio.timeout(_QUIET * 6):
                    await self._transport.read()
        except TimeoutError:
            self._rest = b""

    async def close(self) -> None:
        """Let go of the adapter."""
        await self._transport.close()

    async def _until_prompt(self) -> bytes:
        while PROMPT not in self._rest:
            self._rest += await self._transport.read()
            if len(self._rest) > _MOST:
                raise AdapterLost("nonsense")
        raw, _, self._rest = self._rest.partition(PROMPT)
        return raw

    async def _break_off(self) -> None:
        """Any byte makes an adapter stop and show its prompt."""
        self._silent += 1
        if self._silent >= _PATIENCE:
            raise AdapterLost("silent")
        await self._transport.write(b"\r")
        try:
            while True:
                async with asyncio.timeout(_QUIET * 4):
                    await self._transport.read()
        except TimeoutError:
            self._rest = b""
