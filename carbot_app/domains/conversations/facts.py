"""What the tools of a turn returned: the only prices, times, dates and hours an answer may state."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

_QUOTE_MARKS = ' \n„“"()'


@dataclass(frozen=True, slots=True)
class Fact:
    """One tool result. ``moments`` are in the workshop's zone, ``hours`` maps ISO weekdays to times."""

    tool: str
    label: str
    """For staff, in the workshop's language: ``Kalender, 3 freie Zeiten``."""
    money_cents: tuple[int, ...] = ()
    moments: tuple[datetime, ...] = ()
    hours: tuple[tuple[int, tuple[str, ...]], ...] = ()
    closed_on: tuple[date, ...] = ()
    quotations: tuple[str, ...] = ()
    """What the workshop wrote itself and may be said in exactly these words."""

    def to_json(self) -> dict[str, Any]:
        """The stored form beside the message."""
        return {"tool": self.tool, "label": self.label}


@dataclass(slots=True)
class FactSheet:
    """The facts of one turn."""

    facts: list[Fact] = field(default_factory=list)

    def add(self, fact: Fact) -> None:
        """Note a tool result."""
        self.facts.append(fact)

    @property
    def money_cents(self) -> frozenset[int]:
        """Every amount a tool returned."""
        return frozenset(cents for fact in self.facts for cents in fact.money_cents)

    @property
    def moments(self) -> tuple[datetime, ...]:
        """Every point in time a tool returned."""
        return tuple(moment for fact in self.facts for moment in fact.moments)

    @property
    def hours(self) -> dict[int, tuple[str, ...]]:
        """Opening and closing times by ISO weekday; an empty tuple is a closed day."""
        return {day: times for fact in self.facts for day, times in fact.hours}

    @property
    def closed_on(self) -> frozenset[date]:
        """Dates a tool said the workshop is closed on."""
        return frozenset(day for fact in self.facts for day in fact.closed_on)

    def without_quotations(self, text: str) -> str:
        """The text without whole articles of the workshop."""
        for fact in self.facts:
            for quotation in fact.quotations:
                text = text.replace(quotation, " ")
        return text

    def quotes(self, sentence: str) -> bool:
        """Whether the workshop itself wrote exactly this sentence."""
        said = sentence.strip(_QUOTE_MARKS).rstrip(".")
        return bool(said) and any(said in text for fact in self.facts for text in fact.quotations)
