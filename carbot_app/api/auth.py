"""Signing in and out of the staff pages; the session lives in an HttpOnly cookie."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Cookie, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from carbot_app.api.dependencies import (
    SESSION_COOKIE,
    CurrentServices,
    StaffActor,
    limit_attempts,
    same_origin_json,
)
from carbot_app.bootstrap import Services
from carbot_app.domains.team.schemas import SignedIn, SignUp
from carbot_app.kit.actor import Actor
from carbot_app.kit.languages import best_language

router = APIRouter(prefix="/api/auth", tags=["auth"], dependencies=[Depends(same_origin_json)])
reading = APIRouter(prefix="/api/auth", tags=["auth"])
Limited = Depends(limit_attempts)
_HASHING = CapacityLimiter(8)
"""Passwords take a quarter of a second each; threads of their own keep everybody else's requests moving."""


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Input):
    """What a person types to sign in."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000)


class NewWorkshop(_Input):
    """What a new workshop's owner types."""

    workshop_name: str = Field(max_length=500)
    city: str = Field(default="", max_length=500)
    person_name: str = Field(max_length=500)
    email: str = Field(max_length=500)
    password: str = Field(max_length=1000)
    language: str = Field(default="", max_length=10)


class ResetRequest(_Input):
    """Whose password is forgotten."""

    email: str = Field(max_length=254)


class Reset(_Input):
    """The secret of the mailed link and the new password."""

    token: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class Switch(_Input):
    """Where to go on."""

    workshop_id: UUID


class Nothing(_Input):
    """An empty object."""


class Me(BaseModel):
    """The signed-in person."""

    person_id: UUID | None
    workshop_id: UUID
    name: str
    role: str
    language: str
    permissions: list[str]


@router.post("/sign-in", dependencies=[Limited])
async def sign_in(body: Credentials, request: Request, response: Response, services: CurrentServices) -> Me:
    """Open a session; wrong address and wrong password look the same."""
    agent = _agent(request)
    signed_in = await _hashing(lambda: services.identity.sign_in(body.email, body.password, user_agent=agent))
    return _begin(response, services, signed_in)


@router.post("/sign-up", status_code=201, dependencies=[Limited])
async def sign_up(body: NewWorkshop, request: Request, response: Response, services: CurrentServices) -> Me:
    """Create a workshop with its owner and sign the owner in."""
    language = body.language or best_language(request.headers.get("accept-language", ""))
    wish = SignUp(**{**body.model_dump(), "language": language})
    signed_in = await _hashing(lambda: services.identity.sign_up(wish, user_agent=_agent(request)))
    return _begin(response, services, signed_in)


@router.post("/workshop")
def switch_workshop(
    body: Switch,
    request: Request,
    response: Response,
    services: CurrentServices,
    token: Annotated[str, Cookie(alias=SESSION_COOKIE)] = "",
) -> Me:
    """Go on in another workshop of the same person; a foreign one is as unknown as none at all."""
    switched = services.identity.switch_workshop(token, body.workshop_id, user_agent=_agent(request))
    return _begin(response, services, switched)


@router.post("/sign-out", status_code=204)
def sign_out(
    body: Nothing,
    response: Response,
    services: CurrentServices,
    token: Annotated[str, Cookie(alias=SESSION_COOKIE)] = "",
) -> None:
    """End the session of this browser; without one nothing happens."""
    if token:
        services.identity.sign_out(token)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")


@router.post("/reset-request", status_code=202, dependencies=[Limited])
def request_reset(body: ResetRequest, request: Request, services: CurrentServices) -> Nothing:
    """Mail a link to choose a new password; the answer never tells whether the address is known."""
    language = best_language(request.headers.get("accept-language", ""))
    services.identity.request_password_reset(body.email, language=language)
    return Nothing()


@router.post("/reset", dependencies=[Limited])
async def reset(body: Reset, request: Request, response: Response, services: CurrentServices) -> Me:
    """Choose a password through a reset or invitation link, and be signed in."""
    agent = _agent(request)
    signed_in = await _hashing(
        lambda: services.identity.reset_password(body.token, body.password, user_agent=agent)
    )
    return _begin(response, services, signed_in)


@reading.get("/me")
def me(actor: StaffActor) -> Me:
    """Who is signed in in this browser."""
    return _me(actor)


async def _hashing(use_case: Callable[[], SignedIn]) -> SignedIn:
    return await to_thread.run_sync(use_case, limiter=_HASHING)


def _begin(response: Response, services: Services, signed_in: SignedIn) -> Me:
    settings = services.settings
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=settings.effective_public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return _me(signed_in.actor)


def _me(actor: Actor) -> Me:
    return Me(
        person_id=actor.subject_id,
        workshop_id=actor.workshop_id,
        name=actor.name,
        role=actor.role,
        language=actor.language,
        permissions=sorted(actor.permissions),
    )


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
