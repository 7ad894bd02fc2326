"""Scores an analyser against labelled messages, one JSON object per line (id, lang, text, labels ...).

Scoring: intent accuracy (a gold secondary intent counts half), macro-F1 of urgency and lead, micro-F1 of
entities (fuel is reported apart), recall and precision of refusals, emergencies and hand-overs.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .analyser import MessageAnalyser
from .gold_entities import NOT_SCORED, entity_items, predicted_items
from .schemas import INTENTS, LEADS, URGENCIES, MessageAnalysis

_DEFAULT_REFERENCE = "2026-11-23T09:00:00+01:00"
_WORKSHOP_ZONE = ZoneInfo("Europe/Berlin")
_MAX_LISTED = 1000


@dataclass(slots=True)
class _Counts:
    """True positives, false positives and false negatives."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, expected: bool, found: bool) -> None:
        self.hits += expected and found
        self.extra += found and not expected
        self.missed += expected and not found

    def report(self) -> dict[str, Any]:
        precision = self.hits / (self.hits + self.extra) if self.hits + self.extra else None
        recall = self.hits / (self.hits + self.missed) if self.hits + self.missed else None
        wrong = self.extra + self.missed
        f1 = 2 * self.hits / (2 * self.hits + wrong) if self.hits + wrong else None
        counts = {"hits": self.hits, "extra": self.extra, "missed": self.missed}
        return {"precision": _rounded(precision), "recall": _rounded(recall), "f1": _rounded(f1), **counts}


@dataclass(slots=True)
class _Tally:
    """Running sums over one group of messages (all, or one language)."""

    count: int = 0
    intent_points: float = 0.0
    intent_exact: int = 0
    language_hits: int = 0
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    flags: dict[str, _Counts] = field(default_factory=lambda: defaultdict(_Counts))
    entities: dict[str, _Counts] = field(default_factory=lambda: defaultdict(_Counts))

    def report(self) -> dict[str, Any]:
        total = _Counts()
        for kind, counts in self.entities.items():
            if kind not in NOT_SCORED:
                total.hits += counts.hits
                total.extra += counts.extra
                total.missed += counts.missed
        count = self.count or 1
        return {
            "count": self.count,
            "intent_accuracy": _rounded(self.intent_points / count),
            "intent_accuracy_exact": _rounded(self.intent_exact / count),
            "language_accuracy": _rounded(self.language_hits / count),
            "urgency_macro_f1": macro_f1(self.pairs["urgency"]),
            "lead_macro_f1": macro_f1(self.pairs["lead"]),
            "entity_micro_f1": total.report()["f1"],
            "entities": {kind: counts.report() for kind, counts in sorted(self.entities.items())},
            "refusal": self.flags["refusal"].report(),
            "emergency": self.flags["emergency"].report(),
            "handoff": self.flags["handoff"].report(),
            "new_business": self.flags["new_business"].report(),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Mean F1 over the labels that occur among (expected, found) pairs; None without pairs."""
    by_label: dict[str, _Counts] = defaultdict(_Counts)
    for expected, found in pairs:
        if expected == found:
            by_label[expected].hits += 1
        else:
            by_label[expected].missed += 1
            by_label[found].extra += 1
    scores = [2 * c.hits / (2 * c.hits + c.extra + c.missed) for c in by_label.values()]
    return _rounded(sum(scores) / len(scores)) if scores else None


def evaluate(path_or_lines: Path | str | Iterable[str], analyser: MessageAnalyser) -> dict[str, Any]:
    """JSON-ready report on a labelled file (path) or its lines.

    Broken lines are listed under "broken_lines" with number and reason and do not count. Raises OSError when
    the file cannot be read.
    """
    overall, by_language = _Tally(), defaultdict(_Tally)
    broken: list[dict[str, Any]] = []
    errors: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, line in enumerate(_lines(path_or_lines), start=1):
        if not line.strip():
            continue
        try:
            record = _checked(json.loads(line))
            analysis = _analyse(record, analyser)
        except (ValueError, TypeError, KeyError) as reason:
            broken.append({"line": number, "reason": str(reason) or type(reason).__name__})
            continue
        identity = str(record.get("id") or f"line {number}")
        language = str(record.get("lang") or analysis.language)
        for tally in (overall, by_language[language]):
            _score(record, analysis, tally)
        for topic, expected, found in _differences(record, analysis):
            errors[topic].append({"id": identity, "expected": expected, "found": found})
    return {
        **overall.report(),
        "by_language": {language: tally.report() for language, tally in sorted(by_language.items())},
        "broken_lines": broken,
        "errors": {topic: found[:_MAX_LISTED] for topic, found in sorted(errors.items())},
    }


def _lines(path_or_lines: Path | str | Iterable[str]) -> Iterable[str]:
    if isinstance(path_or_lines, Path | str):
        return Path(path_or_lines).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return path_or_lines


def _checked(record: object) -> dict[str, Any]:
    """The record when it has a text and known labels; ValueError with the reason otherwise."""
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    if not isinstance(record.get("text"), str):
        raise ValueError("field 'text' is missing or not a string")
    labels = record.get("labels")
    if not isinstance(labels, dict):
        raise ValueError("field 'labels' is missing or not an object")
    for name, known in (("intent", INTENTS), ("urgency", URGENCIES), ("lead", LEADS)):
        if labels.get(name) not in known:
            raise ValueError(f"label {name!r} is {labels.get(name)!r}, expected one of {', '.join(known)}")
    return record


def reference_time(record: Mapping[str, Any]) -> datetime:
    """When the message was written, aware; without a zone it is the workshop's (Europe/Berlin)."""
    found = datetime.fromisoformat(str(record.get("reference_time") or _DEFAULT_REFERENCE).replace(" ", "T"))
    return found.replace(tzinfo=_WORKSHOP_ZONE) if found.tzinfo is None else found


def _analyse(record: Mapping[str, Any], analyser: MessageAnalyser) -> MessageAnalysis:
    attachments = [str(item) for item in record.get("attachments") or ()]
    return analyser.analyse(record["text"], now=reference_time(record), attachments=attachments)


def _expected_flags(labels: Mapping[str, Any]) -> dict[str, bool]:
    return {
        "refusal": bool(labels.get("must_refuse", False)),
        "emergency": labels["urgency"] == "emergency",
        "handoff": bool(labels.get("handoff_human", False)),
        "new_business": bool(labels.get("is_new_business", False)),
    }


def _found_flags(analysis: MessageAnalysis) -> dict[str, bool]:
    return {
        "refusal": analysis.must_refuse,
        "emergency": analysis.urgency == "emergency",
        "handoff": analysis.handoff_human,
        "new_business": analysis.is_new_business,
    }


def _score(record: Mapping[str, Any], analysis: MessageAnalysis, tally: _Tally) -> None:
    labels = record["labels"]
    tally.count += 1
    tally.intent_exact += analysis.intent == labels["intent"]
    tally.intent_points += _intent_points(labels, analysis)
    tally.language_hits += analysis.language == record.get("lang", analysis.language)
    tally.pairs["urgency"].append((labels["urgency"], analysis.urgency))
    tally.pairs["lead"].append((labels["lead"], analysis.lead))
    found_flags = _found_flags(analysis)
    for name, expected in _expected_flags(labels).items():
        tally.flags[name].add(expected, found_flags[name])
    expected_items, found_items = _items(record, analysis)
    for item in expected_items | found_items:
        tally.entities[item[0]].add(item in expected_items, item in found_items)


def _intent_points(labels: Mapping[str, Any], analysis: MessageAnalysis) -> float:
    if analysis.intent == labels["intent"]:
        return 1.0
    return 0.5 if analysis.intent in (labels.get("secondary_intents") or ()) else 0.0


def _items(
    record: Mapping[str, Any], analysis: MessageAnalysis
) -> tuple[set[tuple[str, Any]], set[tuple[str, Any]]]:
    expected = entity_items(record["labels"].get("entities") or {}, reference_time(record))
    found = predicted_items(analysis.entities, expected)
    if record["labels"].get("must_refuse"):  # what a refused request would have done is no service
        expected = {item for item in expected if item[0] != "services"}
        found = {item for item in found if item[0] != "services"}
    return expected, found


def _differences(record: Mapping[str, Any], analysis: MessageAnalysis) -> Iterable[tuple[str, Any, Any]]:
    labels = record["labels"]
    for name in ("intent", "urgency", "lead"):
        if labels[name] != getattr(analysis, name):
            yield name, labels[name], getattr(analysis, name)
    found_flags = _found_flags(analysis)
    for name, expected in _expected_flags(labels).items():
        if expected != found_flags[name]:
            yield name, expected, found_flags[name]
    expected_items, found_items = _items(record, analysis)
    kinds = Counter(kind for kind, _ in expected_items ^ found_items)
    for kind in kinds:
        yield (
            f"entity:{kind}",
            sorted(str(value) for item, value in expected_items if item == kind),
            sorted(str(value) for item, value in found_items if item == kind),
        )
