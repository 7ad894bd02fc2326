"""Technicians, bays, loaners and their absences."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import CONFLICT, NOT_FOUND, Input, Instant, JsonAnswer, PlainText
from carbot_app.domains.booking.resource_schemas import (
    AbsenceDraft,
    AbsenceSaved,
    AbsenceView,
    ResourceView,
)

router = APIRouter(tags=["resources"])
Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]


class NewAbsence(Input):
    """Days in the workshop's zone, both included; with times it begins and ends at them."""

    starts_on: date
    ends_on: date
    starts_at: Clock = ""
    ends_at: Clock = ""
    reason: Literal["vacation", "sick", "training", "repair", "other"] = "other"
    note: Annotated[PlainText, Field(max_length=200)] = ""


@router.get("/resources", response_model=list[ResourceView])
def list_resources(actor: ApiActor, services: CurrentServices) -> Response:
    """Technicians, bays and loaners, retired ones too. Scope `bookings.read`."""
    return JsonAnswer(services.resources.list_resources(actor))


@router.get("/absences", response_model=list[AbsenceView])
def list_absences(actor: ApiActor, services: CurrentServices, start: Instant, end: Instant) -> Response:
    """Absences that touch [start, end), in order. Scope `bookings.read`."""
    return JsonAnswer(services.resources.list_absences(actor, from_=start, to=end))


@router.post(
    "/resources/{resource_id}/absences",
    response_model=AbsenceSaved,
    status_code=201,
    responses={**NOT_FOUND, **CONFLICT},
)
def add_absence(resource_id: UUID, body: NewAbsence, actor: ApiActor, services: CurrentServices) -> Response:
    """Enter an absence; visits within it stay and are named. Scope `bookings.manage`."""
    saved = services.resources.add_absence(actor, resource_id, AbsenceDraft(**body.model_dump()))
    return JsonAnswer(saved, status_code=201)
