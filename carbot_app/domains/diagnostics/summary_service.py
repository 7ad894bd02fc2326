"""Written summaries of a reading: asked for, checked, and shown to customers only when staff let them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlmodel import Session, delete, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.billing import audit
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.diagnostics.agents import RUN
from carbot_app.domains.diagnostics.code_service import readings_of
from carbot_app.domains.diagnostics.faithful import LENGTH, faults_in, unsafe_in
from carbot_app.domains.diagnostics.meaning import Meaning, MeaningService
from carbot_app.domains.diagnostics.models import DiagnosticSession, DiagnosticSummary
from carbot_app.domains.diagnostics.ports import SummaryUnavailable, SummaryWriter
from carbot_app.domains.diagnostics.rows import get_row
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.diagnostics.summary_facts import AUDIENCES, CUSTOMER, MECHANIC, facts_for, safety_of
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, Unavailable
from carbot_app.kit.ids import new_id
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.text import several_lines

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A summary of the newest reading."""

    id: UUID
    audience: str
    """mechanic or customer."""
    language: str
    text: str
    written_at: datetime
    accepted_at: datetime | None
    accepted_by: str
    edited: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking for summaries."""

    summaries: tuple[SummaryView, ...]
    thrown_away: tuple[str, ...]
    """Audiences whose text said more than was found; what the product says by itself stays."""


class SummaryService:
    """Reading needs ``diagnostics.read``, everything else ``diagnostics.run``.

    ``writer``: None where no model is set up; then there are no summaries, and nobody misses them.
    """

    def __init__(
        self, *, db: Database, clock: Clock, meaning: MeaningService, writer: SummaryWriter | None
    ) -> None:
        self._db = db
        self._clock = clock
        self._meaning = meaning
        self._writer = writer

    @property
    def is_available(self) -> bool:
        """Whether there is somebody who writes."""
        return self._writer is not None

    def list_of_session(self, actor: Actor, session_id: UUID) -> tuple[SummaryView, ...]:
        """Those of the newest reading, the mechanic's first; what was written of older ones is over.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            readings = readings_of(session, row.id, limit=1)
            found = _of_reading(session, readings[0].id) if readings else []
            return tuple(_view(one) for one in found)

    def write(self, actor: Actor, session_id: UUID) -> Written:
        """Have both summaries written anew; what says more than was found is thrown away.

        Raises:
            NotFound: ``diagnostic_session_unknown``. Conflict: ``codes_unread``.
            Unavailable: ``summary_unavailable``: no model, no budget left, or no answer.
        """
        actor.require(RUN)
        writer = self._writer
        if writer is None:
            raise Unavailable("summary_unavailable")
        languages = self._languages(actor, session_id)
        kept: list[tuple[Meaning, str, str]] = []
        refused: list[str] = []
        for audience in AUDIENCES:
            language = languages[audience]
            meaning = self._meaning.explain(actor, session_id, language=language)
            if meaning is None:
                raise Conflict("codes_unread")
            facts = facts_for(audience, meaning, language)
            try:
                text = writer.write(actor.workshop_id, facts.told, audience, language).strip()
            except SummaryUnavailable as error:
                log.warning("diagnostics.summary_unavailable", reason=error.reason)
                raise Unavailable("summary_unavailable") from None
            if faults := faults_in(text, facts):
                log.info("diagnostics.summary_thrown_away", audience=audience, faults=faults)
                refused.append(audience)
            else:
                kept.append((meaning, audience, text))
        with self._db.writing(actor.workshop_id) as session:
            of_session = DiagnosticSummary.session_id == session_id
            session.execute(delete(DiagnosticSummary).where(of_session))  # type: ignore[arg-type]
            rows = [
                DiagnosticSummary(
                    id=new_id(),
                    workshop_id=actor.workshop_id,
                    session_id=session_id,
                    reading_id=meaning.reading.id,
                    audience=audience,
                    language=languages[audience],
                    text=text,
                    written_at=self._clock(),
                )
                for meaning, audience, text in kept
            ]
            session.add_all(rows)
            emit(session, actor.workshop_id, "diagnostic.summary", session_id=session_id)
            return Written(tuple(_view(one) for one in rows), tuple(refused))

    def accept(self, actor: Actor, summary_id: UUID, text: str) -> SummaryView:
        """Let the customer's summary into the report, as it is or in words of one's own.

        Raises:
            NotFound: ``summary_unknown``. Conflict: ``summary_outdated``, the codes were read anew.
            Invalid: ``missing`` or ``too_long``; ``summary_unsafe`` where it would let somebody drive who
                must not, or speaks of clearing codes.
        """
        actor.require(RUN)
        text = several_lines(text, field="text", limit=LENGTH).strip()
        if not text:
            raise Invalid("missing", field="text")
        with self._db.reading(actor.workshop_id) as session:
            row = _row(session, summary_id)
            session_id, language = row.session_id, row.language
        meaning = self._meaning.explain(actor, session_id, language=language)
        if meaning is None or meaning.reading.id != row.reading_id:
            raise Conflict("summary_outdated")
        if unsafe_in(text, safety_of(meaning, (), language)):
            raise Invalid("summary_unsafe", field="text")
        with self._db.writing(actor.workshop_id) as session:
            row, now = _row(session, summary_id), self._clock()
            row.edited, row.text = row.edited or row.text != text, text
            row.accepted_at, row.accepted_by = now, actor.name
            emit(session, actor.workshop_id, "diagnostic.summary", session_id=row.session_id)
            audit.record(
                session, actor.workshop_id, now, "summary.accept", "diagnostic_summary", row.id,
                by=actor.name, session_id=str(row.session_id), edited=row.edited,
            )  # fmt: skip
            return _view(row)

    def discard(self, actor: Actor, summary_id: UUID) -> None:
        """Throw one away; what the product says by itself stays. NotFound ``summary_unknown``."""
        actor.require(RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = _row(session, summary_id, audience=None)
            session.delete(row)
            emit(session, actor.workshop_id, "diagnostic.summary", session_id=row.session_id)

    def _languages(self, actor: Actor, session_id: UUID) -> dict[str, str]:
        """Audience → language: staff reads the workshop's, the customer their own."""
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            workshop = session.get_one(Workshop, actor.workshop_id)
            customer = session.get(Customer, row.customer_id) if row.customer_id else None
            spoken = customer.language if customer else workshop.language
            fits = spoken if spoken in LANGUAGES else workshop.language
            return {MECHANIC: workshop.language, CUSTOMER: fits}


def accepted_summary(session: Session, of: DiagnosticSession, meaning: Meaning, language: str) -> str:
    """What staff let into the report about this very reading in this language; empty: nothing."""
    accepted = select(DiagnosticSummary.text).where(
        DiagnosticSummary.session_id == of.id,
        DiagnosticSummary.reading_id == meaning.reading.id,
        DiagnosticSummary.audience == CUSTOMER,
        DiagnosticSummary.language == language,
        DiagnosticSummary.accepted_at != None,  # noqa: E711
    )
    return session.exec(accepted).first() or ""


def _of_reading(session: Session, reading_id: UUID) -> list[DiagnosticSummary]:
    found = session.exec(select(DiagnosticSummary).where(DiagnosticSummary.reading_id == reading_id))
    return sorted(found, key=lambda one: AUDIENCES.index(one.audience))


def _row(session: Session, summary_id: UUID, audience: str | None = CUSTOMER) -> DiagnosticSummary:
    row = session.exec(select(DiagnosticSummary).where(DiagnosticSummary.id == summary_id)).first()
    if row is None or (audience and row.audience != audience):
        raise NotFound("summary_unknown")
    return row


def _view(row: DiagnosticSummary) -> SummaryView:
    same = ("id", "audience", "language", "text", "written_at", "accepted_at", "accepted_by", "edited")
    return SummaryView(**{name: getattr(row, name) for name in same})
