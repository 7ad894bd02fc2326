"""Keeps calendars in step: who is due, one process at a time, and what a failure means."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import or_, update
from sqlmodel import col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.board import PlanningBoard
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.calendars.models import CalendarLink, SyncedEvent
from carbot_app.domains.calendars.ports import (
    CalendarAccounts,
    CalendarBusy,
    CalendarError,
    CalendarRevoked,
    RemoteCalendar,
    Secret,
    Vault,
    Window,
)
from carbot_app.domains.calendars.pulling import Puller
from carbot_app.domains.calendars.pushing import Pusher
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

PERIOD = timedelta(minutes=5)
SOON = timedelta(seconds=30)
MAX_PAUSE = timedelta(hours=1)
CLAIM = timedelta(minutes=10)
AHEAD = timedelta(days=90)
FULL_AFTER = timedelta(hours=24)
AT_ONCE = 4
"""Calendars at the same time in one process: a hanging one leaves three lanes to the others."""
MAX_DUE = 200


class CalendarSync:
    """A clock job and an outbox consumer. They may run in any number of processes."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        accounts: CalendarAccounts,
        vault: Vault,
        booking: PlanningBoard,
    ) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts
        self._vault = vault
        self._puller = Puller(db=db, booking=booking)
        self._pusher = Pusher(db=db)

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: the calendars a changed visit concerns are due now. Talks to no server."""
        if not delivery.kind.startswith("appointment."):
            return
        now = self._clock()
        appointment_id = UUID(delivery.payload["appointment_id"])
        with self._db.writing(delivery.workshop_id) as session:
            visit = session.get(Appointment, appointment_id)
            holders = select(SyncedEvent.link_id).where(SyncedEvent.appointment_id == appointment_id)
            concerned = select(CalendarLink).where(
                or_(
                    col(CalendarLink.resource_id) == (visit.technician_id if visit else None),
                    col(CalendarLink.id).in_(holders),
                )
            )
            for link in session.exec(concerned):
                link.wanted_at = now
                if link.state == "ok":  # what fails keeps its pause
                    link.next_at = now

    def sync_due(self) -> int:
        """Clock job: every calendar that is due; returns how many. One that fails stops no other."""
        now = self._clock()
        query = (
            select(CalendarLink.workshop_id, CalendarLink.id)
            .where(*_due(now))
            .order_by(col(CalendarLink.next_at))
            .limit(MAX_DUE)
        )
        with self._db.reading(SYSTEM) as session:
            due = session.exec(query).all()
        if not due:
            return 0
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="calendars") as pool:
            return sum(pool.map(lambda key: self.sync_one(*key), due))

    def sync_one(self, workshop_id: UUID, link_id: UUID) -> bool:
        """Bring one calendar up to date if it is due and nobody else is at it; whether it was our turn."""
        started = self._clock()
        if not self._claim(workshop_id, link_id, started):
            return False
        with self._db.reading(workshop_id) as session:
            link = session.get(CalendarLink, link_id)
            zone = ZoneInfo(session.get_one(Workshop, workshop_id).timezone)
        if link is None:
            return False
        try:
            done = self._sync(link, _window(started, zone), started)
        except CalendarError as error:
            self._fail(link, error)
        except Exception as error:
            # Whatever it is: the other calendars go on, and this one is tried again.
            log.exception("calendars.failed", link=str(link.id), error=type(error).__name__)
            self._fail(link, CalendarError(type(error).__name__))
        else:
            self._succeed(link, started, done=done)
        return True

    def _sync(self, link: CalendarLink, window: Window, now: datetime) -> bool:
        account = self._open(link)
        try:
            is_fresh = link.full_at is not None and now - link.full_at < FULL_AFTER
            token = link.sync_token if is_fresh else ""
            changes = account.list_changes(link.calendar_id, token, window)
            self._puller.apply(link, changes, window, now=now)
            return self._pusher.bring(link, account, window)
        finally:
            account.close()

    def _open(self, link: CalendarLink) -> RemoteCalendar:
        purpose = secret_purpose(link.id)
        try:
            secret = json.loads(self._vault.unseal(link.secret, purpose=purpose))
        except ValueError as error:
            raise CalendarRevoked("secret cannot be read with this key") from error

        def keep(renewed: Secret) -> None:
            with self._db.writing(link.workshop_id) as session:
                if (row := session.get(CalendarLink, link.id)) is not None:
                    row.secret = self._vault.seal(json.dumps(renewed), purpose=purpose)

        return self._accounts.open(link.provider, secret, keep)

    def _claim(self, workshop_id: UUID, link_id: UUID, now: datetime) -> bool:
        with self._db.writing(workshop_id) as session:
            taken = session.execute(
                update(CalendarLink)
                .where(col(CalendarLink.id) == link_id, *_due(now))
                .values(claimed_until=now + CLAIM)
                .execution_options(synchronize_session=False)
            )
            return taken.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]

    def _succeed(self, link: CalendarLink, started: datetime, *, done: bool) -> None:
        now = self._clock()
        with self._db.writing(link.workshop_id) as session:
            row = session.get(CalendarLink, link.id)
            if row is None:
                return
            row.state, row.error, row.failures, row.claimed_until = "ok", "", 0, None
            row.last_synced_at = now
            asked_meanwhile = row.wanted_at is not None and row.wanted_at > started
            row.next_at = now if asked_meanwhile else now + (PERIOD if done else SOON)
            if not asked_meanwhile:
                row.wanted_at = None

    def _fail(self, link: CalendarLink, error: CalendarError) -> None:
        now = self._clock()
        log.warning("calendars.not_synced", link=str(link.id), code=error.code, detail=str(error)[:100])
        with self._db.writing(link.workshop_id) as session:
            row = session.get(CalendarLink, link.id)
            if row is None:
                return
            row.failures += 1
            row.state = "revoked" if isinstance(error, CalendarRevoked) else "failing"
            row.error, row.claimed_until = error.code, None
            pause = min(PERIOD * 2 ** min(row.failures - 1, 6), MAX_PAUSE)
            if isinstance(error, CalendarBusy):
                pause = timedelta(seconds=error.retry_after)
            row.next_at = now + pause


def secret_purpose(link_id: UUID) -> str:
    """What the secret of a calendar is sealed for; that of another one does not open it."""
    return f"calendar:{link_id}"


def _due(now: datetime) -> Sequence:
    return (
        col(CalendarLink.state) != "revoked",
        col(CalendarLink.next_at) <= now,
        or_(col(CalendarLink.claimed_until).is_(None), col(CalendarLink.claimed_until) < now),
    )


def _window(now: datetime, zone: ZoneInfo) -> Window:
    """From the beginning of the day, so that a window of a day is the same whenever it is looked at."""
    today = now.astimezone(zone).date()
    midnight = datetime.combine(today, time(), zone)
    return Window(midnight.astimezone(now.tzinfo), (midnight + AHEAD).astimezone(now.tzinfo), zone)
