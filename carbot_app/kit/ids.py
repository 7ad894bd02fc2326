"""Identifiers and secrets."""

import hashlib
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Time-ordered UUIDv7 (RFC 9562), so that primary keys sort by creation."""
    return uuid7()


def new_secret(size: int = 32) -> str:
    """URL-safe random secret of ``size`` bytes; store only its ``fingerprint``."""
    return secrets.token_urlsafe(size)


def fingerprint(secret: str) -> str:
    """SHA-256 hex of a high-entropy secret, safe to store and to index."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
