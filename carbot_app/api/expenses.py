"""Invoices of suppliers: upload, and the file as it came."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, is_same_origin
from carbot_app.api.uploads import content_of
from carbot_app.domains.expenses.reading import MAX_BYTES, PDF_TYPE
from carbot_app.kit.errors import Forbidden

router = APIRouter(prefix="/api/expenses", tags=["accounting"], include_in_schema=False)


class Received(BaseModel):
    """What the page shows next."""

    id: UUID
    entry_number: str


@router.post("")
async def upload(
    request: Request,
    actor: StaffActor,
    services: CurrentServices,
    name: Annotated[str, Query(max_length=255)] = "",
) -> Received:
    """Take in an XML or PDF of at most 15 MB."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")
    actor.require("accounting.manage")
    content = await content_of(request, limit=MAX_BYTES, kind="einvoice")
    found = await run_in_threadpool(services.expenses.upload, actor, content, filename=name)
    return Received(id=found.row.id, entry_number=found.row.entry_number)


@router.get("/{expense_id}/file")
def original(expense_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """The file of a supplier; a PDF opens in the browser, without scripts or anything from outside."""
    file = services.expenses.read_original(actor, expense_id)
    shown = "inline" if file.media_type == PDF_TYPE else "attachment"
    headers = {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "no-store",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
