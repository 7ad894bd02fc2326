"""Calendar feeds, and the way back from Google's and Microsoft's consent pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, limits_of, staff_actor
from carbot_app.api.rate_limits import client_address
from carbot_app.kit.errors import AppError, NotFound

router = APIRouter(tags=["calendars"], include_in_schema=False)

_SECTION = "/einstellungen/?bereich=kalender"
_SECRET = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


async def limit_feeds(request: Request) -> None:
    """Count a reading against the sender's address, so that links cannot be guessed by trying."""
    settings = request.app.state.services.settings
    await limits_of(request).spend(request, "feed", client_address(request), settings.public_rate_per_minute)


@router.api_route("/kalender/{token}.ics", methods=["GET", "HEAD"], dependencies=[Depends(limit_feeds)])
def feed(token: str, request: Request, services: CurrentServices) -> Response:
    """The visits behind a secret link."""
    try:
        file = services.calendar_feeds.read(token)
    except NotFound:
        return PlainTextResponse("404", 404, headers=_SECRET)
    headers = {**_SECRET, "etag": f'"{file.etag}"'}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(file.text, headers=headers, media_type="text/calendar; charset=utf-8")


@router.get("/api/calendars/callback")
async def callback(
    request: Request,
    services: CurrentServices,
    state: Annotated[str, Query(max_length=4000)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Where a consent page sends the browser; the person is told on the settings page how it went."""
    try:
        if not code:
            return RedirectResponse(f"{_SECTION}&ergebnis=calendar_consent_denied", 303, headers=_SECRET)
        actor = await staff_actor(request, request.cookies.get("carbot_session"))
        await run_in_threadpool(services.calendars.finish_consent, actor, state=state, code=code)
    except AppError as error:
        return RedirectResponse(f"{_SECTION}&ergebnis={error.code}", 303, headers=_SECRET)
    return RedirectResponse(f"{_SECTION}&ergebnis=ok", 303, headers=_SECRET)
