"""Recorded sessions: reading pieces for a replay, comparing, and export as CSV or Parquet."""

import csv
import io
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.diagnostics import recording
from carbot_app.domains.diagnostics.code_service import readings_of
from carbot_app.domains.diagnostics.comparing import Tally, change_of_codes, summarise
from carbot_app.domains.diagnostics.evidence import Reading
from carbot_app.domains.diagnostics.models import DiagnosticBlock, DiagnosticSession
from carbot_app.domains.diagnostics.ports import ParquetWriter
from carbot_app.domains.diagnostics.rows import get_row
from carbot_app.domains.diagnostics.schemas import Comparison, Piece, SignalChange, SignalSummary
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.diagnostics.signals import BY_PID
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import EPOCH, epoch_ms
from carbot_app.kit.errors import Conflict, TooLarge

CSV, PARQUET = "csv", "parquet"
FORMATS = (CSV, PARQUET)
EXPORT_LIMIT = 5_000_000
"""Readings of one file; ten signals at 10 Hz for fourteen hours."""
OUTLINE_POINTS = 1200
_BLOCKS_AT_ONCE = 30
_MILLISECOND = timedelta(milliseconds=1)


class RecordingService:
    """Everything needs ``diagnostics.read``."""

    def __init__(self, *, db: Database, parquet: ParquetWriter) -> None:
        self._db = db
        self._parquet = parquet

    def list_pieces(
        self, actor: Actor, session_id: UUID, *, start: datetime | None = None, limit: int = _BLOCKS_AT_ONCE
    ) -> list[Piece]:
        """The recorded readings from ``start`` on (None: from the beginning), in pieces of ten seconds.

        What was read in the last ten seconds of a running session is not stored yet: the live socket has it.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            query = select(DiagnosticBlock).where(DiagnosticBlock.session_id == row.id)
            if start:
                # A block that began before and lasts until after
                query = query.where(DiagnosticBlock.starts_at > start - _longest(session, row.id))
            ordered = query.order_by(col(DiagnosticBlock.starts_at), col(DiagnosticBlock.first_seq))
            pieces = [_piece(block) for block in session.exec(ordered.limit(limit))]
        return [piece for piece in pieces if start is None or _ends(piece) >= start]

    def list_earlier(self, actor: Actor, session_id: UUID) -> list[tuple[UUID, datetime]]:
        """Sessions of the same car before this one, the newest first: id and when.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.vehicle_id is None:
                return []
            query = select(DiagnosticSession.id, DiagnosticSession.started_at).where(
                DiagnosticSession.vehicle_id == row.vehicle_id,
                DiagnosticSession.started_at < row.started_at,
                DiagnosticSession.sample_count > 0,
            )
            return list(session.exec(query.order_by(col(DiagnosticSession.started_at).desc()).limit(50)))

    def compare(self, actor: Actor, session_id: UUID, earlier_id: UUID) -> Comparison:
        """A session beside an earlier one: every signal then and now, codes that came and went.

        Raises:
            NotFound: ``diagnostic_session_unknown``. Conflict: ``sessions_of_two_cars``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row, earlier = get_row(session, session_id), get_row(session, earlier_id)
            if row.vehicle_id is None or row.vehicle_id != earlier.vehicle_id:
                raise Conflict("sessions_of_two_cars")
            now = {one.pid: one for one in self._summary(session, row.id)}
            before = {one.pid: one for one in self._summary(session, earlier.id)}
            codes, former = (readings_of(session, one.id, limit=1) for one in (row, earlier))
        new, gone, same = change_of_codes(codes[0] if codes else None, former[0] if former else None)
        return Comparison(
            session_id=session_id,
            earlier_id=earlier_id,
            earlier_started_at=earlier.started_at,
            signals=tuple(
                SignalChange(pid, now.get(pid), before.get(pid)) for pid in sorted({*now, *before})
            ),
            codes_new=new,
            codes_gone=gone,
            codes_same=same,
        )

    def outline(
        self, actor: Actor, session_id: UUID, pids: Collection[int]
    ) -> dict[int, list[tuple[int, float]]]:
        """The course of some signals: pid → milliseconds since the session began and value, thinned out.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        courses: dict[int, dict[int, tuple[int, float]]] = {pid: {} for pid in pids}
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            length = (row.ended_at or row.heard_at) - row.started_at
            step = max(1, round(length / _MILLISECOND / OUTLINE_POINTS))
            begin = epoch_ms(row.started_at)
            for at_ms, pid, value in stored_readings(session, row.id):
                if pid in courses:
                    after = at_ms - begin
                    courses[pid].setdefault(after // step, (after, value))
        return {pid: list(course.values()) for pid, course in courses.items()}

    def export(self, actor: Actor, session_id: UUID, kind: str) -> bytes:
        """All readings as a file, one row per reading: time (UTC), pid, signal, unit, value.

        Raises:
            NotFound: ``diagnostic_session_unknown``. TooLarge: ``recording_large``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.sample_count > EXPORT_LIMIT:
                raise TooLarge("recording_large", limit=EXPORT_LIMIT)
            readings = stored_readings(session, row.id)
            return _csv(readings) if kind == CSV else self._parquet.write(_columns(readings))

    def _summary(self, session: Session, session_id: UUID) -> tuple[SignalSummary, ...]:
        tallies: dict[int, Tally] = {}
        for _, pid, value in stored_readings(session, session_id):
            tallies.setdefault(pid, Tally()).add(value)
        return summarise(tallies)


def _longest(session: Session, session_id: UUID) -> timedelta:
    query = select(DiagnosticBlock.span_ms).where(DiagnosticBlock.session_id == session_id)
    longest = session.exec(query.order_by(col(DiagnosticBlock.span_ms).desc()).limit(1)).first()
    return timedelta(milliseconds=(longest or 0) + 1)


def _piece(block: DiagnosticBlock) -> Piece:
    return Piece(block.starts_at, tuple(recording.unpack(block.packed)))


def _ends(piece: Piece) -> datetime:
    return piece.starts_at + timedelta(milliseconds=piece.rows[-1][0] if piece.rows else 0)


def stored_readings(
    session: Session, session_id: UUID, *, since: datetime | None = None
) -> Iterator[Reading]:
    """What is stored of a session, inside another's transaction; times are milliseconds since 1970.

    ``since``: only blocks that begin later.
    """
    query = select(DiagnosticBlock).where(DiagnosticBlock.session_id == session_id)
    if since is not None:
        query = query.where(DiagnosticBlock.starts_at > since)
    ordered = query.order_by(col(DiagnosticBlock.starts_at), col(DiagnosticBlock.first_seq))
    for block in session.exec(ordered.execution_options(yield_per=100)):
        begin = epoch_ms(block.starts_at)
        for after, pid, value in recording.unpack(block.packed):
            yield begin + after, pid, value


def _csv(readings: Iterator[Reading]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("time", "pid", "signal", "unit", "value"))
    for at_ms, pid, value in readings:
        table.writerow(
            (
                (EPOCH + at_ms * _MILLISECOND).isoformat(timespec="milliseconds"),
                f"{pid:04X}",
                *_name(pid),
                repr(value),
            )
        )
    return text.getvalue().encode()


def _columns(readings: Iterator[Reading]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {"time": [], "pid": [], "signal": [], "unit": [], "value": []}
    for at_ms, pid, value in readings:
        at = EPOCH + at_ms * _MILLISECOND
        for column, one in zip(columns.values(), (at, pid, *_name(pid), float(value)), strict=True):
            column.append(one)
    return columns


def _name(pid: int) -> tuple[str, str]:
    signal = BY_PID.get(pid)
    return (signal.key, signal.unit) if signal else ("", "")
