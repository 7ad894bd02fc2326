"""Shapes and types shared by the endpoints."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from annotated_types import Ge, Le
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from starlette.responses import Response

ItemT = TypeVar("ItemT")
MAX_PAGE = 100
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "The API key is missing, unknown or revoked", "content": _PROBLEM},
    403: {"description": "The key lacks the scope", "content": _PROBLEM},
    422: {"description": "A field was not accepted", "content": _PROBLEM},
    429: {"description": "Over the rate limit; see `Retry-After`", "content": _PROBLEM},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"description": "Unknown, or of another workshop", "content": _PROBLEM}
}
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "The world has moved on, for example the slot is taken", "content": _PROBLEM},
    410: {"description": "Too late to change", "content": _PROBLEM},
    413: {"description": "A text is too long", "content": _PROBLEM},
}


class Input(BaseModel):
    """Base of request bodies: unknown fields are an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[ItemT]):
    """Part of a list, newest first. ``next`` goes into ``before`` for the following part; null at the end."""

    items: list[ItemT]
    next: str | None


class JsonAnswer(Response):
    """Views as JSON, written by orjson without another validation of what our own services return."""

    media_type = "application/json"

    def __init__(self, content: Any, status_code: int = 200) -> None:
        super().__init__(
            orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS), status_code=status_code
        )


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL")
    return text


PlainText = Annotated[str, AfterValidator(_plain)]
"""Text that every database can hold."""

Instant = Annotated[AwareDatetime, Ge(datetime(2000, 1, 1, tzinfo=UTC)), Le(datetime(2100, 1, 1, tzinfo=UTC))]
"""RFC 3339 with a zone, of this century."""

Day = Annotated[date, Ge(date(2000, 1, 1)), Le(date(2100, 1, 1))]
"""A calendar day of this century."""
