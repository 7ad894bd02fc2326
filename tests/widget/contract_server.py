"""A marked stand-in for the widget API, for tests of the bundle alone: scripted answers, no workshop.

The real API is tested against the same bundle end to end; what is imitated here is only its wire contract.
The first words of a message choose the script (contract_scripts.py); everything else is answered by an echo.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.peers.http_server import HttpServer
from tests.widget.contract_scripts import SCRIPTS, SLUG, WORKSHOP

BUNDLE = Path(__file__).resolve().parents[2] / "assets" / "widget.js"
EXTRAS = BUNDLE.with_name("widget-extras.js")
MESSAGE_LIMIT = 4_000
BREAK_S = 0.8


@dataclass
class Conversation:
    """What the stand-in keeps of one conversation."""

    id: str
    token: str
    language: str
    messages: list[dict] = field(default_factory=list)
    by_client_id: dict[str, list[dict]] = field(default_factory=dict)
    mode: str = "assistant"
    agent_name: str | None = None
    sockets: dict[WebSocket, asyncio.Task] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    seen: int = 0
    typed: int = 0


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def event(name: str, payload: dict) -> bytes:
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n".encode()


class ContractServer:
    """Serves the bundle, host pages and the API on one port; ``localhost`` plays the foreign site."""

    def __init__(self) -> None:
        self._http = HttpServer(self._app())
        self.api_origin = self._http.origin
        self.host_origin = f"http://localhost:{self._http.port}"
        self.writings: set[asyncio.Task] = set()
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.reset()

    def reset(self) -> None:
        """Forgets every conversation and brings the pauses back to their defaults."""
        self.conversations: dict[str, Conversation] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.posted: list[dict] = []
        self.word_pause_s = 0.0
        self.reply_pause_s = 0.0
        self.refuse_next: JSONResponse | None = None
        self.refuse_photo: JSONResponse | None = None
        self.refuse_extras = 0
        self.photo_pause_s = 0.0
        self.baskets: dict[str, dict[str, bytes]] = {}
        self.spoken: list[bytes] = []

    # -- running ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._http.start()

    def stop(self) -> None:
        self._http.stop()

    def call(self, coroutine) -> None:
        """Runs a coroutine of the server from the test's own thread."""
        asyncio.run_coroutine_threadsafe(coroutine, self._http.loop).result(10)

    @property
    def only(self) -> Conversation:
        (conversation,) = self.conversations.values()
        return conversation

    def staff_writes(self, text: str, name: str = "Jana Krüger") -> None:
        conversation = self.only
        conversation.mode, conversation.agent_name = "human", name
        self._store(conversation, "staff", text, author_name=name)
        self.call(self._push(conversation, {"type": "mode", "mode": "human", "agent_name": name}))
        self.call(self._changed(conversation))

    def staff_types(self, name: str = "Jana Krüger") -> None:
        self.call(self._push(self.only, {"type": "typing", "name": name}))

    def drop_sockets(self) -> None:
        for task in list(self.only.sockets.values()):
            self._http.loop.call_soon_threadsafe(task.cancel)

    # -- the contract ----------------------------------------------------------------------------------------

    def _app(self) -> Starlette:
        root = "/api/widget/v1"
        one = root + "/conversations/{id}"
        return Starlette(
            routes=[
                Route("/widget.js", self._bundle),
                Route("/widget-extras.js", self._extras),
                Route("/page/{name}", self._page),
                Route(root + "/photos", self._photo_added, methods=["POST"]),
                Route(root + "/photos/{id}", self._photo, methods=["GET", "DELETE"]),
                Route(root + "/{slug}/photo-baskets", self._basket, methods=["POST"]),
                Route(one + "/voice", self._voice, methods=["POST"]),
                Route(one + "/files/{file}", self._file),
                Route(root + "/{slug}", self._workshop),
                Route(root + "/{slug}/conversations", self._create, methods=["POST"]),
                Route(one, self._thread),
                Route(one + "/messages", self._answer, methods=["POST"]),
                Route(one + "/human", self._human, methods=["POST"]),
                Route(one + "/typing", self._typing, methods=["POST"]),
                Route(one + "/seen", self._seen, methods=["POST"]),
                WebSocketRoute(one + "/live", self._live),
            ],
            middleware=[
                Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
            ],
        )

    def _note(self, request: Request) -> None:
        self.requests.append((request.method, request.url.path, dict(request.headers)))

    async def _bundle(self, request: Request) -> Response:
        return FileResponse(BUNDLE, media_type="text/javascript")

    async def _extras(self, request: Request) -> Response:
        if self.refuse_extras:
            self.refuse_extras -= 1
            return Response(status_code=503)
        return FileResponse(EXTRAS, media_type="text/javascript")

    async def _basket(self, request: Request) -> Response:
        token = uuid.uuid4().hex
        self.baskets[token] = {}
        return JSONResponse({"token": token}, 201)

    def _basket_of(self, request: Request) -> dict[str, bytes]:
        return self.baskets[request.headers["authorization"].removeprefix("Bearer ")]

    async def _photo_added(self, request: Request) -> Response:
        content = await request.body()
        await asyncio.sleep(self.photo_pause_s)
        if self.refuse_photo:
            refusal, self.refuse_photo = self.refuse_photo, None
            return refusal
        name = str(uuid.uuid4())
        self._basket_of(request)[name] = content
        return JSONResponse({"id": name, "width": 1, "height": 1}, 201)

    async def _photo(self, request: Request) -> Response:
        basket = self._basket_of(request)
        if request.method == "DELETE":
            basket.pop(request.path_params["id"], None)
            return Response(status_code=204)
        return Response(basket[request.path_params["id"]], media_type="image/jpeg")

    async def _file(self, request: Request) -> Response:
        if not (conversation := self._find(request)):
            return problem(401, "conversation_not_found", "Dieses Gespräch gibt es nicht mehr.")
        return Response(conversation.files[request.path_params["file"]], media_type="image/jpeg")

    async def _voice(self, request: Request) -> Response:
        if not (conversation := self._find(request)):
            return problem(401, "conversation_not_found", "Dieses Gespräch gibt es nicht mehr.")
        self.spoken.append(await request.body())
        body = {"client_id": request.query_params["client_id"], "text": "", "voice": True}
        return StreamingResponse(self._stream(conversation, body), media_type="text/event-stream")

    async def _page(self, request: Request) -> Response:
        html, headers = self.pages[request.path_params["name"]]
        return HTMLResponse(html, headers=headers)

    async def _workshop(self, request: Request) -> Response:
        self._note(request)
        if request.path_params["slug"] != SLUG:
            return problem(404, "workshop_not_found", "Diese Werkstatt gibt es nicht.")
        return JSONResponse(WORKSHOP)

    async def _create(self, request: Request) -> Response:
        self._note(request)
        body = await request.json()
        conversation = Conversation(str(uuid.uuid4()), uuid.uuid4().hex, body["language"])
        self.conversations[conversation.id] = conversation
        return JSONResponse({"conversation_id": conversation.id, "token": conversation.token}, 201)

    def _find(self, request: Request) -> Conversation | None:
        self._note(request)
        conversation = self.conversations.get(request.path_params["id"])
        if conversation and request.headers.get("authorization") == f"Bearer {conversation.token}":
            return conversation
        return None

    async def _thread(self, request: Request) -> Response:
        if not (conversation := self._find(request)):
            return problem(404, "conversation_not_found", "Dieses Gespräch gibt es nicht mehr.")
        after = int(request.query_params.get("after", 0))
        return JSONResponse(
            {
                "mode": conversation.mode,
                "agent_name": conversation.agent_name,
                "language": conversation.language,
                "messages": [message for message in conversation.messages if message["seq"] > after],
                "typing": None,
                "last_seq": len(conversation.messages),
            }
        )

    async def _answer(self, request: Request) -> Response:
        if not (conversation := self._find(request)):
            return problem(401, "conversation_not_found", "Dieses Gespräch gibt es nicht mehr.")
        if self.refuse_next:
            refusal, self.refuse_next = self.refuse_next, None
            return refusal
        body = await request.json()
        self.posted.append(body)
        if len(body["text"]) > MESSAGE_LIMIT:
            return problem(413, "message_too_long", "Die Nachricht ist zu lang.")
        return StreamingResponse(self._stream(conversation, body), media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, body: dict) -> AsyncIterator[bytes]:
        """What is written, until the client leaves or the script breaks off; the writing itself goes on."""
        if body["client_id"] in conversation.by_client_id:
            for message in conversation.by_client_id[body["client_id"]]:
                yield event("message", message)
            yield event("done", {"last_seq": len(conversation.messages)})
            return
        output: asyncio.Queue[bytes | None] = asyncio.Queue()
        writing = asyncio.create_task(self._write(conversation, body, output))
        self.writings.add(writing)
        writing.add_done_callback(self.writings.discard)
        while (piece := await output.get()) is not None:
            yield piece

    async def _write(self, conversation: Conversation, body: dict, output: asyncio.Queue) -> None:
        written = conversation.by_client_id.setdefault(body["client_id"], [])
        written.append(self._store(conversation, "customer", body["text"]))
        photos = self.baskets.pop(body.get("basket", ""), {})
        conversation.files.update(photos)
        written[0]["files"] = [{"id": name, "kind": "photo"} for name in photos]
        if body.get("voice"):
            written[0]["files"] = [{"id": str(uuid.uuid4()), "kind": "voice"}]
        if lamp := (body.get("choice") or {}).get("kind") == "lamp" and body["choice"]["value"]:
            written[0]["parts"] = [{"type": "lamp", "lamp": lamp}]
        output.put_nowait(event("message", written[0]))
        await self._changed(conversation)
        if conversation.mode == "assistant":
            text, parts = self._script(body["text"])
            answer_id = str(uuid.uuid4())
            words = text.split(" ")
            for index, word in enumerate(words):
                if body["text"].startswith("break") and index == len(words) // 2:
                    output.put_nowait(None)
                    await asyncio.sleep(BREAK_S)
                piece = {"message_id": answer_id, "text": word + " " * (index < len(words) - 1)}
                output.put_nowait(event("delta", piece))
                await asyncio.sleep(self.word_pause_s)
            written.append(self._store(conversation, "assistant", text, parts, answer_id))
            output.put_nowait(event("message", written[-1]))
            await self._changed(conversation)
        await asyncio.sleep(self.reply_pause_s)
        output.put_nowait(event("done", {"last_seq": len(conversation.messages)}))
        output.put_nowait(None)

    @staticmethod
    def _script(text: str) -> tuple[str, list[dict]]:
        fitting = [key for key in SCRIPTS if text.startswith(key)]
        return SCRIPTS[max(fitting, key=len)] if fitting else (f"Sie schrieben: {text}", [])

    @staticmethod
    def _store(
        conversation: Conversation,
        author: str,
        text: str,
        parts: list[dict] | None = None,
        message_id: str | None = None,
        author_name: str | None = None,
    ) -> dict:
        message = {
            "id": message_id or str(uuid.uuid4()),
            "seq": len(conversation.messages) + 1,
            "author": author,
            "author_name": author_name,
            "text": text,
            "created_at": datetime.now(UTC).isoformat(),
            "parts": parts or [],
            "state": "complete",
        }
        conversation.messages.append(message)
        return message

    async def _human(self, request: Request) -> Response:
        if not (conversation := self._find(request)):
            return problem(401, "conversation_not_found", "Dieses Gespräch gibt es nicht mehr.")
        conversation.mode = "human"
        self._store(conversation, "system", "Ein Mensch aus dem Team übernimmt.")
        await self._push(conversation, {"type": "mode", "mode": "human", "agent_name": None})
        await self._changed(conversation)
        return Response(status_code=202)

    async def _typing(self, request: Request) -> Response:
        if conversation := self._find(request):
            conversation.typed += 1
        return Response(status_code=204)

    async def _seen(self, request: Request) -> Response:
        if conversation := self._find(request):
            conversation.seen = (await request.json())["seq"]
        return Response(status_code=204)

    async def _live(self, live: WebSocket) -> None:
        conversation = self.conversations.get(live.path_params["id"])
        if not conversation or live.query_params.get("token") != conversation.token:
            await live.close(4401)
            return
        await live.accept()
        conversation.sockets[live] = asyncio.current_task()
        try:
            while True:
                await live.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            del conversation.sockets[live]

    async def _push(self, conversation: Conversation, payload: dict) -> None:
        for live in list(conversation.sockets):
            await live.send_json(payload)

    async def _changed(self, conversation: Conversation) -> None:
        await self._push(conversation, {"type": "changed", "last_seq": len(conversation.messages)})
