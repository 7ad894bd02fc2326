"""Live channel of staff browsers: hints that something changed, never the content."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import anyio
from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from carbot_app.api.dependencies import SESSION_COOKIE, is_same_origin, services_of
from carbot_app.kit.actor import Actor
from carbot_app.kit.live import workshop_channel
from carbot_app.kit.metrics import LIVE_CONNECTIONS

SIGNED_OUT = 4401
CROSS_SITE = 4403
PING_SECONDS = 30.0
PINGS_PER_CHECK = 2
"""So a revoked session loses its channel within a minute."""
_PING: dict[str, Any] = {}
"""An empty message keeps proxies from closing a quiet connection; browsers ignore it."""

router = APIRouter()


@router.websocket("/api/live")
async def live(websocket: WebSocket) -> None:
    """Send ``{topic, id, kind}`` whenever something of the workshop changes.

    Closes with 4401 when the session has ended, 4403 for pages of other sites. Being connected does not count
    as using the session.
    """
    await websocket.accept()
    if not is_same_origin(websocket):
        await websocket.close(CROSS_SITE)
        return
    actor = await find_actor(websocket)
    if actor is None:
        await websocket.close(SIGNED_OUT)
        return
    bus = services_of(websocket).live
    async with bus.subscribe(workshop_channel(actor.workshop_id)) as hints:
        with LIVE_CONNECTIONS.track_inprogress():
            await _serve(websocket, hints)


async def _serve(websocket: WebSocket, hints: AsyncIterator[dict[str, Any]]) -> None:
    async with anyio.create_task_group() as tasks:

        async def run(work: Callable[[], Awaitable[None]]) -> None:
            # Sending to a browser that left this moment is no error.
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await work()
            tasks.cancel_scope.cancel()

        for work in (
            partial(_forward, websocket, hints),
            partial(_keep, websocket),
            partial(_until_gone, websocket),
        ):
            tasks.start_soon(run, work)


async def _forward(websocket: WebSocket, hints: AsyncIterator[dict[str, Any]]) -> None:
    async for hint in hints:
        await websocket.send_json(hint)


async def _keep(websocket: WebSocket) -> None:
    while True:
        for _ in range(PINGS_PER_CHECK):
            await asyncio.sleep(websocket.app.state.live_ping_seconds)
            await websocket.send_json(_PING)
        if await find_actor(websocket) is None:
            await websocket.close(SIGNED_OUT)
            return


async def _until_gone(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue


async def find_actor(websocket: WebSocket) -> Actor | None:
    """Who is signed in in this browser; asking does not count as using the session."""
    token = websocket.cookies.get(SESSION_COOKIE, "")
    if not token:
        return None
    identity = services_of(websocket).identity
    found = await run_in_threadpool(identity.resolve_session, token, touch=False)
    return found[0] if found else None
