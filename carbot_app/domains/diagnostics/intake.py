"""What agents and relaying browsers bring: cars, readings, trouble codes. Everything may come twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.billing import audit
from carbot_app.domains.diagnostics import states
from carbot_app.domains.diagnostics.agents import RUN, STREAM
from carbot_app.domains.diagnostics.models import (
    CodeClearing,
    CodeFinding,
    CodeReading,
    DiagnosticBlock,
    DiagnosticSession,
)
from carbot_app.domains.diagnostics.rows import get_row, raise_mileage, settle_car, wanted_rates
from carbot_app.domains.diagnostics.schemas import Recorded, Started
from carbot_app.domains.diagnostics.wire import Cleared, Codes, EcuCodes, Start
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import new_id

WAIT_FOR_CAR = timedelta(minutes=30)
"""So long a session opened by staff waits for the next car of its agent."""
SILENT_AFTER = timedelta(hours=12)
"""An agent that has said nothing for so long will not come back to this car."""
KM_LIMIT = 3_000_000


class SessionIntake:
    """Needs ``diagnostics.stream`` (agents) or ``diagnostics.run`` (a browser that relays).

    An agent reaches the sessions it began itself and those that wait for it, no others.
    """

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def start(self, actor: Actor, start: Start, *, way: str = states.AGENT, adapter: str = "") -> Started:
        """A car is there: a new session, the one that waits for it, or the same one as before.

        Raises:
            Conflict: ``car_changed``, another VIN under the same id; ``car_taken``, the id is another
            agent's.
        """
        actor.require_any(STREAM, RUN)
        agent_id = actor.subject_id if actor.kind == "agent" else None
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"diagnostics:{actor.workshop_id}:{agent_id or start.car}")
            row = self._known(session, start, agent_id) or self._new(session, actor, start, way, agent_id)
            if row.state == states.ENDED:
                return Started(row.id, row.last_seq, {}, is_over=True)
            is_first = row.state in {states.WAITING, ""}
            row.car_key, row.heard_at = start.car, self._clock()
            row.pids, row.protocol = sorted(start.pids), start.protocol or row.protocol
            row.adapter = adapter or row.adapter
            row.state, row.reason = states.CONNECTED, ""
            if is_first or (start.vin and not row.vin):
                row.vin = start.vin
                settle_car(session, row)
            if is_first:
                row.started_at = self._clock()
            emit(session, actor.workshop_id, "diagnostic.state", session_id=row.id, state=row.state)
            rates = {} if row.paused else wanted_rates(row)
            return Started(row.id, row.last_seq, rates, _stored_until(session, row.id))

    def is_held(self, actor: Actor, car: str) -> bool:
        """Whether a connection brings this car now, as far as is known."""
        actor.require_any(STREAM, RUN)
        held = select(DiagnosticSession.id).where(
            DiagnosticSession.car_key == car, DiagnosticSession.state == states.CONNECTED
        )
        with self._db.reading(actor.workshop_id) as session:
            return session.exec(held).first() is not None

    def store(self, actor: Actor, blocks: Sequence[Recorded]) -> dict[UUID, int]:
        """Store blocks of readings; returns up to which batch each session is stored now.

        A session is missing there when its block does not follow what is stored: another connection has been
        faster. Then nothing of the block is stored, and the slower connection is to end.
        """
        actor.require_any(STREAM, RUN)
        stored: dict[UUID, int] = {}
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            for block in blocks:
                if self._advance(session, block, now):
                    stored[block.session_id] = block.last_seq
                    if block.sample_count:
                        session.add(_block_row(actor.workshop_id, block))
        return stored

    def relay_car(self, actor: Actor, session_id: UUID) -> str:
        """The id of the car a browser is to relay for.

        Raises:
            NotFound: ``diagnostic_session_unknown``. Conflict: ``session_not_relayed`` or ``session_over``.
        """
        actor.require(RUN)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.way != states.RELAY:
                raise Conflict("session_not_relayed")
            if row.state == states.ENDED:
                raise Conflict("session_over")
            return row.car_key

    def set_state(self, actor: Actor, session_id: UUID, state: str, reason: str = "") -> None:
        """The connection to the car is like this now; what has ended stays so.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require_any(STREAM, RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.state == states.ENDED:
                return
            row.state, row.reason, row.heard_at = state, reason, self._clock()
            if state == states.ENDED:
                row.ended_at = self._clock()
                raise_mileage(session, row)
            emit(session, actor.workshop_id, "diagnostic.state", session_id=row.id, state=state)

    def record_codes(
        self, actor: Actor, session_id: UUID, codes: Codes, *, at: datetime, read_by: str = ""
    ) -> UUID:
        """Keep a reading of the trouble codes; ``read_by`` is who asked for it. Returns its id.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require_any(STREAM, RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            reading = CodeReading(
                id=new_id(),
                workshop_id=actor.workshop_id,
                session_id=row.id,
                read_at=at,
                read_by=read_by,
                mil=codes.mil,
                readiness=dict(codes.readiness),
            )
            session.add(reading)
            session.flush()
            session.add_all(_findings(actor.workshop_id, reading.id, codes))
            emit(session, actor.workshop_id, "diagnostic.codes", session_id=row.id, reading_id=reading.id)
            return reading.id

    def record_cleared(self, actor: Actor, session_id: UUID, cleared: Cleared) -> None:
        """What became of an order to clear; an answer nobody asked for changes nothing."""
        actor.require_any(STREAM, RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(
                select(CodeClearing).where(
                    CodeClearing.session_id == session_id,
                    CodeClearing.command == cleared.command,
                    CodeClearing.state == "asked",
                )
            ).first()
            if row is None:
                return
            row.state, row.failure = ("done", "") if cleared.ok else ("failed", cleared.reason or "refused")
            row.done_at = self._clock()
            emit(session, actor.workshop_id, "diagnostic.cleared", session_id=session_id, ok=cleared.ok)
            told = {"session_id": str(session_id), "outcome": row.state, "codes": len(row.codes)}
            audit.record(
                session,
                actor.workshop_id,
                row.done_at,
                "codes.cleared",
                "code_clearing",
                row.id,
                by=row.by,
                **told,
            )

    def end_silent(self) -> int:
        """Clock job: end what has not been heard of for long; returns how many."""
        now = self._clock()
        silent = select(DiagnosticSession).where(
            DiagnosticSession.state != states.ENDED, DiagnosticSession.heard_at < now - SILENT_AFTER
        )
        with self._db.writing(SYSTEM) as session:
            rows = session.exec(silent.limit(200)).all()
            for row in rows:
                row.state, row.reason, row.ended_at = states.ENDED, "silent", now
                raise_mileage(session, row)
                emit(session, row.workshop_id, "diagnostic.state", session_id=row.id, state=states.ENDED)
        return len(rows)

    def _known(self, session: Session, start: Start, agent_id: UUID | None) -> DiagnosticSession | None:
        row = session.exec(select(DiagnosticSession).where(DiagnosticSession.car_key == start.car)).first()
        if row is not None:
            if row.agent_id != agent_id:
                raise Conflict("car_taken")
            if start.vin and row.vin and start.vin != row.vin:
                raise Conflict("car_changed")
            return row
        if agent_id is None:
            return None
        waiting = select(DiagnosticSession).where(
            DiagnosticSession.agent_id == agent_id,
            DiagnosticSession.state == states.WAITING,
            DiagnosticSession.heard_at >= self._clock() - WAIT_FOR_CAR,
        )
        return session.exec(waiting.order_by(col(DiagnosticSession.id))).first()

    def _new(
        self, session: Session, actor: Actor, start: Start, way: str, agent_id: UUID | None
    ) -> DiagnosticSession:
        now = self._clock()
        if agent_id and start.vin:
            # An agent that was started anew has the same car under another id
            former = select(DiagnosticSession).where(
                DiagnosticSession.agent_id == agent_id,
                DiagnosticSession.vin == start.vin,
                DiagnosticSession.state != states.ENDED,
            )
            for row in session.exec(former):
                row.state, row.reason, row.ended_at = states.ENDED, "restarted", now
                raise_mileage(session, row)
        row = DiagnosticSession(
            id=new_id(),
            workshop_id=actor.workshop_id,
            car_key=start.car,
            way=way,
            agent_id=agent_id,
            state="",
            started_at=now,
            heard_at=now,
            opened_by="" if agent_id else actor.name,
        )
        session.add(row)
        return row

    def _advance(self, session: Session, block: Recorded, now: datetime) -> bool:
        """Compare and set: of two connections that bring the same batches only one gets through."""
        table = DiagnosticSession
        values: dict[str, object] = {
            "last_seq": block.last_seq,
            "heard_at": now,
            "sample_count": col(table.sample_count) + block.sample_count,
            "batches_lost": col(table.batches_lost) + block.batches_lost,
            "clock_jumps": col(table.clock_jumps) + block.clock_jumps,
        }
        if block.km and 0 < block.km < KM_LIMIT:
            values["km"] = block.km
        done = session.execute(
            update(table)
            .where(col(table.id) == block.session_id, col(table.last_seq) == block.first_seq - 1)
            .values(values)
        )
        return done.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]


def _stored_until(session: Session, session_id: UUID) -> datetime | None:
    query = select(DiagnosticBlock).where(DiagnosticBlock.session_id == session_id)
    last = session.exec(query.order_by(col(DiagnosticBlock.first_seq).desc()).limit(1)).first()
    return last.starts_at + timedelta(milliseconds=last.span_ms) if last else None


def _block_row(workshop_id: UUID, block: Recorded) -> DiagnosticBlock:
    return DiagnosticBlock(
        workshop_id=workshop_id,
        session_id=block.session_id,
        first_seq=block.first_seq,
        last_seq=block.last_seq,
        starts_at=block.starts_at,
        span_ms=block.span_ms,
        sample_count=block.sample_count,
        packed=block.packed,
    )


def _findings(workshop_id: UUID, reading_id: UUID, codes: Codes) -> list[CodeFinding]:
    frames = {(frame.ecu, frame.code): frame.values for frame in codes.freeze_frames}
    return [
        CodeFinding(
            workshop_id=workshop_id,
            reading_id=reading_id,
            ecu=ecu.ecu,
            code=code,
            kind=kind,
            freeze_frame={str(pid): value for pid, value in frames.get((ecu.ecu, code), {}).items()}
            if kind == "stored"
            else {},
        )
        for ecu in codes.ecus
        for kind, code in _kinds(ecu)
    ]


def _kinds(ecu: EcuCodes) -> list[tuple[str, str]]:
    by_kind = {"stored": ecu.stored, "pending": ecu.pending, "permanent": ecu.permanent}
    return [(kind, code) for kind, codes in by_kind.items() for code in dict.fromkeys(codes)]
