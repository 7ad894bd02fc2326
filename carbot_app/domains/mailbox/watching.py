"""Holds the connection to a mailbox and takes in what arrives there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import or_, update
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.mailbox.intake import Arrived, MailIntake
from carbot_app.domains.mailbox.models import Mailbox
from carbot_app.domains.mailbox.ports import (
    Folder,
    MailboxError,
    MailboxRefused,
    MailHead,
    MailServers,
    RemoteMailbox,
    Vault,
)
from carbot_app.domains.mailbox.secrets import open_secret
from carbot_app.domains.mailbox.servers import login_for
from carbot_app.kit.clock import Clock
from carbot_app.kit.ids import new_secret

log = structlog.get_logger()

CLAIM = timedelta(minutes=3)
WAIT_SECONDS = 60.0
"""One IDLE; the claim is renewed after each, and a server that forgets to call is asked."""
MAX_BYTES = 25 * 1024 * 1024
"""Of larger mails only the beginning is fetched: the words, and what is attached by name."""
BEGINNING = 512 * 1024
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
REFUSALS = 4
"""In a row, until somebody has to look: servers under load refuse good passwords, too."""
MARGIN = timedelta(days=2)


class MailboxWatch:
    """Any number of processes may watch; each mailbox is held by one."""

    def __init__(
        self, *, db: Database, clock: Clock, servers: MailServers, vault: Vault, intake: MailIntake
    ) -> None:
        self._db = db
        self._clock = clock
        self._servers = servers
        self._vault = vault
        self._intake = intake

    def list_due(self, limit: int = 200) -> Sequence[tuple[UUID, UUID]]:
        """Workshop and mailbox of those nobody holds and that may be tried."""
        query = select(Mailbox.workshop_id, Mailbox.id).where(*_due(self._clock()))
        with self._db.reading(SYSTEM) as session:
            return session.exec(query.order_by(col(Mailbox.next_at)).limit(limit)).all()

    def hold(self, workshop_id: UUID, mailbox_id: UUID, stop: Event) -> bool:
        """Hold a mailbox until told to stop, it fails, or somebody changes it; whether it was our turn."""
        holder = new_secret(16)
        if not self._claim(workshop_id, mailbox_id, holder, *_due(self._clock())):
            return False
        try:
            self._hold(workshop_id, mailbox_id, holder, stop)
        except MailboxError as error:
            self._fail(workshop_id, mailbox_id, holder, error)
        except Exception as error:
            # Whatever it is: this one is tried again, and no other is concerned.
            log.exception("mailbox.failed", mailbox=str(mailbox_id), error=type(error).__name__)
            self._fail(workshop_id, mailbox_id, holder, MailboxError(type(error).__name__))
        return True

    def _hold(self, workshop_id: UUID, mailbox_id: UUID, holder: str, stop: Event) -> None:
        mailbox = self._mailbox(workshop_id, mailbox_id)
        remote = self._servers.open_inbox(
            login_for(mailbox.incoming, mailbox.user, open_secret(self._vault, mailbox))
        )
        try:
            folder = remote.open()
            since = self._start(mailbox, folder)
            while not stop.is_set():
                self._pull(mailbox, remote, folder, holder, stop, since=since)
                since = None
                if not self._claim(workshop_id, mailbox_id, holder, Mailbox.claimed_by == holder):
                    return
                remote.wait(WAIT_SECONDS, stop)
        finally:
            remote.close()
        self._release(workshop_id, mailbox_id, holder)

    def _start(self, mailbox: Mailbox, folder: Folder) -> datetime | None:
        """From where to go on; an instant if the numbers mean nothing any more and only time tells."""
        if mailbox.uid_validity == folder.uid_validity:
            return None
        since = max(mailbox.connected_at, (mailbox.checked_at or mailbox.connected_at) - MARGIN)
        with self._db.writing(mailbox.workshop_id) as session:
            row = session.get_one(Mailbox, mailbox.id)
            row.uid_validity, row.last_uid = folder.uid_validity, 0
        mailbox.uid_validity, mailbox.last_uid = folder.uid_validity, 0
        return since

    def _pull(
        self,
        mailbox: Mailbox,
        remote: RemoteMailbox,
        folder: Folder,
        holder: str,
        stop: Event,
        *,
        since: datetime | None,
    ) -> None:
        """Take in everything new, in order."""
        heads = remote.list_after(mailbox.last_uid, since=since.date() if since else None)
        if since is not None:
            heads = [head for head in heads if head.arrived_at >= since]
        for head in heads:
            if stop.is_set():
                return
            raw = remote.fetch(head.uid, MAX_BYTES if head.size <= MAX_BYTES else BEGINNING)
            if raw:
                self._take(mailbox, folder, head, raw)
            mailbox.last_uid = max(mailbox.last_uid, head.uid)
            if not self._note_progress(mailbox, holder):
                return
        self._note_quiet(mailbox, holder)

    def _take(self, mailbox: Mailbox, folder: Folder, head: MailHead, raw: bytes) -> None:
        size = max(head.size, len(raw)) if head.size > MAX_BYTES else len(raw)
        self._intake.take(mailbox, Arrived(raw, folder.uid_validity, head.uid, size, head.arrived_at))

    def _mailbox(self, workshop_id: UUID, mailbox_id: UUID) -> Mailbox:
        with self._db.reading(workshop_id) as session:
            return session.get_one(Mailbox, mailbox_id)

    def _claim(self, workshop_id: UUID, mailbox_id: UUID, holder: str, *conditions: object) -> bool:
        return self._set(
            workshop_id, mailbox_id, *conditions, claimed_until=self._clock() + CLAIM, claimed_by=holder
        )

    def _release(self, workshop_id: UUID, mailbox_id: UUID, holder: str) -> None:
        self._set(workshop_id, mailbox_id, Mailbox.claimed_by == holder, claimed_until=None, claimed_by="")

    def _note_progress(self, mailbox: Mailbox, holder: str) -> bool:
        return self._set(
            mailbox.workshop_id,
            mailbox.id,
            Mailbox.claimed_by == holder,
            last_uid=mailbox.last_uid,
            claimed_until=self._clock() + CLAIM,
        )

    def _note_quiet(self, mailbox: Mailbox, holder: str) -> None:
        self._set(
            mailbox.workshop_id,
            mailbox.id,
            Mailbox.claimed_by == holder,
            state="ok",
            error="",
            failures=0,
            checked_at=self._clock(),
        )

    def _fail(self, workshop_id: UUID, mailbox_id: UUID, holder: str, error: MailboxError) -> None:
        now = self._clock()
        log.warning("mailbox.not_reached", mailbox=str(mailbox_id), code=error.code, detail=str(error)[:100])
        with self._db.writing(workshop_id) as session:
            row = session.exec(
                select(Mailbox).where(Mailbox.id == mailbox_id, Mailbox.claimed_by == holder)
            ).first()
            if row is None:
                return
            row.failures += 1
            is_out = isinstance(error, MailboxRefused) and row.failures >= REFUSALS
            row.state, row.error = "revoked" if is_out else "failing", error.code
            row.claimed_by, row.claimed_until = "", None
            row.next_at = now + min(FIRST_PAUSE * 2 ** min(row.failures - 1, 10), LONGEST_PAUSE)

    def _set(self, workshop_id: UUID, mailbox_id: UUID, *conditions: object, **values: object) -> bool:
        with self._db.writing(workshop_id) as session:
            done = session.execute(
                update(Mailbox)
                .where(col(Mailbox.id) == mailbox_id, *conditions)  # pyright: ignore[reportArgumentType]
                .values(**values)
                .execution_options(synchronize_session=False)
            )
            return done.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]


def _due(now: datetime) -> tuple:
    return (
        col(Mailbox.state) != "revoked",
        col(Mailbox.next_at) <= now,
        or_(col(Mailbox.claimed_until).is_(None), col(Mailbox.claimed_until) < now),
    )
