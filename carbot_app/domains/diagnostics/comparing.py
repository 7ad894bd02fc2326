"""What changed between two sessions of a car (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from carbot_app.domains.diagnostics.schemas import ReadingView, SignalSummary


@dataclass(slots=True)
class Tally:
    """Adds up the values of one signal."""

    count: int = 0
    low: float = float("inf")
    high: float = float("-inf")
    total: float = 0.0

    def add(self, value: float) -> None:
        """One more value."""
        self.count += 1
        self.low = min(self.low, value)
        self.high = max(self.high, value)
        self.total += value


def summarise(tallies: Mapping[int, Tally]) -> tuple[SignalSummary, ...]:
    """What each signal did, by pid."""
    return tuple(
        SignalSummary(pid, one.count, one.low, one.high, one.total / one.count)
        for pid, one in sorted(tallies.items())
    )


def change_of_codes(
    now: ReadingView | None, before: ReadingView | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes that are new, gone and the same. Where codes were read only once nothing has changed."""
    if now is None or before is None:
        return (), (), ()
    here = {one.code for one in now.findings if one.kind != "permanent"}
    there = {one.code for one in before.findings if one.kind != "permanent"}
    return tuple(sorted(here - there)), tuple(sorted(there - here)), tuple(sorted(here & there))
