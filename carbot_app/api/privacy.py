"""Disclosures to fetch: by staff who may, and by the person who was given the link."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, limit_attempts
from carbot_app.domains.compliance.schemas import ExportFile

router = APIRouter(prefix="/api/privacy", tags=["privacy"], include_in_schema=False)


@router.get("/exports/{export_id}.zip")
def for_staff(export_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A disclosure of the workshop's own."""
    return _archive(services.privacy.exports.read(actor, export_id))


@router.get("/disclosures/{token}", dependencies=[Depends(limit_attempts)])
async def for_the_person(token: str, services: CurrentServices) -> Response:
    """The disclosure whose secret link it is, until it is over."""
    return _archive(await run_in_threadpool(services.privacy.exports.read_by_link, token))


def _archive(file: ExportFile) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }
    return Response(file.content, media_type="application/zip", headers=headers)
