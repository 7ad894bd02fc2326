"""Stand-ins for Google Calendar v3 and Microsoft Graph v1.0 and their sign-in, after the reference.

Both can be told to misbehave. No emulator offers change tokens for either (Microsoft has none at all, npm
``emulate`` lacks update, get and syncToken for Google), so this is the one place that stands for them.
"""

import asyncio
import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "carbot-client", "carbot-secret"


@dataclass
class Cloud:
    """The state of both providers: one person, one calendar each, and how they behave."""

    trouble: str = ""
    """down, slow, lying, busy, forgetful (change tokens are over) or empty: as it should be."""
    revoked: bool = False
    rotate: bool = False
    """Each renewal gives a new refresh token and ends the old one, as Microsoft does."""
    google_events: dict[str, dict[str, Any]] = field(default_factory=dict)
    microsoft_events: dict[str, dict[str, Any]] = field(default_factory=dict)
    access_token: str = "access-0"
    refresh_token: str = "refresh-0"
    renewals: int = 0
    calls: list[str] = field(default_factory=list)
    page_size: int = 1_000

    def __post_init__(self) -> None:
        self._clock = itertools.count(1)
        self._challenges: dict[str, str] = {}
        self._redirects: dict[str, str] = {}

    def now(self) -> int:
        """Grows with every change."""
        return next(self._clock)

    def authorise(self, query: dict[str, str]) -> str:
        """A person says yes on the consent page; the code that comes back."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = uuid4().hex
        self._challenges[code], self._redirects[code] = query["code_challenge"], query["redirect_uri"]
        return code

    def app(self) -> Starlette:
        """The ASGI application: ``/google/…``, ``/graph/…`` and ``/token``."""
        google, graph = _Google(self), _Graph(self)
        event = "/google/calendars/{calendar:path}/events/{event}"
        mine = "/graph/me/calendars/{calendar}"
        return Starlette(
            routes=[
                Route("/token", self._token, methods=["POST"]),
                Route("/google/users/me/calendarList", self._guard(google.calendars)),
                Route(event, self._guard(google.event), methods=["GET", "PUT", "DELETE"]),
                Route(
                    "/google/calendars/{calendar:path}/events",
                    self._guard(google.events),
                    methods=["GET", "POST"],
                ),
                Route("/graph/me/calendars", self._guard(graph.calendars)),
                Route(f"{mine}/calendarView/delta", self._guard(graph.delta)),
                Route(f"{mine}/events", self._guard(graph.create), methods=["POST"]),
                Route("/graph/me/events/{event}", self._guard(graph.event), methods=["PATCH", "DELETE"]),
            ]
        )

    def _guard(self, endpoint: Any) -> Any:
        async def guarded(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path}")
            if self.trouble == "down":
                return PlainTextResponse("Bad Gateway", 502)
            if self.trouble == "slow":
                await asyncio.sleep(5)
            if self.trouble == "lying":
                return Response("<html>Wartungsarbeiten</html>", media_type="text/html")
            if self.trouble == "busy":
                return JSONResponse({"error": {"code": 429}}, 429, headers={"retry-after": "90"})
            if self.revoked or request.headers.get("authorization") != f"Bearer {self.access_token}":
                return JSONResponse({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, 401)
            return await endpoint(request)

        return guarded

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        if not self._is_granted(form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.renewals += 1
        self.access_token = f"access-{self.renewals}"
        if self.rotate:
            self.refresh_token = f"refresh-{self.renewals}"
        answer = {"access_token": self.access_token, "expires_in": 3599, "token_type": "Bearer"}
        if self.rotate or form["grant_type"] == "authorization_code":
            answer["refresh_token"] = self.refresh_token
        return JSONResponse(answer)

    def _is_granted(self, form: dict[str, str]) -> bool:
        if self.revoked:
            return False
        if form["grant_type"] == "refresh_token":
            return form["refresh_token"] == self.refresh_token
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = self._challenges.pop(form["code"], None)  # a code works once
        return known == challenge and self._redirects[form["code"]] == form["redirect_uri"]


class _Google:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def calendars(self, request: Request) -> Response:
        item = {"id": "meister@example.com", "summary": "Meister", "primary": True, "accessRole": "owner"}
        return JSONResponse({"kind": "calendar#calendarList", "items": [item]})

    async def events(self, request: Request) -> Response:
        return await self._insert(request) if request.method == "POST" else self._list(request)

    async def event(self, request: Request) -> Response:
        stored = self._cloud.google_events.get(request.path_params["event"])
        if stored is None:
            return _google_error(404, "notFound")
        if request.method == "GET":
            return JSONResponse(stored)
        if request.headers.get("if-match") not in (None, stored["etag"]):
            return _google_error(412, "conditionNotMet")
        if request.method == "DELETE":
            if stored["status"] == "cancelled":
                return _google_error(410, "deleted")
            self.change(stored["id"], status="cancelled")
            return Response(status_code=204)
        body = await request.json()
        return JSONResponse(self.change(stored["id"], **body))

    def change(self, event_id: str, **fields: Any) -> dict[str, Any]:
        """Write an event with the next version."""
        version = self._cloud.now()
        before = self._cloud.google_events.get(event_id, {"id": event_id, "status": "confirmed"})
        stored = {**before, **fields, "etag": f'"{version}"', "version": version}
        self._cloud.google_events[event_id] = stored
        return stored

    async def _insert(self, request: Request) -> Response:
        body = await request.json()
        event_id = body.setdefault("id", uuid4().hex)
        allowed = set("0123456789abcdefghijklmnopqrstuv")
        if not set(event_id) <= allowed or not 5 <= len(event_id) <= 1024:
            return _google_error(400, "invalid")
        if event_id in self._cloud.google_events:
            return _google_error(409, "duplicate")
        return JSONResponse(self.change(event_id, **body))

    def _list(self, request: Request) -> Response:
        query = request.query_params
        since = 0
        if token := query.get("syncToken"):
            if {"timeMin", "timeMax", "orderBy", "q"} & set(query):
                return _google_error(400, "syncTokenWithRequestRestrictions")
            if self._cloud.trouble == "forgetful":
                return _google_error(410, "fullSyncRequired")
            since = int(token.removeprefix("sync-"))
        found = [
            event
            for event in self._cloud.google_events.values()
            if event["version"] > since and (token or (event["status"] != "cancelled" and _in(event, query)))
        ]
        start = int(query.get("pageToken", "0"))
        page = found[start : start + self._cloud.page_size]
        # A deleted event of an incremental answer has nothing but its id and state.
        items = [
            event if event["status"] != "cancelled" else {"id": event["id"], "status": "cancelled"}
            for event in page
        ]
        more = start + len(page) < len(found)
        link = (
            {"nextPageToken": str(start + len(page))}
            if more
            else {"nextSyncToken": f"sync-{self._cloud.now()}"}
        )
        return JSONResponse({"kind": "calendar#events", "items": items, **link})


class _Graph:
    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def calendars(self, request: Request) -> Response:
        item = {"id": "AAMk-1", "name": "Kalender", "isDefaultCalendar": True, "canEdit": True}
        return JSONResponse({"value": [item]})

    async def create(self, request: Request) -> Response:
        body = await request.json()
        for stored in self._cloud.microsoft_events.values():
            if stored.get("transactionId") == body.get("transactionId") is not None:
                return _graph_error(409, "ErrorDuplicateTransactionId")
        return JSONResponse(self.change(f"AAMk-{uuid4().hex}", **body), 201)

    async def event(self, request: Request) -> Response:
        stored = self._cloud.microsoft_events.get(request.path_params["event"])
        if stored is None or stored.get("gone"):
            return _graph_error(404, "ErrorItemNotFound")
        if request.headers.get("if-match") not in (None, stored["@odata.etag"]):
            return _graph_error(412, "ErrorIrresolvableConflict")
        if request.method == "DELETE":
            self.change(stored["id"], gone=True)
            return Response(status_code=204)
        return JSONResponse(self.change(stored["id"], **await request.json()))

    def change(self, event_id: str, **fields: Any) -> dict[str, Any]:
        """Write an event with the next version."""
        version = self._cloud.now()
        before = self._cloud.microsoft_events.get(event_id, {"id": event_id, "type": "singleInstance"})
        stored = {**before, **fields, "@odata.etag": f'W/"{version}"', "version": version}
        self._cloud.microsoft_events[event_id] = stored
        return stored

    async def delta(self, request: Request) -> Response:
        query = request.query_params
        assert 'outlook.timezone="UTC"' in request.headers["prefer"]
        since = 0
        if token := query.get("$deltatoken"):
            if self._cloud.trouble == "forgetful":
                return _graph_error(410, "syncStateNotFound")
            since = int(token)
        elif not {"startDateTime", "endDateTime"} <= set(query) and "$skiptoken" not in query:
            return _graph_error(400, "ErrorInvalidParameter")
        skip = query.get("$skiptoken", "0-0").split("-")
        since, start = (int(skip[0]), int(skip[1])) if "$skiptoken" in query else (since, 0)
        found = [event for event in self._cloud.microsoft_events.values() if event["version"] > since]
        if not since:
            bounds = {"timeMin": query["startDateTime"], "timeMax": query["endDateTime"]}
            found = [event for event in found if not event.get("gone") and _in(event, bounds)]
        page = found[start : start + self._cloud.page_size]
        items = [
            {"id": event["id"], "@removed": {"reason": "deleted"}} if event.get("gone") else event
            for event in page
        ]
        base = str(request.url).partition("?")[0]
        bounds = [name for name in ("startDateTime", "endDateTime") if name in query]
        window = "".join(f"&{name}={query[name]}" for name in bounds)
        link = (
            {"@odata.nextLink": f"{base}?$skiptoken={since}-{start + len(page)}{window}"}
            if start + len(page) < len(found)
            else {"@odata.deltaLink": f"{base}?$deltatoken={self._cloud.now()}"}
        )
        return JSONResponse({"value": items, **link})


def _in(event: dict[str, Any], query: Any) -> bool:
    def instant(moment: dict[str, str]) -> datetime:
        found = datetime.fromisoformat(moment.get("dateTime") or moment["date"])
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    low, high = (datetime.fromisoformat(query[name]) for name in ("timeMin", "timeMax"))
    return instant(event["end"]) > low and instant(event["start"]) < high


def _google_error(status: int, reason: str) -> Response:
    error = {"code": status, "message": reason, "errors": [{"domain": "calendar", "reason": reason}]}
    return JSONResponse({"error": error}, status)


def _graph_error(status: int, code: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": code, "innerError": {}}}, status)
