"""What goes in and out of the knowledge of a workshop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as somebody typed it; ``tags`` are other words customers use for it."""

    title: str
    body: str
    language: str = "de"
    tags: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it is stored."""

    id: UUID
    title: str
    body: str
    language: str
    tags: tuple[str, ...]
    active: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class GapView:
    """A question nothing answers yet."""

    id: UUID
    question: str
    language: str
    count: int
    last_asked_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """How far prices may go down; ``percent`` 0 means never."""

    percent: int = 0
    from_cents: int = 0
    upsell: bool = True
    """Whether the assistant may mention, once, what goes well with the wished work."""
