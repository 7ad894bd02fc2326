"""The built-in assistant understands a message: language, intent, urgency, lead, safety."""

from datetime import datetime

import pytest

from carbot_app.domains.conversations.nlu import INTENTS, LEADS, URGENCIES


def test_the_story_message_is_understood(analyse):
    found = analyse("Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-AB 123")
    assert found.language == "de"
    assert found.intent in ("price_request", "book_appointment")
    assert found.entities.plate == "DO-AB 123"
    assert found.entities.services == ("SAF-BRK",)
    assert (found.entities.model, found.entities.year) == ("Golf 7", 2015)
    assert not found.must_refuse


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "?",
        "👍",
        "🙈" * 50,
        "x" * 100_000,
        "a b " * 25_000,
        "<script>alert(1)</script>",
        "مرحبا كيف الحال",
    ],
)
def test_any_text_gives_a_complete_analysis(analyse, text):
    found = analyse(text)
    assert found.intent in INTENTS
    assert found.urgency in URGENCIES
    assert found.lead in LEADS
    assert not found.must_refuse


def test_a_naive_moment_is_refused(analyser):
    with pytest.raises(ValueError, match="aware"):
        analyser.analyse("hallo", now=datetime(2026, 11, 23, 9))  # noqa: DTZ001
