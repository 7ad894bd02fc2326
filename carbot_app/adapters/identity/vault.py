"""Secrets of other systems in our database: AES-256-GCM, the purpose bound as associated data."""

import base64
import os
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class AesVault:
    """With ``key`` from the settings, else with one made at first use in ``key_file``."""

    def __init__(self, key_file: Path, *, key: str = "") -> None:
        self._key_file = key_file
        self._key = key

    def seal(self, text: str, *, purpose: str) -> str:
        """See Vault."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), purpose.encode())
        return base64.urlsafe_b64encode(sealed).decode()

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """See Vault."""
        try:
            raw = base64.b64decode(sealed.encode("ascii"), altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise ValueError("sealed with another key or for another purpose") from error

    @cached_property
    def _cipher(self) -> AESGCM:
        secret = self._key.encode() if self._key else _load_or_create(self._key_file)
        return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"carbot vault").derive(secret))


def _load_or_create(key_file: Path) -> bytes:
    if not key_file.exists():
        key_file.parent.mkdir(parents=True, exist_ok=True)
        draft = key_file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, key_file)  # atomic: of two workers starting at once, one key wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return key_file.read_bytes()
