"""The calendar of the staff: days with their lanes, and putting visits somewhere."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import CONFLICT, NOT_FOUND, Day, Input, Instant, JsonAnswer
from carbot_app.domains.booking.board import MAX_DAYS
from carbot_app.domains.booking.board_schemas import BoardLane, BoardVisit, Placement
from carbot_app.domains.booking.schemas import AppointmentView

router = APIRouter(tags=["appointments"])


class NewPlace(Input):
    """Where a visit goes; without ids whoever fits, without minutes as long as it is."""

    starts_at: Instant
    technician_id: UUID | None = None
    bay_id: UUID | None = None
    minutes: Annotated[int, Field(ge=0, le=1905)] = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Some days with a lane for each technician or bay and each loaner, and what waits for a time."""

    days: tuple[date, ...]
    lanes: tuple[BoardLane, ...]
    visits: tuple[BoardVisit, ...]
    unplanned: tuple[AppointmentView, ...]


@router.get("/calendar", response_model=Calendar)
def get_calendar(
    *,
    actor: ApiActor,
    services: CurrentServices,
    on: Day,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS)] = 1,
    kind: Literal["technician", "bay"] = "technician",
) -> Response:
    """Who works when, what is planned, what is not planned yet. Scope `bookings.read`."""
    board = services.booking.get_board(actor, first_on=on, days=days, kind=kind)
    return JsonAnswer(Calendar(board.days, board.lanes, board.visits, board.unplanned))


@router.post(
    "/appointments/{appointment_id}/place",
    response_model=AppointmentView,
    responses={**NOT_FOUND, **CONFLICT},
)
def place(appointment_id: UUID, body: NewPlace, actor: ApiActor, services: CurrentServices) -> Response:
    """Move, lengthen or plan a visit; the customer is told of a new time. Scope `bookings.manage`."""
    placement = Placement(body.starts_at, body.technician_id, body.bay_id, body.minutes)
    return JsonAnswer(services.booking.place(actor, appointment_id, placement))


@router.post(
    "/appointments/{appointment_id}/unplan",
    response_model=AppointmentView,
    responses={**NOT_FOUND, **CONFLICT},
)
def unplan(appointment_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """Take a visit out of the calendar; its time becomes free. Scope `bookings.manage`."""
    return JsonAnswer(services.booking.unplan(actor, appointment_id))
