"""SMS through Twilio (REST API 2010-04-01)."""

from collections.abc import Mapping, Sequence

from carbot_app.adapters.messaging.calls import body_of, post
from carbot_app.adapters.messaging.twilio.receiving import check_signature, reports_of
from carbot_app.domains.messaging.ports import DeliveryError, Report, ShortMessage

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
        return reports_of(check_signature(self._token, url=url, headers=headers, body=body))
