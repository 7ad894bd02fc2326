"""What photos and voice messages need from outside."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class MediaUnavailable(Exception):
    """Nobody can look or listen now. ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """What a photo probably shows; a model wrote it, so it is for staff and never said to a customer."""

    kind: str
    """One of findings.KINDS."""
    text: str
    confidence: float
    """0..1."""
    lamp: str = ""
    """Id of the warning lamp, where one is seen."""


class PhotoAssessor(Protocol):
    """Looks at photos of cars."""

    def assess(self, workshop_id: UUID, content: bytes, language: str) -> PhotoFinding:
        """What a JPEG shows, in ``language``. Raises MediaUnavailable."""
        ...


class Transcriber(Protocol):
    """Writes down what is said."""

    def transcribe(self, workshop_id: UUID, content: bytes, media_type: str, language: str) -> str:
        """The words of a sound, empty where nothing is said; ``language`` is a guess.

        Raises:
            MediaUnavailable: nobody listens now.
        """
        ...
