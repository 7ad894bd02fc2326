"""What photos need from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class FileStore(Protocol):
    """Files that stay until they are deleted, each of one workshop."""

    def put(self, workshop_id: UUID, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all; it survives a power cut.

        Raises:
            Unavailable: ``files_full`` or ``files_unwritable``.
        """
        ...

    def get(self, workshop_id: UUID, name: str) -> bytes:
        """The content.

        Raises:
            NotFound: there is no such file. Unavailable: ``files_unreadable``.
        """
        ...

    def delete(self, workshop_id: UUID, name: str) -> None:
        """Remove a file; one that is gone already is fine. Unavailable: ``files_unwritable``."""
        ...

    def list_old(self, before: datetime) -> Iterator[tuple[UUID, list[str]]]:
        """Workshop by workshop the names of files last written before then."""
        ...

    def drop_remains(self, before: datetime) -> None:
        """Remove what interrupted writes left before then."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: upright, small enough, and without anything but what is to be seen."""

    media_type: str
    width: int
    height: int
    content: bytes
    thumbnail: bytes
    """Same media type."""


class PictureMaker(Protocol):
    """Turns whatever somebody sends into a picture that is safe to keep and to show."""

    def make(self, content: bytes) -> Picture:
        """Decode, turn upright, shrink, and encode anew.

        Raises:
            Invalid: ``photo_empty``, ``photo_type``, ``photo_broken`` or ``photo_pixels``.
            TooLarge: ``photo_too_large``.
        """
        ...
