"""A phrase book: finds labelled phrases in a list of folded words, tolerant to typing errors.

Phrase syntax (see lexicon/*.toml): words separated by spaces; `*` stands for any rest of a word at its start
or end; `|` separates alternatives for one word, `..` lets up to three other words stand between.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .text import fold, tokens

_GAP = ".."
_MAX_GAP = 3
_MIN_TYPO_LENGTH = 6
_MIN_PREFIX = 2


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """`label` was found in words[start:end]."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: str
    words: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]  # words allowed before words[i]


class PhraseBook:
    """Phrases by label. `known_words` (folded) are never treated as misspelt, nor shorter ones than
    `shortest_typo`; two wrong letters are forgiven in long words when `long_words_err_twice`.
    """

    def __init__(
        self,
        phrases: Mapping[str, Iterable[str]],
        known_words: Collection[str] = (),
        *,
        shortest_typo: int = _MIN_TYPO_LENGTH,
        long_words_err_twice: bool = True,
    ) -> None:
        self._shortest_typo = shortest_typo
        self._errors_in_long_words = 2 if long_words_err_twice else 1
        self._by_first: dict[str, list[_Phrase]] = defaultdict(list)
        self._exact: set[str] = set()
        self._prefixes: set[str] = set()
        self._suffixes: set[str] = set()
        self._infixes: set[str] = set()
        for label, texts in phrases.items():
            for text in texts:
                self._add(label, text)
        self._known_words = frozenset(known_words)
        self._typo_targets = self._group_typo_targets()
        self._atoms = lru_cache(maxsize=20_000)(self._find_atoms)

    def _add(self, label: str, text: str) -> None:
        words: list[frozenset[str]] = []
        gaps: list[int] = []
        gap = 0
        for part in text.split():
            if part == _GAP:
                gap = _MAX_GAP
                continue
            for word in self._pattern_words(part):
                words.append(word)
                gaps.append(gap)
                gap = 0
        phrase = _Phrase(label, tuple(words), tuple(gaps))
        for atom in words[0]:
            self._by_first[atom].append(phrase)

    def _pattern_words(self, part: str) -> list[frozenset[str]]:
        """Usually one word; "won't" becomes two, as in the text."""
        alternatives = part.split("|")
        if len(alternatives) == 1 and "*" not in part:
            return [frozenset({self._register(word)}) for word in tokens(fold(part))]
        return [frozenset(self._register(alternative) for alternative in alternatives)]

    def _register(self, pattern: str) -> str:
        starts, ends = pattern.startswith("*"), pattern.endswith("*")
        word = "".join(tokens(fold(pattern)))
        if "*" in pattern.strip("*"):
            raise ValueError(f"a star stands at the start or end of a word: {pattern!r}")
        if not word or (ends and len(word) < _MIN_PREFIX):
            raise ValueError(f"not a phrase: {pattern!r}")
        target, atom = {
            (False, False): (self._exact, word),
            (False, True): (self._prefixes, f"{word}*"),
            (True, False): (self._suffixes, f"*{word}"),
            (True, True): (self._infixes, f"*{word}*"),
        }[starts, ends]
        target.add(word)
        return atom

    def _group_typo_targets(self) -> dict[tuple[str, int], list[tuple[str, str]]]:
        """(first letter, length) -> [(word, atom)] of words long enough to survive one wrong letter."""
        groups: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
        for words, template in ((self._exact, "{}"), (self._prefixes, "{}*")):
            for word in words:
                if len(word) >= _MIN_TYPO_LENGTH and not word.isdigit():
                    groups[word[0], len(word)].append((word, template.format(word)))
        return dict(groups)

    def find(self, words: Sequence[str]) -> list[PhraseMatch]:
        """All matches, overlapping ones included, in order of their start."""
        atoms = [self._atoms(word) for word in words]
        matches: dict[tuple[str, int, int], PhraseMatch] = {}
        for start, found in enumerate(atoms):
            for atom in found:
                for phrase in self._by_first.get(atom, ()):
                    end = self._match_rest(phrase, atoms, start)
                    if end is not None:
                        matches[phrase.label, start, end] = PhraseMatch(phrase.label, start, end)
        return list(matches.values())

    @staticmethod
    def _match_rest(phrase: _Phrase, atoms: Sequence[frozenset[str]], start: int) -> int | None:
        position = start + 1
        for word, gap in zip(phrase.words[1:], phrase.gaps[1:], strict=True):
            for candidate in range(position, min(position + gap + 1, len(atoms))):
                if word & atoms[candidate]:
                    position = candidate + 1
                    break
            else:
                return None
        return position

    def _find_atoms(self, word: str) -> frozenset[str]:
        found = {word} if word in self._exact else set()
        found.update(
            f"{word[:cut]}*" for cut in range(_MIN_PREFIX, len(word) + 1) if word[:cut] in self._prefixes
        )
        if len(word) < 40:
            found.update(f"*{word[cut:]}" for cut in range(len(word)) if word[cut:] in self._suffixes)
            found.update(
                f"*{word[start:end]}*"
                for start in range(len(word))
                for end in range(start + 3, len(word) + 1)
                if word[start:end] in self._infixes
            )
        return frozenset(found or self._guess_atoms(word))

    def _guess_atoms(self, word: str) -> set[str]:
        """The phrase words within one typing error (two in long words), same first letter."""
        if (
            len(word) < self._shortest_typo
            or len(word) > 30
            or word in self._known_words
            or not word.isalpha()
        ):
            return set()
        guesses: set[str] = set()
        for length in range(self._shortest_typo, len(word) + 3):
            targets = self._typo_targets.get((word[0], length))
            if not targets:
                continue
            allowed = self._errors_in_long_words if length >= 10 else 1
            for head in {word, word[:length], word[: length - 1], word[: length + 1]}:
                exact_only = head == word
                for _, _, index in process.extract(
                    head,
                    [target for target, _ in targets],
                    scorer=OSA.distance,
                    score_cutoff=allowed,
                    limit=5,
                ):
                    atom = targets[index][1]
                    if exact_only or atom.endswith("*"):
                        guesses.add(atom)
        return guesses
