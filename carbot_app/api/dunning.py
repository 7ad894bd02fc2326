"""Letters of dunning as files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor

router = APIRouter(prefix="/api/dunning", tags=["dunning"])


@router.get("/preview.pdf")
def preview(
    actor: StaffActor, services: CurrentServices, key: Annotated[str, Query(max_length=60)]
) -> Response:
    """The letter a proposal would become."""
    return _file(services.dunning.preview(actor, key), "application/pdf", "inline", "mahnung.pdf")


@router.get("/letters/{notice_id}.pdf")
def letter(notice_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A released letter."""
    content = services.dunning.letter(actor, notice_id)
    return _file(content, "application/pdf", "inline", "mahnung.pdf")


@router.get("/handover.csv")
def handover(actor: StaffActor, services: CurrentServices) -> Response:
    """What went through every level."""
    content = services.dunning.handover_csv(actor)
    return _file(content, "text/csv; charset=utf-8", "attachment", "uebergabe.csv")


def _file(content: bytes, kind: str, way: str, name: str) -> Response:
    headers = {
        "content-disposition": f'{way}; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)
