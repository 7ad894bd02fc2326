"""Cars the server itself speaks to: through a browser that relays bytes, or an adapter at its own ports."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from carbot_app.adapters.obd.adapter import Adapter, open_adapter, set_up
from carbot_app.adapters.obd.engine import Engine, Event
from carbot_app.adapters.obd.link import Link
from carbot_app.adapters.obd.reporting import CarReporter, now_ms
from carbot_app.adapters.obd.transports import ByteLink, RelayTransport
from carbot_app.domains.diagnostics.wire import Ack, AgentMessage, Hello, ServerMessage, Start, State, Stop

Send = Callable[[AgentMessage], Awaitable[None]]
_WAITING = 1000
"""Messages the server may be behind; then the car is let go rather than readings lost silently."""


class ObdTalker:
    """A CarTalker (domains/diagnostics/ports.py): behaves like an agent, in the process of the server."""

    async def talk(self, link: ByteLink, car: str, send: Send, orders: AsyncIterator[ServerMessage]) -> None:
        """Speak to the car behind a link until the link is gone or a Stop comes; see CarTalker."""

        async def connect() -> Adapter:
            return await set_up(Link(RelayTransport(link)))

        await _talk(lambda tell: Engine(connect, tell, reconnect=False), car, send, orders)

    async def talk_to(self, address: str, car: str, send: Send, orders: AsyncIterator[ServerMessage]) -> None:
        """The same for an adapter of this machine, ``socket://host:port`` or a device, until a Stop comes."""
        await _talk(lambda tell: Engine(partial(open_adapter, address), tell), car, send, orders)


async def _talk(
    engine: Callable[[Callable[[Event], None]], Engine],
    car: str,
    send: Send,
    orders: AsyncIterator[ServerMessage],
) -> None:
    outgoing: asyncio.Queue[AgentMessage] = asyncio.Queue(_WAITING)

    def put(message: AgentMessage) -> None:
        try:
            if isinstance(message, Start):  # by now the adapter has said what it is
                outgoing.put_nowait(Hello("carbot-server", now_ms(), reporter.adapter))
            outgoing.put_nowait(message)
        except asyncio.QueueFull:
            raise ConnectionError("the server is too slow") from None

    reporter = CarReporter(engine, put, car)
    reporter.introduce()

    async def obey() -> None:
        async for order in orders:
            if isinstance(order, Ack):
                reporter.resume_after(order.seq)
            reporter.obey(order)
            if isinstance(order, Stop):
                reporter.stop()

    async def speak() -> None:
        while True:
            message = await outgoing.get()
            await send(message)
            if isinstance(message, State) and message.state == "ended":
                return

    speaking = asyncio.create_task(speak())
    obeying = asyncio.create_task(obey())
    running = asyncio.create_task(reporter.run())
    try:
        await asyncio.wait({speaking, running}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        await speaking  # the last word may still be in the queue
    finally:
        for task in (speaking, obeying, running):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
