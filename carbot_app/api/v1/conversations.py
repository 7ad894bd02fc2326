"""Conversations with customers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import CONFLICT, MAX_PAGE, NOT_FOUND, Input, JsonAnswer, Page, PlainText
from carbot_app.domains.conversations.schemas import InboxRow, MessageView, ThreadView

router = APIRouter(prefix="/conversations", tags=["conversations"])


class Reply(Input):
    """An answer in the name of the workshop."""

    text: PlainText = Field(min_length=1, max_length=20_000)


@router.get("", response_model=Page[InboxRow])
def list_conversations(
    *,
    actor: ApiActor,
    services: CurrentServices,
    view: Literal["open", "hot", "waiting", "done", "all"] = "open",
    search: Annotated[PlainText, Query(max_length=200)] = "",
    before: Annotated[PlainText | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> Response:
    """Most recent first. `search` looks in names, plates, phone numbers and texts. Scope `inbox.read`."""
    page = services.inbox.list_inbox(actor, view=view, search=search, before=before, limit=limit)
    return JsonAnswer({"items": page.rows, "next": page.next_before})


@router.get("/{conversation_id}", response_model=ThreadView, responses=NOT_FOUND)
def get_conversation(conversation_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """A thread with its messages, lead and customer. Scope `inbox.read`."""
    return JsonAnswer(services.inbox.get_thread(actor, conversation_id))


@router.post(
    "/{conversation_id}/messages",
    response_model=MessageView,
    status_code=201,
    responses={**NOT_FOUND, 413: CONFLICT[413]},
)
def reply(conversation_id: UUID, body: Reply, actor: ApiActor, services: CurrentServices) -> Response:
    """Answer the customer; the assistant is silent from now on. Scope `inbox.reply`."""
    return JsonAnswer(services.inbox.reply(actor, conversation_id, body.text), status_code=201)
