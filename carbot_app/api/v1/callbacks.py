"""Calls customers have asked for."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import CONFLICT, NOT_FOUND, Input, Instant, JsonAnswer, PlainText
from carbot_app.domains.calls.schemas import CallbackDraft, CallbackView

router = APIRouter(prefix="/callbacks", tags=["callbacks"])
Line = Annotated[PlainText, Field(min_length=1, max_length=120)]


class NewCallback(Input):
    """Who is to be called. Without `starts_at` as soon as possible, without `ends_at` within two hours."""

    name: Line
    phone: Line
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    note: Annotated[PlainText, Field(max_length=500)] = ""
    plate: Annotated[PlainText, Field(max_length=20)] = ""
    plate_country: Literal["DE", "AT", "CH"] = "DE"
    language: Literal["de", "en", "tr", "pl"] = "de"


@router.get("", response_model=list[CallbackView])
def list_callbacks(actor: ApiActor, services: CurrentServices) -> Response:
    """Who is still to be called, by time. Scope `inbox.read`."""
    return JsonAnswer(services.calls.list_open(actor))


@router.post("", response_model=CallbackView, status_code=201)
def add_callback(body: NewCallback, actor: ApiActor, services: CurrentServices) -> Response:
    """Ask for a call; one that is open for the same number is changed. Scope `leads.manage`."""
    return JsonAnswer(services.calls.add(actor, CallbackDraft(**dict(body))), status_code=201)


@router.post("/{callback_id}/done", response_model=CallbackView, responses={**NOT_FOUND, **CONFLICT})
def mark_done(callback_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """The customer was called; saying so twice is fine. Scope `leads.manage`."""
    return JsonAnswer(services.calls.mark_done(actor, callback_id))


@router.post("/{callback_id}/not-reached", response_model=CallbackView, responses={**NOT_FOUND, **CONFLICT})
def mark_not_reached(callback_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """Nobody answered: it stays open and counts the attempt. Scope `leads.manage`."""
    return JsonAnswer(services.calls.mark_not_reached(actor, callback_id))


@router.post("/{callback_id}/cancel", response_model=CallbackView, responses={**NOT_FOUND, **CONFLICT})
def cancel(callback_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """No call is wanted any more; saying so twice is fine. Scope `leads.manage`."""
    return JsonAnswer(services.calls.cancel(actor, callback_id))
