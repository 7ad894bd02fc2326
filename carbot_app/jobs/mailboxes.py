"""Threads that hold the connections to the mailboxes of all workshops."""

from threading import Event, Thread
from uuid import UUID

import structlog

from carbot_app.domains.mailbox.watching import MailboxWatch

log = structlog.get_logger()

LOOK_SECONDS = 5.0
"""How soon a mailbox that was connected, or whose holder died, is held again."""
MOST = 400
"""Mailboxes of one process; further ones are for the next."""


class MailboxWatcher:
    """A thread per mailbox: each waits in IDLE for its server to call."""

    def __init__(self, watch: MailboxWatch) -> None:
        self._watch = watch
        self._stop = Event()
        self._holders: dict[UUID, Thread] = {}
        self._looker = Thread(target=self._look, name="mailboxes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._looker.start()

    def stop(self) -> None:
        """Let go of every mailbox; what is being taken in is finished."""
        self._stop.set()
        for thread in (self._looker, *self._holders.values()):
            thread.join(timeout=10)

    def _look(self) -> None:
        while not self._stop.is_set():
            try:
                self._hold_due()
            except Exception as error:  # a database that is away for a minute must not end this for good
                log.exception("mailboxes.not_looked", error=type(error).__name__)
            self._stop.wait(LOOK_SECONDS)

    def _hold_due(self) -> None:
        self._holders = {key: thread for key, thread in self._holders.items() if thread.is_alive()}
        for workshop_id, mailbox_id in self._watch.list_due():
            if mailbox_id in self._holders or len(self._holders) >= MOST:
                continue
            thread = Thread(
                target=self._watch.hold,
                args=(workshop_id, mailbox_id, self._stop),
                name=f"mailbox-{mailbox_id}",
                daemon=True,
            )
            self._holders[mailbox_id] = thread
            thread.start()
