"""What a message does in the running dialogue: picks a slot, asks for other times, agrees, thanks (pure)."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.claims import read_clocks
from carbot_app.domains.conversations.dialogue import DialogueState, OfferedSlot
from carbot_app.domains.conversations.nlu.dates import find_dates
from carbot_app.domains.conversations.nlu.phrases import PhraseBook
from carbot_app.domains.conversations.nlu.schemas import DesiredDate, MessageAnalysis
from carbot_app.domains.conversations.nlu.text import fold, tokens

_ORDINALS = ("first", "second", "third")
_NUMBERED = re.compile(
    r"\b(?:nr|nummer|number|no|option|opcja|numer|variante|seçenek|termin|slot)\b\.?\s*([1-9])\b(?![.:]\d)",
    re.IGNORECASE,
)
_LONE_NUMBER = re.compile(r"(?:\D*?([^\W\d]+)\W+|\W*)([1-9])(?![.,:]?\d)[.)]?\W*([^\W\d]*)\D*")
_BESIDE_A_CHOICE = frozenset(
    fold(word) for word in ("bitte", "please", "lütfen", "proszę", "die", "der", "den", "das", "the", "take")
)
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """``slot`` is the offered time chosen; ``several`` are those meant when it is not clear which one.

    ``unknown_slot`` is True when something was chosen that was not offered. ``words`` are the groups of
    words.toml found in the message.
    """

    words: frozenset[str]
    slot: OfferedSlot | None = None
    several: tuple[OfferedSlot, ...] = ()
    unknown_slot: bool = False

    def says(self, *groups: str) -> bool:
        """Whether the message holds words of any of the groups."""
        return not self.words.isdisjoint(groups)


def read_message(
    text: str,
    desired: DesiredDate | None,
    analysis: MessageAnalysis,
    state: DialogueState,
    choice: Choice | None = None,
) -> Reading:
    """Read ``text`` as an answer to what was offered and asked before; ``desired`` is the date it names."""
    words = find_words(text)
    if choice is not None and choice.kind == "slot":
        return _pressed(choice.value, text, state, words)
    offered = state.offered
    if not offered:
        return Reading(words)
    if exact := [slot for slot in offered if slot.label.casefold() == text.strip().casefold()]:
        return Reading(words, slot=exact[0])
    on_day = _on_wished_days(offered, desired)
    by_clock = _at_clock(on_day or offered, text, desired)
    if by_clock is not None and not words & {"change", "decline"}:
        return Reading(words, slot=by_clock)
    if (ordinal := _ordinal(text, words, desired)) is not None:
        return _pick(on_day or offered, ordinal, words)
    return _agreed(on_day, offered, words, wishes=bool(desired or analysis.entities.part_of_day))


def find_words(text: str) -> frozenset[str]:
    """Groups of words.toml the text holds."""
    return frozenset(match.label for match in _book().find(tokens(fold(text))))


def without_call_wish(text: str, now: datetime) -> str:
    """What is left of a message beside the wish for a call and its time: perhaps a name and a number."""
    parts = (part.strip() for part in re.split(r"[,;:.!?\n]+", text))
    kept = (
        part for part in parts if "callback" not in find_words(part) and find_dates(part, now).desired is None
    )
    return ", ".join(filter(None, kept))


def _pressed(value: str, text: str, state: DialogueState, words: frozenset[str]) -> Reading:
    known = [slot for slot in state.offered if slot.id == value]
    if known:
        return Reading(words, slot=known[0])
    if not value or (state.booked and state.booked.slot_id == value):
        return Reading(words)
    # A button of an older message: the calendar decides whether the time can still be had.
    return Reading(words, slot=OfferedSlot(value[:64], "", text.strip()[:80]))


def _ordinal(text: str, words: frozenset[str], wished: DesiredDate | None) -> int | None:
    if match := _NUMBERED.search(text):
        return int(match[1]) - 1
    if number := _number_chosen(text):
        return number - 1
    if wished is not None and find_words(wished.text) & {*_ORDINALS, "last"}:
        return None
    found = [index for index, name in enumerate(_ORDINALS) if name in words]
    if "last" in words and not found:
        return -1
    return found[0] if len(found) == 1 else None


def _number_chosen(text: str) -> int:
    """``1 olsun``, ``ja, die 2 bitte``; 0 when the number may count or name something else."""
    match = _LONE_NUMBER.fullmatch(text)
    if match is None or len(text.split()) > _FEW_WORDS or read_clocks(text):
        return 0
    beside = (word for word in (match[1], match[3]) if word)
    is_choice = all(fold(word) in _BESIDE_A_CHOICE or "accept" in find_words(word) for word in beside)
    return int(match[2]) if is_choice else 0


def _pick(slots: Sequence[OfferedSlot], ordinal: int, words: frozenset[str]) -> Reading:
    if ordinal < len(slots):
        return Reading(words, slot=slots[ordinal])
    return Reading(words, unknown_slot=True)


def _agreed(
    on_day: list[OfferedSlot], offered: Sequence[OfferedSlot], words: frozenset[str], *, wishes: bool
) -> Reading:
    """``Freitag geht``, ``ja``, ``egal``: agreement with what stands there, unless other times are wished."""
    if words & {"change", "decline", "earlier", "later"}:
        return Reading(words)
    if on_day and words & {"accept"}:
        return Reading(words, slot=on_day[0]) if len(on_day) == 1 else Reading(words, several=tuple(on_day))
    if wishes:
        return Reading(words)
    if words & {"any"}:
        return Reading(words, slot=offered[0])
    if words & {"accept"} and len(offered) == 1:
        return Reading(words, slot=offered[0])
    return Reading(words)


def _on_wished_days(slots: Sequence[OfferedSlot], wished: DesiredDate | None) -> list[OfferedSlot]:
    if wished is None:
        return []
    last = (wished.to or wished.from_).date()
    return [slot for slot in slots if slot.starts_at and wished.from_.date() <= slot.at.date() <= last]


def _at_clock(slots: Sequence[OfferedSlot], text: str, wished: DesiredDate | None) -> OfferedSlot | None:
    clocks = set(read_clocks(text))
    if wished is not None and (wished.from_.hour or wished.from_.minute):
        clocks.add(wished.from_.time().replace(tzinfo=None))
    found = [slot for slot in slots if slot.starts_at and _clock_of(slot.at) in clocks]
    return found[0] if len(found) == 1 else None


def _clock_of(at: datetime) -> object:
    return at.time().replace(second=0, microsecond=0)


@cache
def _book() -> PhraseBook:
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    phrases = {
        group: [phrase.strip() for text in texts.values() for phrase in text.split(",") if phrase.strip()]
        for group, texts in table.items()
    }
    return PhraseBook(phrases)
