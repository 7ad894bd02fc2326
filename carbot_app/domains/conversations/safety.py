"""Rules above both assistants: danger, refusals and hand-over (pure)."""

from collections.abc import Mapping

from carbot_app.domains.conversations.answers import Part, Reply
from carbot_app.domains.conversations.nlu.schemas import MessageAnalysis
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.i18n import translate

_ADVICE: Mapping[str, str] = {
    "blinking_mil": "engine_lamp",
    "red_oil_lamp": "oil",
    "red_brake_lamp": "brake",
    "red_temperature_lamp": "temperature",
    "red_warning_lamp": "any",
    "overheating": "temperature",
    "smoke_fire": "smoke",
    "brake_failure": "brake",
    "steering_failure": "steering",
    "fuel_leak": "fuel",
    "wheel_loose": "wheel",
    "throttle_stuck": "any",
    "trapped": "stranded",
    "stranded_traffic": "stranded",
    "accident_injury": "accident",
    "flood": "battery",
    "high_voltage_fault": "battery",
}
_THREATENS_LIFE = {"smoke_fire", "fuel_leak", "trapped", "accident_injury", "stranded_traffic", "flood"}
_REFUSAL: Mapping[str, str] = {
    "emission_removal": "emissions",
    "odometer_fraud": "odometer",
    "airbag_simulator": "airbag",
    "inspection_fraud": "inspection",
    "theft": "theft",
    "service_book_fraud": "fraud",
    "insurance_fraud": "fraud",
    "tax_fraud": "fraud",
    "tachograph": "any",
    "illegal_modification": "tuning",
    "third_party_data": "personal_data",
    "attack": "override",
}
_HANDED_OVER = {
    "complaint",
    "billing_question",
    "accident_insurance",
    "privacy_request",
    "loaner_pickup",
}
"""Intents only a person can settle."""
_REASONS = {"complaint": "complaint", "emergency_breakdown": "emergency"}


def danger_reply(analysis: MessageAnalysis, workshop: WorkshopView, language: str) -> Reply | None:
    """The "do not drive on" card with the workshop's phone, for danger and for cars stranded now."""
    stranded = analysis.intent == "emergency_breakdown" and analysis.urgency == "emergency"
    if analysis.danger is None and not stranded:
        return None
    kind = analysis.danger or "stranded_traffic"
    advice = translate(language, f"assistant.danger.{_ADVICE.get(kind, 'any')}")
    frame = "life" if kind in _THREATENS_LIFE else "call"
    text = translate(language, f"assistant.danger.{frame}", advice=advice, phone=workshop.phone)
    card: Part = {
        "type": "danger",
        "text": advice,
        "phone": workshop.phone,
        "phone_href": workshop.phone_href,
    }
    return Reply(text=text, parts=(card,), handover="emergency")


def refusal_reply(analysis: MessageAnalysis, language: str) -> Reply | None:
    """A polite no to illegal wishes, to other people's data and to attempts to override the assistant."""
    if not analysis.must_refuse:
        return None
    topic = _REFUSAL.get(analysis.refusal_topic or "", "any")
    return Reply(text=translate(language, f"assistant.refusal.{topic}"))


def handover_key(analysis: MessageAnalysis) -> str | None:
    """Locale key below ``assistant.handover`` when only a person can help, else None."""
    if analysis.intent in _HANDED_OVER:
        return analysis.intent
    return "asked" if analysis.handoff_human and analysis.intent in {"other", "general_info"} else None


def handover_reply(
    key: str, workshop: WorkshopView, language: str, *, reachable: bool, reason: str = ""
) -> Reply:
    """An honest short answer, the hand-over, and the contact card when nobody could call back yet."""
    text = translate(language, f"assistant.handover.{key}", phone=workshop.phone, workshop=workshop.name)
    if reachable:
        return Reply(text=text, handover=reason or _REASONS.get(key, "asked"))
    ask = translate(language, "assistant.handover.reach")
    card: Part = {"type": "contact", "fields": ["name", "phone", "email"]}
    return Reply(text=f"{text} {ask}", parts=(card,), handover=reason or _REASONS.get(key, "asked"))
