"""Web push of this browser: the key to subscribe with, and its subscription (RFC 8030, RFC 8292)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from carbot_app.api.dependencies import CurrentServices, StaffActor, same_origin_json
from carbot_app.api.plain_pages import call_page, unknown_link_page
from carbot_app.api.public_pages import language_of
from carbot_app.domains.messaging.schemas import PushSubscriptionInput
from carbot_app.kit.browsers import describe_browser
from carbot_app.kit.errors import AppError

router = APIRouter(prefix="/api/push", tags=["push"], dependencies=[Depends(same_origin_json)])
reading = APIRouter(prefix="/api/push", tags=["push"])

Endpoint = Annotated[str, Field(min_length=1, max_length=2000)]


class PublicKey(BaseModel):
    """The application server's key, base64url."""

    key: str


class Keys(BaseModel):
    """Keys the browser made for this subscription, base64url."""

    p256dh: str = Field(min_length=1, max_length=200)
    auth: str = Field(min_length=1, max_length=100)


class Subscription(BaseModel):
    """What ``PushSubscription.toJSON()`` gives; browsers add members of their own, which are not needed."""

    model_config = ConfigDict(extra="ignore")

    endpoint: Endpoint
    keys: Keys
    replaces: str = Field(default="", max_length=2000)
    """The endpoint this browser had before, when it changed by itself."""


class Unsubscription(BaseModel):
    """The subscription that has ended."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Endpoint


class Snooze(BaseModel):
    """What the button of a push carries."""

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(min_length=1, max_length=600)


class Sounds(BaseModel):
    """Kinds of live hints."""

    kinds: list[str]


@reading.get("/sounds")
def sounds(actor: StaffActor, services: CurrentServices) -> Sounds:
    """At which live hints this person wants to hear something."""
    return Sounds(kinds=services.notices.list_sounds(actor))


@router.post("/snooze", status_code=204)
def snooze(body: Snooze, services: CurrentServices) -> None:
    """Ring again in half an hour; the ticket of the push says who asks, no session is needed."""
    services.push_actions.snooze(body.ticket)


@reading.get("/call/{ticket}", include_in_schema=False)
def call(ticket: str, request: Request, services: CurrentServices) -> Response:
    """A page that dials the customer's number."""
    headers = {"cache-control": "private, no-store", "referrer-policy": "no-referrer"}
    language = language_of(request)[0]
    try:
        target = services.push_actions.call_target(ticket)
    except AppError as error:
        return HTMLResponse(unknown_link_page(language), error.status, headers)
    return HTMLResponse(call_page(language, target.name, target.phone), headers=headers)


@reading.get("/key")
def key(actor: StaffActor, services: CurrentServices) -> PublicKey:
    """The key browsers subscribe with."""
    return PublicKey(key=services.push.public_key)


@router.post("/subscriptions", status_code=204)
def subscribe(body: Subscription, actor: StaffActor, request: Request, services: CurrentServices) -> None:
    """Send notifications to this browser; subscribing again refreshes its keys."""
    device = describe_browser(request.headers.get("user-agent", ""))
    services.push.subscribe(
        actor, PushSubscriptionInput(body.endpoint, body.keys.p256dh, body.keys.auth, device)
    )
    if body.replaces not in ("", body.endpoint):
        services.push.unsubscribe(actor, body.replaces)


@router.delete("/subscriptions", status_code=204)
def unsubscribe(body: Unsubscription, actor: StaffActor, services: CurrentServices) -> None:
    """Stop; an unknown subscription is fine."""
    services.push.unsubscribe(actor, body.endpoint)
