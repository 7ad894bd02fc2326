"""WhatsApp messages through Meta's Cloud API."""

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

_STATES = {"delivered": "delivered", "read": "delivered", "failed": "failed"}
_WORTH_ANOTHER_TRY = {4, 190, 80007, 130429, 131048, 131056}
"""Rate limits, and an access token that has ended: the operator renews it."""


class WhatsAppCloud:
    """Sends approved templates; outside a conversation WhatsApp allows nothing else."""

    name = "whatsapp"
    channel = "whatsapp"

    def __init__(
        self,
        *,
        token: str,
        phone_id: str,
        app_secret: str,
        base_url: str = "https://graph.facebook.com/v21.0",
    ) -> None:
        self._token = token
        self._phone_id = phone_id
        self._app_secret = app_secret
        self._base_url = base_url.rstrip("/")

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        parameters = [{"type": "text", "text": text} for text in message.parameters]
        order = {
            "messaging_product": "whatsapp",
            "to": message.to_number.removeprefix("+"),
            "type": "template",
            "template": {
                "name": message.template,
                "language": {"code": message.language},
                "components": [{"type": "body", "parameters": parameters}],
            },
        }
        answer = post(
            f"{self._base_url}/{self._phone_id}/messages",
            json=order,
            headers={"Authorization": f"Bearer {self._token}"},
        )
        said = body_of(answer)
        if answer.is_error:
            error = said.get("error") or {}
            reason = f"{error.get('code', answer.status_code)}: {error.get('message', '')}"
            raise DeliveryError(reason, permanent=error.get("code") not in _WORTH_ANOTHER_TRY)
        return str((said.get("messages") or [{}])[0].get("id") or "")

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """See ShortMessageProvider.read_reports; the signature is Meta's X-Hub-Signature-256."""
        wanted = "sha256=" + hmac.new(self._app_secret.encode(), body, hashlib.sha256).hexdigest()
        if not self._app_secret or not hmac.compare_digest(wanted, headers.get("x-hub-signature-256", "")):
            raise UntrustedReport
        try:
            entries = json.loads(body)["entry"]
            values = [change["value"] for entry in entries for change in entry["changes"]]
            return [report for value in values for report in _reports(value)]
        except (ValueError, KeyError, TypeError):
            return []


def _reports(value: Mapping[str, Any]) -> Sequence[Report]:
    replies = [
        Reply(f"+{message['from']}", _text(message))
        for message in value.get("messages", ())
        if message.get("type") in ("text", "button")
    ]
    reports = [
        DeliveryReport(status["id"], _STATES[status["status"]], _reason(status))
        for status in value.get("statuses", ())
        if status["status"] in _STATES
    ]
    return [*replies, *reports]


def _text(message: Mapping[str, Any]) -> str:
    return str(message["text"]["body"] if message["type"] == "text" else message["button"]["text"])


def _reason(status: Mapping[str, Any]) -> str:
    errors = status.get("errors") or [{}]
    return str(errors[0].get("title") or "")
