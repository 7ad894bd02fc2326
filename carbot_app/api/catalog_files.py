"""The catalogue as a file: upload for the import, results of it, and the export."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, is_same_origin
from carbot_app.api.uploads import body_of
from carbot_app.domains.catalog.sheets import MAX_BYTES
from carbot_app.kit.errors import Forbidden, Invalid

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def same_origin_upload(request: Request) -> None:
    """Refuse what another site could make a browser send; no form can send this content type.

    Raises:
        Invalid: ``sheet_type_unknown``. Forbidden: ``cross_site``.
    """
    if request.headers.get("content-type", "") != "application/octet-stream":
        raise Invalid("sheet_type_unknown", name=request.headers.get("content-type", "")[:60])
    if not is_same_origin(request):
        raise Forbidden("cross_site")


router = APIRouter(prefix="/api/catalog", tags=["catalog"])


class Uploaded(BaseModel):
    """What the page asks the import to read."""

    id: UUID


@router.post("/uploads", dependencies=[Depends(same_origin_upload)])
async def upload(
    request: Request,
    actor: StaffActor,
    services: CurrentServices,
    name: Annotated[str, Query(min_length=1, max_length=255)],
) -> Uploaded:
    """Keep a file for an hour. At most 10 MB; more is refused before it is read."""
    actor.require("catalog.manage")
    content = await body_of(request, limit=MAX_BYTES, kind="sheet")
    kept = await run_in_threadpool(services.files.put, actor.workshop_id, name, content)
    return Uploaded(id=kept)


@router.get("/files/{file_id}")
def download(file_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A file of the workshop's own that was kept for it."""
    actor.require("catalog.read")
    name, content = services.files.get(actor.workshop_id, file_id)
    return _attachment(name, content)


@router.get("/export.{form}")
def export(form: str, actor: StaffActor, services: CurrentServices) -> Response:
    """The whole catalogue as xlsx or csv; also the template for the import."""
    content = services.catalog_import.export(actor, form=form)
    return _attachment(f"leistungen.{form}", content)


def _attachment(name: str, content: bytes) -> Response:
    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)
