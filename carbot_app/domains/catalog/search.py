"""Finds services by what people call them: four languages, synonyms, compounds and misspellings."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "æ": "ae", "ø": "o"})
_TYPED_UMLAUTS = re.compile(r"(?<=[^aeioq])([aou])e")
_SHORT = 3
"""Words up to this length ("HU", "ZR", "oil") only count when they are equal."""
_CLOSE_ENOUGH = 75.0
"""Similarity in percent from which a word counts as a misspelling of another."""
_FLOOR = 0.5
"""Lowest score of a result."""


class ServiceIndex:
    """Immutable index over the names and synonyms of a catalogue."""

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        """``terms`` are (service code, name or synonym)."""
        self._terms = [(code, words) for code, text in terms if (words := _words(text))]
        self._vocabulary = sorted({word for _, words in self._terms for word in words})
        self._number = {word: number for number, word in enumerate(self._vocabulary)}
        count = Counter(word for _, words in self._terms for word in set(words))
        self._weight = np.array(
            [math.log(1 + len(self._terms) / count[word]) for word in self._vocabulary], dtype=np.float32
        )

    def find(self, text: str, limit: int) -> list[str]:
        """Codes of the best matching services, best first; empty when nothing is near."""
        query = list(dict.fromkeys(_words(text)))[:40]
        if not query or not self._vocabulary:
            return []
        likeness = self._likeness(query)
        in_query = likeness.max(axis=0)
        weight = self._weight
        asked = [float(weight[row.argmax()]) if row.max() > 0 else 1.0 for row in likeness]
        best: dict[str, float] = {}
        for code, words in self._terms:
            numbers = [self._number[word] for word in words]
            total = sum(float(weight[number]) for number in numbers)
            covered = sum(float(weight[number] * in_query[number]) for number in numbers) / total
            if covered < _FLOOR:
                continue
            answered = sum(w * float(likeness[row, numbers].max()) for row, w in enumerate(asked)) / sum(
                asked
            )
            best[code] = max(best.get(code, 0.0), 0.65 * covered + 0.35 * answered)
        return sorted(best, key=lambda code: -best[code])[:limit]

    def _likeness(self, query: Sequence[str]) -> np.ndarray:
        """Words of the query × vocabulary, 0…1."""
        ratios = process.cdist(query, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        likeness = np.asarray(ratios, dtype=np.float32) / 100
        for row, asked in enumerate(query):
            for number, known in enumerate(self._vocabulary):
                shorter = min(len(asked), len(known))
                if asked == known:
                    likeness[row, number] = 1.0
                elif shorter <= _SHORT:
                    likeness[row, number] = 0.0
                elif shorter > _SHORT + 1 and (asked in known or known in asked):
                    likeness[row, number] = max(likeness[row, number], 0.85)
        return likeness


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text[:400].casefold().translate(_LETTERS))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return [_TYPED_UMLAUTS.sub(r"\1", word) for word in re.findall(r"[a-z0-9]+", plain)]
