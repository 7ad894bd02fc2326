"""``/werkstatt-tv/<token>``: the screen on the workshop's wall, without signing in and without a button."""

import hashlib

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, limits_of
from carbot_app.api.http_headers import script_hash
from carbot_app.api.plain_pages import unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.api.rate_limits import client_address
from carbot_app.api.wall_page import WALL_SCRIPT, WALL_VERSION, wall_page, wall_part
from carbot_app.kit.errors import NotFound

router = APIRouter(include_in_schema=False)
_PER_MINUTE = 120
"""Several screens of one workshop ask every five seconds from one address."""
_HEADERS = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "x-wall-version": WALL_VERSION,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; "
    f"script-src '{script_hash(WALL_SCRIPT)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
}


@router.get("/werkstatt-tv/{token}")
@router.get("/werkstatt-tv/{token}/")
async def show(token: str, request: Request, services: CurrentServices) -> Response:
    """The page with today's work in it."""
    await _spend(request)
    try:
        screen = await run_in_threadpool(services.wall.get_screen, token)
    except NotFound:
        return HTMLResponse(unknown_link_page(language_of(request)[0]), 404, _HEADERS)
    return HTMLResponse(wall_page(screen, _etag(wall_part(screen))), headers=_HEADERS)


@router.get("/werkstatt-tv/{token}/stand")
async def refresh(token: str, request: Request, services: CurrentServices) -> Response:
    """The inner part; 304 while nothing happened, 404 once the link is over."""
    await _spend(request)
    try:
        part = wall_part(await run_in_threadpool(services.wall.get_screen, token))
    except NotFound:
        return Response(status_code=404, headers=_HEADERS)
    headers = {**_HEADERS, "etag": _etag(part)}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(part, headers=headers)


async def _spend(request: Request) -> None:
    await limits_of(request).spend(request, "wall", client_address(request), _PER_MINUTE)


def _etag(part: str) -> str:
    return f'"{hashlib.sha256(part.encode()).hexdigest()[:24]}"'
