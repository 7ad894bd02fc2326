"""Web sockets that show a session to browsers: live while it runs, and as a replay of what was recorded.

Both send text frames of JSON; ``t`` names the kind and times are milliseconds since 1970 (UTC):

- ``{"t":"session","state":…,"started_ms":…,"ended_ms":…}`` first of all
- ``{"t":"latest","base_ms":…,"rows":[[0,pid,value],…]}`` the newest value of each signal, when a browser
  joins
- ``{"t":"samples","base_ms":…,"rows":[[ms after base,pid,value],…]}`` readings, a frame per batch of the
  agent (10 a second); pid as in domains/diagnostics/wire.py, unit and normal band by
  domains/diagnostics/signals.py
- ``{"t":"state","state":…,"reason":…}``, ``{"t":"codes"}``, ``{"t":"cleared","ok":…}``,
  ``{"t":"mark","at_ms":…,"text":…,"by":…}``
- of a replay also ``{"t":"gap","from_ms":…,"to_ms":…}``, where nothing was read and time is skipped, and
  ``{"t":"end"}``
- ``{}`` now and then, which keeps proxies from closing a quiet connection

Closes with 4401 when the session of the person has ended, 4403 for pages of other sites, 4404 for an unknown
session.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import anyio
import orjson
from fastapi import APIRouter, Query, Response, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from carbot_app.api.dependencies import CurrentServices, StaffActor, is_same_origin, services_of
from carbot_app.api.diagnostics_agent import UNKNOWN, hub_of
from carbot_app.api.diagnostics_replay import FASTEST, SLOWEST, Replay
from carbot_app.api.live import CROSS_SITE, SIGNED_OUT, find_actor
from carbot_app.domains.diagnostics import orders
from carbot_app.domains.diagnostics.recordings import CSV, PARQUET
from carbot_app.domains.diagnostics.schemas import SessionView
from carbot_app.domains.diagnostics.service import READ
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import epoch_ms
from carbot_app.kit.errors import NotFound

LOOK_EVERY_SECONDS = 10.0
LOOKS_PER_CHECK = 6
"""So a revoked session loses its stream within a minute."""
CONTROL_LIMIT = 500
_TYPES = {CSV: "text/csv; charset=utf-8", PARQUET: "application/vnd.apache.parquet"}

router = APIRouter()
_Found = tuple[Actor, SessionView]


@router.websocket("/api/diagnostics/sessions/{session_id}/live")
async def live(websocket: WebSocket, session_id: UUID) -> None:
    """What the car says now; what a browser sends is ignored."""
    found = await _enter(websocket, session_id)
    if found is None:
        return
    bus = services_of(websocket).live
    async with bus.subscribe(orders.readings_channel(session_id)) as readings:
        await _send(websocket, _about(found[1]))
        await _together(
            partial(_forward, websocket, readings),
            partial(_keep_looking, websocket, found[0].workshop_id, session_id),
            partial(_until_gone, websocket),
        )


@router.websocket("/api/diagnostics/sessions/{session_id}/replay")
async def replay(
    websocket: WebSocket,
    session_id: UUID,
    speed: Annotated[float, Query(ge=SLOWEST, le=FASTEST)] = 1.0,
    from_ms: Annotated[int | None, Query(ge=0, le=2**42)] = None,
) -> None:
    """What was recorded, 1 to 20 times as fast as it happened.

    The browser may send ``{"speed":1…20}``, ``{"paused":true|false}`` and ``{"seek_ms":…}`` at any time.
    """
    found = await _enter(websocket, session_id)
    if found is None:
        return
    actor, session = found
    recordings = services_of(websocket).diagnostics.recordings
    playing = Replay(partial(recordings.list_pieces, actor, session_id), speed=speed, from_ms=from_ms)
    await _send(websocket, _about(session))
    await _together(
        partial(playing.play, partial(_send, websocket)),
        partial(_hear_controls, websocket, playing),
        partial(_check, websocket),
    )


@router.get("/api/diagnostics/sessions/{session_id}/recording.{kind}", include_in_schema=False)
async def recording(
    services: CurrentServices, actor: StaffActor, session_id: UUID, kind: Literal["csv", "parquet"]
) -> Response:
    """Every reading of a session as a file."""
    content = await run_in_threadpool(services.diagnostics.recordings.export, actor, session_id, kind)
    name = f"diagnose-{session_id}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(content, media_type=_TYPES[kind], headers=headers)


async def _enter(websocket: WebSocket, session_id: UUID) -> _Found | None:
    await websocket.accept()
    if not is_same_origin(websocket):
        await websocket.close(CROSS_SITE)
        return None
    actor = await find_actor(websocket)
    if actor is None or not actor.can(READ):
        await websocket.close(SIGNED_OUT)
        return None
    sessions = services_of(websocket).diagnostics.sessions
    try:
        return actor, await run_in_threadpool(sessions.get_session, actor, session_id)
    except NotFound:
        await websocket.close(UNKNOWN)
        return None


def _about(session: SessionView) -> dict[str, Any]:
    return {
        "t": "session",
        "state": session.state,
        "started_ms": epoch_ms(session.started_at),
        "ended_ms": epoch_ms(session.ended_at) if session.ended_at else None,
    }


async def _together(*works: Callable[[], Awaitable[None]]) -> None:
    """Until the first of them is done."""
    async with anyio.create_task_group() as tasks:

        async def run(work: Callable[[], Awaitable[None]]) -> None:
            # Sending to a browser that left this moment is no error
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await work()
            tasks.cancel_scope.cancel()

        for work in works:
            tasks.start_soon(run, work)


async def _forward(websocket: WebSocket, readings: AsyncIterator[dict[str, Any]]) -> None:
    async for message in readings:
        await _send(websocket, message)


async def _keep_looking(websocket: WebSocket, workshop_id: UUID, session_id: UUID) -> None:
    """Whoever holds the agent publishes readings only while somebody looks."""
    look = {"do": orders.LOOK, "session": str(session_id)}
    channel = orders.orders_channel(workshop_id)
    while True:
        for _ in range(LOOKS_PER_CHECK):
            hub_of(websocket).publish_to(channel, look)
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await _send(websocket, {})
        if await find_actor(websocket) is None:
            await websocket.close(SIGNED_OUT)
            return


async def _check(websocket: WebSocket) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS * LOOKS_PER_CHECK)
        if await find_actor(websocket) is None:
            await websocket.close(SIGNED_OUT)
            return


async def _until_gone(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        continue


async def _hear_controls(websocket: WebSocket, playing: Replay) -> None:
    while (frame := await websocket.receive())["type"] != "websocket.disconnect":
        text = frame.get("text") or ""
        with contextlib.suppress(ValueError):
            control = orjson.loads(text) if len(text) <= CONTROL_LIMIT else None
            if isinstance(control, dict):
                playing.control(control)


async def _send(websocket: WebSocket, message: dict[str, Any]) -> None:
    await websocket.send_text(orjson.dumps(message).decode())
