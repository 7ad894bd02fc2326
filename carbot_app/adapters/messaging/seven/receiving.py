"""What seven.io calls us for: SMS, and what became of ours."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from carbot_app.domains.messaging.ports import DeliveryReport, Reply, Report, UntrustedReport

_STATES = {
    "TRANSMITTED": "sent",
    "DELIVERED": "delivered",
    "NOTDELIVERED": "failed",
    "REJECTED": "failed",
    "FAILED": "failed",
    "EXPIRED": "failed",
}
_MAX_AGE_SECONDS = 30


def check_signature(
    key: str, *, method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Raise UntrustedReport unless seven.io signed this call just now."""
    timestamp, nonce = headers.get("x-timestamp", ""), headers.get("x-nonce", "")
    content = hashlib.md5(body, usedforsecurity=False).hexdigest()
    text = "\n".join((timestamp, nonce, method, url, content))
    wanted = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not key or not hmac.compare_digest(wanted.encode(), headers.get("x-signature", "").encode()):
        raise UntrustedReport
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > _MAX_AGE_SECONDS:
        raise UntrustedReport


def reports_of(body: bytes) -> Sequence[Report]:
    """What a signed call says; what is of no use to us says nothing."""
    try:
        call = json.loads(body)
        return _reports(call["webhook_event"], call["data"], body)
    except (ValueError, KeyError, TypeError):
        return []


def _reports(event: str, data: Mapping[str, Any], body: bytes) -> Sequence[Report]:
    if event == "sms_mo":
        # Older accounts send no id; the same SMS delivered again has the same body
        name = str(data.get("id") or hashlib.sha256(body).hexdigest())
        to = str(data.get("system") or "")
        return [Reply(_e164(str(data["sender"])), str(data["text"]), provider_id=name, to_address=to)]
    if event == "dlr" and (state := _STATES.get(str(data["status"]).upper())):
        return [DeliveryReport(str(data["msg_id"]), state)]
    return []


def _e164(number: str) -> str:
    return number if number.startswith("+") else f"+{number}"
