"""Six digits that show who somebody is, and how often they may be asked for and guessed (pure)."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

VALID_FOR = timedelta(minutes=10)
TRIES = 5
PROVEN_FOR = timedelta(hours=24)
"""How long a conversation stays open for the visits that were proven in it."""
WINDOW = timedelta(hours=1)
CODES_PER_WINDOW = 3
"""Per conversation, and per customer over all conversations."""
_DIGITS = 6


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def hash_code(code: str, salt: UUID) -> str:
    """Slow on purpose: a million codes are few."""
    return hashlib.scrypt(code.encode(), salt=salt.bytes, n=2**12, r=8, p=1, dklen=32).hex()


def is_code(code: str, salt: UUID, known: str) -> bool:
    """Whether it is the code of which ``known`` is the hash; takes as long when there is none."""
    return hmac.compare_digest(hash_code(code, salt), known or "0" * 64)
