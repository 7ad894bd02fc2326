"""Danger, refusals and hand-over come before every engine."""

from dataclasses import replace

import pytest

from carbot_app.domains.conversations.nlu.schemas import Entities, MessageAnalysis
from carbot_app.domains.conversations.safety import danger_reply, handover_key, handover_reply, refusal_reply
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.i18n import list_words
from carbot_app.kit.ids import new_id

LANGUAGES = ("de", "en", "tr", "pl")
STOP = {
    "de": "nicht weiterfahren",
    "en": "not drive on",
    "tr": "devam etmeyin",
    "pl": "nie jechać dalej",
}
DANGERS = (
    "blinking_mil", "red_oil_lamp", "red_brake_lamp", "red_temperature_lamp", "red_warning_lamp",
    "overheating", "smoke_fire", "brake_failure", "steering_failure", "fuel_leak", "wheel_loose",
    "throttle_stuck",
    "accident_injury", "flood", "high_voltage_fault", "something_new",
)  # fmt: skip
CALM = MessageAnalysis(
    language="de",
    language_confidence=1.0,
    intent="other",
    secondary_intents=(),
    intent_confidence=0.9,
    urgency="normal",
    lead="cold",
    is_new_business=False,
    must_refuse=False,
    refusal_topic=None,
    handoff_human=False,
    danger=None,
    entities=Entities(),
)


@pytest.fixture
def workshop() -> WorkshopView:
    return WorkshopView(
        id=new_id(), slug="m", name="Müller", short_name="Müller", legal_form="", represented_by="",
        street="Rheinische Straße 41", postal_code="44137", city="Dortmund", country="DE", region="NW",
        phone="0231 / 555 01 20", phone_href="tel:+492315550120", email="", website="", vat_id="",
        register_entry="", chamber="", timezone="Europe/Berlin", currency="EUR", language="de",
        accent_hue=215.0, accent_chroma=0.09, opening_hours={},
        assistant_on=True, rating="", rating_count=0,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DANGERS)
def test_danger_says_do_not_drive_on_first_and_gives_the_phone(
    kind: str, language: str, workshop: WorkshopView
) -> None:
    reply = danger_reply(replace(CALM, danger=kind), workshop, language)
    assert reply is not None
    assert STOP[language] in reply.text.split(".")[0].lower()
    assert workshop.phone in reply.text
    (card,) = reply.parts
    assert (card["type"], card["phone_href"]) == ("danger", workshop.phone_href)
    assert reply.handover == "emergency"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranded_car_is_an_emergency_without_a_lamp(language: str, workshop: WorkshopView) -> None:
    stranded = replace(CALM, intent="emergency_breakdown", urgency="emergency")
    reply = danger_reply(stranded, workshop, language)
    assert reply is not None
    assert workshop.phone in reply.text


def test_a_calm_message_is_no_danger(workshop: WorkshopView) -> None:
    assert danger_reply(CALM, workshop, "de") is None
    assert danger_reply(replace(CALM, intent="emergency_breakdown"), workshop, "de") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "topic",
    ["emission_removal", "odometer_fraud", "airbag_simulator", "inspection_fraud", "theft", "tax_fraud",
     "insurance_fraud", "illegal_modification", "third_party_data", "attack", "tachograph", None],
)  # fmt: skip
def test_every_refusal_has_words_in_every_language(topic: str | None, language: str) -> None:
    reply = refusal_reply(replace(CALM, must_refuse=True, refusal_topic=topic), language)
    assert reply is not None
    assert reply.text
    assert reply.text in {
        text for key, text in list_words(language, "assistant").items() if key.startswith("refusal.")
    }
    assert refusal_reply(CALM, language) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("intent", "reason"),
    [("complaint", "complaint"), ("billing_question", "asked"),
     ("accident_insurance", "asked"), ("privacy_request", "asked"), ("loaner_pickup", "asked")],
)  # fmt: skip
def test_what_only_people_settle_is_handed_over(
    intent: str, reason: str, language: str, workshop: WorkshopView
) -> None:
    key = handover_key(replace(CALM, intent=intent))
    assert key is not None
    unknown = handover_reply(key, workshop, language, reachable=False)
    known = handover_reply(key, workshop, language, reachable=True)
    assert unknown.handover == known.handover == reason
    assert [part["type"] for part in unknown.parts] == ["contact"]
    assert known.parts == ()


def test_no_text_of_the_assistant_shouts_and_all_languages_are_complete() -> None:
    plural = ("_one", "_few", "_many", "_other")
    keys = {}
    for language in LANGUAGES:
        words = list_words(language, "assistant")
        assert not [key for key, text in words.items() if "!" in text]
        keys[language] = {key.rsplit("_", 1)[0] if key.endswith(plural) else key for key in words}
    assert keys["de"] == keys["en"] == keys["tr"] == keys["pl"]
