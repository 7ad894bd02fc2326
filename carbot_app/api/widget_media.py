"""Photos and voice messages of the chat widget, called by any website like the rest of it."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from carbot_app.api.dependencies import CurrentServices, StaffActor, staff_actor
from carbot_app.api.message_files import told_file
from carbot_app.api.photos import Basket, photo_content, picture, same_origin, upload_budget
from carbot_app.api.uploads import content_of
from carbot_app.api.widget import PREFIX, Customer, chat_budget, public_budget, streaming
from carbot_app.api.widget_events import answer_stream
from carbot_app.domains.photos.file_rules import VOICE_BYTES
from carbot_app.kit.errors import Unavailable
from carbot_app.kit.i18n import supported

LISTENING = 4
"""Voice messages written down at the same time."""

router = APIRouter(prefix=PREFIX)
dictation = APIRouter(prefix="/api/dictation", include_in_schema=False)


@router.post("/{slug}/photo-baskets", status_code=201, dependencies=[Depends(public_budget)])
def open_basket(slug: str, services: CurrentServices) -> dict[str, str]:
    """A place for photos of the next message; its secret is told once."""
    view = services.team.get_public_workshop(slug)
    actor = services.team.public_actor(view, language=supported(view.language))
    return {"token": services.photo_baskets.open(actor)}


@router.post("/photos", status_code=201, dependencies=[Depends(upload_budget)])
async def add_photo(request: Request, token: Basket, services: CurrentServices) -> dict[str, Any]:
    """Send a photo before its message."""
    work = partial(services.photo_baskets.add, token, await photo_content(request))
    return asdict(await to_thread.run_sync(work, limiter=request.app.state.photo_slots))


@router.get("/photos/{photo_id}", dependencies=[Depends(public_budget)])
def photo(photo_id: UUID, token: Basket, services: CurrentServices) -> Response:
    """The small picture, to whoever sent it."""
    return _for_any_site(picture(services.photo_baskets.read(token, photo_id), "no-store"))


@router.delete("/photos/{photo_id}", status_code=204, dependencies=[Depends(public_budget)])
def remove_photo(photo_id: UUID, token: Basket, services: CurrentServices) -> None:
    """Take a photo out again."""
    services.photo_baskets.remove(token, photo_id)


@router.get("/conversations/{conversation_id}/files/{file_id}")
async def own_photo(file_id: UUID, actor: Customer, services: CurrentServices) -> Response:
    """The small picture of a photo of this thread."""
    found = await run_in_threadpool(services.message_files.read_own, actor, file_id)
    return _for_any_site(told_file(found))


@router.post("/conversations/{conversation_id}/voice", dependencies=[Depends(upload_budget)])
async def send_voice(
    request: Request,
    actor: Customer,
    services: CurrentServices,
    client_id: Annotated[str, Query(min_length=1, max_length=64)],
) -> StreamingResponse:
    """Store a voice message, write it down where that is possible, and stream its answer."""
    await chat_budget(request, actor)
    content = await content_of(request, limit=VOICE_BYTES, kind="voice")
    store = partial(services.media.files.send_voice, actor, content=content, client_id=client_id)
    message, is_new = await run_in_threadpool(store)
    # An endpoint may take its time, and SQLite's one thread is for everybody
    hear = partial(services.media.voice.hear, actor.workshop_id, message.id)
    message = await to_thread.run_sync(hear, limiter=request.app.state.voice_slots)
    return streaming(await answer_stream(services, actor, message, None, is_new=is_new))


@dictation.get("")
def can_dictate(actor: StaffActor, services: CurrentServices) -> dict[str, bool]:
    """Whether the server writes down what is spoken."""
    return {"ready": services.media.voice.can_transcribe}


@dictation.post("", dependencies=[Depends(same_origin), Depends(staff_actor), Depends(upload_budget)])
async def dictate(request: Request, actor: StaffActor, services: CurrentServices) -> dict[str, str]:
    """What a person of the team says, for the composer."""
    if not services.media.voice.can_transcribe:
        raise Unavailable("voice_unavailable")
    content = await content_of(request, limit=VOICE_BYTES, kind="voice")
    work = partial(services.media.voice.dictate, actor, content)
    return {"text": await to_thread.run_sync(work, limiter=request.app.state.voice_slots)}


def _for_any_site(response: Response) -> Response:
    # Asked for with a secret in a header, which no page gets without having it
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    response.headers["cache-control"] = "private, no-store"
    return response
