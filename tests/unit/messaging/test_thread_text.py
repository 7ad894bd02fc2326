"""Answers of a thread as plain text."""

import pytest

from carbot_app.domains.messaging.sms_text import gsm_length
from carbot_app.domains.messaging.thread_text import SMS_PLACES, plain_answer

SLOTS = {
    "type": "slots",
    "slots": [{"label": "Di., 24. Nov., 8:00 Uhr"}, {"label": "Mi., 25. Nov., 9:00 Uhr"}],
}
BOOKING = {
    "type": "booking",
    "when": "Di, 8:00 Uhr",
    "price": "89,00 €",
    "address": "",
    "manage_url": "/t/abc",
}
ORIGIN = "https://carbot.example"


def test_times_become_numbered_lines_in_every_channel() -> None:
    for channel in ("sms", "whatsapp", "mail"):
        lines = plain_answer("Wann passt es?", [SLOTS], channel, origin=ORIGIN).splitlines()
        assert lines[-2:] == ["1) Di., 24. Nov., 8:00 Uhr", "2) Mi., 25. Nov., 9:00 Uhr"]


def test_bold_is_bold_in_whatsapp_and_plain_elsewhere() -> None:
    assert plain_answer("**89 €**", [], "whatsapp", origin=ORIGIN) == "*89 €*"
    assert plain_answer("**89 €**", [], "mail", origin=ORIGIN) == "89 €"


def test_a_booking_brings_its_link() -> None:
    text = plain_answer("Gebucht.", [BOOKING], "sms", origin=ORIGIN)
    assert text.splitlines()[-1] == "https://carbot.example/t/abc"


@pytest.mark.parametrize("text", ["Ein Satz. " * 80, "Wort " * 300, "ş" * 900, "x" * 900])
def test_an_sms_stays_short_and_keeps_its_lines(text: str) -> None:
    sent = plain_answer(text, [SLOTS], "sms", origin=ORIGIN)
    assert gsm_length(sent) <= SMS_PLACES
    assert sent.endswith("2) Mi., 25. Nov., 9:00 Uhr")


def test_a_warning_is_longer_than_other_answers_may_be() -> None:
    warning = "Bitte nicht weiterfahren. " * 15
    cut = plain_answer(warning, [], "sms", origin=ORIGIN)
    whole = plain_answer(warning, [{"type": "danger"}], "sms", origin=ORIGIN)
    assert gsm_length(cut) <= SMS_PLACES < gsm_length(whole)


def test_the_button_for_a_person_is_no_line() -> None:
    replies = {
        "type": "replies",
        "options": [
            {"value": "add:BRK-FLU-001", "label": "Bremsflüssigkeit dazu"},
            {"label": "Ölwechsel", "value": "service:X"},
            {"label": "Mensch", "value": "person"},
        ],
    }
    assert plain_answer("Was?", [replies], "mail", origin=ORIGIN) == "Was?\n\n- Ölwechsel"
