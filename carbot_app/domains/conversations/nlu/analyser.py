"""Built-in understanding of one customer message: language, intent, urgency, lead and entities.

Rules find facts and dangers, classifiers weigh the wording, `judge` settles both. No network, no state,
thread-safe.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from . import contacts, vehicles
from .features import Observations, observe
from .judgement import Verdict, judge
from .language import detect
from .model import DATE_WISH, Classifiers, load_classifiers
from .schemas import DesiredDate, Entities, MessageAnalysis
from .signals import danger_service
from .text import clip

# Margins of the classifiers of wishes, chosen by cross-validation.
_NOT_MEANT, _MEANT, _NO_DATE_WISH, _DATE_WISH = -0.8, -0.2, -0.2, 0.3
# A gearbox's oil is not the engine's, an air-conditioning service no inspection: beside one of these work,
# the general one counts only if the classifier is sure of it.
_PART_OF = {
    "ENG-OIL": {"TRN-AUT", "TRN-MAN", "TRN-DIF"},
    "ENG-INS": {"CLI-SRV", "SAF-HUA"},
    "ENG-COO": {"ENG-TIM", "CLI-HEA"},
    "ENG-DIA": {"ENG-IGN"},
    "TRN-MAN": {"TRN-AUT"},
    "TYR-BAL": {"TYR-MNT"},
    "TYR-CHG": {"TYR-MNT"},
    "TYR-MNT": {"TYR-CHG", "TYR-STO"},
    "SAF-GLS": {"SAF-ADA"},
    "CLI-REF": {"CLI-SRV"},
    "CLI-SRV": {"CLI-REF"},
    "ELE-COM": {"SAF-GLS"},
    "SAF-TOW": {"ELE-BAT"},
}
_SURE_BESIDE = 0.0
# A time without a day says when to come only to who fetches a car; to others it answers an offer.
_TODAY_INTENTS = frozenset({"loaner_pickup", "reschedule_or_cancel", "order_status"})
# "I would sign at once", "in stock right now?"
_SOON_IS_NO_DATE = frozenset({"price_negotiation", "parts_tyre_availability", "price_request"})


class MessageAnalyser:
    """Analyses messages with trained classifiers; build one per process with `load` and share it."""

    def __init__(self, classifiers: Classifiers) -> None:
        self._classifiers = classifiers

    @classmethod
    def load(cls, path: Path | None = None) -> "MessageAnalyser":
        """Analyser with the model cached in directory `path` (default build/nlu of the repository).

        Trains (about ten seconds) and caches when the model is missing or its training files or code changed.
        """
        return cls(load_classifiers(path))

    def analyse(
        self, text: str, *, now: datetime, language_hint: str | None = None, attachments: Sequence[str] = ()
    ) -> MessageAnalysis:
        """Understand `text` as written at `now` (aware; its zone is the workshop's).

        `language_hint` is the language of the conversation so far, `attachments` kinds or names of files.
        Only the first 4,000 characters count. The text is data: nothing in it changes how it is judged.
        Raises ValueError when `now` is naive.
        """
        if now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        seen = observe(text, now, attachments)
        prediction = self._classifiers.predict(seen)
        language, confidence = detect(clip(text), prediction.probabilities["language"], language_hint)
        verdict = judge(seen, prediction)
        return MessageAnalysis(
            language=language,
            language_confidence=round(confidence, 3),
            intent=verdict.intent,
            secondary_intents=verdict.secondary_intents,
            intent_confidence=round(verdict.intent_confidence, 3),
            urgency=verdict.urgency,
            lead=verdict.lead,
            is_new_business=verdict.is_new_business,
            must_refuse=verdict.must_refuse,
            refusal_topic=verdict.refusal_topic,
            handoff_human=verdict.handoff_human,
            danger=verdict.danger,
            entities=_entities(seen, verdict, prediction.wishes),
        )


def _entities(seen: Observations, verdict: Verdict, margins: Mapping[str, float]) -> Entities:
    return Entities(
        plate=seen.plates[0].text if seen.plates else None,
        plates=tuple(plate.text for plate in seen.plates),
        services=_services(seen, verdict, margins),
        make=seen.vehicle.make,
        model=seen.vehicle.model,
        year=seen.year,
        fuel=vehicles.find_fuel(seen.text),
        km=seen.km,
        vin=contacts.find_vin(seen.text),
        desired_date=_desired_date(seen, verdict, margins.get(DATE_WISH, 0.0)),
        part_of_day=seen.dates.part_of_day,
        email=seen.email,
        phone=seen.phone,
        name=contacts.find_name(seen.text),
        money_cents=seen.money_cents,
    )


def _services(seen: Observations, verdict: Verdict, margins: Mapping[str, float]) -> tuple[str, ...]:
    """What the word lists find unless the classifier rules it out, and what that is sure of itself."""
    if not verdict.keeps_services:
        return ()
    named = [code for code in seen.signals.services if margins.get(code, 0.0) > _NOT_MEANT]
    ranked = sorted(margins.keys() - {DATE_WISH}, key=lambda code: -margins[code])
    understood = [code for code in ranked if margins[code] > _MEANT and code not in named]
    implied = danger_service(verdict.danger) if verdict.danger else None
    codes: list[str] = [*named, *understood, *([implied] if implied else [])]
    found = tuple(dict.fromkeys(codes))
    return tuple(code for code in found if not _is_part(code, found, margins))


def _is_part(code: str, found: Collection[str], margins: Mapping[str, float]) -> bool:
    """Whether the work is named only because the words of a special one remind of it."""
    own = margins.get(code, 0.0)
    return own < _SURE_BESIDE and any(
        margins.get(special, 0.0) > own for special in _PART_OF.get(code, set()) & set(found)
    )


def _desired_date(seen: Observations, verdict: Verdict, margin: float) -> DesiredDate | None:
    """A date counts as a wish only where the customer wants to come or to have something by then."""
    needed = _NO_DATE_WISH if verdict.keeps_date else _DATE_WISH if verdict.intent == "order_status" else None
    if needed is None or margin < needed:
        return None
    if seen.dates.kind == "clock" and verdict.intent not in _TODAY_INTENTS:
        return None
    if seen.dates.kind == "asap" and verdict.intent in _SOON_IS_NO_DATE:
        return None
    if verdict.intent != "reschedule_or_cancel":
        return seen.dates.desired
    only_cancels = "cancel" in seen.signals.concepts and "move" not in seen.signals.concepts
    return None if only_cancels and len(seen.dates.spans) < 2 else seen.dates.moved_to


@cache
def load_analyser() -> MessageAnalyser:
    """The analyser of this process; the first call reads the trained model, or trains it (ten seconds)."""
    return MessageAnalyser.load()
