"""Public pages of a workshop (``/w/<slug>/…``): complete HTML before any script runs, see docs/adr/0002.

The frontend build prerenders each such page once per language for a placeholder slug. This middleware looks
the workshop up, puts its facts into that HTML and answers; everything else goes on to Reflex.
"""

import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from carbot_app.api.page_templates import PageTemplates, PublicPage, RenderedPage
from carbot_app.api.plain_pages import unknown_workshop_page
from carbot_app.kit.languages import LANGUAGES, best_language

_PUBLIC_PATH = re.compile(r"/w/(?P<slug>[^/]+)(?:/(?P<page>[a-z-]+))?/?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


FindPage = Callable[[str, str, str], PublicPage | None]
"""``(slug, page, language) -> PublicPage``; None when no such workshop is public. Called in a thread."""


class PublicPages:
    """ASGI middleware answering GET and HEAD below ``/w/``.

    Args:
        app: the rest of the application.
        templates: the prerendered pages.
        find_page: looks a workshop up.
        public_url: address customers see, without trailing slash.
    """

    def __init__(self, app: ASGIApp, templates: PageTemplates, find_page: FindPage, public_url: str) -> None:
        self._app = app
        self._templates = templates
        self._find_page = find_page
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        asked = _PUBLIC_PATH.fullmatch(scope["path"])
        if not asked or not self._is_page(asked["page"]):
            return await self._app(scope, receive, send)
        response = await self._answer(Request(scope), asked["slug"], asked["page"] or "")
        await response(scope, receive, send)
        return None

    def _is_page(self, page: str | None) -> bool:
        """The workshop's bare address is always ours: it shows its page or leads to the booking."""
        return not page or self._templates.has(page)

    async def _answer(self, request: Request, slug: str, page: str) -> Response:
        language, asked_language = language_of(request)
        shown = "termin" if not page and not self._templates.has("") else page
        facts = None
        if _SLUG.fullmatch(slug):
            facts = await run_in_threadpool(self._find_page, slug, shown, language)
        if facts is None:
            return RenderedPage(unknown_workshop_page(language)).response(request, status=404)
        if shown != page:
            return RedirectResponse(f"/w/{slug}/{shown}/", status_code=302)
        address = f"{self._public_url}/w/{slug}/{page}/" if page else f"{self._public_url}/w/{slug}/"
        return self._templates.render(page, language, facts, address, asked_language).response(request)


def language_of(request: Request) -> tuple[str, str]:
    """The language to answer in, and the one of ``?lang=``, empty when none of ours is asked for."""
    asked = request.query_params.get("lang", "")
    asked = asked if asked in LANGUAGES else ""
    return asked or best_language(request.headers.get("accept-language", "")), asked
