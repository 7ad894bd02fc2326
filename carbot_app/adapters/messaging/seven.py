"""SMS through seven.io (docs.seven.io, REST API)."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from carbot_app.adapters.messaging.calls import body_of, post
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    DeliveryReport,
    Reply,
    Report,
    ShortMessage,
    UntrustedReport,
)
from carbot_app.kit.clock import Clock, system_clock

_SENT = "100"
_WORTH_ANOTHER_TRY = {"500", "600", "802", "900", "901", "902", "903"}
"""Credit, carrier and access: somebody can mend these, and nothing was sent."""
_STATES = {
    "DELIVERED": "delivered",
    "NOTDELIVERED": "failed",
    "REJECTED": "failed",
    "FAILED": "failed",
    "EXPIRED": "failed",
}
_MAX_AGE_SECONDS = 30


class SevenSms:
    """Needs an API key; ``signing_key`` is needed to trust its webhooks."""

    name = "seven"
    channel = "sms"

    def __init__(
        self,
        *,
        api_key: str,
        sender: str,
        signing_key: str = "",
        base_url: str = "https://gateway.seven.io",
        clock: Clock = system_clock,
    ) -> None:
        self._api_key = api_key
        self._sender = sender
        self._signing_key = signing_key
        self._base_url = base_url.rstrip("/")
        self._clock = clock

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        order = {"to": message.to_number, "text": message.text}
        if self._sender:
            order["from"] = self._sender
        answer = post(
            f"{self._base_url}/api/sms",
            json=order,
            headers={"X-Api-Key": self._api_key, "Accept": "application/json", "SentWith": "CarBot"},
        )
        # Depending on the error the answer is an object or the bare code.
        if (code := answer.text.strip().strip('"')).isdigit():
            raise DeliveryError(code, permanent=code not in _WORTH_ANOTHER_TRY)
        said = body_of(answer)
        sent = (said.get("messages") or [{}])[0]
        code = str(said.get("success", answer.status_code))
        if code != _SENT or not sent.get("success"):
            code = str(sent.get("error") or code)
            reason = f"{code}: {sent.get('error_text') or ''}"
            raise DeliveryError(reason, permanent=code not in _WORTH_ANOTHER_TRY)
        return str(sent.get("id") or "")

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """See ShortMessageProvider.read_reports; unsigned calls are refused."""
        self._check(method, url, headers, body)
        try:
            call = json.loads(body)
            return self._reports(call["webhook_event"], call["data"])
        except (ValueError, KeyError, TypeError):
            return []

    def _reports(self, event: str, data: Mapping[str, Any]) -> Sequence[Report]:
        if event == "sms_mo":
            sender = str(data["sender"])
            return [Reply(sender if sender.startswith("+") else f"+{sender}", str(data["text"]))]
        if event == "dlr" and (state := _STATES.get(str(data["status"]).upper())):
            return [DeliveryReport(str(data["msg_id"]), state)]
        return []

    def _check(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        timestamp, nonce = headers.get("x-timestamp", ""), headers.get("x-nonce", "")
        content = hashlib.md5(body, usedforsecurity=False).hexdigest()
        text = "\n".join((timestamp, nonce, method, url, content))
        wanted = hmac.new(self._signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not self._signing_key or not hmac.compare_digest(wanted, headers.get("x-signature", "")):
            raise UntrustedReport
        if not timestamp.isdigit() or abs(self._clock().timestamp() - int(timestamp)) > _MAX_AGE_SECONDS:
            raise UntrustedReport
