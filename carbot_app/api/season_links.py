"""``/raeder/<token>``: the time proposed in an invitation to the wheel change, taken with one button.

Opening the link changes nothing: programs that look through mails open every link in them.
"""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices
from carbot_app.api.plain_pages import invitation_page, unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.bootstrap import Services
from carbot_app.domains.booking.invitations import LOST
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound

router = APIRouter(include_in_schema=False)
_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


@router.get("/raeder/{token}")
async def show(token: str, request: Request, services: CurrentServices) -> Response:
    """The time and a button, or the visit when the button has been pressed."""
    return await run_in_threadpool(_show, services, token, language_of(request)[0])


@router.post("/raeder/{token}")
async def take(token: str, request: Request, services: CurrentServices) -> Response:
    """Take the time and go on to the visit's own page."""
    return await run_in_threadpool(_take, services, token, language_of(request)[0])


def _take(services: Services, token: str, language: str) -> Response:
    try:
        return RedirectResponse(services.season_links.accept(token), 303, _SECRET)
    except NotFound:
        return _page(unknown_link_page(language), 404)
    except Gone:
        return _show(services, token, language)
    except (Conflict, Invalid):
        found = services.season_links.get_by_token(token)
        return _page(invitation_page(replace(found, state=LOST)), 409)


def _show(services: Services, token: str, language: str) -> Response:
    try:
        found = services.season_links.get_by_token(token)
    except NotFound:
        return _page(unknown_link_page(language), 404)
    if found.appointment_link:
        return RedirectResponse(found.appointment_link, 303, _SECRET)
    return _page(invitation_page(found), 200)


def _page(html: str, status: int) -> Response:
    return HTMLResponse(html, status_code=status, headers=_SECRET)
