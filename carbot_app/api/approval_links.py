"""``/freigabe/<token>``: the page of a question to a customer, in their language."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from carbot_app.api.page_templates import APPROVAL, PageTemplates, PublicPage, RenderedPage
from carbot_app.api.plain_pages import unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.api.workshop_page import frame_facts
from carbot_app.bootstrap import Services
from carbot_app.domains.orders.approval_schemas import ApprovalPage
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate

_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}
_OVER = {"expired", "over"}


def approval_routes(templates: PageTemplates, services: Services) -> list[Route]:
    """The page with and without trailing slash."""

    async def page(request: Request) -> Response:
        asked, chosen = language_of(request)
        try:
            shown = await run_in_threadpool(services.approvals.look, request.path_params["token"])
        except NotFound:
            return _secret(RenderedPage(unknown_link_page(asked)).response(request, status=404))
        language = chosen or shown.language
        facts = await run_in_threadpool(_facts, services, shown, language)
        rendered = templates.render_private(APPROVAL, language, facts)
        return _secret(rendered.response(request, status=410 if shown.state in _OVER else 200))

    return [Route("/freigabe/{token}", page), Route("/freigabe/{token}/", page)]


def _facts(services: Services, shown: ApprovalPage, language: str) -> PublicPage:
    workshop = services.team.get_public_workshop(shown.workshop_slug)
    return PublicPage(
        workshop=workshop.name,
        title=f"{translate(language, 'approval.title')} · {workshop.name}",
        description="",
        city=workshop.city,
        phone=workshop.phone,
        extra_facts=frame_facts(workshop, language),
    )


def _secret(response: Response) -> Response:
    response.headers.update(_SECRET)
    return response
