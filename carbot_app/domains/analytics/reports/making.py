"""The worker: begins what plans have due, builds reports, keeps the files and queues the mails.

A run is claimed for a lease that every step renews. Who loses it (a process that died, or was believed dead)
finds another's claim and leaves without a trace; the last step, with the mails, is one transaction, so each
turn is sent once however many workers there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session, and_, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.analytics.reports.content import ReportWriter
from carbot_app.domains.analytics.reports.mails import CHANGED, ReportMails, run_of
from carbot_app.domains.analytics.reports.models import ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.narrowing import question_of_run
from carbot_app.domains.analytics.reports.planning import Turn, last_turn
from carbot_app.domains.analytics.reports.ports import ReportPrinter
from carbot_app.domains.analytics.reports.rows import (
    BUILDING,
    FAILED,
    QUEUED,
    READY,
    file_name,
    letterhead_of,
    rhythm_of,
)
from carbot_app.domains.analytics.reports.runs import ERASED, READ, REQUESTED
from carbot_app.domains.analytics.reports.schedules import new_run
from carbot_app.domains.analytics.reports.schemas import Letterhead, Report
from carbot_app.domains.analytics.reports.sheets import write_csv, write_xlsx
from carbot_app.domains.analytics.reports.templates import CSV, TEMPLATES, XLSX
from carbot_app.domains.analytics.reports.words import headline
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError, Unavailable
from carbot_app.kit.ids import new_id

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 4
_PAUSE = timedelta(minutes=1)
"""Before the next attempt; also how long the outbox is left to begin one that was asked for."""
_STEP = 4
"""Percent between two notes."""
_DONE, _PRINTED = 100, 95


class _Lost(Exception):
    """The run was stopped, or is another worker's now."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A claimed run, and who it is built for."""

    run: ReportRun
    head: Letterhead
    actor: Actor


class ReportMaker:
    """An outbox consumer and a clock job."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        writer: ReportWriter,
        printer: ReportPrinter,
        store: FileStore,
        documents: FileStore,
        mails: ReportMails,
    ) -> None:
        """``store`` keeps reports, ``documents`` holds the logo."""
        self._db, self._clock, self._writer, self._printer = db, clock, writer, printer
        self._store, self._documents, self._mails = store, documents, mails

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: build what was asked for, remove the file of what retention deleted."""
        if delivery.kind == REQUESTED:
            self._make(delivery.workshop_id, UUID(delivery.payload["run_id"]))
        elif delivery.kind == ERASED:
            self._store.delete(delivery.workshop_id, delivery.payload["file"])

    def run_due(self) -> int:
        """Clock job: begin the turns that are due and go on with what a worker left; how many were built."""
        with self._db.reading(SYSTEM) as session:
            plans = session.exec(select(ReportSchedule).where(ReportSchedule.enabled)).all()
            left = session.exec(self._left()).all()
        built = sum(self._make(workshop_id, run_id) for workshop_id, run_id in left)
        for plan in plans:
            try:
                run_id = self._begin(plan)
                built += self._make(plan.workshop_id, run_id) if run_id else 0
            except Exception:
                # One workshop's trouble must not keep the others; the next look tries again
                log.exception("report.not_begun", workshop=str(plan.workshop_id), plan=str(plan.id))
        return built

    def _left(self) -> Any:
        now = self._clock()
        forgotten = and_(
            col(ReportRun.state) == QUEUED,
            col(ReportRun.created_at) <= now - _PAUSE,
            or_(col(ReportRun.claimed_until).is_(None), col(ReportRun.claimed_until) <= now),
        )
        dead = and_(col(ReportRun.state) == BUILDING, col(ReportRun.claimed_until) <= now)
        return (
            select(ReportRun.workshop_id, ReportRun.id)
            .where(or_(forgotten, dead))
            .order_by(col(ReportRun.id))
        )

    def _begin(self, plan: ReportSchedule) -> UUID | None:
        """The run of the plan's newest turn; None when it was begun before, or lies before the plan."""
        with self._db.reading(plan.workshop_id) as session:
            if self._due(session, plan.id) is None:
                return None
        with self._db.writing(plan.workshop_id) as session:
            wait_for_turn(session, f"report {plan.id}")
            found = self._due(session, plan.id)
            if found is None:
                return None
            row, workshop, turn = found
            run = new_run(row, workshop, turn, self._clock())
            run.period_key = turn.key
            session.add(run)
            return run.id

    def _due(self, session: Session, plan_id: UUID) -> tuple[ReportSchedule, Workshop, Turn] | None:
        row = session.get(ReportSchedule, plan_id, populate_existing=True)
        if row is None or not row.enabled:
            return None
        workshop = session.get_one(Workshop, row.workshop_id)
        turn = last_turn(rhythm_of(row), self._clock(), ZoneInfo(workshop.timezone))
        if turn.at <= row.since:
            return None
        begun = select(ReportRun.id).where(ReportRun.schedule_id == plan_id, ReportRun.period_key == turn.key)
        return None if session.exec(begun).first() else (row, workshop, turn)

    def _make(self, workshop_id: UUID, run_id: UUID) -> bool:
        """Whether it was built here and now."""
        job = self._claim(workshop_id, run_id)
        if job is None:
            return False
        try:
            self._build(job)
        except _Lost:
            return False
        except Exception as error:
            log.warning("report.failed", run=str(run_id), error=str(error)[:200], exc_info=True)
            self._note_failure(job, error)
            return False
        return True

    def _claim(self, workshop_id: UUID, run_id: UUID) -> _Job | None:
        now = self._clock()
        with self._db.writing(workshop_id) as session:
            query = select(ReportRun).where(ReportRun.id == run_id).with_for_update(skip_locked=True)
            row = session.exec(query).first()
            if row is None or row.state not in (QUEUED, BUILDING):
                return None
            if row.claimed_until is not None and row.claimed_until > now:
                return None
            row.attempts += 1
            emit(session, workshop_id, CHANGED, run_id=run_id)
            if row.attempts > MOST_ATTEMPTS:
                row.state, row.error = FAILED, "report_gave_up"
                return None
            row.state, row.progress = BUILDING, 0
            row.claim, row.claimed_until = new_id(), now + LEASE
            head = letterhead_of(session, workshop_id, self._documents)
        may = frozenset((READ, *TEMPLATES[row.template].needs))
        return _Job(row, head, Actor("system", workshop_id, name="CarBot", permissions=may))

    def _build(self, job: _Job) -> None:
        run = job.run
        report = self._writer.write(
            job.actor,
            TEMPLATES[run.template],
            run.columns,
            question_of_run(run),
            job.head,
            self._teller(job),
        )
        content = self._written(report, run.form)
        self._note(job, _PRINTED)
        self._store.put(run.workshop_id, file_name(run), content)
        try:
            self._finish(job, report, len(content))
        except _Lost:
            with self._db.reading(run.workshop_id) as session:
                row = run_of(session, run.id)
            # Another worker's file is the same; one nobody waits for any more is removed
            if row is None or row.state not in (BUILDING, READY):
                self._store.delete(run.workshop_id, file_name(run))
            raise

    def _written(self, report: Report, form: str) -> bytes:
        if form == CSV:
            return write_csv(report)
        return write_xlsx(report) if form == XLSX else self._printer.print_report(report)

    def _teller(self, job: _Job) -> Callable[[int], None]:
        told = 0

        def tell(percent: int) -> None:
            nonlocal told
            if percent - told >= _STEP:
                told = percent
                self._note(job, percent)

        return tell

    def _note(self, job: _Job, percent: int) -> None:
        with self._db.writing(job.run.workshop_id) as session:
            row = _mine(session, job)
            row.progress, row.claimed_until = percent, self._clock() + LEASE
            emit(session, row.workshop_id, CHANGED, run_id=row.id)

    def _finish(self, job: _Job, report: Report, size: int) -> None:
        with self._db.writing(job.run.workshop_id) as session:
            row = _mine(session, job)
            row.state, row.progress, row.size, row.error = READY, _DONE, size, ""
            row.claim = row.claimed_until = None
            row.summary = [headline(tile) for tile in report.tiles]
            plan = session.get(ReportSchedule, row.schedule_id) if row.schedule_id else None
            # A run that is built again after its file was lost has been mailed
            if plan is not None and not row.mails:
                self._mails.send(session, row, plan)
            emit(session, row.workshop_id, CHANGED, run_id=row.id)

    def _note_failure(self, job: _Job, error: Exception) -> None:
        """What may pass is tried again after a pause; an answer that will stay the same is the end."""
        final = isinstance(error, AppError) and not isinstance(error, Unavailable)
        with self._db.writing(job.run.workshop_id) as session:
            try:
                row = _mine(session, job)
            except _Lost:
                return
            row.error = error.code if isinstance(error, AppError) else "internal"
            row.state = FAILED if final or row.attempts >= MOST_ATTEMPTS else QUEUED
            row.claim, row.claimed_until = None, self._clock() + _PAUSE * row.attempts
            emit(session, row.workshop_id, CHANGED, run_id=row.id)


def _mine(session: Session, job: _Job) -> ReportRun:
    query = select(ReportRun).where(ReportRun.id == job.run.id).with_for_update()
    row = session.exec(query).first()
    if row is None or row.state != BUILDING or row.claim != job.run.claim:
        raise _Lost
    return row
