"""Photos of visits and wheel sets for staff, of a booking for who makes it, of a visit for its link."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from carbot_app.api.dependencies import (
    CurrentServices,
    StaffActor,
    is_same_origin,
    limits_of,
    staff_actor,
)
from carbot_app.api.rate_limits import client_address
from carbot_app.api.uploads import content_of
from carbot_app.api.widget import public_budget
from carbot_app.domains.photos.rules import APPOINTMENT, CHECK_IN, MAX_BYTES, ORDER_JOB, WHEEL_SET, Owner
from carbot_app.domains.photos.schemas import PhotoFile, PhotoView
from carbot_app.kit.errors import Forbidden, NotFound

UPLOADS_PER_MINUTE = 40
"""Of one address; a person sends six."""
AT_ONCE = 2
"""Pictures made at the same time; each may take a processor for a second and 150 MB."""
_bearer = HTTPBearer(auto_error=False)

router = APIRouter(tags=["photos"])


async def same_origin(request: Request) -> None:
    """Refuse what another site could make a browser send. Forbidden: ``cross_site``."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")


async def upload_budget(request: Request) -> None:
    """Count an upload against its address."""
    await limits_of(request).spend(request, "photos", client_address(request), UPLOADS_PER_MINUTE)


async def photo_content(request: Request) -> bytes:
    """The photo that was sent. Raises Invalid ``photo_type`` and TooLarge ``photo_too_large``."""
    return await content_of(request, limit=MAX_BYTES, kind="photo")


async def basket_token(credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> str:
    """The secret of a booking's photos. NotFound: ``photo_basket_over``."""
    if credentials is None:
        raise NotFound("photo_basket_over")
    return credentials.credentials


Basket = Annotated[str, Depends(basket_token)]
_STAFF = "/api/photos"
_BOOKING = "/api/booking-photos"


@router.get(f"{_BOOKING}", dependencies=[Depends(public_budget)])
def list_booking_photos(token: Basket, services: CurrentServices) -> dict[str, Any]:
    """Photos of a booking that is not made yet."""
    return {"photos": [_told(photo) for photo in services.photo_baskets.list_photos(token)]}


@router.post(f"{_BOOKING}", status_code=201, dependencies=[Depends(same_origin), Depends(upload_budget)])
async def add_booking_photo(request: Request, token: Basket, services: CurrentServices) -> dict[str, Any]:
    """Send a photo while booking, or right after it."""
    content = await photo_content(request)
    return await _develop(request, partial(services.photo_baskets.add, token, content))


@router.get(f"{_BOOKING}/{{photo_id}}", dependencies=[Depends(public_budget)])
def booking_photo(photo_id: UUID, token: Basket, services: CurrentServices) -> Response:
    """The small picture, to whoever sent it."""
    return picture(services.photo_baskets.read(token, photo_id), "no-store")


@router.delete(
    f"{_BOOKING}/{{photo_id}}", status_code=204, dependencies=[Depends(same_origin), Depends(public_budget)]
)
def remove_booking_photo(photo_id: UUID, token: Basket, services: CurrentServices) -> None:
    """Take a photo out of the booking again."""
    services.photo_baskets.remove(token, photo_id)


@router.get(f"{_STAFF}/{{photo_id}}")
def photo(photo_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A photo of the workshop's own."""
    return picture(services.photos.read(actor, photo_id), "private, max-age=3600")


@router.get(f"{_STAFF}/{{photo_id}}/small")
def small_photo(photo_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """The same, at most 400 pixels long."""
    return picture(services.photos.read(actor, photo_id, small=True), "private, max-age=3600")


@router.delete(f"{_STAFF}/{{photo_id}}", status_code=204, dependencies=[Depends(same_origin)])
def delete_photo(photo_id: UUID, actor: StaffActor, services: CurrentServices) -> None:
    """Show it no more; for a day it can be restored."""
    services.photos.delete(actor, photo_id)


@router.post(f"{_STAFF}/{{photo_id}}/restored", dependencies=[Depends(same_origin)])
def restore_photo(photo_id: UUID, actor: StaffActor, services: CurrentServices) -> dict[str, Any]:
    """Take a deletion back."""
    return _told(services.photos.restore(actor, photo_id))


def _routes_of(prefix: str, kind: str) -> None:
    @router.get(f"{prefix}/{{owner_id}}/photos")
    def list_photos(owner_id: UUID, actor: StaffActor, services: CurrentServices) -> dict[str, Any]:
        """Photos of a visit or a wheel set."""
        found = services.photos.list_photos(actor, Owner(kind, owner_id))
        told = [_told(photo) for photo in found.photos]
        return {"photos": told, "limit": found.limit, "may_change": found.may_change}

    @router.post(
        f"{prefix}/{{owner_id}}/photos",
        status_code=201,
        # The person is known before anything is read
        dependencies=[Depends(same_origin), Depends(staff_actor), Depends(upload_budget)],
    )
    async def add_photo(
        request: Request, owner_id: UUID, actor: StaffActor, services: CurrentServices
    ) -> dict[str, Any]:
        """Add a photo to a visit or a wheel set."""
        content = await photo_content(request)
        return await _develop(request, partial(services.photos.add, actor, Owner(kind, owner_id), content))


_routes_of("/api/appointments", APPOINTMENT)
_routes_of("/api/wheel-sets", WHEEL_SET)
_routes_of("/api/order-jobs", ORDER_JOB)
_routes_of("/api/check-ins", CHECK_IN)


@router.get("/api/visits/{token}/photos", dependencies=[Depends(public_budget)])
def list_photos_of_link(token: str, services: CurrentServices, response: Response) -> dict[str, Any]:
    """Photos of the visit whose secret link somebody holds."""
    response.headers["cache-control"] = "no-store"
    return {"photos": [_told(photo) for photo in services.photos.list_by_link(token)], "may_change": False}


@router.get("/api/visits/{token}/photos/{photo_id}", dependencies=[Depends(public_budget)])
def photo_of_link(token: str, photo_id: UUID, services: CurrentServices) -> Response:
    """A photo of that visit."""
    return picture(services.photos.read_by_link(token, photo_id), "no-store")


@router.get("/api/visits/{token}/photos/{photo_id}/small", dependencies=[Depends(public_budget)])
def small_photo_of_link(token: str, photo_id: UUID, services: CurrentServices) -> Response:
    """The same, at most 400 pixels long."""
    return picture(services.photos.read_by_link(token, photo_id, small=True), "no-store")


async def _develop(request: Request, work: Callable[[], PhotoView]) -> dict[str, Any]:
    # Beside everything else, so that a queue of photos delays nobody but itself
    return _told(await to_thread.run_sync(work, limiter=request.app.state.photo_slots))


def _told(photo: PhotoView) -> dict[str, Any]:
    return asdict(photo)


def picture(file: PhotoFile, cache: str) -> Response:
    """A picture that a browser shows and does nothing else with."""
    headers = {
        "content-disposition": "inline",
        "cache-control": cache,
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
