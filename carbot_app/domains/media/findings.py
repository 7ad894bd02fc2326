"""What an assessment of a photo may say and what follows from it (pure)."""

from math import isfinite
from typing import Any

from carbot_app.domains.conversations.dialogue import (
    URGENCY_ORDER,
    DialogueState,
    choose_services,
)
from carbot_app.domains.conversations.warning_lamps import LAMPS, WarningLamp
from carbot_app.domains.media.ports import PhotoFinding

KINDS = ("warning_lamp", "tyre", "damage", "document", "other")
TEXT_LENGTH = 300
SURE = 0.6
"""Below this confidence nothing follows from a finding; staff still reads it."""


def tidy(raw: dict[str, Any]) -> PhotoFinding:
    """A finding of whatever a model answered: known kinds, one short plain line, nothing else."""
    kind = str(raw.get("kind") or "")
    text = " ".join("".join(c if c.isprintable() else " " for c in str(raw.get("text") or "")).split())
    lamp = str(raw.get("lamp") or "")
    try:
        confidence = float(raw.get("confidence") or 0)
    except (TypeError, ValueError):
        confidence = 0.0
    known = kind if kind in KINDS else "other"
    return PhotoFinding(
        kind=known,
        text=text[:TEXT_LENGTH],
        confidence=min(1.0, max(0.0, confidence)) if isfinite(confidence) else 0.0,
        lamp=lamp if known == "warning_lamp" and lamp in LAMPS else "",
    )


def lamp_seen(finding: PhotoFinding) -> WarningLamp | None:
    """The lamp a photo surely enough shows."""
    return LAMPS.get(finding.lamp) if finding.confidence >= SURE else None


def learn(state: DialogueState, lamp: WarningLamp, codes: list[str]) -> None:
    """Take over what a lamp means for the lead; the customer's own wish of work stands above it."""
    state.is_lead = True
    state.urgency = max(state.urgency, lamp.urgency, key=URGENCY_ORDER.index)
    state.lead_class = (
        "hot" if lamp.danger else max(state.lead_class, "warm", key=("cold", "warm", "hot").index)
    )
    intent = "emergency_breakdown" if lamp.danger else "technical_question"
    state.intents = list(dict.fromkeys([*state.intents, intent]))
    if not state.service_codes:
        choose_services(state, codes)
