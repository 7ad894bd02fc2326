"""The workshop's keys, inside a transaction: made at first use, replaced, published."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.vehicle_history.entries import key_fingerprint
from carbot_app.domains.vehicle_history.models import HistoryKey
from carbot_app.domains.vehicle_history.ports import Signer, Vault

_PURPOSE = "vehicle history of {}"


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes and uses keys; ``vault`` is what the private ones are sealed by."""

    signer: Signer
    vault: Vault

    def ready(self, session: Session, workshop_id: UUID, now: datetime) -> HistoryKey:
        """The key that signs; made at first use, and anew when the vault cannot open it any more."""
        wait_for_turn(session, f"history-key:{workshop_id}")
        key = _in_use(session)
        return key if key is not None and self._opens(key) else self.replace(session, workshop_id, now)

    def replace(self, session: Session, workshop_id: UUID, now: datetime) -> HistoryKey:
        """A new key signs from now on; what the old one signed stays provable."""
        wait_for_turn(session, f"history-key:{workshop_id}")
        old = _in_use(session)
        if old is not None:
            old.retired_at, old.sealed_private = now, ""
        return self._make(session, workshop_id)

    def sign(self, key: HistoryKey, message: bytes) -> str:
        """A signature as base64. ValueError: the key is not ``ready``."""
        return b64encode(self.signer.sign(self._private(key), message)).decode()

    def _opens(self, key: HistoryKey) -> bool:
        try:
            return bool(self._private(key))
        except ValueError:
            return False

    def _private(self, key: HistoryKey) -> bytes:
        purpose = _PURPOSE.format(key.workshop_id)
        return b64decode(self.vault.unseal(key.sealed_private, purpose=purpose))

    def _make(self, session: Session, workshop_id: UUID) -> HistoryKey:
        private, public = self.signer.generate()
        row = HistoryKey(
            workshop_id=workshop_id,
            fingerprint=key_fingerprint(public),
            public_key=b64encode(public).decode(),
            sealed_private=self.vault.seal(b64encode(private).decode(), purpose=_PURPOSE.format(workshop_id)),
        )
        session.add(row)
        session.flush()
        return row


def all_keys(session: Session) -> list[HistoryKey]:
    """Every key the session's workshop ever had, the oldest first."""
    return list(session.exec(select(HistoryKey).order_by(col(HistoryKey.created_at))))


def _in_use(session: Session) -> HistoryKey | None:
    return session.exec(select(HistoryKey).where(col(HistoryKey.retired_at).is_(None))).first()
