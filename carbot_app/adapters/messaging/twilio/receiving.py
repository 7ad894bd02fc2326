"""What Twilio calls us for: SMS, what became of ours, and calls nobody took."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from carbot_app.domains.messaging.ports import DeliveryReport, MissedCall, Reply, Report, UntrustedReport

_STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}
_MISSED = {"no-answer", "busy", "failed", "canceled"}
_RINGING = "ringing"


def check_signature(token: str, *, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The form of a call that Twilio signed for ``url``; raises UntrustedReport."""
    fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    wanted = base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()
    given = headers.get("x-twilio-signature", "")
    if not token or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise UntrustedReport
    return fields


def reports_of(fields: Mapping[str, str]) -> Sequence[Report]:
    """What a signed call says; what is of no use to us says nothing."""
    if "CallSid" in fields:
        return _call(fields)
    if status := fields.get("MessageStatus"):
        state = _STATES.get(status)
        name, error = fields.get("MessageSid", ""), fields.get("ErrorCode", "")
        return [DeliveryReport(name, state, error)] if state else []
    if "Body" not in fields:
        return []
    return [
        Reply(
            fields.get("From", ""),
            fields["Body"],
            provider_id=fields.get("MessageSid", ""),
            to_address=fields.get("To", ""),
        )
    ]


def _call(fields: Mapping[str, str]) -> Sequence[Report]:
    # After <Dial> the outcome of the forwarded call counts, not that of the one Twilio answered
    status = fields.get("DialCallStatus") or fields.get("CallStatus", "")
    if status not in _MISSED and status != _RINGING:
        return []
    if fields.get("Direction", "inbound") != "inbound":
        return []
    return [
        MissedCall(
            fields.get("From", ""),
            fields["CallSid"],
            to_address=fields.get("To", ""),
            is_ringing=status == _RINGING,
        )
    ]
