"""What the server has not confirmed yet, kept in order and within a bound."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from carbot_app.adapters.obd.journal import Journal, Saved
from carbot_app.domains.diagnostics.wire import (
    AgentMessage,
    Lost,
    Samples,
    Start,
    State,
    decode_from_agent,
    encode,
)

MOST_BYTES = 64 * 1024 * 1024
"""Of one agent: about a working day of one car."""


@dataclass(frozen=True, slots=True)
class _Entry:
    frame: str
    seq: int = 0
    """0: not a batch; it is gone once sent."""


@dataclass(slots=True)
class _CarLog:
    """Everything of one car that has to reach the server, oldest first."""

    start: Start
    announced: bool = False
    """Start has been sent on this connection."""
    known: bool = False
    """The server has answered it, and told what it has."""
    ended: bool = False
    is_left: bool = False
    """Left by an earlier run: it is said before anything of this one, which would close its session."""
    lost: int = 0
    """Batches up to this one had to be given up."""
    sent: deque[_Entry] = field(default_factory=deque)
    """Batches on their way, not confirmed."""
    waiting: deque[_Entry] = field(default_factory=deque)
    size: int = 0


class Backlog:
    """Messages of all cars of an agent. Beyond the bound the oldest batches go, and ``lost`` counts them.

    What is kept here is in ``journal`` as well, within the same bound.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, journal: Journal | None = None) -> None:
        self._most = most_bytes
        self._journal = journal
        self._cars: dict[str, _CarLog] = {}
        self.lost = 0
        """Batches given up so far."""

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(log.size for log in self._cars.values())

    def restore(self, saved: Sequence[Saved], resumed: Iterable[str]) -> None:
        """Begin with what earlier runs left; cars that are not ``resumed`` end with their last message."""
        going_on = set(resumed)
        for one in saved:
            car = one.start.car
            log = _CarLog(one.start, lost=one.lost, is_left=car not in going_on)
            log.waiting.extend(_Entry(frame, seq) for seq, frame in one.entries)
            log.size = sum(len(entry.frame) for entry in log.waiting)
            self._cars[car] = log
            log.ended = bool(one.entries) and _is_end(one.entries[-1][1])
            if log.is_left and not log.waiting:
                self.forget(car)
            elif log.is_left and not log.ended:
                self.add(State(car, "ended", "restarted"))
        self._shrink()

    def add(self, message: AgentMessage, address: str = "") -> None:
        """Keep a message until it is sent, a batch until it is confirmed; Start once per connection.

        ``address``: of the adapter it comes from.
        """
        car = getattr(message, "car", "")
        log = self._cars.get(car)
        if isinstance(message, Start):
            if self._journal and (log is None or log.start != message):
                self._journal.meet(message, address)
            if log is None:
                self._cars[message.car] = _CarLog(message)
            elif log.start != message:
                log.start, log.announced = message, False
        elif log is not None:  # before its Start a car has nothing to tell
            log.ended = isinstance(message, State) and message.state == "ended"
            entry = _Entry(encode(message), message.seq if isinstance(message, Samples) else 0)
            if self._journal:
                self._journal.keep(car, entry.seq, entry.frame)
            self._keep(log, entry)

    def reconnect(self) -> None:
        """A new connection: what is not confirmed counts as never sent."""
        for log in self._cars.values():
            log.announced = log.known = False
            log.waiting = deque((*log.sent, *log.waiting))
            log.sent.clear()

    def confirm(self, car: str, seq: int) -> None:
        """The server has stored every batch up to ``seq``; after Start this lets the rest follow."""
        log = self._cars.get(car)
        if log is None:
            return
        while log.sent and log.sent[0].seq <= seq:
            log.size -= len(log.sent.popleft().frame)
        stored = [entry for entry in log.waiting if 0 < entry.seq <= seq]
        if self._journal:
            self._journal.confirm(car, seq)
        if stored:
            log.size -= sum(len(entry.frame) for entry in stored)
            log.waiting = deque(entry for entry in log.waiting if not 0 < entry.seq <= seq)
        if log.announced and not log.known:
            log.known = True
            self._say_lost(log, car, seq)
        self._drop_if_done(car, log)

    def send_again(self, car: str, expected: int) -> None:
        """The server misses batches from ``expected`` on."""
        log = self._cars.get(car)
        if log is None:
            return
        missing = [entry for entry in log.sent if entry.seq >= expected]
        log.sent = deque(entry for entry in log.sent if entry.seq < expected)
        log.waiting = deque((*missing, *log.waiting))
        self._say_lost(log, car, expected - 1)

    def introduce(self, car: str) -> None:
        """The server does not know this car (any more): say Start first."""
        log = self._cars.get(car)
        if log is not None:
            log.announced = log.known = False
            log.waiting = deque((*log.sent, *log.waiting))
            log.sent.clear()

    def finish(self, car: str) -> None:
        """The server has closed this car's book: nothing but the end of it is left to say."""
        log = self._cars.get(car)
        if log is not None:
            log.sent.clear()
            log.waiting = deque(entry for entry in log.waiting if not entry.seq)
            log.size = sum(len(entry.frame) for entry in log.waiting)
            if self._journal:
                self._journal.drop_batches(car)
            self._drop_if_done(car, log)

    def forget(self, car: str) -> None:
        """The server will never take this car, or has all of it."""
        self._cars.pop(car, None)
        if self._journal:
            self._journal.forget(car)

    def next(self) -> str | None:
        """The next frame to send; None: everything that may be said now is said."""
        for car, log in list(self._cars.items()):
            if not log.announced:
                log.announced = True
                return encode(log.start)
            if log.known and log.waiting:
                entry = log.waiting.popleft()
                if entry.seq:
                    log.sent.append(entry)
                else:
                    log.size -= len(entry.frame)
                    if self._journal:
                        self._journal.told(car, entry.frame)
                    self._drop_if_done(car, log)
                return entry.frame
            if log.is_left:
                return None
        return None

    def _keep(self, log: _CarLog, entry: _Entry) -> None:
        log.waiting.append(entry)
        log.size += len(entry.frame)
        self._shrink()

    def _shrink(self) -> None:
        while self.size > self._most:
            car, fullest = max(self._cars.items(), key=lambda one: one[1].size)
            oldest = fullest.sent[0] if fullest.sent else _first_batch(fullest.waiting)
            if oldest is None:
                return
            (fullest.sent if fullest.sent else fullest.waiting).remove(oldest)
            fullest.size -= len(oldest.frame)
            fullest.lost = oldest.seq
            self.lost += 1
            if self._journal:
                self._journal.give_up(car, oldest.seq)

    def _say_lost(self, log: _CarLog, car: str, stored: int) -> None:
        if log.lost > stored:
            entry = _Entry(encode(Lost(car, log.lost)))
            log.waiting.appendleft(entry)
            log.size += len(entry.frame)

    def _drop_if_done(self, car: str, log: _CarLog) -> None:
        if log.ended and not log.sent and not log.waiting:
            self.forget(car)


def _first_batch(entries: Iterable[_Entry]) -> _Entry | None:
    return next((entry for entry in entries if entry.seq), None)


def _is_end(frame: str) -> bool:
    message = decode_from_agent(frame)
    return isinstance(message, State) and message.state == "ended"
