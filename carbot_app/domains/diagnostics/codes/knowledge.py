"""What is known of the codes a workshop sees most: urgency, advice, causes in their usual order (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from carbot_app.domains.diagnostics.codes import read_rows

SEVERITIES = ("low", "medium", "high", "critical")
SAFE = ("yes", "limited", "no")
_RANGE = re.compile(r"^([PCBU])(\d{4})\.\.[PCBU](\d{4})$")


@dataclass(frozen=True, slots=True)
class Cause:
    """A possible cause, how to look for it first, and the service that mends it."""

    key: str
    service: str
    names: Mapping[str, str]
    checks: Mapping[str, str]

    def name(self, language: str) -> str:
        """German for German readers, English for everybody else: causes are for the workshop."""
        return self.names["de" if language == "de" else "en"]

    def check(self, language: str) -> str:
        """The first check, in the language of ``name``."""
        return self.checks["de" if language == "de" else "en"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A row of frequent.csv."""

    severity: str
    safe: str
    advice: str
    """Locale key ``diagnostic_codes.advice.<advice>``."""
    causes: tuple[str, ...]
    """Most frequent first."""
    service: str = ""
    """Overrides the one of the part."""


@cache
def frequent_codes() -> Mapping[str, Knowledge]:
    """Code → what is known of it."""
    found: dict[str, Knowledge] = {}
    for row in read_rows("frequent"):
        known = Knowledge(
            row["severity"], row["safe"], row["advice"], tuple(row["causes"].split()), row["service"]
        )
        found |= dict.fromkeys(each_code(row["codes"]), known)
    return found


@cache
def causes() -> Mapping[str, Cause]:
    """Cause → its words."""
    return {
        row["cause"]: Cause(
            row["cause"],
            row["service"],
            {"de": row["de"], "en": row["en"]},
            {"de": row["check_de"], "en": row["check_en"]},
        )
        for row in read_rows("causes")
    }


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    """Rule of ranking_rules.py → language → its reason, with ``{name}`` where a reading goes."""
    return {row["rule"]: {"de": row["de"], "en": row["en"]} for row in read_rows("reasons")}


def each_code(text: str) -> Iterator[str]:
    """The codes of one row: ``P0130 P0301..P0308``."""
    for token in text.split():
        match = _RANGE.match(token)
        if match is None:
            yield token
            continue
        letter, first, last = match.groups()
        yield from (f"{letter}{number:04d}" for number in range(int(first), int(last) + 1))
