"""The protocol of a car that came in, for staff."""

from uuid import UUID

from fastapi import APIRouter, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor

router = APIRouter(prefix="/api/check-ins", include_in_schema=False)


@router.get("/{check_in_id}/pdf")
def check_in_pdf(check_in_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """As PDF in the customer's language."""
    content = services.check_ins.pdf(actor, check_in_id)
    headers = {"content-disposition": 'inline; filename="annahme.pdf"', "cache-control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
