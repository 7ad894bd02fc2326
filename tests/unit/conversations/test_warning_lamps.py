"""Which lamp says stop, and that everybody is told so in their own language."""

import pytest

from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.safety import _ADVICE
from carbot_app.domains.conversations.warning_lamps import LAMPS, lamp_of, lamp_parts
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES

STOP = {"engine_blinking", "oil", "coolant", "brake", "battery", "power_steering"}
NOT_ON = {
    "de": "nicht weiterfahren",
    "en": "do not drive on",
    "tr": "yola devam etmeyin",
    "pl": "Proszę nie jechać dalej",
}


def test_red_and_blinking_lamps_are_dangers_and_no_others() -> None:
    assert {lamp.id for lamp in LAMPS.values() if lamp.danger} == STOP
    assert {lamp.id for lamp in LAMPS.values() if lamp.urgency == "emergency"} == STOP
    assert {lamp.id for lamp in LAMPS.values() if lamp.colour == "red"} == STOP - {"engine_blinking"}
    assert all(lamp.danger in _ADVICE for lamp in LAMPS.values() if lamp.danger)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lamp_has_name_and_advice_in_every_language(language: str) -> None:
    words = list_words(language, "lamps")
    assert {key.removeprefix("name.") for key in words if key.startswith("name.")} == set(LAMPS)
    assert {key.removeprefix("advice.") for key in words if key.startswith("advice.")} == set(LAMPS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_must_stop_reads_it_first(language: str) -> None:
    words = list_words(language, "lamps")
    for lamp in STOP:
        assert NOT_ON[language] in words[f"advice.{lamp}"].partition(".")[0], lamp
    for lamp in set(LAMPS) - STOP:
        assert NOT_ON[language] not in words[f"advice.{lamp}"].partition(".")[0], lamp


def test_a_choice_of_another_version_is_no_lamp() -> None:
    assert lamp_of(Choice("lamp", "flux_capacitor")) is None
    assert lamp_of(Choice("slot", "oil")) is None
    assert lamp_of(None) is None
    assert lamp_parts(Choice("lamp", "oil")) == [{"type": "lamp", "lamp": "oil"}]
    assert lamp_parts(Choice("lamp", "<b>")) == []
