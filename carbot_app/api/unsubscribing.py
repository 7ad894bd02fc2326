"""``/abmelden/<token>``: ends advertising without signing in.

Opening the link asks, pressing the button ends: programs that look through mails open every link in them.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices
from carbot_app.api.plain_pages import unknown_link_page, unsubscribe_page
from carbot_app.api.public_pages import language_of
from carbot_app.domains.customers.consents import UnsubscribeView
from carbot_app.kit.errors import NotFound

router = APIRouter(include_in_schema=False)
_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


@router.get("/abmelden/{token}")
async def ask(token: str, request: Request, services: CurrentServices) -> Response:
    """What the link ends, and a button."""
    try:
        found = await run_in_threadpool(services.consents.get_by_link, token)
    except NotFound:
        return _page(unknown_link_page(language_of(request)[0]), 404)
    return _answer(found)


@router.post("/abmelden/{token}")
async def end(token: str, request: Request, services: CurrentServices) -> Response:
    """End it; also what mail programs send by themselves (RFC 8058)."""
    try:
        found = await run_in_threadpool(services.consents.withdraw_by_link, token)
    except NotFound:
        return _page(unknown_link_page(language_of(request)[0]), 404)
    return _answer(found)


def _answer(found: UnsubscribeView) -> Response:
    return _page(unsubscribe_page(found.language, found.workshop, found.kind, done=found.withdrawn), 200)


def _page(html: str, status: int) -> Response:
    return HTMLResponse(html, status_code=status, headers=_SECRET)
