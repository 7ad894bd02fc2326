"""How long a workshop keeps what, and the job of the night that deletes what has been kept long enough."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.compliance import retention
from carbot_app.domains.compliance.models import RetentionRun, RetentionTerms
from carbot_app.domains.compliance.rules import EXPORT_KEPT, MANAGE
from carbot_app.domains.compliance.schemas import PeriodView, RetentionView, RunView
from carbot_app.domains.compliance.sweeps import SWEEPS, Swept
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import LoginSession, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, Unavailable

log = structlog.get_logger()

RUN_HOUR = 2
"""UTC; when nobody waits for the database."""
_ONCE_IN = timedelta(hours=20)
_SHOWN = 10


class RetentionService:
    """Everything but the job needs ``privacy.manage``."""

    def __init__(self, *, db: Database, clock: Clock, store: FileStore, exports: FileStore) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._exports = exports

    def get_overview(self, actor: Actor) -> RetentionView:
        """What is kept how long, when the job comes next, and what it did."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            terms = session.exec(select(RetentionTerms)).first()
            runs = session.exec(
                select(RetentionRun).order_by(col(RetentionRun.at).desc(), col(RetentionRun.id))
                .limit(_SHOWN * len(SWEEPS))
            ).all()  # fmt: skip
            periods = periods_of(session, workshop)
        return RetentionView(
            country=workshop.country,
            periods=periods,
            last_run_at=terms.started_at if terms else None,
            next_run_at=_next_run(self._clock()),
            runs=_by_run(runs)[:_SHOWN],
        )

    def set_period(self, actor: Actor, kind: str, period: int) -> None:
        """Keep a kind for another time, from the next night on.

        Raises:
            Invalid: ``retention_kind_unknown``, or ``retention_out_of_bounds`` of the law.
        """
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            kinds = retention.kinds_for(workshop.country)
            if kind not in kinds:
                raise Invalid("retention_kind_unknown", field="kind")
            retention.require_period(kinds[kind], period)
            terms = _terms(session, actor.workshop_id)
            terms.periods = {**terms.periods, kind: period}
            session.add(terms)

    def run_due(self) -> int:
        """Clock job: delete everywhere what has been kept long enough; returns how many things went.

        Several processes may call it at once; one of them cleans a workshop.
        """
        with self._db.reading(SYSTEM) as session:
            workshops = list(session.exec(select(Workshop.id)))
        total = 0
        for workshop_id in workshops:
            if (at := self._claim(workshop_id)) is not None:
                total += sum(self._sweep(workshop_id, kind, at) for kind in SWEEPS)
        self._drop_lost_disclosures()
        return total

    def _claim(self, workshop_id: UUID) -> datetime | None:
        now = self._clock()
        with self._db.writing(workshop_id) as session:
            terms = _terms(session, workshop_id)
            if terms.started_at is not None and now - terms.started_at < _ONCE_IN:
                return None
            terms.started_at = now
            session.add(terms)
        return now

    def _sweep(self, workshop_id: UUID, kind: str, at: datetime) -> int:
        """Everything of a kind, batch by batch; what fails is tried again the next night."""
        count = 0
        try:
            before = self._cutoff(workshop_id, kind, at)
            for sweep in SWEEPS[kind]:
                while True:
                    with self._db.writing(workshop_id) as session:
                        swept = sweep(session, workshop_id, before)
                    if not swept.count:
                        break
                    self._remove_files(workshop_id, swept)
                    count += swept.count
            count += self._end_sign_ins(workshop_id, before) if kind == retention.LOG else 0
        except Exception:
            # One kind's trouble must not keep the others
            log.exception("retention_failed", workshop_id=str(workshop_id), kind=kind)
        if count:
            with self._db.writing(workshop_id) as session:
                session.add(RetentionRun(workshop_id=workshop_id, kind=kind, count=count, at=at))
        return count

    def _cutoff(self, workshop_id: UUID, kind: str, at: datetime) -> datetime:
        with self._db.reading(workshop_id) as session:
            workshop = session.get_one(Workshop, workshop_id)
            terms = session.exec(select(RetentionTerms)).first()
        found = retention.kinds_for(workshop.country)[kind]
        period = retention.period_of(found, terms.periods if terms else {})
        return retention.cutoff(found, period, at, ZoneInfo(workshop.timezone))

    def _end_sign_ins(self, workshop_id: UUID, before: datetime) -> int:
        # Sign-ins are of people, who may work in several workshops: no workshop's scope reaches them
        over = or_(col(LoginSession.expires_at) < before, col(LoginSession.revoked_at) < before)
        with self._db.writing(SYSTEM) as session:
            result = session.execute(
                delete(LoginSession).where(col(LoginSession.workshop_id) == workshop_id, over)
            )
        return result.rowcount  # pyright: ignore[reportAttributeAccessIssue]

    def _remove_files(self, workshop_id: UUID, swept: Swept) -> None:
        for store, names in ((self._store, swept.files), (self._exports, swept.disclosures)):
            for name in names:
                try:
                    store.delete(workshop_id, name)
                except Unavailable:
                    # The hourly sweep of files finds what has no row any more
                    log.warning("retention.file_left", workshop=str(workshop_id), file=name)

    def _drop_lost_disclosures(self) -> None:
        for workshop_id, names in self._exports.list_old(self._clock() - EXPORT_KEPT - timedelta(days=1)):
            for name in names:
                self._exports.delete(workshop_id, name)


def periods_of(session: Session, workshop: Workshop) -> tuple[PeriodView, ...]:
    """Every kind and how long this workshop keeps it."""
    terms = session.exec(select(RetentionTerms)).first()
    chosen = terms.periods if terms else {}
    return tuple(
        PeriodView(
            kind.key, kind.unit, retention.period_of(kind, chosen), kind.usual, kind.shortest, kind.longest
        )
        for kind in retention.kinds_for(workshop.country).values()
    )


def _terms(session: Session, workshop_id: UUID) -> RetentionTerms:
    wait_for_turn(session, f"retention {workshop_id}")
    found = session.exec(select(RetentionTerms)).first()
    return found or RetentionTerms(workshop_id=workshop_id)


def _next_run(now: datetime) -> datetime:
    tonight = now.replace(hour=RUN_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _by_run(rows: Iterable[RetentionRun]) -> tuple[RunView, ...]:
    runs: dict[datetime, list[tuple[str, int]]] = {}
    for row in rows:
        runs.setdefault(row.at, []).append((row.kind, row.count))
    return tuple(RunView(at, tuple(counts)) for at, counts in runs.items())
