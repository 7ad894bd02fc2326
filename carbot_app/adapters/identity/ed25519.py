"""Signatures of vehicle histories: Ed25519 (RFC 8032)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Ed25519Signer:
    """A Signer of vehicle_history.ports."""

    def generate(self) -> tuple[bytes, bytes]:
        """See Signer."""
        key = Ed25519PrivateKey.generate()
        return key.private_bytes_raw(), key.public_key().public_bytes_raw()

    def sign(self, private_key: bytes, message: bytes) -> bytes:
        """See Signer."""
        return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)

    def holds(self, public_key: bytes, signature: bytes, message: bytes) -> bool:
        """See Signer."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
