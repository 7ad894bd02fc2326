"""What vehicle histories need from outside."""

from typing import Protocol

from carbot_app.domains.vehicle_history.schemas import Certificate


class Signer(Protocol):
    """Ed25519 (RFC 8032); keys are the 32 bytes of the standard."""

    def generate(self) -> tuple[bytes, bytes]:
        """A new (private key, public key)."""
        ...

    def sign(self, private_key: bytes, message: bytes) -> bytes:
        """64 bytes."""
        ...

    def holds(self, public_key: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the signature is of this message by the owner of the key; False for anything malformed."""
        ...


class Vault(Protocol):
    """Encrypts secrets for the database."""

    def seal(self, text: str, *, purpose: str) -> str:
        """Ciphertext that opens only for the same purpose."""
        ...

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text. Raises ValueError when sealed with another key or for another purpose."""
        ...


class CertificatePrinter(Protocol):
    """Prints the certificate of a history."""

    def print_certificate(self, certificate: Certificate) -> bytes:
        """A PDF."""
        ...
