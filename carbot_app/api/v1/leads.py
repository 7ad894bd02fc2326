"""Leads: who may become a job."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import MAX_PAGE, NOT_FOUND, Input, JsonAnswer, Page
from carbot_app.domains.leads.schemas import LeadView

router = APIRouter(prefix="/leads", tags=["leads"])


class LeadChange(Input):
    """What may be changed by hand."""

    state: Literal["open", "won", "lost"]
    reason: Literal["price", "no_answer", "elsewhere", "no_time", "not_needed", "other"] | None = None
    """Why it was lost."""


@router.get("", response_model=Page[LeadView])
def list_leads(
    *,
    actor: ApiActor,
    services: CurrentServices,
    temperature: Literal["hot", "warm", "cold"] | None = None,
    state: Literal["open", "booked", "won", "lost"] | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> Response:
    """Newest first. Scope `inbox.read`."""
    found = services.leads.list_leads(
        actor, before=before, limit=limit + 1, temperature=temperature or "", state=state or ""
    )
    more = len(found) > limit
    return JsonAnswer({"items": found[:limit], "next": str(found[limit - 1].id) if more else None})


@router.get("/{lead_id}", response_model=LeadView, responses=NOT_FOUND)
def get_lead(lead_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """One lead. Scope `inbox.read`."""
    return JsonAnswer(services.leads.get_lead(actor, lead_id))


@router.patch("/{lead_id}", response_model=LeadView, responses=NOT_FOUND)
def change_lead(lead_id: UUID, body: LeadChange, actor: ApiActor, services: CurrentServices) -> Response:
    """Say how it ended, or open it again. Scope `leads.manage`."""
    return JsonAnswer(services.leads.set_state(actor, lead_id, body.state, reason=body.reason or ""))
