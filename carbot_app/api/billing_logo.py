"""The workshop's logo for its documents: upload, and the picture for its settings."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from carbot_app.api.dependencies import CurrentServices, StaffActor, is_same_origin
from carbot_app.api.uploads import content_of
from carbot_app.kit.errors import Forbidden, NotFound

router = APIRouter(prefix="/api/billing/logo", tags=["billing"], include_in_schema=False)
_PNG = b"\x89PNG"
_MOST_SENT = 4 * 1024 * 1024
"""Read until here, so that a picture that is too large is refused in the words of the terms."""


class Kept(BaseModel):
    """What the page is told."""

    id: str


@router.post("")
async def upload(request: Request, actor: StaffActor, services: CurrentServices) -> Kept:
    """Take in a PNG or JPEG."""
    if not is_same_origin(request):
        raise Forbidden("cross_site")
    actor.require("billing.settings")
    content = await content_of(request, limit=_MOST_SENT, kind="photo")
    kept = await run_in_threadpool(services.billing_terms.set_logo, actor, content)
    return Kept(id=kept.logo_file)


@router.get("")
def picture(actor: StaffActor, services: CurrentServices) -> Response:
    """The picture; NotFound without one."""
    content = services.billing_terms.logo(actor)
    if not content:
        raise NotFound
    kind = "image/png" if content.startswith(_PNG) else "image/jpeg"
    headers = {"cache-control": "private, no-store", "content-security-policy": "sandbox; default-src 'none'"}
    return Response(content, media_type=kind, headers=headers)
