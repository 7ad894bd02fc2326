"""An answer of a thread in plain text: its cards become lines, and an SMS stays short (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carbot_app.domains.messaging.channels import SMS, WHATSAPP
from carbot_app.domains.messaging.sms_text import gsm_length, gsm_text, shorten

SMS_PLACES = 306
"""Two SMS; the third costs the workshop as much as the first and nobody reads it."""
DANGER_PLACES = 612
_PERSON, _ADDITION = "person", "add:"
"""Replies the words around them name already."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

Card = Mapping[str, Any]


def plain_answer(text: str, cards: Sequence[Card], channel: str, *, origin: str) -> str:
    """What leaves on ``channel``; links of cards begin with ``origin``.

    An SMS keeps its first sentences and every line of its cards; nothing of a warning is cut early.
    """
    lines = "\n".join(line for card in cards for line in _lines(card, origin))
    if channel != SMS:
        words = text.replace("**", "*") if channel == WHATSAPP else text.replace("**", "")
        return f"{words}\n\n{lines}".strip()
    words, lines = gsm_text(text.replace("**", "")), gsm_text(lines)
    places = DANGER_PLACES if any(card.get("type") == "danger" for card in cards) else SMS_PLACES
    room = places - gsm_length(lines) - (1 if lines else 0)
    return f"{_first_sentences(words, max(room, 40))}\n{lines}".strip()


def _first_sentences(text: str, places: int) -> str:
    kept = ""
    for sentence in _SENTENCE_END.split(text.strip()):
        longer = f"{kept} {sentence}".strip()
        if gsm_length(longer) > places:
            break
        kept = longer
    return kept or shorten(text.strip(), places)


def _lines(card: Card, origin: str) -> Iterable[str]:
    kind = card.get("type")
    if kind == "slots":
        return (f"{place}) {slot['label']}" for place, slot in enumerate(card.get("slots", ()), start=1))
    if kind == "replies":
        options = card.get("options", ())
        return (
            f"- {option['label']}"
            for option in options
            if option.get("value") != _PERSON and not str(option.get("value")).startswith(_ADDITION)
        )
    if kind == "booking":
        facts = (card.get("when"), card.get("price"), card.get("address"))
        return (*(str(fact) for fact in facts if fact), f"{origin}{card['manage_url']}")
    if kind == "link":
        url = str(card.get("url", ""))
        return (f"{card.get('label', '')}: {origin if url.startswith('/') else ''}{url}",)
    return ()
