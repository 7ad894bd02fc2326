"""Web push through pywebpush with VAPID keys of our own (RFC 8291, RFC 8292)."""

import base64
import os
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush
from requests import RequestException

from carbot_app.domains.messaging.ports import DeliveryError

TTL_SECONDS = 6 * 3600
TIMEOUT_SECONDS = 8
GONE = (404, 410)


class WebPushTransport:
    """Sends pushes; makes its key pair at first use in ``key_file`` (readable by the owner only)."""

    def __init__(self, key_file: Path, *, subject: str) -> None:
        self._key_file = key_file
        self._subject = subject

    @cached_property
    def _vapid(self) -> Vapid02:
        return _load_or_create(self._key_file)

    @property
    def public_key(self) -> str:
        """See PushTransport.public_key."""
        key = self._vapid.public_key
        assert key is not None
        point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def push(self, *, endpoint: str, p256dh: str, auth: str, payload: str, urgent: bool, topic: str) -> None:
        """See PushTransport.push."""
        try:
            webpush(
                {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}},
                payload,
                vapid_private_key=self._vapid,
                vapid_claims={"sub": self._subject},
                ttl=TTL_SECONDS,
                timeout=TIMEOUT_SECONDS,
                headers={"Urgency": "high" if urgent else "normal", "Topic": topic},
            )
        except WebPushException as error:
            status = getattr(error.response, "status_code", None)
            raise DeliveryError(f"push service answered {status}", permanent=status in GONE) from error
        except RequestException as error:
            raise DeliveryError(type(error).__name__, permanent=False) from error
        except ValueError as error:
            raise DeliveryError("subscription keys are not valid", permanent=True) from error


def _load_or_create(key_file: Path) -> Vapid02:
    if not key_file.exists():
        key_file.parent.mkdir(parents=True, exist_ok=True)
        vapid = Vapid02()
        vapid.generate_keys()
        draft = key_file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(vapid.private_pem())
        try:
            os.link(draft, key_file)  # atomic: of two workers starting at once, one key wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Vapid02.from_file(str(key_file))
