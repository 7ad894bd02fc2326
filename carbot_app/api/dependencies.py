"""What endpoints ask for: the services, the actor, a same-origin request."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from carbot_app.api.rate_limits import RateLimits, client_address
from carbot_app.bootstrap import Services
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Forbidden, Invalid, Unauthenticated
from carbot_app.kit.languages import best_language

SESSION_COOKIE = "carbot_session"
AUTH_ATTEMPTS_PER_MINUTE = 20

_bearer = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer cb_…`")
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False)


def services_of(connection: HTTPConnection) -> Services:
    """The services this application was created with."""
    return connection.app.state.services


async def current_services(request: Request) -> Services:
    """The same for endpoints; a coroutine, because FastAPI would run a function in a thread."""
    return services_of(request)


def limits_of(connection: HTTPConnection) -> RateLimits:
    """The request budgets of this application."""
    return connection.app.state.limits


async def api_actor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Actor:
    """The actor behind the API key, after counting the request against its budget.

    Raises:
        Unauthenticated: ``api_key_invalid``. TooMany: more than ``api_rate_per_minute``.
    """
    services, limits = services_of(request), limits_of(request)
    settings = services.settings
    key = credentials.credentials if credentials else ""
    keys = services.api_keys
    actor = keys.find_recent(key) or (await run_in_threadpool(keys.resolve_api_key, key) if key else None)
    if actor is None:
        await limits.spend(request, "unknown-key", client_address(request), settings.public_rate_per_minute)
        raise Unauthenticated("api_key_invalid")
    await limits.spend(request, "api-key", str(actor.subject_id), settings.api_rate_per_minute)
    language = best_language(request.headers.get("accept-language", ""), default=actor.language)
    return replace(actor, language=language)


async def staff_actor(request: Request, token: Annotated[str | None, Security(_cookie)]) -> Actor:
    """The person signed in in this browser.

    Raises:
        Unauthenticated: no living session.
    """
    services = services_of(request)
    found = await run_in_threadpool(services.identity.resolve_session, token) if token else None
    if found is None:
        raise Unauthenticated
    return found[0]


async def same_origin_json(request: Request) -> None:
    """Refuse what another site could make a browser send (CSRF): forms, and scripts of other origins.

    Raises:
        Invalid: ``not_json``. Forbidden: ``cross_site``.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Invalid("not_json")
    if not is_same_origin(request):
        raise Forbidden("cross_site")


async def limit_attempts(request: Request) -> None:
    """Count an attempt to sign in, sign up or reset against the sender's address.

    Raises:
        TooMany: more than AUTH_ATTEMPTS_PER_MINUTE.
    """
    await limits_of(request).spend(request, "auth", client_address(request), AUTH_ATTEMPTS_PER_MINUTE)


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser sent this from our own pages; programs without a browser send neither header."""
    site = connection.headers.get("sec-fetch-site", "")
    if site and site not in {"same-origin", "none"}:
        return False
    origin = connection.headers.get("origin", "")
    if not origin:
        return True
    public = urlsplit(services_of(connection).settings.effective_public_url)
    return urlsplit(origin).netloc in {public.netloc, connection.headers.get("host", "")} - {""}


ApiActor = Annotated[Actor, Depends(api_actor)]
StaffActor = Annotated[Actor, Depends(staff_actor)]
CurrentServices = Annotated[Services, Depends(current_services)]
