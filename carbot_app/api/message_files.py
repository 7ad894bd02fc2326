"""Files that came with messages, for staff: photos are shown, anything else is only saved."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor
from carbot_app.domains.photos.message_files import MessageFileContent

router = APIRouter(prefix="/api/message-files", tags=["messages"], include_in_schema=False)


@router.get("/{file_id}")
def message_file(file_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A file of a message of the workshop's own."""
    return _told(services.message_files.read(actor, file_id))


@router.get("/{file_id}/small")
def small_photo(file_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A photo, at most 400 pixels long; another file as it is."""
    return _told(services.message_files.read(actor, file_id, small=True))


def _told(file: MessageFileContent) -> Response:
    kind = "inline" if file.is_photo else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "private, max-age=3600",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    # Strangers name their files' types; a browser must not act on it
    media_type = file.media_type if file.is_photo else "application/octet-stream"
    return Response(file.content, media_type=media_type, headers=headers)
