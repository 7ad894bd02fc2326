"""The dashboard's figures in its HTML: they are read before the first script arrives.

The page is prerendered with one open row for a tile. This middleware asks for the figures of the address and
the cookie, and puts them in; the page's own state takes over when it has connected. Whoever is not signed in
gets the page without figures.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from carbot_app.api.dependencies import SESSION_COOKIE
from carbot_app.api.page_templates import RenderedPage
from carbot_app.kit.page_facts import FIGURES, Row, facts_element, fill_rows

PATH = "/auswertung/"
FindFigures = Callable[[str, Mapping[str, str]], Sequence[Row]]
"""``(session token, query parameters) -> rows``; none for whoever may not see them. Called in a thread."""


class FirstFigures:
    """ASGI middleware answering GET of the dashboard; everything else goes on."""

    def __init__(self, app: ASGIApp, static_dir: Path, find_figures: FindFigures) -> None:
        self._app = app
        self._file = static_dir.joinpath(*PATH.strip("/").split("/"), "index.html")
        self._find_figures = find_figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == PATH
        if not ours or not self._file.exists():
            return await self._app(scope, receive, send)
        response = await run_in_threadpool(self._answer, Request(scope))
        await response(scope, receive, send)
        return None

    def _answer(self, request: Request) -> Response:
        token = request.cookies.get(SESSION_COOKIE, "")
        rows = self._find_figures(token, dict(request.query_params)) if token else ()
        facts = facts_element({FIGURES: [dict(row) for row in rows]})
        page = fill_rows(self._template, {FIGURES: rows}).replace("</head>", facts + "</head>", 1)
        response = RenderedPage(page).response(request)
        response.headers["cache-control"] = "private, no-cache"
        return response

    @cached_property
    def _template(self) -> str:
        return self._file.read_text("utf-8")
