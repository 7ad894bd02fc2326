"""What a car sends becomes blocks on the server's own clock (pure; the caller says what time it is).

A ``Collector`` belongs to one car on one connection. It lets every batch in exactly once and in order,
makes the server's time of the agent's, and hands out blocks of ten seconds to be stored.
"""

from dataclasses import dataclass

from carbot_app.domains.diagnostics.recording import BLOCK_MS
from carbot_app.domains.diagnostics.signals import is_sane
from carbot_app.domains.diagnostics.wire import Row, Samples

AHEAD_MS = 2_000
"""So far the agent's clock may run ahead before it is corrected; a batch cannot come from the future."""
BACK_MS = 2_000
"""A step back of this or less is jitter: the batch is moved behind the one before it."""
OLDEST_MS = 7 * 24 * 3_600_000
"""Nothing waits longer in the buffer of an agent."""
ROWS_PER_SECOND = 2_000
"""Of one car, in its own time: 40 signals at 50 Hz, more than any adapter can read."""
ROWS_AT_ONCE = 20 * ROWS_PER_SECOND


class Missing(Exception):
    """Batches before this one have not arrived; ``expected`` is the next one wanted."""

    def __init__(self, expected: int) -> None:
        super().__init__(expected)
        self.expected = expected


class Flooding(Exception):
    """More readings than a car can have given in that time."""


class CarClock:
    """Instants of the agent's clock as instants of ours, in milliseconds since 1970; never backwards.

    ``offset_ms``: how far ours was ahead when the agent said hello.
    """

    def __init__(self, offset_ms: int, last_ms: int = 0) -> None:
        self._offset_ms = offset_ms
        self._last_ms = last_ms
        self.jumps = 0
        """How often the agent's clock was corrected."""

    def place(self, base_ms: int, span_ms: int, now_ms: int) -> int:
        """When a batch that lasted ``span_ms`` began, by our clock."""
        begin = base_ms + self._offset_ms
        behind = self._last_ms - begin
        if begin + span_ms > now_ms + AHEAD_MS or behind > BACK_MS or begin < now_ms - OLDEST_MS:
            self.jumps += 1
            begin = max(now_ms - span_ms, self._last_ms)
            self._offset_ms = begin - base_ms
        elif behind > 0:
            begin = self._last_ms
        self._last_ms = begin + span_ms
        return begin

    def at(self, agent_ms: int, now_ms: int) -> int:
        """One instant, without any effect on the readings."""
        at = agent_ms + self._offset_ms
        return at if now_ms - OLDEST_MS <= at <= now_ms + AHEAD_MS else now_ms


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch on our clock."""

    begin_ms: int
    """Since 1970."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Readings to be stored together."""

    first_seq: int
    last_seq: int
    starts_ms: int
    """Since 1970."""
    span_ms: int
    rows: tuple[Row, ...]
    """Milliseconds since ``starts_ms``, pid, value."""
    batches_lost: int = 0
    """Batches among these the agent no longer had."""


class Collector:
    """The readings of one car, from ``last_seq`` on, which is stored already."""

    def __init__(self, last_seq: int, clock: CarClock) -> None:
        self.last_seq = last_seq
        """Newest batch that was taken in, stored or not."""
        self.clock = clock
        self.latest: dict[int, float] = {}
        """Newest value of each pid."""
        self._stored_seq = last_seq
        self._starts_ms = 0
        self._gathering_since_ms = 0
        self._rows: list[Row] = []
        self._lost = 0
        self._allowance = float(ROWS_AT_ONCE)
        self._paid_until_ms = 0

    def add(self, batch: Samples, now_ms: int) -> Taken | None:
        """Take a batch in; None when it was here before. Values no car can mean are dropped (signals.py).

        Raises:
            Missing: one before it has not come. Flooding: too much for a car.
        """
        if batch.seq <= self.last_seq:
            return None
        if batch.seq > self.last_seq + 1:
            raise Missing(self.last_seq + 1)
        span = batch.rows[-1][0] if batch.rows else 0
        begin = self.clock.place(batch.base_ms, span, now_ms)
        self._pay(len(batch.rows) + 1, begin + span)
        self.last_seq = batch.seq
        if not self._rows:
            self._starts_ms, self._gathering_since_ms = begin, now_ms
        shift = begin - self._starts_ms
        rows = tuple(row for row in batch.rows if is_sane(row[1], row[2]))
        self._rows += [(after + shift, pid, value) for after, pid, value in rows]
        self.latest.update((pid, value) for _, pid, value in rows)
        return Taken(begin, rows)

    def lose(self, seq: int) -> None:
        """The agent has batches up to ``seq`` no more."""
        if seq > self.last_seq:
            self._lost += seq - self.last_seq
            self.last_seq = seq

    def is_due(self, now_ms: int) -> bool:
        """Whether what has gathered is to be stored now."""
        if self.last_seq == self._stored_seq:
            return False
        if not self._rows:
            return True
        waited = now_ms - self._gathering_since_ms
        return self._rows[-1][0] >= BLOCK_MS or waited >= BLOCK_MS

    def take(self) -> Block | None:
        """What has gathered since the last block; None when nothing has."""
        if self.last_seq == self._stored_seq:
            return None
        rows, self._rows = self._rows, []
        block = Block(
            first_seq=self._stored_seq + 1,
            last_seq=self.last_seq,
            starts_ms=self._starts_ms,
            span_ms=rows[-1][0] if rows else 0,
            rows=tuple(rows),
            batches_lost=self._lost,
        )
        self._stored_seq, self._lost = self.last_seq, 0
        return block

    def _pay(self, cost: int, until_ms: int) -> None:
        """A bucket filled by the car's own time, so that what was buffered comes in as fast as it can."""
        passed = max(0, until_ms - self._paid_until_ms) / 1000
        self._paid_until_ms = max(until_ms, self._paid_until_ms)
        self._allowance = min(ROWS_AT_ONCE, self._allowance + passed * ROWS_PER_SECOND)
        if cost > self._allowance:
            raise Flooding
        self._allowance -= cost
