"""From a message to what the classifiers see: its folded text and a set of named observations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from carbot_app.domains.customers.plates import Plate, find_plates

from . import contacts, vehicles
from .dates import DateFindings, find_dates
from .signals import Signals, find_signals
from .text import clip, fold, tokens

_DIGITS = re.compile(r"\d+")
_LETTER_RUN = re.compile(r"[A-ZÄÖÜÇŞĞİŁŚŻ]{4,}")


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything the rules found in one message; `folded` is the text the classifiers read."""

    text: str
    folded: str
    signals: Signals
    dates: DateFindings
    plates: tuple[Plate, ...]
    vehicle: vehicles.VehicleMention
    km: int | None
    year: int | None
    money_cents: int | None
    email: str | None
    phone: str | None
    attachments: tuple[str, ...]
    today: date


def observe(text: str, now: datetime, attachments: Sequence[str] = ()) -> Observations:
    """Run all recognisers over the first characters of `text` (see text.MAX_CHARACTERS)."""
    clipped = clip(text)
    vehicle = vehicles.find_vehicle(clipped)
    has_vehicle = vehicle.make is not None or vehicle.model is not None
    return Observations(
        text=clipped,
        folded=_DIGITS.sub(lambda match: "0" * min(len(match[0]), 4), fold(clipped)),
        signals=find_signals(clipped),
        dates=find_dates(clipped, now),
        plates=find_plates(clipped),
        vehicle=vehicle,
        km=vehicles.find_mileage(clipped),
        year=vehicles.find_year(clipped, has_vehicle=has_vehicle, latest=now.year + 1),
        money_cents=contacts.find_money_cents(clipped),
        email=contacts.find_email(clipped),
        phone=contacts.find_phone(clipped),
        attachments=tuple(attachments),
        today=now.date(),
    )


def named_features(seen: Observations) -> dict[str, float]:
    """Observations as {name: weight}; the same names whatever the language of the message.

    What the rules say about danger and refusal is left out: the classifiers are to judge without them, so
    that one finds what the other misses (`judge` listens to both).
    """
    features = {f"concept={name}": 1.0 for name in seen.signals.concepts}
    features |= {f"service={code}": 0.5 for code in seen.signals.services}
    total = sum(seen.signals.cues.values())
    for intent, count in seen.signals.cues.items():
        # Weighed low: the training messages know these phrases better than other people do.
        features[f"cue={intent}"] = min(count, 3) / 3
        features[f"cue_share={intent}"] = 0.75 * count / total
    facts = {
        "date": seen.dates.desired,
        "past_date": any(span.is_past for span in seen.dates.spans),
        "part_of_day": seen.dates.part_of_day,
        "plate": seen.plates,
        "several_plates": len(seen.plates) > 1,
        "make": seen.vehicle.make,
        "model": seen.vehicle.model,
        "km": seen.km,
        "year": seen.year,
        "money": seen.money_cents,
        "email": seen.email,
        "phone": seen.phone,
        "services": seen.signals.services,
        "question": "?" in seen.text,
        "exclaims": "!" in seen.text,
        "many_exclaims": "!!" in seen.text or seen.text.count("!") > 2,
        "shouts": _LETTER_RUN.search(seen.text),
        "link": "http" in seen.text or "www." in seen.text or ".example/" in seen.text,
        "attachment": seen.attachments,
    }
    features |= {f"has={name}": 1.0 for name, found in facts.items() if found}
    count = len(tokens(seen.folded))
    features[
        f"length={'tiny' if count <= 3 else 'short' if count <= 8 else 'middle' if count <= 20 else 'long'}"
    ] = 1.0
    if seen.dates.desired is not None and seen.dates.desired.to is None:
        features["has=open_date"] = 1.0
    return features


def word_ngrams(folded: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    words = tokens(folded)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def character_ngrams(folded: str) -> list[str]:
    """Two to five characters in a row inside words, with a space at both ends of each word."""
    found: list[str] = []
    for word in folded.split():
        padded = f" {word[:40]} "
        for size in range(2, 6):
            found += [padded[start : start + size] for start in range(max(1, len(padded) - size + 1))]
    return found
