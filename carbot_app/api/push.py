"""Web push of this browser: the key to subscribe with, and its subscription (RFC 8030, RFC 8292)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from carbot_app.api.dependencies import CurrentServices, StaffActor, same_origin_json
from carbot_app.domains.messaging.schemas import PushSubscriptionInput
from carbot_app.kit.browsers import describe_browser

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
