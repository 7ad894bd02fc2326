"""Which values to ask for next, so that each comes as often as wanted (pure)."""

from collections.abc import Callable, Mapping

_DUE = 0.99
_EARLY = 0.6
"""Share of a period after which a value may ride along in a request that is not full."""


class Schedule:
    """Periods of PIDs in seconds; the one most overdue, measured in its own periods, comes first."""

    def __init__(self, rates: Mapping[int, float]) -> None:
        self._period = {pid: 1 / hz for pid, hz in rates.items()}
        self._last: dict[int, float] = {}

    def change(self, rates: Mapping[int, float]) -> None:
        """New rates; what was read stays read."""
        self._period = {pid: 1 / hz for pid, hz in rates.items()}

    def due(self, now: float, can_read: Callable[[int], bool]) -> list[int]:
        """PIDs to ask for, most urgent first, then those that may ride along; none if nothing is due yet."""
        urgency = {pid: self._urgency(pid, now) for pid in self._period if can_read(pid)}
        if not urgency or max(urgency.values()) < _DUE:
            return []
        ripe = [pid for pid, value in urgency.items() if value >= _EARLY]
        return sorted(ripe, key=lambda pid: (-urgency[pid], pid))

    def note(self, pids: list[int], now: float) -> None:
        """These have been asked for."""
        for pid in pids:
            self._last[pid] = now

    def wait(self, now: float, can_read: Callable[[int], bool]) -> float | None:
        """Seconds until something is due; None: nothing is watched."""
        left = [
            self._last[pid] + period - now if pid in self._last else 0.0
            for pid, period in self._period.items()
            if can_read(pid)
        ]
        return max(0.0, min(left)) if left else None

    def _urgency(self, pid: int, now: float) -> float:
        if pid not in self._last:
            return float("inf")
        return (now - self._last[pid]) / self._period[pid]
