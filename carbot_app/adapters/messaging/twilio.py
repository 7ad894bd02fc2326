"""SMS through Twilio (REST API 2010-04-01)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from carbot_app.adapters.messaging.calls import body_of, post
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    DeliveryReport,
    Reply,
    Report,
    ShortMessage,
    UntrustedReport,
)

_STATES = {"delivered": "delivered", "failed": "failed", "undelivered": "failed"}
_CREATED = 201
_REFUSED_FOR_NOW = (401, 403)
"""Wrong keys are mended by the operator; the message need not be lost."""


class TwilioSms:
    """Needs an account, its token, and a number or messaging service to send from."""

    name = "twilio"
    channel = "sms"

    def __init__(
        self, *, account: str, token: str, sender: str, base_url: str = "https://api.twilio.com"
    ) -> None:
        self._account = account
        self._token = token
        self._sender = sender
        self._base_url = base_url.rstrip("/")

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {"To": message.to_number, "Body": message.text, sender: self._sender}
        if message.report_url:
            form["StatusCallback"] = message.report_url
        answer = post(
            f"{self._base_url}/2010-04-01/Accounts/{self._account}/Messages.json",
            data=form,
            auth=(self._account, self._token),
        )
        said = body_of(answer)
        if answer.status_code != _CREATED or "sid" not in said:
            reason = f"{said.get('code', answer.status_code)}: {said.get('message', '')}"
            raise DeliveryError(reason, permanent=answer.status_code not in _REFUSED_FOR_NOW)
        return str(said["sid"])

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """See ShortMessageProvider.read_reports; the signature is Twilio's X-Twilio-Signature."""
        fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        if not hmac.compare_digest(self._sign(url, fields), headers.get("x-twilio-signature", "")):
            raise UntrustedReport
        if status := fields.get("MessageStatus"):
            state = _STATES.get(status)
            return (
                [DeliveryReport(fields.get("MessageSid", ""), state, fields.get("ErrorCode", ""))]
                if state
                else []
            )
        return [Reply(fields.get("From", ""), fields.get("Body", ""))] if "Body" in fields else []

    def _sign(self, url: str, fields: Mapping[str, str]) -> str:
        text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
        return base64.b64encode(hmac.digest(self._token.encode(), text.encode(), hashlib.sha1)).decode()
