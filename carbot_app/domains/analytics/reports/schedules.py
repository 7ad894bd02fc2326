"""Plans: which report is sent to whom and when; and addresses outside the team, which have to say yes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.reports.mails import CHANGED, ReportMails
from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.planning import Turn, last_turn, require_rhythm
from carbot_app.domains.analytics.reports.rows import describe_runs, describe_schedule, rhythm_of
from carbot_app.domains.analytics.reports.runs import REQUESTED
from carbot_app.domains.analytics.reports.schemas import AddressPage, RunView, ScheduleDraft, ScheduleView
from carbot_app.domains.analytics.reports.templates import columns_of, form_of, template_of
from carbot_app.domains.customers.contact import parse_email
from carbot_app.domains.team.models import Membership, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.i18n import supported
from carbot_app.kit.ids import new_secret

MANAGE = "settings.manage"
MOST_RECIPIENTS = 20
MOST_SCHEDULES = 20
"""Of a workshop."""
_MAX_TOKEN = 64


class ReportSchedules:
    """Changes need ``settings.manage``; links of addresses need nothing but their secret."""

    def __init__(self, *, db: Database, clock: Clock, mails: ReportMails) -> None:
        self._db, self._clock, self._mails = db, clock, mails

    def list_schedules(self, actor: Actor) -> tuple[ScheduleView, ...]:
        """All plans, the oldest first."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(ReportSchedule).order_by(col(ReportSchedule.id)))
            return tuple(describe_schedule(session, row, self._clock()) for row in rows)

    def save(self, actor: Actor, draft: ScheduleDraft, schedule_id: UUID | None = None) -> ScheduleView:
        """Keep a plan, a new one without an id. Addresses never seen before are asked by mail.

        Raises:
            Invalid: ``report_template_unknown``, ``report_columns_missing``, ``report_column_unknown``,
                ``report_form_unknown``, ``report_rhythm_invalid``, ``report_recipients_missing``,
                ``report_recipients_limit``, ``report_person_unknown``, ``email_invalid``.
            Conflict: ``report_schedules_limit``. Forbidden: also what the report itself needs. NotFound.

        """
        actor.require(MANAGE)
        template = template_of(draft.template)
        for permission in template.needs:
            actor.require(permission)
        columns, form = columns_of(template, draft.columns), form_of(draft.form)
        rhythm = require_rhythm(draft.rhythm)
        addresses = _addresses(draft)
        with self._db.writing(actor.workshop_id) as session:
            _require_team(session, draft.people)
            row = self._row(session, actor.workshop_id, schedule_id)
            if schedule_id is None or rhythm_of(row) != rhythm:
                row.since = self._clock()
            row.template, row.columns, row.form = template.code, list(columns), form
            row.rhythm, row.on_day, row.send_at = rhythm.kind, rhythm.day, rhythm.at
            row.people = [str(one) for one in dict.fromkeys(draft.people)]
            row.addresses = list(addresses)
            session.add(row)
            self._know(session, actor.workshop_id, addresses)
            _forget_unused(session)
            emit(session, actor.workshop_id, CHANGED)
            session.flush()
            return describe_schedule(session, row, self._clock())

    def set_enabled(self, actor: Actor, schedule_id: UUID, on: bool) -> ScheduleView:
        """Switch a plan on, from its next turn, or off. Raises NotFound."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, schedule_id)
            if on and not row.enabled:
                row.since = self._clock()
            row.enabled = on
            emit(session, actor.workshop_id, CHANGED)
            return describe_schedule(session, row, self._clock())

    def remove(self, actor: Actor, schedule_id: UUID) -> None:
        """Drop a plan; what it sent stays in the archive. Raises NotFound."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_find(session, schedule_id))
            session.flush()
            _forget_unused(session)
            emit(session, actor.workshop_id, CHANGED)

    def send_now(self, actor: Actor, schedule_id: UUID) -> RunView:
        """Build and send the report of its newest turn at once, beside the plan. Raises NotFound."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, schedule_id)
            workshop = session.get_one(Workshop, actor.workshop_id)
            turn = last_turn(rhythm_of(row), self._clock(), ZoneInfo(workshop.timezone))
            run = new_run(row, workshop, turn, self._clock())
            run.requested_by = actor.name[:120]
            session.add(run)
            emit(session, actor.workshop_id, REQUESTED, run_id=run.id)
            return describe_runs(session, [run])[0]

    def ask_again(self, actor: Actor, email: str) -> None:
        """Mail the question to an address that has not said yes; once a day. Raises NotFound."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(ReportAddress).where(ReportAddress.email == email)).first()
            if row is None:
                raise NotFound
            if row.confirmed_at is None:
                self._mails.ask(session, row, self._clock())

    def get_by_link(self, token: str) -> AddressPage:
        """What the link of an address is about. Raises NotFound."""
        with self._db.reading(SYSTEM) as session:
            return _page(session, _by_token(session, token))

    def answer_by_link(self, token: str, *, wanted: bool) -> AddressPage:
        """The address says yes or no to reports. Raises NotFound."""
        with self._db.writing(SYSTEM) as session:
            row = _by_token(session, token)
            row.confirmed_at = (row.confirmed_at or self._clock()) if wanted else None
            emit(session, row.workshop_id, CHANGED)
            return _page(session, row)

    def _row(self, session: Session, workshop_id: UUID, schedule_id: UUID | None) -> ReportSchedule:
        if schedule_id is not None:
            return _find(session, schedule_id)
        if session.exec(select(func.count(col(ReportSchedule.id)))).one() >= MOST_SCHEDULES:
            raise Conflict("report_schedules_limit", limit=MOST_SCHEDULES)
        now = self._clock()
        return ReportSchedule(
            workshop_id=workshop_id,
            created_at=now,
            since=now,
            template="",
            form="",
            rhythm="",
            on_day=0,
            send_at="",
        )

    def _know(self, session: Session, workshop_id: UUID, addresses: Sequence[str]) -> None:
        known = set(session.exec(select(ReportAddress.email)).all())
        for email in addresses:
            if email not in known:
                row = ReportAddress(workshop_id=workshop_id, email=email, token=new_secret())
                session.add(row)
                self._mails.ask(session, row, self._clock())


def new_run(schedule: ReportSchedule, workshop: Workshop, turn: Turn, now: datetime) -> ReportRun:
    """What a plan has built for a turn."""
    return ReportRun(
        workshop_id=schedule.workshop_id,
        created_at=now,
        schedule_id=schedule.id,
        template=schedule.template,
        columns=schedule.columns,
        form=schedule.form,
        first=turn.span.first,
        last=turn.span.last,
        language=supported(workshop.language),
    )


def _addresses(draft: ScheduleDraft) -> tuple[str, ...]:
    count = len(draft.people) + len(draft.addresses)
    if not count:
        raise Invalid("report_recipients_missing", field="recipients")
    if count > MOST_RECIPIENTS:
        raise Invalid("report_recipients_limit", field="recipients", limit=MOST_RECIPIENTS)
    return tuple(dict.fromkeys(parse_email(one).lower() for one in draft.addresses))


def _require_team(session: Session, people: Sequence[UUID]) -> None:
    team = set(session.exec(select(Membership.person_id).where(Membership.active)).all())
    if not team.issuperset(people):
        raise Invalid("report_person_unknown", field="recipients")


def _forget_unused(session: Session) -> None:
    """An address no plan sends to any more is not kept."""
    session.flush()
    used = {email for addresses in session.exec(select(ReportSchedule.addresses)) for email in addresses}
    for row in session.exec(select(ReportAddress)).all():
        if row.email not in used:
            session.delete(row)


def _find(session: Session, schedule_id: UUID) -> ReportSchedule:
    row = session.exec(select(ReportSchedule).where(ReportSchedule.id == schedule_id)).first()
    if row is None:
        raise NotFound
    return row


def _by_token(session: Session, token: str) -> ReportAddress:
    if not (token.isascii() and token.isprintable() and len(token) <= _MAX_TOKEN):
        raise NotFound("link_unknown")
    row = session.exec(select(ReportAddress).where(ReportAddress.token == token)).first()
    if row is None:
        raise NotFound("link_unknown")
    return row


def _page(session: Session, row: ReportAddress) -> AddressPage:
    workshop = session.get_one(Workshop, row.workshop_id)
    return AddressPage(row.email, workshop.name, supported(workshop.language), row.confirmed_at is not None)
