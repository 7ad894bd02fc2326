"""Finds services by what people call them: four languages, synonyms, compounds and misspellings."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix

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
        named = [(code, words) for code, text in terms if (words := _words(text))]
        self._vocabulary = sorted({word for _, words in named for word in words})
        number = {word: position for position, word in enumerate(self._vocabulary)}
        count = Counter(word for _, words in named for word in set(words))
        weight = [math.log(1 + len(named) / count[word]) for word in self._vocabulary]
        self._weight = np.array(weight, dtype=np.float32)
        self._number = number
        self._long = [(number[word], word) for word in self._vocabulary if len(word) > _SHORT + 1]
        self._is_short = np.array([len(word) <= _SHORT for word in self._vocabulary], dtype=bool)
        self._codes = [code for code, _ in named]
        self._numbers = [[number[word] for word in words] for _, words in named]
        self._shares = self._weigh()
        self._row = lru_cache(maxsize=4096)(self._likeness)  # customers use the same words again and again

    def find(self, text: str, limit: int) -> list[str]:
        """Codes of the best matching services, best first; empty when nothing is near."""
        query = list(dict.fromkeys(_words(text)))[:40]
        if not query or not self._vocabulary:
            return []
        likeness = np.stack([self._row(word) for word in query])
        asked = np.where(likeness.max(axis=1) > 0, self._weight[likeness.argmax(axis=1)], 1.0)
        covered = self._shares @ likeness.max(axis=0)
        best: dict[str, float] = {}
        for term in np.flatnonzero(covered >= _FLOOR):
            answered = float(asked @ likeness[:, self._numbers[term]].max(axis=1) / asked.sum())
            code = self._codes[term]
            best[code] = max(best.get(code, 0.0), 0.65 * float(covered[term]) + 0.35 * answered)
        return sorted(best, key=lambda code: -best[code])[:limit]

    def _weigh(self) -> csr_matrix:
        """Terms × vocabulary: each word's share of its term; sparse, for a library has thousands of both."""
        columns = np.array([number for numbers in self._numbers for number in numbers], dtype=np.int32)
        ends = np.cumsum([0, *(len(numbers) for numbers in self._numbers)])
        shares = [self._weight[numbers] / self._weight[numbers].sum() for numbers in self._numbers]
        values = np.concatenate(shares) if shares else np.zeros(0, dtype=np.float32)
        return csr_matrix((values, columns, ends), shape=(len(self._numbers), len(self._vocabulary)))

    def _likeness(self, asked: str) -> np.ndarray:
        """A word × vocabulary, 0…1."""
        ratios = process.cdist([asked], self._vocabulary, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        row = np.asarray(ratios[0], dtype=np.float32) / 100
        if len(asked) <= _SHORT:
            row[:] = 0.0
        else:
            row[self._is_short] = 0.0
            if len(asked) > _SHORT + 1:
                contained = [number for number, known in self._long if asked in known or known in asked]
                row[contained] = np.maximum(row[contained], 0.85)
        if asked in self._number:
            row[self._number[asked]] = 1.0
        return row


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text[:400].casefold().translate(_LETTERS))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return [_TYPED_UMLAUTS.sub(r"\1", word) for word in re.findall(r"[a-z0-9]+", plain)]
