"""What a message is about, word by word: concepts, services, danger and illegal requests."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from . import lexicon
from .phrases import PhraseBook, PhraseMatch
from .text import fold, tokens

_WINDOWS = {"danger": 9, "refusal": 14}
_SERVICE, _FALLBACK, _WORD, _CUE = "service:", "fallback:", "word:", "cue:"


@dataclass(frozen=True, slots=True)
class Signals:
    """`concepts` are labels of lexicon/signals.toml; `dangers` and `refusals` their kinds, surest first.

    `cues` counts turns of phrase per intent.
    """

    concepts: frozenset[str]
    services: tuple[str, ...]
    dangers: tuple[str, ...]
    refusals: tuple[str, ...]
    cues: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """All of `needed` within `window` words and none of `forbidden` in the message."""

    kind: str
    needed: tuple[str, ...]
    forbidden: tuple[str, ...]
    window: int


@cache
def _phrase_book() -> PhraseBook:
    services, signals = lexicon.read("services"), lexicon.read("signals")
    phrases: dict[str, list[str]] = {}
    for prefix, table in (
        (_SERVICE, services["sure"]),
        (_FALLBACK, services["fallback"]),
        (_WORD, signals["words"]),
        (_WORD, signals["derived"]),
        (_CUE, lexicon.read("intents")),
    ):
        phrases.update({prefix + label: texts for label, texts in lexicon.phrases(table).items()})
    return PhraseBook(phrases, known_words=tokens(fold(lexicon.read_text("common_words.txt"))))


@cache
def _rules(section: str) -> tuple[_Rule, ...]:
    rules: list[_Rule] = []
    for kind, expressions in lexicon.read("signals")[section].items():
        for expression in expressions:
            terms, _, window = expression.partition("~")
            parts = re.findall(r"([+-]?)\s*(\w+)", terms)
            needed = tuple(name for sign, name in parts if sign != "-")
            forbidden = tuple(name for sign, name in parts if sign == "-")
            rules.append(_Rule(kind, needed, forbidden, int(window or _WINDOWS[section])))
    return tuple(rules)


def find_signals(text: str) -> Signals:
    """Read `text` (any case, any spelling)."""
    words = tokens(fold(text))
    positions: dict[str, list[PhraseMatch]] = defaultdict(list)
    services: list[PhraseMatch] = []
    fallbacks: list[PhraseMatch] = []
    cues: Counter[str] = Counter()
    for match in _phrase_book().find(words):
        if match.label.startswith(_WORD):
            positions[match.label.removeprefix(_WORD)].append(match)
        elif match.label.startswith(_CUE):
            cues[match.label.removeprefix(_CUE)] += 1
        else:
            (services if match.label.startswith(_SERVICE) else fallbacks).append(match)
    _suppress(positions)
    return Signals(
        frozenset(label for label, found in positions.items() if found),
        _pick_services(services, fallbacks),
        _apply(_rules("danger"), positions),
        _refusals(positions),
        cues,
    )


def _suppress(positions: dict[str, list[PhraseMatch]]) -> None:
    for label, stronger in lexicon.read("signals")["suppress"].items():
        blocked = [range(match.start, match.end) for match in positions.get(stronger, ())]
        positions[label] = [
            match for match in positions.get(label, ()) if not any(match.start in span for span in blocked)
        ]


def _apply(rules: Iterable[_Rule], positions: Mapping[str, Sequence[PhraseMatch]]) -> tuple[str, ...]:
    kinds: list[str] = []
    for rule in rules:
        if rule.kind in kinds or any(positions.get(name) for name in rule.forbidden):
            continue
        if _within([positions.get(name, ()) for name in rule.needed], rule.window):
            kinds.append(rule.kind)
    return tuple(kinds)


def _within(groups: Sequence[Sequence[PhraseMatch]], window: int) -> bool:
    """Whether one match of every group fits into `window` words, no two on exactly the same words."""
    if not all(groups):
        return False
    first, *rest = sorted(groups, key=len)
    for match in first:
        low, high, used = match.start, match.end, {(match.start, match.end)}
        for group in rest:
            near = [
                other
                for other in group
                if max(high, other.end) - min(low, other.start) <= window
                and (other.start, other.end) not in used
            ]
            if not near:
                break
            best = min(near, key=lambda other: abs(other.start - match.start))
            low, high = min(low, best.start), max(high, best.end)
            used.add((best.start, best.end))
        else:
            return True
    return False


def _refusals(positions: Mapping[str, Sequence[PhraseMatch]]) -> tuple[str, ...]:
    kinds = _apply(_rules("refusal"), positions)
    if "emission_removal" in kinds and _only_cleaning(positions):
        return tuple(kind for kind in kinds if kind != "emission_removal")
    return kinds


def _only_cleaning(positions: Mapping[str, Sequence[PhraseMatch]]) -> bool:
    """Taking a filter out to clean or replace it is ordinary work."""
    if not positions.get("clean") or positions.get("for_good"):
        return False
    soft = {(match.start, match.end) for match in positions.get("soft_remove", ())}
    return all((match.start, match.end) in soft for match in positions.get("remove", ()))


def _pick_services(sure: Sequence[PhraseMatch], fallbacks: Sequence[PhraseMatch]) -> tuple[str, ...]:
    """Longest phrase wins where two overlap; fallbacks count when their category has nothing surer."""
    kept = [
        match
        for match in sure
        if not any(
            other.label != match.label
            and other.start <= match.start
            and match.end <= other.end
            and other.end - other.start > match.end - match.start
            for other in sure
        )
    ]
    kept.sort(key=lambda match: match.start)
    codes = [match.label.removeprefix(_SERVICE) for match in kept]
    categories = {code.partition("-")[0] for code in codes}
    for match in fallbacks:
        code = match.label.removeprefix(_FALLBACK)
        if code.partition("-")[0] not in categories:
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def danger_service(kind: str) -> str | None:
    """The catalogue group which mends a danger, if one obviously does."""
    return lexicon.read("signals")["danger_services"].get(kind)
