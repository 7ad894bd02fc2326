"""Appointments and free slots."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from fastapi import Path as PathParam
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.problems import SlotLost
from carbot_app.api.v1.answers import CONFLICT, NOT_FOUND, Input, Instant, JsonAnswer, PlainText
from carbot_app.bootstrap import Services
from carbot_app.domains.booking.schemas import (
    AppointmentView,
    BookingConfirmation,
    BookingRequest,
    Hold,
    Slot,
)
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import new_id

router = APIRouter(tags=["appointments"])
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$")]
Codes = Annotated[list[Code], Field(min_length=1, max_length=10)]
Line = Annotated[PlainText, Field(max_length=120)]
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")]


class ContactInput(Input):
    """How to reach the customer; phone or e-mail is needed."""

    name: Line = ""
    phone: Line = ""
    email: Annotated[PlainText, Field(max_length=254)] = ""


class VehicleInput(Input):
    """What is known of the car."""

    plate: Annotated[PlainText, Field(max_length=20)] = ""
    plate_country: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")] = "DE"
    make: Annotated[PlainText, Field(max_length=40)] = ""
    model: Annotated[PlainText, Field(max_length=60)] = ""
    year: int | None = Field(default=None, ge=1900, le=2100)
    km: int | None = Field(default=None, ge=0, le=3_000_000)


class NewAppointment(Input):
    """A slot from `GET /slots` for services of the catalogue."""

    slot_id: Annotated[PlainText, Field(min_length=1, max_length=64)]
    service_codes: Codes
    contact: ContactInput
    vehicle: VehicleInput = VehicleInput()
    language: Literal["de", "en", "tr", "pl"] = "de"
    note: Annotated[PlainText, Field(max_length=2000)] = ""
    waiting: bool = False
    loaner: bool = False
    hold: Token = ""


class NewHold(Input):
    """A slot from `GET /slots` to be kept free; `token` of an earlier hold moves that one."""

    slot_id: Annotated[PlainText, Field(min_length=1, max_length=64)]
    service_codes: Codes
    waiting: bool = False
    loaner: bool = False
    token: Token = ""


class AppointmentChange(Input):
    """What may be changed by hand."""

    state: Literal["confirmed", "arrived", "in_work", "done", "cancelled", "no_show"]


@router.get("/slots", response_model=list[Slot])
def suggest_slots(
    *,
    actor: ApiActor,
    services: CurrentServices,
    service: Annotated[list[Code], Query(min_length=1, max_length=10)],
    after: Instant | None = None,
    until: Instant | None = None,
    part_of_day: Literal["morning", "afternoon", "evening"] | None = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
    waiting: bool = False,
    loaner: bool = False,
    hold: Token = "",
) -> Response:
    """Free times for these services, the recommended one first. Scope `bookings.read`.

    `waiting`: the customer stays; `loaner`: with a car for the meantime; `hold`: token of your own hold.
    """
    slots = services.booking.suggest_slots(
        actor,
        service,
        after=after,
        until=until,
        part_of_day=part_of_day,
        limit=limit,
        waiting=waiting,
        loaner=loaner,
        hold=hold,
        language=actor.language,
    )
    return JsonAnswer(slots)


@router.get("/appointments", response_model=list[AppointmentView])
def list_appointments(actor: ApiActor, services: CurrentServices, start: Instant, end: Instant) -> Response:
    """Appointments that touch [start, end), at most 100 days, in order. Scope `bookings.read`."""
    return JsonAnswer(services.booking.list_appointments(actor, from_=start, to=end))


@router.get("/appointments/{appointment_id}", response_model=AppointmentView, responses=NOT_FOUND)
def get_appointment(appointment_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """One appointment. Scope `bookings.read`."""
    return JsonAnswer(services.booking.get_appointment(actor, appointment_id))


@router.post(
    "/appointments", response_model=BookingConfirmation, status_code=201, responses={**NOT_FOUND, **CONFLICT}
)
def book(
    body: NewAppointment,
    actor: ApiActor,
    services: CurrentServices,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Repeat it, and nothing is booked twice"),
    ] = None,
) -> Response:
    """Book a slot; when it is lost, `alternatives` are the next best ones. Scope `bookings.manage`."""
    request = BookingRequest(
        slot_id=body.slot_id,
        service_codes=tuple(body.service_codes),
        contact=Contact(body.contact.name, body.contact.phone, body.contact.email),
        vehicle=VehicleFacts(**body.vehicle.model_dump()),
        source="api",
        language=body.language,
        request_key=idempotency_key or str(new_id()),
        note=body.note,
        waiting=body.waiting,
        loaner=body.loaner,
        hold=body.hold,
    )
    with _next_best(services, actor, body):
        return JsonAnswer(services.booking.book(actor, request), status_code=201)


@router.post("/holds", response_model=Hold, status_code=201, responses={**NOT_FOUND, **CONFLICT})
def hold(body: NewHold, actor: ApiActor, services: CurrentServices) -> Response:
    """Keep a slot free for five minutes; lost ones answer like a booking. Scope `bookings.manage`."""
    with _next_best(services, actor, body):
        held = services.booking.hold(
            actor,
            body.service_codes,
            body.slot_id,
            waiting=body.waiting,
            loaner=body.loaner,
            token=body.token,
        )
    return JsonAnswer(held, status_code=201)


@router.delete("/holds/{token}", status_code=204)
def release_hold(
    token: Annotated[str, PathParam(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    actor: ApiActor,
    services: CurrentServices,
) -> Response:
    """Give a held slot free; doing it twice is fine. Scope `bookings.manage`."""
    services.booking.release_hold(actor, token)
    return Response(status_code=204)


@contextmanager
def _next_best(services: Services, actor: Actor, body: NewAppointment | NewHold) -> Iterator[None]:
    """Adds the next best slots to the conflict over a lost one."""
    try:
        yield
    except Conflict as error:
        if error.code not in ("slot_taken", "slot_past"):
            raise
        others = services.booking.next_best(
            actor,
            body.service_codes,
            body.slot_id,
            waiting=body.waiting,
            loaner=body.loaner,
            language=actor.language,
        )
        raise SlotLost(error, others) from error


@router.post(
    "/appointments/{appointment_id}/cancel",
    response_model=AppointmentView,
    responses={**NOT_FOUND, **CONFLICT},
)
def cancel(appointment_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """Cancel; doing it twice is fine. Scope `bookings.manage`."""
    return JsonAnswer(services.booking.cancel(actor, appointment_id))


@router.patch(
    "/appointments/{appointment_id}", response_model=AppointmentView, responses={**NOT_FOUND, **CONFLICT}
)
def change_appointment(
    appointment_id: UUID, body: AppointmentChange, actor: ApiActor, services: CurrentServices
) -> Response:
    """Bring the appointment to another state. Scope `bookings.manage`."""
    return JsonAnswer(services.booking.change_state(actor, appointment_id, body.state))
