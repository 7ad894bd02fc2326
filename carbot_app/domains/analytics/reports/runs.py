"""The archive: reports asked for, their progress, their files."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.analytics.reports.content import ReportWriter
from carbot_app.domains.analytics.reports.mails import CHANGED, ReportMails, run_of
from carbot_app.domains.analytics.reports.models import ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.narrowing import filters_as_kept, question_of_wish, words_of_run
from carbot_app.domains.analytics.reports.ports import ReportPrinter
from carbot_app.domains.analytics.reports.rows import (
    CANCELLED,
    FAILED,
    QUEUED,
    READY,
    UNFINISHED,
    describe_runs,
    file_name,
    letterhead_of,
)
from carbot_app.domains.analytics.reports.schemas import ReportFile, RunPage, RunView, Wish
from carbot_app.domains.analytics.reports.templates import (
    CSV,
    PDF,
    TEMPLATES,
    XLSX,
    Template,
    columns_of,
    form_of,
    template_of,
)
from carbot_app.domains.messaging.ports import Attached
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, NotFound
from carbot_app.kit.i18n import supported, translate

READ, SEND = "analytics.read", "settings.manage"
REQUESTED, ERASED = "report.requested", "report.erased"
MOST_WAITING = 6
"""Reports of a workshop being built at once."""
_PAGE = 20
_LONGEST_NAME = 120
_MEDIA_TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


class ReportRuns:
    """Needs ``analytics.read``, and for reports from the books what they need (templates.Template.needs)."""

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

    def request(self, actor: Actor, wish: Wish) -> RunView:
        """Have a report built by the worker.

        Raises:
            Invalid: ``report_template_unknown``, ``report_columns_missing``, ``report_column_unknown``,
                ``report_form_unknown``, and as narrowing.question_of_wish.
            Conflict: ``report_waiting_limit``.

        """
        template = _allowed(actor, template_of(wish.template))
        columns, form = columns_of(template, wish.columns), form_of(wish.form)
        question = question_of_wish(wish)
        compare = question.compare
        with self._db.writing(actor.workshop_id) as session:
            waiting = select(func.count(col(ReportRun.id))).where(col(ReportRun.state).in_(UNFINISHED))
            if session.exec(waiting).one() >= MOST_WAITING:
                raise Conflict("report_waiting_limit", limit=MOST_WAITING)
            row = ReportRun(
                workshop_id=actor.workshop_id,
                created_at=self._clock(),
                template=template.code,
                columns=list(columns),
                form=form,
                first=question.span.first,
                last=question.span.last,
                filters=filters_as_kept(question.filters),
                compare_first=compare.first if compare else None,
                compare_last=compare.last if compare else None,
                compares=wish.compares,
                language=supported(session.get_one(Workshop, actor.workshop_id).language),
                requested_by=actor.name[:120],
            )
            session.add(row)
            emit(session, actor.workshop_id, REQUESTED, run_id=row.id)
            return describe_runs(session, [row])[0]

    def list_runs(self, actor: Actor, *, before: UUID | None = None, limit: int = _PAGE) -> RunPage:
        """The archive, newest first, without reports the actor may not read."""
        actor.require(READ)
        may = [code for code, template in TEMPLATES.items() if all(map(actor.can, template.needs))]
        query = select(ReportRun).where(col(ReportRun.template).in_(may))
        if before is not None:
            query = query.where(ReportRun.id < before)
        newest = query.order_by(col(ReportRun.id).desc()).limit(min(limit, 100) + 1)
        with self._db.reading(actor.workshop_id) as session:
            rows = list(session.exec(newest))
            more = len(rows) > limit
            return RunPage(describe_runs(session, rows[:limit]), rows[limit - 1].id if more else None)

    def get_run(self, actor: Actor, run_id: UUID) -> RunView:
        """One of the archive. Raises NotFound."""
        with self._db.reading(actor.workshop_id) as session:
            return describe_runs(session, [_find(session, actor, run_id)])[0]

    def cancel(self, actor: Actor, run_id: UUID) -> RunView:
        """Stop one being built; the worker notices at its next step.

        Raises:
            Conflict: ``report_finished``. NotFound.

        """
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, actor, run_id)
            if row.state not in UNFINISHED:
                raise Conflict("report_finished")
            row.state, row.claim, row.claimed_until = CANCELLED, None, None
            emit(session, actor.workshop_id, CHANGED, run_id=row.id)
            return describe_runs(session, [row])[0]

    def retry(self, actor: Actor, run_id: UUID) -> RunView:
        """Build one again that failed or was stopped; a plan's is sent as it would have been.

        Raises:
            Conflict: ``report_finished``. NotFound.

        """
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, actor, run_id)
            if row.state not in (FAILED, CANCELLED):
                raise Conflict("report_finished")
            row.state, row.progress, row.attempts, row.error = QUEUED, 0, 0, ""
            row.claim = row.claimed_until = None
            emit(session, actor.workshop_id, REQUESTED, run_id=row.id)
            return describe_runs(session, [row])[0]

    def resend(self, actor: Actor, run_id: UUID) -> RunView:
        """Mail a plan's report once more to everybody the plan names now.

        Raises:
            Conflict: ``report_not_sendable`` when it is not ready or has no plan, ``report_nobody`` when
                nobody may be sent to. NotFound.

        """
        actor.require(SEND)
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, actor, run_id)
            plan = session.get(ReportSchedule, row.schedule_id) if row.schedule_id else None
            if plan is None or row.state != READY:
                raise Conflict("report_not_sendable")
            if not self._mails.send(session, row, plan):
                raise Conflict("report_nobody")
            emit(session, actor.workshop_id, CHANGED, run_id=row.id)
            session.flush()
            return describe_runs(session, [row])[0]

    def read(self, actor: Actor, run_id: UUID) -> ReportFile:
        """The file. Raises Conflict ``report_not_ready``, NotFound."""
        with self._db.reading(actor.workshop_id) as session:
            row = _find(session, actor, run_id)
            narrowed = words_of_run(session, row)
        if row.state != READY:
            raise Conflict("report_not_ready")
        return self._file(row, narrowed)

    def preview(self, actor: Actor, wish: Wish) -> bytes:
        """The first page as PNG, from the figures as they are. Raises as ``request``."""
        template = _allowed(actor, template_of(wish.template))
        columns, question = columns_of(template, wish.columns), question_of_wish(wish)
        with self._db.reading(actor.workshop_id) as session:
            head = letterhead_of(session, actor.workshop_id, self._documents)
        return self._printer.draw_first_page(self._writer.write(actor, template, columns, question, head))

    def attachment(self, workshop_id: UUID, name: Mapping[str, str]) -> Attached:
        """The file that hangs on a mail."""
        with self._db.reading(workshop_id) as session:
            row = run_of(session, UUID(name["run_id"]))
            narrowed = words_of_run(session, row) if row else ""
        if row is None or row.state != READY:
            raise NotFound
        file = self._file(row, narrowed)
        return Attached(file.name, file.media_type, file.content)

    def _file(self, row: ReportRun, narrowed: str) -> ReportFile:
        """A table alone has no head: there the name of the file says what it is narrowed to."""
        told = translate(row.language, f"reports.template.{row.template}.title")
        title = f"{told} ({narrowed})" if narrowed else told
        title = "".join("-" if letter in '/\\:*?"<>|' else letter for letter in title)[:_LONGEST_NAME]
        span = (
            f"{row.first:%Y-%m-%d}" if row.first == row.last else f"{row.first:%Y-%m-%d}_{row.last:%Y-%m-%d}"
        )
        content = self._store.get(row.workshop_id, file_name(row))
        return ReportFile(f"{title} {span}.{row.form}", _MEDIA_TYPES[row.form], content)


def _allowed(actor: Actor, template: Template) -> Template:
    """The report itself. Raises Forbidden."""
    for permission in (READ, *template.needs):
        actor.require(permission)
    return template


def _find(session: Session, actor: Actor, run_id: UUID) -> ReportRun:
    row = run_of(session, run_id)
    if row is None:
        actor.require(READ)
        raise NotFound
    _allowed(actor, TEMPLATES[row.template])
    return row
