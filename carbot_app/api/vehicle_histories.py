"""Vehicle histories to hand out, and the public keys everybody may check them with."""

from dataclasses import asdict
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor, limits_of
from carbot_app.api.rate_limits import client_address
from carbot_app.api.v1.answers import JsonAnswer
from carbot_app.domains.vehicle_history.schemas import HistoryFile
from carbot_app.domains.vehicle_history.service import KEYS_PATH

router = APIRouter(include_in_schema=False)
Language = Literal["", "de", "en", "tr", "pl"]


async def limit_keys(request: Request) -> None:
    """Count a reading against the sender's address."""
    settings = request.app.state.services.settings
    await limits_of(request).spend(request, "keys", client_address(request), settings.public_rate_per_minute)


@router.get(KEYS_PATH.format("{workshop_id}"), dependencies=[Depends(limit_keys)])
def public_keys(workshop_id: UUID, services: CurrentServices) -> Response:
    """Every key the workshop signs or signed with; pages of others may read it."""
    published = services.vehicle_histories.publish_keys(workshop_id)
    answer = JsonAnswer({"format": "carbot-history-keys", "version": 1, **asdict(published)})
    answer.headers.update({"cache-control": "public, max-age=300", "access-control-allow-origin": "*"})
    return answer


@router.get("/api/vehicle-histories/{vehicle_id}/file")
def proof_file(vehicle_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """The file ``carbot history verify`` checks."""
    return _download(services.vehicle_histories.export_file(actor, vehicle_id), "application/json")


@router.get("/api/vehicle-histories/{vehicle_id}/certificate")
def certificate(
    vehicle_id: UUID,
    actor: StaffActor,
    services: CurrentServices,
    language: Annotated[Language, Query()] = "",
) -> Response:
    """The certificate as PDF, in the language of the car's owner unless another is asked for."""
    file = services.vehicle_histories.print_certificate(actor, vehicle_id, language=language)
    return _download(file, "application/pdf")


def _download(file: HistoryFile, media_type: str) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, media_type=media_type, headers=headers)
