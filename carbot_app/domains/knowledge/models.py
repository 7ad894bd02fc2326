"""Tables of knowledge."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class KnowledgeArticle(TenantRow, table=True):
    """An answer in the workshop's own words; the assistant quotes it and never rewrites it."""

    title: str = Field(max_length=120)
    body: str
    language: str = Field(max_length=2)
    tags: list[str] = json_field(list)
    """Other words customers use for it."""
    active: bool = True
    updated_at: datetime = instant()


class KnowledgeGap(TenantRow, table=True):
    """A question nothing answered, counted over everybody who asked it."""

    __table_args__ = (UniqueConstraint("workshop_id", "key"),)

    key: str = Field(max_length=160)
    """The question in the form in which two of them are the same."""
    question: str = Field(max_length=300)
    """As it was asked last."""
    language: str = Field(max_length=2)
    count: int = 1
    last_asked_at: datetime = instant()
    article_id: UUID | None = Field(default=None, foreign_key="knowledge_article.id", ondelete="SET NULL")
    """What answers it now."""


class BargainingTerms(TenantRow, table=True):
    """How far the assistant may go when a customer haggles; a workshop without a row never does."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    percent: int = 0
    """0: never."""
    from_cents: int = 0
    """Smaller amounts stay as they are."""
    upsell: bool = True
    """More work may be suggested once."""
