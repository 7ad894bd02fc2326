"""The chat widget's interface: any website may call it, nobody's cookies are looked at."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response, Security, WebSocket
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from carbot_app.api.dependencies import CurrentServices, limits_of, services_of
from carbot_app.api.rate_limits import client_address
from carbot_app.api.widget_events import answer_stream, message_json
from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.opening import is_open
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.warning_lamps import lamp_parts
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.colour import accent
from carbot_app.kit.errors import AppError, Unauthenticated
from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.live import conversation_channel, workshop_channel

PREFIX = "/api/widget/v1"
EXTRAS = "/widget-extras.js"
"""A module of the widget; unlike scripts, modules are fetched by the rules of CORS."""
SESSION_ENDED = 4401
PING_SECONDS = 25.0
_NOTHING_NEW = 2**31 - 1

router = APIRouter(prefix=PREFIX)
_bearer = HTTPBearer(auto_error=False)


class WidgetCors:
    """Lets every website's script read the widget's answers, without credentials (Fetch standard, 3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Accept-Language"],
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_widget = scope["type"] == "http" and scope["path"].startswith((f"{PREFIX}/", EXTRAS))
        await (self._open if is_widget else self._app)(scope, receive, send)


class ConversationStart(BaseModel):
    """Where and in which language somebody opened the chat."""

    language: str = Field(default="", max_length=35)
    page_url: str = Field(default="", max_length=2_000)


class PressedButton(BaseModel):
    """The button behind a message."""

    kind: Literal["slot", "reply", "lamp"]
    value: str = Field(max_length=200)


class CustomerMessage(BaseModel):
    """What the customer sends; ``client_id`` makes a repetition harmless."""

    client_id: str = Field(min_length=1, max_length=64)
    text: str
    choice: PressedButton | None = None
    basket: str = Field(default="", max_length=100)
    """Secret of photos sent before, see widget_media."""


class SeenUpTo(BaseModel):
    """How far the customer has read."""

    seq: int = Field(ge=0, le=_NOTHING_NEW)


async def public_budget(request: Request) -> None:
    """Count the request against its address."""
    per_minute = services_of(request).settings.public_rate_per_minute
    await limits_of(request).spend(request, "public", client_address(request), per_minute)


async def customer_actor(
    request: Request,
    conversation_id: UUID,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Actor:
    """The customer of the thread; Unauthenticated("chat_session_ended") for a wrong or missing secret."""
    await public_budget(request)
    if credentials is None:
        raise Unauthenticated("chat_session_ended")
    conversations = services_of(request).conversations
    return await run_in_threadpool(conversations.resolve_token, conversation_id, credentials.credentials)


Customer = Annotated[Actor, Depends(customer_actor)]


@router.get("/{slug}", dependencies=[Depends(public_budget)])
async def workshop(slug: str, services: CurrentServices, response: Response) -> dict[str, Any]:
    """Everything the widget shows before the first message."""
    view = await run_in_threadpool(services.team.get_public_workshop, slug)
    closed = await run_in_threadpool(_is_closed_today, services, view)
    response.headers["cache-control"] = "public, max-age=60"
    now = services.clock().astimezone(ZoneInfo(view.timezone))
    return {
        "slug": view.slug,
        "name": view.name,
        "short_name": view.short_name or view.name,
        "initial": (view.short_name or view.name)[:1].upper(),
        "phone": view.phone,
        "phone_href": view.phone_href,
        "city": view.city,
        "accent": _accent(view),
        "languages": list(LANGUAGES),
        "language": supported(view.language),
        "open_now": is_open(view.opening_hours, now) and not closed,
        "notices": {code: translate(code, "assistant.notice", workshop=view.name) for code in LANGUAGES},
        "privacy_url": f"/w/{view.slug}/datenschutz",
        "booking_url": f"/w/{view.slug}/termin",
        "imprint_url": f"/w/{view.slug}/impressum",
    }


@router.post("/{slug}/conversations", status_code=201, dependencies=[Depends(public_budget)])
async def start(slug: str, body: ConversationStart, services: CurrentServices) -> dict[str, str]:
    """Open a thread; the token is told once."""
    view = await run_in_threadpool(services.team.get_public_workshop, slug)
    language = supported(body.language or view.language)
    actor = services.team.public_actor(view, language=language)
    thread, token = await run_in_threadpool(
        lambda: services.conversations.start(actor, language=language, page_url=body.page_url)
    )
    return {"conversation_id": str(thread.conversation_id), "token": token}


@router.get("/conversations/{conversation_id}")
async def thread(
    actor: Customer,
    services: CurrentServices,
    after: Annotated[int, Query(ge=0, le=_NOTHING_NEW)] = 0,
) -> dict[str, Any]:
    """The thread from ``after`` on."""
    found = await run_in_threadpool(services.conversations.thread_for_customer, actor, after)
    return {
        "mode": found.mode,
        "agent_name": found.agent_name,
        "language": found.language,
        "messages": [message_json(message, found.language) for message in found.messages],
        "typing": None,
        "last_seq": found.last_seq,
    }


@router.post("/conversations/{conversation_id}/messages")
async def send(
    request: Request, actor: Customer, body: CustomerMessage, services: CurrentServices
) -> StreamingResponse:
    """Store a message and stream its answer as server-sent events; a repeated ``client_id`` replays."""
    await chat_budget(request, actor)
    choice = Choice(body.choice.kind, body.choice.value) if body.choice else None
    words: dict[str, Any] = {"text": body.text, "client_id": body.client_id, "parts": lamp_parts(choice)}

    def store() -> tuple[MessageView, bool]:
        if body.basket:
            return services.media.files.send_photos(actor, basket=body.basket, **words)
        return services.conversations.add_customer_message(actor, **words)

    message, is_new = await run_in_threadpool(store)
    return streaming(await answer_stream(services, actor, message, choice, is_new=is_new))


async def chat_budget(request: Request, actor: Actor) -> None:
    """Count a message against its conversation."""
    per_minute = services_of(request).settings.chat_rate_per_minute
    await limits_of(request).spend(request, "chat", str(actor.subject_id), per_minute)


def streaming(events: AsyncIterator[bytes]) -> StreamingResponse:
    """An answer as server-sent events."""
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@router.post("/conversations/{conversation_id}/human", status_code=202)
async def human(actor: Customer, services: CurrentServices) -> None:
    """Ask for a person."""
    await run_in_threadpool(services.conversations.request_human, actor)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(actor: Customer, services: CurrentServices) -> None:
    """Tell staff that the customer is writing."""
    hint = {"topic": "typing", "id": str(actor.subject_id), "kind": "customer.typing"}
    await run_in_threadpool(services.live.publish, workshop_channel(actor.workshop_id), hint)


@router.post("/conversations/{conversation_id}/seen", status_code=204)
async def seen(actor: Customer, body: SeenUpTo, services: CurrentServices) -> None:
    """Note how far the customer has read."""
    await run_in_threadpool(services.conversations.mark_customer_seen, actor, body.seq)


@router.websocket("/conversations/{conversation_id}/live")
async def live(websocket: WebSocket, conversation_id: UUID, token: str = "") -> None:
    """Hints for one customer: ``changed``, ``typing`` and ``mode``; closes with 4401 for a wrong secret."""
    await websocket.accept()
    services = services_of(websocket)
    try:
        actor = await run_in_threadpool(services.conversations.resolve_token, conversation_id, token)
    except AppError:
        await websocket.close(SESSION_ENDED)
        return
    async with services.live.subscribe(conversation_channel(conversation_id)) as hints:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await _until_one_ends(
                _forward(websocket, services, actor, hints), _ping(websocket), _read(websocket)
            )


async def _until_one_ends(*work: Any) -> None:
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forward(
    websocket: WebSocket, services: Services, actor: Actor, hints: AsyncIterator[dict[str, Any]]
) -> None:
    told = await _tell_mode(websocket, services, actor, None)
    async for hint in hints:
        await websocket.send_json(hint)
        if hint.get("type") == "changed":
            told = await _tell_mode(websocket, services, actor, told)


async def _tell_mode(
    websocket: WebSocket, services: Services, actor: Actor, told: tuple[str, str | None] | None
) -> tuple[str, str | None]:
    """Say who answers if it is not what was told before; the first time in any case."""
    found = await run_in_threadpool(services.conversations.thread_for_customer, actor, _NOTHING_NEW)
    mode = (found.mode, found.agent_name)
    if mode != told:
        await websocket.send_json({"type": "mode", "mode": mode[0], "agent_name": mode[1]})
    return mode


async def _ping(websocket: WebSocket) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        await websocket.send_json({})


async def _read(websocket: WebSocket) -> None:
    while True:
        await websocket.receive_text()


def _is_closed_today(services: Services, view: WorkshopView) -> bool:
    actor = services.team.public_actor(view, language=view.language)
    return services.booking.is_closed(actor, services.clock().astimezone(ZoneInfo(view.timezone)).date())


def _accent(view: WorkshopView) -> dict[str, dict[str, str]]:
    colours = accent(view.accent_hue, view.accent_chroma)
    return {
        "light": {
            "primary": colours.primary,
            "content": colours.primary_content,
            "soft": colours.soft,
            "ink": colours.ink,
        },
        "dark": {
            "primary": colours.dark_primary,
            "content": colours.dark_primary_content,
            "soft": colours.dark_soft,
            "ink": colours.dark_ink,
        },
    }
