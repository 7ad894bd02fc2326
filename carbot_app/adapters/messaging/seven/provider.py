"""SMS through seven.io (docs.seven.io, REST API)."""

from collections.abc import Mapping, Sequence

from carbot_app.adapters.messaging.calls import body_of, post
from carbot_app.adapters.messaging.seven.receiving import check_signature, reports_of
from carbot_app.domains.messaging.ports import DeliveryError, Report, ShortMessage
from carbot_app.kit.clock import Clock, system_clock

_SENT = "100"
_WORTH_ANOTHER_TRY = {"500", "600", "802", "900", "901", "902", "903"}
"""Credit, carrier and access: somebody can mend these, and nothing was sent."""


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
        """See ShortMessageProvider.read_reports; unsigned and old calls are refused."""
        check_signature(
            self._signing_key, method=method, url=url, headers=headers, body=body, now=self._clock()
        )
        return reports_of(body)
