"""Which article answers a question: words in common, weighed by how rare they are (pure)."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from carbot_app.domains.knowledge.schemas import ArticleView

_WORD = re.compile(r"[a-z0-9]+")
_STEM = 4
"""Letters of a word that count; endings differ in every language, beginnings hardly ever."""
_SATURATION, _LENGTH_WEIGHT = 1.2, 0.6
"""The two constants of BM25: how soon repetition stops helping, how much long texts are held back."""
_TITLE_WEIGHT = 3
_COVERED = 0.55
"""Share of the question's weight an answer must cover."""
_SPECIAL = str.maketrans({"ß": "ss", "ı": "i", "İ": "i", "ł": "l", "Ł": "l"})


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article and how well it fits."""

    article: ArticleView
    score: float


def best_answer(question: str, articles: Sequence[ArticleView], language: str) -> ArticleView | None:
    """The article that covers the question, in its language if there is one; None when none does."""
    ranked = rank(question, articles)
    own = [one for one in ranked if one.article.language == language]
    best = next(iter(own or ranked), None)
    return best.article if best else None


def rank(question: str, articles: Sequence[ArticleView]) -> list[Ranked]:
    """Articles that cover enough of the question, best first."""
    wanted = set(stems(question))
    if not wanted or not articles:
        return []
    counted = [_counted(article) for article in articles]
    spread = Counter(stem for counts in counted for stem in counts)
    average = sum(counts.total() for counts in counted) / len(counted)
    weights = {stem: _rarity(spread[stem], len(articles)) for stem in wanted}
    found: list[Ranked] = []
    for article, counts in zip(articles, counted, strict=True):
        covered = sum(weights[stem] for stem in wanted if counts[stem])
        if covered < _COVERED * sum(weights.values()) or not _named(article, wanted):
            continue
        long = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * counts.total() / average
        score = sum(
            weights[stem] * counts[stem] * (_SATURATION + 1) / (counts[stem] + _SATURATION * long)
            for stem in wanted
        )
        found.append(Ranked(article, score))
    return sorted(found, key=lambda one: (-one.score, one.article.title))


def stems(text: str) -> list[str]:
    """The beginnings of the words that carry meaning."""
    return [word[:_STEM] for word in _words(text) if word not in _stop_words() and len(word) > 1]


def question_key(question: str) -> str:
    """The form in which two questions are the same."""
    return " ".join(dict.fromkeys(sorted(stems(question))))[:160]


def _named(article: ArticleView, wanted: set[str]) -> bool:
    """Whether title or tags name the matter; a word somewhere in the text is too little to quote it."""
    return not wanted.isdisjoint(stems(" ".join((article.title, *article.tags))))


def _counted(article: ArticleView) -> Counter[str]:
    heading = stems(" ".join((article.title, *article.tags))) * _TITLE_WEIGHT
    return Counter([*heading, *stems(article.body)])


def _rarity(articles_with: int, articles: int) -> float:
    return math.log(1 + (articles - articles_with + 0.5) / (articles_with + 0.5))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL).lower())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_words(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8")))
