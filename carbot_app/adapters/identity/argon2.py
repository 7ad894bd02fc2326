"""Argon2id (RFC 9106) through argon2-cffi."""

import os
import threading
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from carbot_app.kit.ids import new_secret


class Argon2PasswordHasher:
    """RFC 9106's low-memory profile: 64 MiB, 3 passes, 4 lanes.

    As many hashes run at once as there are cores; a flood of sign-ins queues instead of eating the memory.
    """

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65_536, parallelism: int = 4) -> None:
        self._argon2 = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._slots = threading.BoundedSemaphore(os.cpu_count() or 1)

    def hash(self, password: str) -> str:
        """See PasswordHasher.hash."""
        with self._slots:
            return self._argon2.hash(_encoded(password))

    def verify(self, stored: str, password: str) -> bool:
        """See PasswordHasher.verify."""
        reference = stored or self._decoy
        with self._slots:
            try:
                return self._argon2.verify(reference, _encoded(password)) and bool(stored)
            except (VerifyMismatchError, InvalidHashError):
                return False

    def is_outdated(self, stored: str) -> bool:
        """See PasswordHasher.is_outdated."""
        return self._argon2.check_needs_rehash(stored)

    @cached_property
    def _decoy(self) -> str:
        return self._argon2.hash(new_secret())


def _encoded(password: str) -> bytes:
    # Keyboards differ in how they compose an umlaut; the password is the same.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
