"""Adapters of the server that are read while a session lasts, whoever looks: by one process, never by two."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.diagnostics import states
from carbot_app.domains.diagnostics.agents import STREAM
from carbot_app.domains.diagnostics.models import AdapterClaim, DiagnosticAdapter, DiagnosticSession
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, NotFound

LEASE = timedelta(seconds=20)
"""So long a process that said nothing more keeps an adapter; then another one goes on."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An adapter this process is to read."""

    session_id: UUID
    workshop_id: UUID
    car: str
    """Id of the car on the wire."""
    address: str

    @property
    def actor(self) -> Actor:
        """Who brings the readings: the server itself, which may do nothing else."""
        return Actor(
            kind="system", workshop_id=self.workshop_id, name="CarBot", permissions=frozenset({STREAM})
        )


class AdapterKeeping:
    """``allowed``: whether adapters on the server machine are allowed at all (AgentService)."""

    def __init__(self, *, db: Database, clock: Clock, allowed: bool) -> None:
        self._db = db
        self._clock = clock
        self.allowed = allowed

    def take(self, holder: str) -> tuple[Kept, ...]:
        """What ``holder`` is to read until LEASE from now: what it has, and what nobody else holds.

        Compare and set: of two processes that ask at once one gets it. What is over is forgotten.
        """
        if not self.allowed or not self._is_needed():
            return ()
        now = self._clock()
        table = AdapterClaim
        free = or_(col(table.holder) == holder, col(table.held_until).is_(None), col(table.held_until) <= now)
        with self._db.writing(SYSTEM) as session:
            _forget_ended(session)
            session.execute(update(table).where(free).values(holder=holder, held_until=now + LEASE))
            mine = (
                select(DiagnosticSession, DiagnosticAdapter)
                .join(AdapterClaim, col(AdapterClaim.session_id) == DiagnosticSession.id)
                .join(DiagnosticAdapter, col(DiagnosticAdapter.id) == AdapterClaim.adapter_id)
                .where(AdapterClaim.holder == holder)
            )
            return tuple(
                Kept(row.id, row.workshop_id, row.car_key, adapter.address)
                for row, adapter in session.exec(mine)
            )

    def let_go(self, holder: str) -> None:
        """``holder`` ends: another process may go on at once."""
        if not self._is_needed():
            return
        with self._db.writing(SYSTEM) as session:
            mine = update(AdapterClaim).where(col(AdapterClaim.holder) == holder)
            session.execute(mine.values(holder="", held_until=None))

    def _is_needed(self) -> bool:
        """The usual case, that there is none, must not take SQLite's write lock."""
        with self._db.reading(SYSTEM) as session:
            return session.exec(select(AdapterClaim.id).limit(1)).first() is not None


def claim_adapter(session: Session, row: DiagnosticSession, adapter_id: UUID) -> None:
    """Have an adapter read for a session, inside the transaction that opens it.

    Raises:
        NotFound: ``adapter_unknown``. Conflict: ``adapter_busy`` while another session has it.
    """
    found = select(DiagnosticAdapter).where(DiagnosticAdapter.id == adapter_id)
    adapter = session.exec(found.with_for_update()).first()
    if adapter is None:
        raise NotFound("adapter_unknown", field="adapter")
    busy = (
        select(AdapterClaim.id)
        .join(DiagnosticSession, col(DiagnosticSession.id) == AdapterClaim.session_id)
        .where(AdapterClaim.adapter_id == adapter_id, DiagnosticSession.state != states.ENDED)
    )
    if session.exec(busy).first():
        raise Conflict("adapter_busy", field="adapter")
    session.add(AdapterClaim(workshop_id=row.workshop_id, session_id=row.id, adapter_id=adapter_id))


def _forget_ended(session: Session) -> None:
    ended = select(DiagnosticSession.id).where(DiagnosticSession.state == states.ENDED)
    session.execute(delete(AdapterClaim).where(col(AdapterClaim.session_id).in_(ended)))
