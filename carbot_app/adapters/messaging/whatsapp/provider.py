"""WhatsApp messages through Meta's Cloud API."""

from collections.abc import Mapping, Sequence
from typing import Any

from carbot_app.adapters.messaging.calls import body_of, download, get, post
from carbot_app.adapters.messaging.whatsapp.receiving import check_signature, reports_of
from carbot_app.domains.messaging.ports import DeliveryError, Media, Report, ShortMessage

MEDIA_BYTES = 25 * 1024 * 1024
_WORTH_ANOTHER_TRY = {1, 2, 4, 190, 80007, 130429, 131016, 131048, 131056}
"""Meta is out of order, rate limits, and an access token that has ended: the operator renews it."""


class WhatsAppCloud:
    """Sends approved templates, and free text to whoever wrote within the last 24 hours."""

    name = "whatsapp"
    channel = "whatsapp"

    def __init__(
        self,
        *,
        token: str,
        phone_id: str,
        app_secret: str,
        base_url: str,
    ) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._phone_id = phone_id
        self._app_secret = app_secret
        self._base_url = base_url.rstrip("/")

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        order = {
            "messaging_product": "whatsapp",
            "to": message.to_number.removeprefix("+"),
            **(_template(message) if message.template else _free_text(message)),
        }
        answer = post(f"{self._base_url}/{self._phone_id}/messages", json=order, headers=self._headers)
        said = body_of(answer)
        if answer.is_error:
            raise _error_of(said, answer.status_code)
        return str((said.get("messages") or [{}])[0].get("id") or "")

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """See ShortMessageProvider.read_reports; the signature is Meta's X-Hub-Signature-256."""
        check_signature(self._app_secret, headers=headers, body=body)
        return reports_of(body)

    def fetch(self, media: Media) -> bytes:
        """See MediaProvider.fetch: Meta names an address, which is good for five minutes."""
        answer = get(f"{self._base_url}/{media.ref}", headers=self._headers)
        said = body_of(answer)
        if answer.is_error:
            raise _error_of(said, answer.status_code)
        return download(str(said.get("url") or ""), limit=MEDIA_BYTES, headers=self._headers)


def _template(message: ShortMessage) -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in message.parameters]
    return {
        "type": "template",
        "template": {
            "name": message.template,
            "language": {"code": message.language},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


def _free_text(message: ShortMessage) -> dict[str, Any]:
    return {"type": "text", "text": {"preview_url": False, "body": message.text}}


def _error_of(said: Mapping[str, Any], status: int) -> DeliveryError:
    error = said.get("error") or {}
    reason = f"{error.get('code', status)}: {error.get('message', '')}"
    return DeliveryError(reason, permanent=error.get("code") not in _WORTH_ANOTHER_TRY)
