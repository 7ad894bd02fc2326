"""What stands around Reflex: the bare address, public pages, files for search engines, headers."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from carbot_app.api.discovery import discovery_routes
from carbot_app.api.http_headers import HttpHeaders
from carbot_app.api.page_templates import PageTemplates, PublicPage
from carbot_app.api.public_pages import PublicPages
from carbot_app.api.workshop_page import workshop_page
from carbot_app.domains.team.schemas import WorkshopView

_SEARCHABLE = ("termin", "chat")
Layer = Starlette | Callable[[ASGIApp], ASGIApp]


class PublicWorkshops(Protocol):
    """Where public pages find their workshop; the team service."""

    def find_public_workshop(self, slug: str) -> WorkshopView | None:
        """The workshop with this slug, None when there is none."""
        ...

    def list_public_slugs(self) -> Iterable[str]:
        """Slugs of all workshops, for search engines."""
        ...


def web_layers(static_dir: Path, public_url: str, workshops: PublicWorkshops) -> list[Layer]:
    """Transformers for ``rx.App(api_transformer=…)``, innermost first.

    Args:
        static_dir: the built frontend.
        public_url: address customers see, without trailing slash.
        workshops: looked up in a thread.
    """

    def find_page(slug: str, page: str, language: str) -> PublicPage | None:
        workshop = workshops.find_public_workshop(slug)
        return workshop_page(workshop, page, language) if workshop else None

    def with_public_pages(inner: ASGIApp) -> ASGIApp:
        return PublicPages(inner, PageTemplates(static_dir), find_page, public_url)

    def with_headers(inner: ASGIApp) -> ASGIApp:
        return HttpHeaders(inner, static_dir, secure=public_url.startswith("https:"))

    routes = [Route("/", to_today), *discovery_routes(workshops.list_public_slugs, _SEARCHABLE, public_url)]
    return [Starlette(routes=routes), with_public_pages, with_headers]


async def to_today(request: Request) -> RedirectResponse:
    """Whoever opens the bare address works here."""
    return RedirectResponse("/heute/", status_code=302)
