"""Errors that a caller can act on: a stable code, an HTTP status and a translatable message."""

from typing import Any


class AppError(Exception):
    """Base of every expected error.

    ``code`` is stable and part of the API; the text shown to people is the locale key ``errors.<code>``
    filled with ``params``.
    """

    code = "internal"
    status = 500

    def __init__(self, code: str | None = None, *, field: str | None = None, **params: Any) -> None:
        self.code = code or type(self).code
        self.field = field
        self.params = params
        super().__init__(self.code)

    @property
    def message_key(self) -> str:
        """Locale key of the text for people."""
        return f"errors.{self.code}"


class NotFound(AppError):
    """The thing does not exist or belongs to another workshop; both look the same from outside."""

    code = "not_found"
    status = 404


class Forbidden(AppError):
    """The actor is known but may not do this."""

    code = "forbidden"
    status = 403


class Unauthenticated(AppError):
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"
    status = 401


class Invalid(AppError):
    """Input that cannot be accepted; ``field`` names where."""

    code = "invalid"
    status = 422


class Conflict(AppError):
    """The request was fine but the world has moved on (slot taken, link used)."""

    code = "conflict"
    status = 409


class Gone(AppError):
    """The link or thing existed and is over."""

    code = "gone"
    status = 410


class TooLarge(AppError):
    """The input is longer than allowed; ``limit`` tells how long it may be."""

    code = "too_large"
    status = 413


class TooMany(AppError):
    """Rate limit; ``retry_after`` is in seconds."""

    code = "too_many_requests"
    status = 429


class Unavailable(AppError):
    """Something outside did not answer; worth another try."""

    code = "unavailable"
    status = 503
