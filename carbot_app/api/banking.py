"""Files of the bank: its statements in, direct debits out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, is_same_origin
from carbot_app.api.uploads import content_of
from carbot_app.domains.banking.ports import MAX_BYTES
from carbot_app.kit.errors import Forbidden


async def same_origin(request: Request) -> None:
    """Refuse what another site could make a browser send. Raises Forbidden ``cross_site``."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")


router = APIRouter(prefix="/api/bank", tags=["bank"])


class Imported(BaseModel):
    """What a file brought."""

    lines: int
    new: int
    booked: int
    suggested: int
    known_file: bool


@router.get("/debits/{run_id}.xml")
def debit_file(run_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A file of direct debits (pain.008) for the bank, as it was made."""
    name = f"lastschriften-{run_id.hex[-8:]}.xml"
    return Response(
        services.debits.file(actor, run_id),
        media_type="application/xml",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


@router.post("/statements", dependencies=[Depends(same_origin)])
async def upload(
    request: Request,
    actor: StaffActor,
    services: CurrentServices,
    name: Annotated[str, Query(min_length=1, max_length=255)],
) -> Imported:
    """Read a CAMT file. At most 10 MB; more is refused before it is read."""
    actor.require_any("payments.manage", "accounting.manage")
    content = await content_of(request, limit=MAX_BYTES, kind="bank_file")
    told = await run_in_threadpool(services.bank.import_file, actor, name, content)
    return Imported(
        lines=told.lines,
        new=told.new,
        booked=told.booked,
        suggested=told.suggested,
        known_file=told.known_file,
    )
