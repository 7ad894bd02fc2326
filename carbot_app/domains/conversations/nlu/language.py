"""Language of a message: function words and typical letters, and the trained classifier."""

import re
from functools import cache

from carbot_app.kit.languages import CHAT_LANGUAGES, LANGUAGES

from . import lexicon
from .text import strip_marks

SUPPORTED = (*LANGUAGES, *CHAT_LANGUAGES)
_RARER = 0.8  # few customers write in the others: "Hallo" is German, not Dutch
_WORD = re.compile(r"[a-z']+")


@cache
def _function_words() -> dict[str, dict[str, float]]:
    """word -> {language: weight}; a word of two languages counts half for each."""
    weights: dict[str, dict[str, float]] = {}
    for language, words in lexicon.phrases(lexicon.read("languages")["words"]).items():
        for word in words:
            weights.setdefault(strip_marks(word), {})[language] = 1.0
    return {word: {lang: 1.0 / len(langs) for lang in langs} for word, langs in weights.items()}


@cache
def _letters() -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for language, letters in lexicon.read("languages")["letters"].items():
        for letter in letters:
            weights.setdefault(letter, {})[language] = 1.5
    return weights


def word_scores(text: str) -> dict[str, float]:
    """Evidence per language from function words and letters; higher is surer."""
    scores: dict[str, float] = {}
    for word in _WORD.findall(strip_marks(text)):
        for language, weight in _function_words().get(word, {}).items():
            scores[language] = scores.get(language, 0.0) + weight
    for letter in set(text.lower()):
        for language, weight in _letters().get(letter, {}).items():
            scores[language] = scores.get(language, 0.0) + weight
    return scores


def detect(text: str, trained: dict[str, float], hint: str | None = None) -> tuple[str, float]:
    """Language code and confidence 0..1.

    `trained` are the classifier's probabilities, `hint` is the language of the conversation so far.
    """
    scores = word_scores(text)
    # Learned from whole sentences, the classifier knows little about a single word
    weight = float(min(max(len(text.split()), 1), 4))
    evidence = {
        language: (scores.get(language, 0.0) + weight * trained.get(language, 0.0))
        * (_RARER if language in CHAT_LANGUAGES else 1.0)
        for language in SUPPORTED
    }
    if hint in evidence:
        evidence[hint] += 0.8 if scores else 4.0
    best = max(evidence, key=lambda language: evidence[language])
    return best, evidence[best] / sum(evidence.values())
