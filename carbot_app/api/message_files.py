"""Files that came with messages, for staff: photos are shown, voices heard, anything else is only saved."""

import re
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor
from carbot_app.domains.photos.message_files import MessageFileContent

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
router = APIRouter(prefix="/api/message-files", tags=["messages"], include_in_schema=False)


@router.get("/{file_id}")
def message_file(
    file_id: UUID, actor: StaffActor, services: CurrentServices, range: Annotated[str, Header()] = ""
) -> Response:
    """A file of a message of the workshop's own."""
    return told_file(services.message_files.read(actor, file_id), part=range)


@router.get("/{file_id}/small")
def small_photo(file_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """A photo, at most 400 pixels long; another file as it is."""
    return told_file(services.message_files.read(actor, file_id, small=True))


def told_file(file: MessageFileContent, *, part: str = "") -> Response:
    """A file of a stranger; ``part`` is the range a player asks for (RFC 9110, 14.2)."""
    kind = "inline" if file.is_shown else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}",
        "cache-control": "private, max-age=3600",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
        "content-security-policy": "default-src 'none'; sandbox",
        "accept-ranges": "bytes",
    }
    # Strangers name their files' types; a browser must not act on it
    media_type = file.media_type if file.is_shown else "application/octet-stream"
    asked = _asked_for(part, len(file.content))
    if asked is None:
        return Response(file.content, media_type=media_type, headers=headers)
    first, last = asked
    headers["content-range"] = f"bytes {first}-{last}/{len(file.content)}"
    return Response(file.content[first : last + 1], 206, media_type=media_type, headers=headers)


def _asked_for(part: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None: everything, which may always be answered."""
    found = _RANGE.fullmatch(part)
    if not found or not (found[1] or found[2]):
        return None
    # Safari plays nothing from a server that does not answer in parts
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(size - 1, int(found[2])) if found[1] and found[2] else size - 1
    return (first, last) if first <= last else None
