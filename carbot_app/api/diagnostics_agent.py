"""Web sockets that bring readings in: agents near the cars, and browsers that relay an adapter's bytes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from uuid import UUID

import anyio
from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect, WebSocketState

from carbot_app.api.dependencies import is_same_origin, limits_of, services_of
from carbot_app.api.diagnostics_hub import DiagnosticHub
from carbot_app.api.diagnostics_line import REVOKED, AgentLine, Cut
from carbot_app.api.live import CROSS_SITE, SIGNED_OUT, find_actor
from carbot_app.api.rate_limits import client_address
from carbot_app.domains.diagnostics import states, wire
from carbot_app.domains.diagnostics.agents import PREFIX, RUN
from carbot_app.kit.errors import AppError, TooMany

UNKNOWN, FLOODING = 4404, 4429
ATTEMPTS_PER_MINUTE = 30
"""Connections with a token that is none, per address."""
KEEP_SECONDS = 1.0
CHUNK_LIMIT = 16 * 1024
"""Bytes of an adapter in one frame."""

router = APIRouter()


def hub_of(websocket: WebSocket) -> DiagnosticHub:
    """What the streams of this process share."""
    return websocket.app.state.diagnostics


@router.websocket("/api/diagnostics/agent")
async def agent(websocket: WebSocket) -> None:
    """An agent: ``Authorization: Bearer cba_…``, then the messages of domains/diagnostics/wire.py.

    Closes with 4401 when the token is unknown or revoked, 4400 after too much that is no message, 4409 when
    the same agent has connected again, 4429 when it floods, 1009 for a frame that is too large.
    """
    await websocket.accept()
    token = websocket.headers.get("authorization", "").removeprefix("Bearer ").strip()
    services = services_of(websocket)
    actor = await run_in_threadpool(services.diagnostics.agents.resolve_agent, token[:200])
    if actor is None:
        await _refuse_token(websocket, token)
        return

    async def send(message: wire.ServerMessage) -> None:
        await websocket.send_text(wire.encode(message))

    line = AgentLine(services, hub_of(websocket), actor, send)
    code = await run_line(line, partial(_read, websocket, line))
    await _close(websocket, code)


@router.websocket("/api/diagnostics/relay")
async def relay(websocket: WebSocket, session: UUID) -> None:
    """A browser with the adapter (Web Serial, Web Bluetooth) that passes its bytes on, as binary frames.

    ``session`` was opened for the way ``relay`` (DiagnosticService.open_session). The server speaks to the
    car. Text frames of the browser are ignored. Closes with 4401 without a session of staff, 4403 for pages
    of other sites, 4404 for a session that is none, or over.
    """
    await websocket.accept()
    if not is_same_origin(websocket):
        await websocket.close(CROSS_SITE)
        return
    actor = await find_actor(websocket)
    if actor is None or not actor.can(RUN):
        await websocket.close(SIGNED_OUT)
        return
    services = services_of(websocket)
    try:
        car = await run_in_threadpool(services.diagnostics.intake.relay_car, actor, session)
    except AppError:
        await websocket.close(UNKNOWN)
        return
    orders: asyncio.Queue[wire.ServerMessage] = asyncio.Queue()
    line = AgentLine(services, hub_of(websocket), actor, orders.put, way=states.RELAY)
    talk = services.diagnostics.talker.talk
    code = await run_line(line, partial(talk, _BrowserLink(websocket), car, line.hear, drain(orders)))
    await _close(websocket, code)


class _BrowserLink:
    """Is a ByteLink over the browser's web socket."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def read(self) -> bytes:
        while True:
            frame = await self._websocket.receive()
            if frame["type"] == "websocket.disconnect":
                return b""
            chunk = frame.get("bytes") or b""
            if len(chunk) > CHUNK_LIMIT:  # no adapter says that much at once
                return b""
            if chunk:
                return chunk

    async def write(self, chunk: bytes) -> None:
        try:
            await self._websocket.send_bytes(chunk)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise ConnectionError from error


async def run_line(line: AgentLine, *listen: Callable[[], Awaitable[None]]) -> int:
    """Until the agent leaves or is cut; returns the close code."""
    codes: list[int] = []

    async def run(work: Callable[[], Awaitable[None]], scope: anyio.CancelScope) -> None:
        try:
            await work()
        except Cut as cut:
            codes.append(cut.code)
        except (WebSocketDisconnect, RuntimeError, ConnectionError):
            # Sending to an agent that left this moment is no error
            pass
        scope.cancel()

    try:
        async with anyio.create_task_group() as tasks:
            for work in (*listen, line.obey, partial(line.keep, KEEP_SECONDS)):
                tasks.start_soon(run, work, tasks.cancel_scope)
    finally:
        # Also when the process ends: what has come in is stored
        with anyio.CancelScope(shield=True):
            await line.hang_up()
    return codes[0] if codes else 1000


async def _read(websocket: WebSocket, line: AgentLine) -> None:
    while True:
        frame = await websocket.receive()
        if frame["type"] == "websocket.disconnect":
            return
        await line.hear_frame(frame.get("text") or frame.get("bytes") or "")


async def drain(orders: asyncio.Queue[wire.ServerMessage]) -> AsyncIterator[wire.ServerMessage]:
    """Orders for a talker in this process, as they come."""
    while True:
        yield await orders.get()


async def _refuse_token(websocket: WebSocket, token: str) -> None:
    websocket.scope.setdefault("state", {})
    try:
        kind = "agent-token" if token.startswith(PREFIX) else "no-agent-token"
        await limits_of(websocket).spend(websocket, kind, client_address(websocket), ATTEMPTS_PER_MINUTE)
    except TooMany:
        await websocket.close(FLOODING)
        return
    await websocket.send_text(wire.encode(wire.Revoked()))
    await websocket.close(REVOKED)


async def _close(websocket: WebSocket, code: int) -> None:
    if websocket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError):
            await websocket.close(code)
