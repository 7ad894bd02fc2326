"""Which warning lamp means what, and what a driver is told about it (pure)."""

from dataclasses import dataclass, replace

from carbot_app.domains.conversations.answers import Choice, Part, Reply
from carbot_app.domains.conversations.nlu.schemas import Entities, MessageAnalysis
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.i18n import translate

CHOICE = "lamp"
"""Kind of a choice that names a lamp, and of the part of the message it was sent with."""
TOW = "tow"


@dataclass(frozen=True, slots=True)
class WarningLamp:
    """A lamp by its meaning; its name and advice are the locale keys ``lamps.name`` and ``lamps.advice``."""

    id: str
    colour: str
    """red or amber."""
    urgency: str
    services: tuple[str, ...]
    """Groups of the catalogue; the first one the workshop offers counts."""
    danger: str = ""
    """Kind of danger; empty: the car may be driven to the workshop."""


LAMPS: dict[str, WarningLamp] = {
    lamp.id: lamp
    for lamp in (
        WarningLamp("engine_blinking", "amber", "emergency", ("ENG-DIA", "ENG-IGN"), "blinking_mil"),
        WarningLamp("oil", "red", "emergency", ("ENG-OIL",), "red_oil_lamp"),
        WarningLamp("coolant", "red", "emergency", ("ENG-COO",), "red_temperature_lamp"),
        WarningLamp("brake", "red", "emergency", ("SAF-BRK",), "red_brake_lamp"),
        WarningLamp("battery", "red", "emergency", ("ELE-ALT", "ELE-BAT"), "red_warning_lamp"),
        WarningLamp("power_steering", "red", "emergency", ("TRN-STE", "ENG-DIA"), "steering_failure"),
        WarningLamp("engine", "amber", "high", ("ENG-DIA",)),
        WarningLamp("airbag", "amber", "high", ("SAF-ARB", "ENG-DIA")),
        WarningLamp("abs", "amber", "high", ("SAF-BRK",)),
        WarningLamp("tyre_pressure", "amber", "high", ("TYR-TPM", "TYR-RPR", "SAF-CHK")),
        WarningLamp("dpf", "amber", "high", ("ENG-EXH",)),
        WarningLamp("esp", "amber", "normal", ("ELE-SEN", "ENG-DIA")),
        WarningLamp("glow_plug", "amber", "normal", ("ENG-IGN", "ENG-DIA")),
    )
}
"""In the order of the chooser: what must stop first."""


def lamp_of(choice: Choice | None) -> WarningLamp | None:
    """The lamp somebody chose; None: none, or one of another version."""
    return LAMPS.get(choice.value) if choice is not None and choice.kind == CHOICE else None


def lamp_parts(choice: Choice | None) -> list[Part]:
    """What a message keeps of the choice, so that everybody reads it in their own language."""
    lamp = lamp_of(choice)
    return [{"type": CHOICE, "lamp": lamp.id}] if lamp else []


def analysis_of(lamp: WarningLamp, analysis: MessageAnalysis, language: str) -> MessageAnalysis:
    """What is known of a message that is nothing but a chosen lamp."""
    return replace(
        analysis,
        language=language,
        intent="emergency_breakdown" if lamp.danger else "technical_question",
        intent_confidence=1.0,
        secondary_intents=(),
        urgency=lamp.urgency,
        lead="hot" if lamp.danger else "warm",
        is_new_business=True,
        must_refuse=False,
        refusal_topic=None,
        handoff_human=False,
        danger=lamp.danger or None,
        entities=Entities(services=lamp.services),
    )


def lamp_reply(lamp: WarningLamp, workshop: WorkshopView, language: str, next_steps: Part) -> Reply:
    """Safety first: stop and be towed, or what may still be driven; ``next_steps`` are services to choose."""
    advice = translate(language, f"lamps.advice.{lamp.id}")
    if not lamp.danger:
        return Reply(f"{advice} {translate(language, 'lamps.book')}", (next_steps,))
    card: Part = {
        "type": "danger",
        "text": advice,
        "phone": workshop.phone,
        "phone_href": workshop.phone_href,
    }
    tow: Part = {
        "type": "replies",
        "options": [{"label": translate(language, "lamps.tow"), "value": TOW}],
    }
    frame = translate(language, "assistant.danger.call", advice=advice, phone=workshop.phone)
    text = f"{frame} {translate(language, 'lamps.tow_offer')}"
    return Reply(text, (card, tow), handover="emergency")
