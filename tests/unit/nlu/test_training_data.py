"""Every file of labelled messages the language model of the assistant is trained on.

A wrong label costs quality silently, so the files are checked like code: legal labels, formats,
spans and ids.
"""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

TRAINING = Path(__file__).parents[3] / "carbot_app/domains/conversations/nlu/training"
FILES = sorted(TRAINING.glob("*.jsonl"))
EVALUATION = Path(__file__).parents[2] / "evaluation"

LANGUAGES = {"de", "en", "tr", "pl", "fr", "it", "nl"}
CHANNELS = {"chat", "whatsapp", "email", "sms", "voice"}
INTENTS = {
    "book_appointment",
    "reschedule_or_cancel",
    "price_request",
    "price_negotiation",
    "emergency_breakdown",
    "technical_question",
    "order_status",
    "complaint",
    "billing_question",
    "accident_insurance",
    "parts_tyre_availability",
    "loaner_pickup",
    "general_info",
    "privacy_request",
    "positive_feedback",
    "spam_abuse",
    "illegal_request",
    "other",
}
SUB_CODES = {
    f"{category}-{sub}"
    for category, subs in {
        "ENG": "OIL INS DIA TIM IGN FUE AIR COO EXH MEC",
        "TRN": "CLU MAN AUT DIF SHA SUS STE",
        "TYR": "CHG MNT BAL ALI STO RPR TPM RIM",
        "ELE": "BAT ALT LIG ECU SEN COM INF HVE",
        "CLI": "SRV REF CMP HEA FIL",
        "SAF": "BRK HUA CHK ADA GLS BOD ARB TOW ADM",
    }.items()
    for sub in subs.split()
}
FIELDS = {"id", "lang", "channel", "register", "reference_time", "text", "attachments", "labels"}
LABELS = {
    "intent",
    "secondary_intents",
    "urgency",
    "lead",
    "is_new_business",
    "must_refuse",
    "handoff_human",
    "entities",
}
ENTITIES = {
    "plate",
    "make",
    "model",
    "year",
    "fuel",
    "km",
    "services",
    "desired_date",
    "email",
    "phone",
    "name",
}
PLATE = re.compile(
    r"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} [1-9]\d{0,3}[EH]?"  # DE
    r"|[A-Z]{1,2}-\d{1,5}[A-Z]{1,3}"  # AT
    r"|[A-Z]{2} [1-9]\d{0,5}"  # CH
    r"|\d{2} [A-Z]{1,3} \d{2,4}"  # TR
    r"|[A-Z]{2,3} [A-Z0-9]{4,5}"  # PL
)
# Copied from the text (speech-to-text writes names small); plate, make and model are normalised.
VERBATIM = ("email", "name")
E164 = re.compile(r"\+[1-9]\d{7,14}")


def _messages(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _instant(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=None)


def _entity_faults(message: dict) -> list[str]:
    text, entities = message["text"], message["labels"]["entities"]
    faults = [f"unknown entity {key}" for key in entities.keys() - ENTITIES]
    if "plate" in entities:
        if not PLATE.fullmatch(entities["plate"]):
            faults.append(f"plate format {entities['plate']}")
        spelt_out = message["channel"] == "voice"
        if not spelt_out and _letters(entities["plate"]) not in _letters(text):
            faults.append(f"plate {entities['plate']} is not in the text")
    faults += [
        f"{key} not in the text"
        for key in VERBATIM
        if key in entities and entities[key].lower() not in text.lower()
    ]
    phone = entities.get("phone", "")
    if phone not in text and not E164.fullmatch(phone):
        faults.append(f"phone {phone} is neither E.164 nor in the text")
    faults += [f"{key} is no number" for key in ("year", "km") if not isinstance(entities.get(key, 0), int)]
    if "year" in entities and str(entities["year"])[2:] not in text:
        faults.append("year not in the text")
    if entities.get("fuel", "petrol") not in {"petrol", "diesel", "electric", "hybrid", "lpg"}:
        faults.append(f"fuel {entities['fuel']}")
    services = entities.get("services", [])
    faults += [f"unknown service {code}" for code in services if code not in SUB_CODES]
    if len(services) != len(set(services)):
        faults.append("a service twice")
    return faults


def _date_faults(message: dict) -> list[str]:
    wish = message["labels"]["entities"].get("desired_date")
    if wish is None:
        return []
    if set(wish) != {"text", "from", "to"}:
        return ["desired_date needs text, from and to"]
    faults = [] if wish["text"] in message["text"] else [f"date text {wish['text']!r} is not in the message"]
    start = _instant(wish["from"])
    if start.date() < date(2026, 11, 23):
        faults.append("date wish in the past")
    if wish["to"] is not None and _instant(wish["to"]) < start:
        faults.append("date wish ends before it starts")
    return faults


def _label_faults(message: dict) -> list[str]:
    labels = message["labels"]
    if set(labels) != LABELS:
        return [f"label keys {sorted(set(labels) ^ LABELS)}"]
    intents = [labels["intent"], *labels["secondary_intents"]]
    faults = [f"unknown intent {intent}" for intent in intents if intent not in INTENTS]
    if len(intents) != len(set(intents)):
        faults.append("an intent twice")
    if labels["urgency"] not in {"emergency", "high", "normal", "low"}:
        faults.append(f"urgency {labels['urgency']}")
    if labels["lead"] not in {"hot", "warm", "cold"}:
        faults.append(f"lead {labels['lead']}")
    flags = ("is_new_business", "must_refuse", "handoff_human")
    faults += [f"{flag} is no boolean" for flag in flags if not isinstance(labels[flag], bool)]
    if "illegal_request" in intents and not labels["must_refuse"]:
        faults.append("an illegal request must be refused")
    if labels["urgency"] == "emergency" and not labels["handoff_human"]:
        faults.append("an emergency needs a human")
    if labels["intent"] == "complaint" and not labels["handoff_human"]:
        faults.append("a complaint needs a human")
    if labels["lead"] == "hot" and not labels["is_new_business"]:
        faults.append("a hot lead is new business")
    return faults


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_training_message_is_well_formed_and_legally_labelled(path: Path) -> None:
    faults = []
    for message in _messages(path):
        assert set(message) == FIELDS, message.get("id")
        assert message["lang"] in LANGUAGES, message["id"]
        assert message["channel"] in CHANNELS, message["id"]
        assert message["reference_time"] == "2026-11-23T09:00:00+01:00", message["id"]
        assert message["text"].strip(), message["id"]
        found = _label_faults(message) or _entity_faults(message) + _date_faults(message)
        faults += [f"{message['id']}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def test_no_held_out_message_is_trained_on() -> None:
    trained = {_letters(message["text"]) for path in FILES for message in _messages(path)}
    held_out = [message for path in sorted(EVALUATION.glob("*.jsonl")) for message in _messages(path)]
    assert len(held_out) > 250
    assert [message["id"] for message in held_out if _letters(message["text"]) in trained] == []


@pytest.mark.parametrize("path", sorted(EVALUATION.glob("*.jsonl")), ids=lambda path: path.name)
def test_every_held_out_message_is_legally_labelled(path: Path) -> None:
    faults = {message["id"]: _label_faults(message) for message in _messages(path)}
    assert {identity: found for identity, found in faults.items() if found} == {}


def test_training_ids_and_texts_are_unique_across_all_files() -> None:
    messages = [message for path in FILES for message in _messages(path)]
    for key in (lambda m: m["id"], lambda m: (m["lang"], _letters(m["text"]))):
        doubled = [value for value, count in Counter(map(key, messages)).items() if count > 1]
        assert not doubled


@pytest.mark.parametrize(
    ("lang", "times"), [("de", 8), ("en", 8), ("tr", 8), ("pl", 8), ("fr", 4), ("it", 4), ("nl", 4)]
)
def test_each_trained_language_covers_every_intent(lang: str, times: int) -> None:
    messages = [m for path in FILES for m in _messages(path) if m["lang"] == lang]
    counts = Counter(message["labels"]["intent"] for message in messages)
    assert {intent for intent in INTENTS if counts[intent] < times} == set()


def test_every_service_group_occurs_in_the_training_messages() -> None:
    services = Counter(
        code
        for path in FILES
        for message in _messages(path)
        for code in message["labels"]["entities"].get("services", [])
    )
    assert SUB_CODES - {code for code, count in services.items() if count >= 3} == set()
