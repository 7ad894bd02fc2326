"""Trouble codes of a session: reading them, and clearing them with a reason."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.billing import audit
from carbot_app.domains.diagnostics import orders, states
from carbot_app.domains.diagnostics.agents import RUN
from carbot_app.domains.diagnostics.models import CodeClearing, CodeFinding, CodeReading, DiagnosticSession
from carbot_app.domains.diagnostics.rows import get_row
from carbot_app.domains.diagnostics.schemas import ClearingView, FindingView, ReadingView
from carbot_app.domains.diagnostics.service import READ
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import new_id
from carbot_app.kit.live import LiveBus
from carbot_app.kit.text import single_line

CLEAR = "diagnostics.clear"
REASON_LIMIT = 300
ANSWERED_WITHIN = timedelta(minutes=1)
"""An order to clear that has no answer by then was lost."""


class CodeService:
    """Trouble codes and their clearing. Every clearing is in the audit chain, also one that failed."""

    def __init__(self, *, db: Database, clock: Clock, live: LiveBus) -> None:
        self._db = db
        self._clock = clock
        self._live = live

    def list_readings(self, actor: Actor, session_id: UUID) -> list[ReadingView]:
        """Every reading of the codes in this session, the newest first.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return readings_of(session, get_row(session, session_id).id)

    def list_clearings(self, actor: Actor, session_id: UUID) -> list[ClearingView]:
        """Who cleared codes in this session and why, the newest first.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            query = select(CodeClearing).where(CodeClearing.session_id == row.id)
            return [_clearing_view(one) for one in session.exec(query.order_by(col(CodeClearing.id).desc()))]

    def ask_for_codes(self, actor: Actor, session_id: UUID) -> None:
        """Have the codes read now; a hint ``diagnostic.codes`` tells when they are there.

        Raises:
            Conflict: ``session_not_live``.
        """
        actor.require(RUN)
        with self._db.reading(actor.workshop_id) as session:
            _require_live(get_row(session, session_id))
        self._order(actor, orders.READ_CODES, session_id, new_id().hex)

    def clear_codes(self, actor: Actor, session_id: UUID, reason: str) -> ClearingView:
        """Have the codes cleared; the codes of the last reading are kept with who, in which role, and why.

        Needs ``diagnostics.clear``. Whether it worked is told by ``list_clearings`` after a hint
        ``diagnostic.cleared``.

        Raises:
            Invalid: ``missing`` or ``too_long`` reason.
            Conflict: ``session_not_live``; ``codes_unread``, nobody would know what was there;
            ``clearing_asked``,
                one is under way.
        """
        actor.require(CLEAR)
        reason = single_line(reason, field="reason", limit=REASON_LIMIT, required=True)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            _require_live(row)
            readings = readings_of(session, row.id, limit=1)
            if not readings:
                raise Conflict("codes_unread")
            self._require_no_other(session, row.id)
            clearing = CodeClearing(
                id=new_id(),
                workshop_id=actor.workshop_id,
                session_id=row.id,
                command=new_id().hex,
                reason=reason,
                role=actor.role,
                by=actor.name,
                person_id=actor.subject_id,
                codes=[[one.ecu, one.code, one.kind] for one in readings[0].findings],
                asked_at=self._clock(),
            )
            session.add(clearing)
            emit(session, actor.workshop_id, "diagnostic.clearing", session_id=row.id)
            told = {"session_id": str(row.id), "role": actor.role, "codes": len(clearing.codes)}
            audit.record(
                session, actor.workshop_id, clearing.asked_at, "codes.clear", "code_clearing", clearing.id,
                by=actor.name, **told,
            )  # fmt: skip
        self._order(actor, orders.CLEAR_CODES, session_id, clearing.command)
        return _clearing_view(clearing)

    def _require_no_other(self, session: Session, session_id: UUID) -> None:
        under_way = select(CodeClearing).where(
            CodeClearing.session_id == session_id, CodeClearing.state == "asked"
        )
        for other in session.exec(under_way):
            if other.asked_at > self._clock() - ANSWERED_WITHIN:
                raise Conflict("clearing_asked")
            other.state, other.failure = "failed", "unanswered"

    def _order(self, actor: Actor, do: str, session_id: UUID, command: str) -> None:
        order = {"do": do, "session": str(session_id), "command": command, "by": actor.name}
        self._live.publish(orders.orders_channel(actor.workshop_id), order)


def readings_of(session: Session, session_id: UUID, *, limit: int = 100) -> list[ReadingView]:
    """Readings of one session, the newest first; inside another's transaction."""
    query = select(CodeReading).where(CodeReading.session_id == session_id)
    newest_first = query.order_by(col(CodeReading.read_at).desc(), col(CodeReading.id).desc()).limit(limit)
    readings = session.exec(newest_first).all()
    findings: dict[UUID, list[FindingView]] = {}
    kept = select(CodeFinding).where(col(CodeFinding.reading_id).in_([one.id for one in readings]))
    for row in session.exec(kept.order_by(col(CodeFinding.ecu), col(CodeFinding.id))):
        frame = {int(pid): value for pid, value in row.freeze_frame.items()}
        findings.setdefault(row.reading_id, []).append(FindingView(row.ecu, row.code, row.kind, frame))
    return [
        ReadingView(
            one.id,
            one.session_id,
            one.read_at,
            one.read_by,
            one.mil,
            one.readiness,
            tuple(findings.get(one.id, ())),
        )
        for one in readings
    ]


def _require_live(row: DiagnosticSession) -> None:
    if row.state != states.CONNECTED:
        raise Conflict("session_not_live")


def _clearing_view(row: CodeClearing) -> ClearingView:
    return ClearingView(
        id=row.id,
        session_id=row.session_id,
        reason=row.reason,
        role=row.role,
        by=row.by,
        codes=tuple((str(ecu), str(code), str(kind)) for ecu, code, kind in row.codes),
        asked_at=row.asked_at,
        done_at=row.done_at,
        state=row.state,
        failure=row.failure,
    )
