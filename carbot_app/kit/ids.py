"""Identifiers and secrets."""

import hashlib
import re
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_id() -> UUID:
    """Time-ordered UUIDv7 (RFC 9562), so that primary keys sort by creation."""
    return uuid7()


def new_secret(size: int = 32) -> str:
    """URL-safe random secret of ``size`` bytes; store only its ``fingerprint``."""
    return secrets.token_urlsafe(size)


def is_secret(text: str) -> bool:
    """Whether it has the form of ``new_secret``: anything else in a link need not be looked up."""
    return _SECRET.fullmatch(text) is not None


def fingerprint(secret: str) -> str:
    """SHA-256 hex of a high-entropy secret, safe to store and to index."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
