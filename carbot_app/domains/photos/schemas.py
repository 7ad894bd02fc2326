"""Views of photos."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo without its picture."""

    id: UUID
    width: int
    height: int
    uploaded_by: str
    """Who of the team; empty: the customer."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Photos:
    """All photos of one owner in order."""

    photos: tuple[PhotoView, ...]
    limit: int
    may_change: bool


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """The picture itself."""

    content: bytes
    media_type: str
    sha256: str
    """Of the large file, also for the small one."""
