"""What the page of a question to a customer asks for and sends; whoever holds the link may."""

import base64
import binascii
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from carbot_app.api.dependencies import CurrentServices, limits_of, same_origin_json
from carbot_app.api.photos import picture
from carbot_app.api.rate_limits import client_address
from carbot_app.api.widget import public_budget
from carbot_app.domains.orders.approval_schemas import Answer, ApprovalPage
from carbot_app.domains.orders.checks import MOST_JOBS
from carbot_app.kit.errors import Invalid

router = APIRouter(prefix="/api/approvals", include_in_schema=False)
ANSWERS_PER_MINUTE = 20
_SECRET = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


class AnswerInput(BaseModel):
    """What the customer decided; checked by the service."""

    model_config = ConfigDict(extra="forbid")

    edition: str = Field(max_length=40)
    decisions: dict[UUID, bool] = Field(max_length=MOST_JOBS)
    name: str = Field(default="", max_length=500)
    signature: str = Field(default="", max_length=420_000)
    """PNG as Base64; empty: the name counts."""


async def limit_answers(request: Request) -> None:
    """Count an answer against the sender's address.

    Raises:
        TooMany: more than ANSWERS_PER_MINUTE.
    """
    await limits_of(request).spend(request, "approval", client_address(request), ANSWERS_PER_MINUTE)


@router.get("/{token}", dependencies=[Depends(public_budget)])
def read_approval(token: str, services: CurrentServices, response: Response) -> dict[str, Any]:
    """The question as it is now."""
    response.headers.update(_SECRET)
    return _told(services.approvals.view(token))


@router.post("/{token}", dependencies=[Depends(same_origin_json), Depends(limit_answers)])
def answer_approval(
    token: str, body: AnswerInput, services: CurrentServices, response: Response
) -> dict[str, Any]:
    """Take the answer; sent again, the first one counts."""
    response.headers.update(_SECRET)
    answer = Answer(body.decisions, body.name, body.edition, _decoded(body.signature))
    return _told(services.approvals.decide(token, answer))


@router.get("/{token}/pdf", dependencies=[Depends(public_budget)])
def approval_pdf(token: str, services: CurrentServices) -> Response:
    """What was agreed to, to keep."""
    content = services.approvals.pdf(token)
    headers = {**_SECRET, "content-disposition": 'inline; filename="freigabe.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{token}/photos/{photo_id}", dependencies=[Depends(public_budget)])
def approval_photo(token: str, photo_id: UUID, services: CurrentServices) -> Response:
    """A photo of a job that is asked about."""
    return picture(services.approvals.photo(token, photo_id), "no-store")


@router.get("/{token}/photos/{photo_id}/small", dependencies=[Depends(public_budget)])
def small_approval_photo(token: str, photo_id: UUID, services: CurrentServices) -> Response:
    """The same, at most 400 pixels long."""
    return picture(services.approvals.photo(token, photo_id, small=True), "no-store")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("signature_invalid", field="signature") from None


def _told(page: ApprovalPage) -> dict[str, Any]:
    return asdict(page)
