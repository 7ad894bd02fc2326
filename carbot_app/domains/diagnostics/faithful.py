"""Whether a written summary says nothing but what was found (pure).

A language model is told the facts and nothing else; still, what it writes counts only when every code,
number, unit and price in it stands in those facts, when it speaks of no clearing of codes, and when it lets
nobody drive who must not. The rules are broad on purpose: a good text thrown away costs a click, a wrong one
more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from carbot_app.domains.conversations.guard import split_sentences

LENGTH = 1200
"""Characters of one summary."""
CODE, NUMBER, UNIT, WORD, PRICE = "code", "number", "unit", "word", "price"
CLEARING, DRIVING, LINK, TOO_LONG, EMPTY = "clearing", "driving", "link", "too_long", "empty"

_CODE = re.compile(r"\b[PCBU][0-3][0-9A-F]{3}\b", re.IGNORECASE)
_FIGURE = re.compile(r"[^\W\d_]*\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?:[^\W_]+)?")
_PLAIN = re.compile(r"(\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?)([^\W\d_]*)")
_GROUPS = re.compile(r"\d{1,3}([.,'’\u00a0\u202f ])\d{3}(?:\1\d{3})*")
_TO = re.compile(r"\s*(?:–|—|-|bis|to|do|ile)\s*", re.IGNORECASE)
_UNITS: Mapping[str, str] = {
    "€": r"€|eur(?:o\w*)?\b|avro\b",
    "CHF": r"chf\b|frank\w*|franken\b",
    "%": r"%|prozent\w*|percent|procent\w*",
    "°C": r"°\s?c?|grad\w*|degrees?\b|derece\w*|stopni\w*",
    "V": r"v\b|volt\w*|wolt\w*",
    "km": r"km\b|kilomet\w*",
    "km/h": r"km/h",
    "rpm": r"u/min|rpm\b|1/min|d/d\b|dev/dak|obr\.?/min|umdrehung\w*|devir\w*|obrot\w*",
    "min": r"min\b|minut\w*|dakika\w*|dk\b",
    "h": r"h\b|std\b|stunden?\b|hours?\b|saat\w*|godz\w*",
    "s": r"s\b|sek\w*|sec\w*|saniye\w*",
    "days": r"tag\w*|days?\b|gün\w*|dni\b|dzień\b",
    "weeks": r"woche\w*|weeks?\b|hafta\w*|tygod\w*",
    "months": r"monat\w*|months?\b|ay\b|aylık|miesi\w*",
    "kPa": r"kpa\b",
    "bar": r"bar\b",
    "g/s": r"g/s",
    "L/h": r"l/h",
    "Nm": r"nm\b",
    "mA": r"ma\b",
}
_UNIT = {
    name: re.compile(rf"[\s\u00a0\u202f]?(?:{words})", re.IGNORECASE)
    # The longer one first: km/h is no km
    for name, words in sorted(_UNITS.items(), key=lambda unit: -len(unit[0]))
}
_CURRENCY = re.compile(r"€|\b(?:euro\w*|eur|avro|chf|franken|frank\w*|złot\w*|lira\w*)\b", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:kostenlos\w*|gratis\w*|umsonst|kostenfrei\w*|free of charge|for free|no charge|ücretsiz\w*|bedava"
    r"|bezpłatn\w*|za darmo|darmow\w*)\b",
    re.IGNORECASE,
)
_NUMBER_WORDS: Mapping[str, Mapping[str, int]] = {
    "de": dict(
        zip(
            "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(),  # noqa: SIM905
            range(2, 13),
            strict=True,
        )
    ),
    "en": dict(
        zip(
            "two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
            range(2, 13),
            strict=True,
        )
    ),
    "tr": dict(zip("iki üç dört beş altı yedi sekiz dokuz on".split(), range(2, 11), strict=True)),  # noqa: SIM905
    "pl": {
        **dict.fromkeys(("dwa", "dwie", "dwóch"), 2),
        **dict.fromkeys(("trzy", "trzech"), 3),
        **dict.fromkeys(("cztery", "czterech"), 4),
        **{"pięć": 5, "sześć": 6, "siedem": 7, "osiem": 8, "dziewięć": 9, "dziesięć": 10},
    },
}
_LARGE_WORDS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for language, words in {
        "de": r"\w*(?:hundert|tausend|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)\w*",
        "en": r"\w*(?:hundred|thousand|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\w*",
        "tr": r"yüz|bin|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan",
        "pl": r"sto|dwieście|trzysta|\w*set|tysi\w*|\w*dzieścia|\w*dzieści|\w*dziesiąt",
    }.items()
}
_CLEARING = re.compile(
    r"\b(?:\w*lösch\w*|zurück(?:zu)?setz\w*|zurückgesetzt\w*|clear(?:ing|ed|s)?\b(?!\s+(?:that|sign|picture))"
    r"|eras(?:e|ed|es|ing)|delet\w+|reset\w*|sil(?:in(?:ir|me|sin|ebil)\w*|me\w*|er\w*|ebil\w*)|sıfırla\w*|kasow\w+|skasow\w+"
    r"|wykasow\w+|wyczyś\w+|zresetow\w+)\b",
    re.IGNORECASE,
)
_DRIVES = re.compile(
    r"\b(?:\w*fahr(?:en|t|bar|bereit|bereites)?|fährt|\w*gefahren|unterwegs|driv\w+|keep going|on the road"
    r"|yola|devam|sür(?:ül\w*|ün\w*|me\w*|ebil\w*)|kullan\w*|jecha\w*|jazd\w*|jeźdz\w*|jedzi\w*|poruszać)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|not|no|never|don['’]t|mustn['’]t|zabron\w*"
    r"|\w+(?:mey|may|mem|mam)\w+|\w*m[ae]z|yasak)\b",
    re.IGNORECASE,
)
_TOWED = re.compile(r"\b(?:\w*abschlepp\w*|tow\w*|çekti\w*|çekici\w*|holow\w*|lawet\w*)\b", re.IGNORECASE)
_CAREFREE = re.compile(
    r"\b(?:bedenkenlos\w*|unbedenklich\w*|unbesorgt|problemlos\w*|sorglos\w*|gefahrlos\w*|ungefährlich\w*"
    r"|harmlos\w*|ohne (?:bedenken|sorge\w*|einschränkung\w*|risiko|gefahr|weiteres)"
    r"|safe to drive|drive safely|harmless|no (?:problem|risk|danger)"
    r"|without (?:worr\w+|concern\w*|restriction\w*|risk|danger)"
    r"|rahatça|rahatlıkla|sorunsuz\w*|tehlikesiz\w*|güvenle (?:sür|yola|devam)\w*"
    r"|bez (?:obaw|problem\w*|ryzyka|ograniczeń)|niegroźn\w*|nieszkodliw\w*)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:–—]|\b(?:und|aber|doch|sondern|and|but|ve|ama|fakat|i|ale|lecz)\b", re.IGNORECASE)
"""``Nicht schlimm, Sie können weiterfahren``: a negation counts only where the driving is."""
_QUOTED = 12
"""Signs of the shortest sentence that is ours without doubt."""
_LINK = re.compile(r"https?:|www\.|@|\b\w+\.(?:de|com|org|net|at|ch|pl|tr)\b", re.IGNORECASE)

YES, LIMITED, NO = "yes", "limited", "no"


@dataclass(frozen=True)
class SummaryFacts:
    """All a summary may say: ``told`` is what the model is given, nested and of texts alone."""

    language: str
    told: Mapping[str, Any]
    safe: str = YES
    """Whether anybody may drive: the worst of all that was found; yes, limited or no."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text of it."""
        return tuple(_texts(self.told))

    @cached_property
    def claims(self) -> "_Claims":
        """What these texts state."""
        found = [_claims_in(text) for text in self.texts]
        return _Claims(
            codes=frozenset().union(*(one.codes for one in found)),
            values=tuple(form for one in found for form in one.values),
            pairs=tuple(pair for one in found for pair in one.pairs),
            words=frozenset().union(*(one.words for one in found)),
        )


@dataclass(frozen=True, slots=True)
class _Claims:
    codes: frozenset[str]
    values: tuple[frozenset[Decimal], ...]
    """Each number with all it may mean: ``14.100`` is a thousandfold in one language and not in another."""
    pairs: tuple[tuple[frozenset[Decimal], str], ...]
    words: frozenset[str]
    """Words with digits in them, such as ``B1S2``."""


def faults_in(text: str, facts: SummaryFacts) -> tuple[str, ...]:
    """What speaks against a text, by kind; empty: it says nothing but the facts."""
    found: list[str] = []
    if not text.strip():
        found.append(EMPTY)
    if len(text) > LENGTH:
        found.append(TOO_LONG)
    found += _unfounded(text, facts)
    found += unsafe_in(text, facts.safe, facts.texts)
    if _LINK.search(text):
        found.append(LINK)
    return tuple(dict.fromkeys(found))


def unsafe_in(text: str, safe: str, quotable: Iterable[str] = ()) -> tuple[str, ...]:
    """CLEARING or DRIVING where a text, whoever wrote it, speaks against the rules of safety.

    ``quotable``: sentences of ours, which are no danger word for word (``Probefahrt``, ``test drive``).
    """
    found = [CLEARING] if _CLEARING.search(text) else []
    if safe != YES and _CAREFREE.search(text):
        found.append(DRIVING)
    elif safe == NO:
        own = text
        for quoted in sorted(quotable, key=len, reverse=True):
            own = own.replace(quoted, " ") if len(quoted) >= _QUOTED else own
        warned = any(_forbids(one) for one in _clauses(text))
        if not warned or not all(map(_forbids, filter(_DRIVES.search, _clauses(own)))):
            found.append(DRIVING)
    return tuple(found)


def _clauses(text: str) -> list[str]:
    return [clause for one in split_sentences(text) for clause in _CLAUSE.split(one)]


def _forbids(clause: str) -> bool:
    return bool((_DRIVES.search(clause) and _NOT.search(clause)) or _TOWED.search(clause))


def _unfounded(text: str, facts: SummaryFacts) -> Iterator[str]:
    said, known = _claims_in(text), facts.claims
    if said.codes - known.codes:
        yield CODE
    numbers = {number for forms in known.values for number in forms}
    if any(not forms & numbers for forms in said.values):
        yield NUMBER
    for forms, unit in said.pairs:
        if not any(unit == other and forms & meant for meant, other in known.pairs):
            yield PRICE if unit in {"€", "CHF"} else UNIT
    if said.words - known.words:
        yield WORD
    yield from _spelled(text, facts, numbers)
    if _has_bare_currency(text) or (_FREE.search(text) and not any(map(_FREE.search, facts.texts))):
        yield PRICE


def _spelled(text: str, facts: SummaryFacts, numbers: Iterable[Decimal]) -> Iterator[str]:
    known = {word for one in facts.texts for word in _words(one)}
    values = _NUMBER_WORDS.get(facts.language, {})
    for word in _words(text):
        if word in values and word not in known and Decimal(values[word]) not in numbers:
            yield NUMBER
    large = _LARGE_WORDS.get(facts.language)
    if large and any(match[0].casefold() not in known for match in large.finditer(text)):
        yield NUMBER


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _has_bare_currency(text: str) -> bool:
    """``ein paar Euro``: a price without a number that could be compared."""
    return any(
        not re.search(r"\d[\s\u00a0\u202f]?$", text[: one.start()])
        and not re.match(r"[\s\u00a0\u202f]?\d", text[one.end() :])
        for one in _CURRENCY.finditer(text)
    )


def _claims_in(text: str) -> _Claims:
    codes = frozenset(code.upper() for code in _CODE.findall(text))
    rest = _CODE.sub(" ", text)
    values: list[frozenset[Decimal]] = []
    pairs: list[tuple[frozenset[Decimal], str]] = []
    words: set[str] = set()
    after, begins = "", len(rest)
    for figure in reversed(list(_FIGURE.finditer(rest))):
        plain = _PLAIN.match(figure[0])
        end = figure.start() + plain.end(1) if plain else figure.end()
        unit = _unit_at(rest, end) if plain else ""
        if plain is None or (plain[2] and not unit):
            words.add(figure[0].casefold())
            continue
        if not unit and _TO.fullmatch(rest[end:begins]):
            unit = after  # of the second number of a range
        unit = unit or _unit_before(rest[: figure.start()])
        forms = _meanings(plain[1])
        values.append(forms)
        if unit:
            pairs.append((forms, unit))
        after, begins = unit, figure.start()
    return _Claims(codes, tuple(values), tuple(pairs), frozenset(words))


def _unit_at(text: str, place: int) -> str:
    return next((name for name, unit in _UNIT.items() if unit.match(text, place)), "")


def _unit_before(text: str) -> str:
    """``€ 129`` and ``%20``."""
    before = text.rstrip(" \u00a0\u202f")
    return next((unit for unit in ("€", "%", "CHF") if before.endswith(unit)), "")


def _meanings(figure: str) -> frozenset[Decimal]:
    """What a number may mean in any of our languages."""
    bare = re.sub(r"['’\u00a0\u202f ]", "", figure)
    forms = {bare}
    if _GROUPS.fullmatch(figure):
        forms.add(re.sub(r"[.,]", "", bare))
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        forms.add(re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :])
    return frozenset(Decimal(form) for form in forms if re.fullmatch(r"\d+(?:\.\d+)?", form))


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for value in told.values():
            yield from _texts(value)
    else:
        for value in told:
            yield from _texts(value)
