"""Labels of the tyre hotel, to print."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor

router = APIRouter(prefix="/api/tyres", tags=["tyres"])


@router.get("/{set_id}/label.pdf")
def label(set_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """The label of a set as PDF, shown in the browser so that it can be printed at once."""
    name, content = services.tyres.print_label(actor, set_id)
    headers = {
        "content-disposition": f"inline; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)
