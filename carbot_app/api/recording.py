"""Outermost layer of the API: request id, log line, metrics, size limit, and no stack trace for anybody."""

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carbot_app.api.problems import language_of, problem
from carbot_app.kit.ids import new_id
from carbot_app.kit.metrics import HTTP_REQUESTS, HTTP_SECONDS
from carbot_app.logging import places_of

MAX_BODY_BYTES = 1_000_000
_COUNT_THEMSELVES = re.compile(
    r"/api/(?:catalog/uploads|booking-photos|(?:appointments|wheel-sets)/[^/]+/photos)"
)
"""Take larger bodies, and stop reading at a limit of their own."""
_API = "/api/"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger()


class Recording:
    """ASGI middleware. Answers of the frontend are counted under one name and not logged one by one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = _Call(scope, receive, send)
        with structlog.contextvars.bound_contextvars(request_id=call.request_id):
            try:
                await self._app(scope, call.receive, call.send)
            except Exception as error:
                await self._fail(call, error)
            finally:
                call.record()

    async def _fail(self, call: "_Call", error: Exception) -> None:
        log.error("request.failed", error=type(error).__name__, places=places_of(error))
        if call.status:
            raise error
        request = Request(call.scope)
        answer = problem(language_of(request), "internal", 500, request_id=call.request_id)
        await answer(call.scope, call.receive, call.send)


class _Call:
    """One request on its way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.status = 0
        self._receive = receive
        self._send = send
        self._started = time.perf_counter()
        self._received = 0
        given = Headers(scope=scope).get("x-request-id", "")
        self.request_id = given if _GIVEN_ID.fullmatch(given) else new_id().hex
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        path = self.scope["path"]
        if (
            self._received > MAX_BODY_BYTES
            and path.startswith(_API)
            and not _COUNT_THEMSELVES.fullmatch(path)
        ):
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {"x-request-id": self.request_id, **self.scope["state"].get("answer_headers", {})}
            headers = MutableHeaders(scope=message)
            headers.raw.extend((name.encode(), value.encode()) for name, value in own.items())
            if self.scope["path"].startswith(_API):
                headers.setdefault("cache-control", "no-store")
        await self._send(message)

    def record(self) -> None:
        seconds = time.perf_counter() - self._started
        route = self._route()
        HTTP_REQUESTS.labels(self.scope["method"], route, self.status).inc()
        HTTP_SECONDS.labels(route).observe(seconds)
        if route != "frontend":
            log.info(
                "request",
                method=self.scope["method"],
                route=route,
                status=self.status,
                ms=round(seconds * 1000, 1),
            )

    def _route(self) -> str:
        """The template, never the path: paths hold ids, slugs and secrets of links."""
        path = self.scope["path"]
        if "route" not in self.scope:
            return "unknown" if path.startswith(_API) else "frontend"
        for name, value in self.scope["path_params"].items():
            before, _, after = path.rpartition(str(value))
            path = f"{before}{{{name}}}{after}"
        return path
