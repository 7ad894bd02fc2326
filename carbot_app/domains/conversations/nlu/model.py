"""The trained classifiers: intent, urgency, lead, language, yes/no labels and wishes of one message.

Character and word n-grams of the folded text, the named observations of features.py and the vector of what
the message means (meaning.py), linear classifiers.
Training is deterministic; the result is cached under the hash of the training files and this package's code.
"""

import hashlib
import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from .features import Observations, character_ngrams, named_features, observe, word_ngrams
from .meaning import DIMENSIONS, meanings

_log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
TRAINING_DIRECTORY = PACKAGE / "training"
DEFAULT_CACHE = PACKAGE.parents[3] / "build" / "nlu"
TARGETS = ("intent", "urgency", "lead", "language", "is_new_business", "must_refuse", "handoff_human")
_CODE_SUFFIXES = (".py", ".toml", ".txt")
_MIN_FREQUENCY = 2
DATE_WISH = "desired_date"
_WISHES = "wishes"  # several labels at once: one classifier per catalogue group, and one for a date
_FEW_ENTITIES = frozenset({"seed", "daily", "brief", "plain", "short", "talk", "wide"})
_MIN_EXAMPLES = 5  # a group with fewer messages stays with the word lists
_SHARPNESS = 2.5  # turns margins into probabilities that mean roughly what they say
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message, ready for training."""

    seen: Observations
    labels: dict[str, Any]
    is_complete: bool = True  # False: written for its intent, with few of its entities labelled

    def tells(self, wish: str) -> bool:
        """Whether the labels say if the customer wishes for this: what is missing is not always unwanted."""
        entities = self.labels["entities"]
        if not entities or self.labels["must_refuse"]:
            return False
        return self.is_complete or (wish != DATE_WISH and bool(entities.get("services")))

    @property
    def wishes(self) -> frozenset[str]:
        """Labelled services, and DATE_WISH if a date is wished for."""
        entities = self.labels["entities"]
        return frozenset(entities.get("services", ())) | (entities.keys() & {DATE_WISH})


@dataclass(frozen=True, slots=True)
class Prediction:
    """Label -> probability for every target; service or DATE_WISH -> margin (above 0: rather yes)."""

    probabilities: dict[str, dict[str, float]]
    wishes: dict[str, float]

    def best(self, target: str) -> tuple[str, float]:
        """The likeliest label of `target` and its probability."""
        scores = self.probabilities[target]
        label = max(scores, key=lambda name: scores[name])
        return label, scores[label]


def read_examples(directory: Path = TRAINING_DIRECTORY) -> list[dict[str, Any]]:
    """All records of the *.jsonl files in `directory`, in file order, each with the "source" it is from."""
    return [
        json.loads(line) | {"source": path.stem.partition("_")[0]}
        for path in sorted(directory.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def prepare(records: Iterable[dict[str, Any]]) -> list[Example]:
    """Observe every record."""
    return [
        Example(
            observe(
                record["text"],
                datetime.fromisoformat(record["reference_time"]),
                record.get("attachments") or (),
            ),
            dict(record["labels"]) | {"language": record["lang"]},
            is_complete=record.get("source") not in _FEW_ENTITIES,
        )
        for record in records
    ]


@dataclass(frozen=True, slots=True)
class _Block:
    """One group of features: index and inverse document frequency per term, and how much the group weighs."""

    index: dict[str, int]
    idf: np.ndarray
    weight: float

    def vector(self, counts: Mapping[str, float], *, is_text: bool) -> tuple[list[int], np.ndarray]:
        """Positions and values of the known terms; text counts become length-normalised tf-idf."""
        index = self.index
        positions = [index[term] for term in counts if term in index]
        values = np.array([count for term, count in counts.items() if term in index], dtype=np.float32)
        if is_text and positions:
            values = (1 + np.log(values)) * self.idf[positions]
            values /= np.linalg.norm(values)
        return positions, values * self.weight


_BLOCKS = ("characters", "words", "named")
_BLOCK_WEIGHTS = {"characters": 2.0, "words": 1.5, "named": 0.4}
_MEANING_WEIGHT = 1.2


def _terms(seen: Observations, block: str) -> Mapping[str, float]:
    if block == "named":
        return named_features(seen)
    return Counter(character_ngrams(seen.folded) if block == "characters" else word_ngrams(seen.folded))


class Classifiers:
    """One linear classifier per target over shared features; predicting adds a few thousand numbers."""

    def __init__(self, blocks: dict[str, _Block], labels: dict[str, list[str]], weights: np.ndarray) -> None:
        self._blocks = blocks
        self._labels = labels
        self._weights = weights  # (terms + DIMENSIONS + 1, classes of all targets); last row: intercept

    @classmethod
    def fit(cls, examples: Sequence[Example]) -> "Classifiers":
        """Train on `examples`; the same examples give the same classifiers."""
        from sklearn.svm import LinearSVC

        blocks, features = _fit_blocks([example.seen for example in examples])
        labels: dict[str, list[str]] = {}
        columns: list[np.ndarray] = []
        for target in TARGETS:
            wanted = np.array([str(example.labels[target]) for example in examples])
            model = LinearSVC(C=0.3, tol=1e-2, class_weight="balanced", random_state=_SEED)
            model.fit(features, wanted)
            labels[target] = [str(name) for name in model.classes_]
            stacked = np.vstack([model.coef_.T, model.intercept_])
            columns.append(np.hstack([-stacked, stacked]) if len(labels[target]) == 2 else stacked)
        labels[_WISHES], wishes = _fit_wishes(examples, features)
        columns += wishes
        return cls(blocks, labels, np.hstack(columns).astype(np.float32))

    def predict(self, seen: Observations) -> Prediction:
        """Probabilities of every target for one message."""
        meaning = meanings([seen.text])[0] * _MEANING_WEIGHT
        scores = self._weights[-1] + meaning @ self._weights[-1 - DIMENSIONS : -1]
        for name, block in self._blocks.items():
            positions, values = block.vector(_terms(seen, name), is_text=name != "named")
            scores += values @ self._weights[positions] if positions else 0
        found: dict[str, dict[str, float]] = {}
        start = 0
        for target in TARGETS:
            names = self._labels[target]
            shares = np.exp(
                _SHARPNESS * (scores[start : start + len(names)] - scores[start : start + len(names)].max())
            )
            found[target] = dict(zip(names, (shares / shares.sum()).tolist(), strict=True))
            start += len(names)
        wishes = dict(zip(self._labels[_WISHES], scores[start:].tolist(), strict=True))
        return Prediction(found, wishes)

    def save(self, path: Path) -> None:
        """Write to `path` (numpy archive, no code inside), replacing it in one step."""
        head = {
            "labels": self._labels,
            "blocks": {
                name: {"terms": list(block.index), "weight": block.weight}
                for name, block in self._blocks.items()
            },
        }
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            arrays: dict[str, Any] = {f"idf_{name}": block.idf for name, block in self._blocks.items()}
            np.savez(file, head=np.array(json.dumps(head)), weights=self._weights, **arrays)
        os.replace(file.name, path)

    @classmethod
    def read(cls, path: Path) -> "Classifiers":
        """Read what `save` wrote. Raises ValueError, KeyError or OSError when the file is damaged."""
        with np.load(path, allow_pickle=False) as archive:
            head = json.loads(str(archive["head"]))
            blocks = {
                name: _Block(
                    {term: position for position, term in _numbered(head["blocks"], name)},
                    archive[f"idf_{name}"],
                    head["blocks"][name]["weight"],
                )
                for name in head["blocks"]
            }
            return cls(blocks, head["labels"], archive["weights"])


def _numbered(blocks: Mapping[str, Any], wanted: str) -> Iterable[tuple[int, str]]:
    """(position in the feature vector, term) of one block; blocks lie one behind the other."""
    offset = 0
    for name, block in blocks.items():
        if name == wanted:
            return enumerate(block["terms"], start=offset)
        offset += len(block["terms"])
    raise KeyError(wanted)


def _fit_wishes(examples: Sequence[Example], features: Any) -> tuple[list[str], list[np.ndarray]]:
    """The wishes with enough examples and one column of weights for each."""
    from sklearn.svm import LinearSVC

    counts = Counter(wish for example in examples for wish in example.wishes if example.tells(wish))
    groups = sorted(wish for wish, count in counts.items() if count >= _MIN_EXAMPLES)
    columns: list[np.ndarray] = []
    for group in groups:
        rows = [row for row, example in enumerate(examples) if example.tells(group)]
        model = LinearSVC(C=1.0, tol=1e-2, random_state=_SEED)
        model.fit(features[rows], np.array([group in examples[row].wishes for row in rows]))
        columns.append(np.vstack([model.coef_.T, model.intercept_]))
    return groups, columns


def _fit_blocks(messages: Sequence[Observations]) -> tuple[dict[str, _Block], Any]:
    """The feature blocks and the training matrix (messages, features)."""
    from scipy.sparse import csr_matrix, hstack

    counted = {name: [_terms(seen, name) for seen in messages] for name in _BLOCKS}
    blocks: dict[str, _Block] = {}
    offset = 0
    for name in _BLOCKS:
        frequency = Counter(term for terms in counted[name] for term in terms)
        kept = sorted(term for term, count in frequency.items() if count >= _MIN_FREQUENCY)
        idf = np.zeros(offset + len(kept), dtype=np.float32)
        for position, term in enumerate(kept, start=offset):
            idf[position] = np.log((1 + len(messages)) / (1 + frequency[term])) + 1
        index = {term: position for position, term in enumerate(kept, start=offset)}
        blocks[name] = _Block(index, idf, _BLOCK_WEIGHTS[name])
        offset += len(kept)
    rows, positions, values = [], [], []
    for row in range(len(messages)):
        for name, block in blocks.items():
            found, numbers = block.vector(counted[name][row], is_text=name != "named")
            rows += [row] * len(found)
            positions += found
            values.append(numbers)
    terms = csr_matrix((np.concatenate(values), (rows, positions)), shape=(len(messages), offset))
    meaning = csr_matrix(meanings([seen.text for seen in messages]) * _MEANING_WEIGHT)
    return blocks, hstack([terms, meaning], format="csr")


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
    path = (directory or DEFAULT_CACHE) / f"model-{model_key()}.npz"
    if path.is_file():
        try:
            return Classifiers.read(path)
        except (OSError, ValueError, KeyError, BadZipFile):
            _log.warning("language model cache is damaged, training anew", extra={"path": str(path)})
    trained = Classifiers.fit(prepare(read_examples()))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        trained.save(path)
        for outdated in path.parent.glob("model-*.npz"):
            if outdated != path:
                outdated.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("language model could not be cached", extra={"path": str(path), "error": str(error)})
    return trained
