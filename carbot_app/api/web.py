"""What stands around Reflex: the bare address, public pages, files for search engines, headers."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from carbot_app.api.appointment_links import appointment_routes
from carbot_app.api.approval_links import approval_routes
from carbot_app.api.discovery import discovery_routes
from carbot_app.api.first_figures import FindFigures, FirstFigures
from carbot_app.api.http_headers import HttpHeaders
from carbot_app.api.page_templates import PageTemplates, PublicPage
from carbot_app.api.public_pages import PublicPages
from carbot_app.api.workshop_page import workshop_page
from carbot_app.bootstrap import Services
from carbot_app.config import Settings
from carbot_app.domains.catalog.schemas import Offer
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.schemas import WorkshopView

_SEARCHABLE = ("termin", "chat")
Layer = Starlette | Callable[[ASGIApp], ASGIApp]


def web_layers(static_dir: Path, services: Services, find_figures: FindFigures) -> list[Layer]:
    """Transformers for ``rx.App(api_transformer=…)``, innermost first."""
    public_url = services.settings.effective_public_url
    templates = PageTemplates(static_dir)
    model_host = urlsplit(services.settings.ai_base_url).hostname or ""

    def find_page(slug: str, page: str, language: str) -> PublicPage | None:
        workshop = services.team.find_public_workshop(slug)
        if workshop is None:
            return None
        offers = _offers(services, workshop, page, language)
        return workshop_page(workshop, page, language, offers, model_host)

    def with_public_pages(inner: ASGIApp) -> ASGIApp:
        return PublicPages(inner, templates, find_page, public_url)

    found = discovery_routes(services.team.list_public_slugs, _SEARCHABLE, public_url)
    links = [*appointment_routes(templates, services), *approval_routes(templates, services)]
    own = Starlette(routes=[Route("/", to_today), _ORDER, *found, *links])
    figures = partial(FirstFigures, static_dir=static_dir, find_figures=find_figures)
    headers = partial(with_headers, static_dir=static_dir, settings=services.settings)
    return [own, with_public_pages, figures, headers]


def with_headers(inner: ASGIApp, static_dir: Path, settings: Settings) -> ASGIApp:
    """The application with caching and security headers on its answers."""
    return HttpHeaders(inner, static_dir, secure=settings.effective_public_url.startswith("https:"))


def _offers(services: Services, workshop: WorkshopView, page: str, language: str) -> Sequence[Offer]:
    """What the booking page lists while the car is not known yet."""
    if page != "termin":
        return ()
    actor = services.team.public_actor(workshop, language=language)
    return services.catalog.list_offers(actor, vehicle=VehicleFacts(), language=language)


async def to_order(request: Request) -> RedirectResponse:
    """The short address of an order, as notices and labels carry it."""
    return RedirectResponse(f"/auftraege/auftrag/?id={request.path_params['order_id']}", status_code=302)


async def to_today(request: Request) -> RedirectResponse:
    """Whoever opens the bare address works here."""
    return RedirectResponse("/heute/", status_code=302)


_ORDER = Route("/auftraege/{order_id:uuid}/", to_order)
