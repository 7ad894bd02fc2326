"""What an agent has read and the server not confirmed, on disk: it outlives the process and the machine."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from carbot_app.adapters.obd.reporting import now_ms
from carbot_app.domains.diagnostics.wire import (
    AgentMessage,
    Codes,
    Samples,
    Start,
    decode_from_agent,
    encode,
)
from carbot_app.domains.diagnostics.wire_fields import WireError
from carbot_app.kit.ids import fingerprint

RESUME_SECONDS = 30 * 60
"""An agent that was away for less goes on with the same recording."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_TABLES = """
CREATE TABLE IF NOT EXISTS car (
  car TEXT PRIMARY KEY, address TEXT NOT NULL, start TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0, boot TEXT NOT NULL, ahead_ms INTEGER NOT NULL, touched_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT, car TEXT NOT NULL, seq INTEGER NOT NULL, frame TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_of_car ON entry (car, seq);
"""
_MEET = (
    "INSERT INTO car (car, address, start, boot, ahead_ms, touched_ms) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (car) DO UPDATE SET start = excluded.start, boot = excluded.boot, "
    "ahead_ms = excluded.ahead_ms, touched_ms = excluded.touched_ms"
)
_TOLD = "DELETE FROM entry WHERE id = (SELECT min(id) FROM entry WHERE car = ? AND seq = 0 AND frame = ?)"


@dataclass(frozen=True, slots=True)
class Saved:
    """A car as an earlier run of the agent left it."""

    start: Start
    address: str
    """Of the adapter it was plugged into."""
    seq: int
    """Of its last batch."""
    lost: int
    entries: tuple[tuple[int, str], ...]
    """Batch (0: another message) and frame, in order; on the clock of this run."""
    is_fresh: bool
    """Left so lately that it is still the same recording."""


class Journal:
    """One file per server and token, for one process at a time.

    A disk that fails costs nothing but the protection against a crash: ``say`` hears of it once, and the
    agent goes on in memory.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say
        self._db: sqlite3.Connection | None = None
        self._boot = _BOOT.read_text("ascii").strip() if _BOOT.exists() else ""
        with self._guarded():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = self._open()

    def load(self) -> list[Saved]:
        """What earlier runs left, the oldest first."""
        found: list[Saved] = []
        if (db := self._db) is None:
            return found
        with self._guarded():
            cars = "SELECT car, address, start, seq, lost, boot, ahead_ms, touched_ms FROM car ORDER BY rowid"
            for car, address, start, seq, lost, boot, ahead, touched in db.execute(cars).fetchall():
                # A machine that was started anew counts from another moment: only the time of day links both
                shift = 0 if boot and boot == self._boot else ahead - _ahead_ms()
                rows = db.execute("SELECT seq, frame FROM entry WHERE car = ? ORDER BY id", (car,)).fetchall()
                message = _decoded(start)
                if not isinstance(message, Start):
                    continue
                fresh = 0 <= _wall_ms() - touched < RESUME_SECONDS * 1000
                entries = tuple(_moved(rows, shift))
                if shift:
                    self._rewrite(car, entries)
                found.append(Saved(message, address, seq, lost, entries, fresh))
        return found

    def meet(self, start: Start, address: str) -> None:
        """A car is there, or says more about itself."""
        met = (start.car, address, encode(start), self._boot, _ahead_ms(), _wall_ms())
        self._do((_MEET, met))

    def keep(self, car: str, seq: int, frame: str) -> None:
        """Remember a message before it is sent."""
        self._do(
            ("INSERT INTO entry (car, seq, frame) VALUES (?, ?, ?)", (car, seq, frame)),
            ("UPDATE car SET seq = max(seq, ?), touched_ms = ? WHERE car = ?", (seq, _wall_ms(), car)),
        )

    def confirm(self, car: str, seq: int) -> None:
        """The server has every batch up to ``seq``."""
        self._do(("DELETE FROM entry WHERE car = ? AND seq BETWEEN 1 AND ?", (car, seq)))

    def told(self, car: str, frame: str) -> None:
        """A message that is no batch has been sent."""
        self._do((_TOLD, (car, frame)))

    def give_up(self, car: str, seq: int) -> None:
        """The oldest batch had to go."""
        self._do(
            ("DELETE FROM entry WHERE car = ? AND seq = ?", (car, seq)),
            ("UPDATE car SET lost = max(lost, ?) WHERE car = ?", (seq, car)),
        )

    def drop_batches(self, car: str) -> None:
        """Nobody wants the batches of this car any more."""
        self._do(("DELETE FROM entry WHERE car = ? AND seq > 0", (car,)))

    def forget(self, car: str) -> None:
        """Everything of this car is said."""
        self._do(("DELETE FROM entry WHERE car = ?", (car,)), ("DELETE FROM car WHERE car = ?", (car,)))

    def close(self) -> None:
        """Let another process have the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _rewrite(self, car: str, entries: Iterable[tuple[int, str]]) -> None:
        """The same on the clock of this run, which what is read from now on has as well."""
        self._do(
            ("DELETE FROM entry WHERE car = ?", (car,)),
            *(("INSERT INTO entry (car, seq, frame) VALUES (?, ?, ?)", (car, *one)) for one in entries),
            ("UPDATE car SET boot = ?, ahead_ms = ? WHERE car = ?", (self._boot, _ahead_ms(), car)),
        )

    def _do(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """In one transaction."""
        if self._db is None:
            return
        with self._guarded(), self._db as db:
            for statement, values in statements:
                db.execute(statement, values)

    def _open(self) -> sqlite3.Connection:
        try:
            return _connect(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # No database any more: kept for whoever wants to look, and begun anew
            self._path.replace(self._path.with_suffix(".broken"))
            self._say(f"The buffer in {self._path} was broken; a new one has been begun.")
            return _connect(self._path)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What goes wrong with the disk ends the protection, and nothing else."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self.close()
            self._say(f"Readings are kept in memory only: {error} ({self._path}).")


def journal_path(folder: Path, server: str, token: str) -> Path:
    """Of an agent's file; its name tells neither server nor token."""
    return folder / f"{fingerprint(f'{server} {token}')[:20]}.db"


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=0.5)
    try:
        # A killed process loses nothing, a machine without power its last moments: not worth an fsync each
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
            db.execute(f"PRAGMA {pragma}")
        db.executescript(_TABLES)
        with db:
            db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        db.close()
        raise
    with suppress(OSError):
        path.chmod(0o600)
    return db


def _wall_ms() -> int:
    return int(time.time() * 1000)


def _ahead_ms() -> int:
    """How far the time of day is ahead of the agent's clock."""
    return _wall_ms() - now_ms()


def _moved(rows: Iterable[tuple[int, str]], shift: int) -> Iterator[tuple[int, str]]:
    for seq, frame in rows:
        if not shift:
            yield seq, frame
            continue
        message = _decoded(frame)
        if isinstance(message, Samples):
            yield seq, encode(replace(message, base_ms=max(0, message.base_ms + shift)))
        elif isinstance(message, Codes):
            yield seq, encode(replace(message, at_ms=max(0, message.at_ms + shift)))
        elif message is not None:
            yield seq, frame


def _decoded(frame: str) -> AgentMessage | None:
    try:
        return decode_from_agent(frame)
    except WireError:
        # Written by another version of the agent; whoever reads it now would not understand it either
        return None
