"""``/wartung/<token>``: the time kept by a maintenance mail, taken with one button.

Opening the link changes nothing: programs that look through mails open every link in them.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices
from carbot_app.api.plain_pages import invitation_page, unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.bootstrap import Services
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound

router = APIRouter(include_in_schema=False)
_WORDS = "maintenance_offer.link"
_SLOT_LIMIT = 40
_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


@router.get("/wartung/{token}")
@router.get("/wartung/{token}/")
async def show(token: str, request: Request, services: CurrentServices) -> Response:
    """The time and a button; the visit when it has been pressed; the next best times when it is too late."""
    return await run_in_threadpool(_show, services, token, language_of(request)[0])


@router.post("/wartung/{token}")
@router.post("/wartung/{token}/")
async def take(token: str, request: Request, services: CurrentServices) -> Response:
    """Take the time and go on to the visit's own page."""
    form = await request.form(max_files=0, max_fields=1)
    slot = str(form.get("slot", ""))[:_SLOT_LIMIT]
    return await run_in_threadpool(_take, services, token, slot, language_of(request)[0])


def _take(services: Services, token: str, slot: str, language: str) -> Response:
    try:
        return RedirectResponse(services.diagnostics.maintenance_links.accept(token, slot), 303, _SECRET)
    except NotFound:
        return _page(unknown_link_page(language), 404)
    except (Conflict, Gone, Invalid):
        return _show(services, token, language, lost=True)


def _show(services: Services, token: str, language: str, *, lost: bool = False) -> Response:
    """``lost``: a button was pressed in vain."""
    try:
        found = services.diagnostics.maintenance_links.get_by_token(token, lost=lost)
    except NotFound:
        return _page(unknown_link_page(language), 404)
    if found.appointment_link:
        return RedirectResponse(found.appointment_link, 303, _SECRET)
    return _page(invitation_page(found, _WORDS), 409 if lost else 200)


def _page(html: str, status: int) -> Response:
    return HTMLResponse(html, status_code=status, headers=_SECRET)
