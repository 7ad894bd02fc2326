"""The trained classifiers: intent, urgency, lead, language and three yes/no labels from one message.

Character and word n-grams of the folded text plus the named observations of features.py, linear classifiers.
Training is deterministic; the result is cached under the hash of the training files and this package's code.
"""

import hashlib
import json
import logging
import os
import pickle
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from .features import Observations, named_features, observe

_log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
TRAINING_DIRECTORY = PACKAGE / "training"
DEFAULT_CACHE = PACKAGE.parents[3] / "build" / "nlu"
TARGETS = ("intent", "urgency", "lead", "language", "is_new_business", "must_refuse", "handoff_human")
_CODE_SUFFIXES = (".py", ".toml", ".txt")
_WORD_PATTERN = r"[a-z0-9]+"
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message, ready for training."""

    seen: Observations
    labels: dict[str, Any]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prediction:
    """Label -> probability for every target."""

    probabilities: dict[str, dict[str, float]]

    def best(self, target: str) -> tuple[str, float]:
        """The likeliest label of `target` and its probability."""
        scores = self.probabilities[target]
        label = max(scores, key=lambda name: scores[name])
        return label, scores[label]


def read_examples(directory: Path = TRAINING_DIRECTORY) -> list[dict[str, Any]]:
    """All records of the *.jsonl files in `directory`, in file order."""
    return [
        json.loads(line)
        for path in sorted(directory.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def prepare(records: Iterable[dict[str, Any]], *, augment: bool = True) -> list[Example]:
    """Observe every record; with `augment` each also appears once with typing errors."""
    generator = random.Random(_SEED)  # noqa: S311 - not for secrets
    examples: list[Example] = []
    for record in records:
        labels = dict(record["labels"]) | {"language": record["lang"]}
        now = datetime.fromisoformat(record["reference_time"])
        attachments = record.get("attachments") or ()
        examples.append(Example(observe(record["text"], now, attachments), labels))
        if augment and len(record["text"]) > 12:
            noisy = _with_typing_errors(record["text"], generator)
            examples.append(Example(observe(noisy, now, attachments), labels, weight=0.5))
    return examples


def _with_typing_errors(text: str, generator: random.Random) -> str:
    """About one word in six loses, doubles or swaps a letter."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) < 5 or not word.isalpha() or generator.random() > 0.17:
            continue
        at = generator.randrange(1, len(word) - 1)
        words[index] = generator.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    return " ".join(words)


class Classifiers:
    """Vectorisers and one linear classifier per target."""

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True
        )
        self._words = TfidfVectorizer(
            token_pattern=_WORD_PATTERN,
            ngram_range=(1, 2),
            min_df=2,
            sublinear_tf=True,
        )
        self._named = DictVectorizer()
        self._models: dict[str, LogisticRegression] = {}

    def fit(self, examples: Sequence[Example]) -> "Classifiers":
        """Train on `examples`."""
        texts = [example.seen.folded for example in examples]
        features = hstack(
            [
                self._characters.fit_transform(texts),
                self._words.fit_transform(texts),
                self._named.fit_transform([named_features(example.seen) for example in examples]) * 0.35,
            ]
        ).tocsr()
        weights = np.array([example.weight for example in examples])
        for target in TARGETS:
            wanted = [str(example.labels[target]) for example in examples]
            model = LogisticRegression(
                C=12.0, class_weight="balanced" if target != "language" else None, max_iter=300
            )
            self._models[target] = model.fit(features, wanted, sample_weight=weights)
        return self

    def _transform(self, seen: Observations) -> csr_matrix:
        parts = [
            self._characters.transform([seen.folded]),
            self._words.transform([seen.folded]),
            self._named.transform([named_features(seen)]) * 0.35,
        ]
        return csr_matrix(hstack(parts))

    def predict(self, seen: Observations) -> Prediction:
        """Probabilities of every target for one message."""
        features = self._transform(seen)
        return Prediction(
            {
                target: dict(
                    zip(model.classes_.tolist(), model.predict_proba(features)[0].tolist(), strict=True)
                )
                for target, model in self._models.items()
            }
        )


def model_key() -> str:
    """Hash of the training files, the word lists and the code: a model with another key is out of date."""
    digest = hashlib.sha256()
    paths = [path for path in PACKAGE.rglob("*") if path.suffix in (*_CODE_SUFFIXES, ".jsonl")]
    for path in sorted([*paths, PACKAGE.parents[1] / "customers/plates.py"]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def load_classifiers(directory: Path | None = None) -> Classifiers:
    """The cached classifiers of `directory`, trained anew when none has today's key.

    A directory that cannot be written to is no error: the model is then trained at every start.
    """
    path = (directory or DEFAULT_CACHE) / f"model-{model_key()}.pickle"
    if path.is_file():
        try:
            loaded = pickle.loads(path.read_bytes())  # noqa: S301 - written by this function only
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            _log.warning("language model cache is unreadable, training anew", extra={"path": str(path)})
        else:
            if isinstance(loaded, Classifiers):
                return loaded
    trained = Classifiers().fit(prepare(read_examples()))
    _store(trained, path)
    return trained


def _store(trained: Classifiers, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(pickle.dumps(trained, protocol=pickle.HIGHEST_PROTOCOL))
        os.replace(file.name, path)
        for outdated in path.parent.glob("model-*.pickle"):
            if outdated != path:
                outdated.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("language model could not be cached", extra={"path": str(path), "error": str(error)})
