"""Calls nobody took, as Twilio reports them."""

import pytest

from carbot_app.adapters.messaging.twilio import TwilioSms
from carbot_app.domains.messaging.ports import MissedCall, Report, UntrustedReport
from tests.peers.twilio import Twilio

HOOK = "https://carbot.example/api/webhooks/twilio"
CALL = {"CallSid": "CA1", "From": "+491715550142", "To": "+4923199", "Direction": "inbound"}


def read(fields: dict[str, str], token: str = "secret") -> list[Report]:
    headers, body = Twilio("AC1", token).call(HOOK, {**CALL, **fields})
    provider = TwilioSms(account="AC1", token="secret", sender="+4923199")
    return list(provider.read_reports(method="POST", url=HOOK, headers=headers, body=body))


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_a_call_nobody_took_is_missed(status: str) -> None:
    missed = [MissedCall("+491715550142", "CA1", "+4923199")]
    assert read({"CallStatus": status}) == missed
    assert read({"CallStatus": "completed", "DialCallStatus": status}) == missed


def test_a_call_that_was_taken_is_not() -> None:
    assert read({"CallStatus": "completed"}) == []
    assert read({"CallStatus": "no-answer", "DialCallStatus": "completed"}) == []
    assert read({"CallStatus": "in-progress"}) == []


def test_a_call_of_our_own_is_not() -> None:
    assert read({"CallStatus": "no-answer", "Direction": "outbound-api"}) == []


def test_a_ringing_call_says_so() -> None:
    assert read({"CallStatus": "ringing"}) == [MissedCall("+491715550142", "CA1", "+4923199", True)]


def test_an_unsigned_call_is_refused() -> None:
    with pytest.raises(UntrustedReport):
        read({"CallStatus": "busy"}, token="guessed")
