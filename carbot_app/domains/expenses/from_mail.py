"""E-invoices that come with mails: the thread stays as it is, a copy becomes an expense."""

from uuid import UUID

from sqlmodel import col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.expenses.reading import MAX_BYTES
from carbot_app.domains.expenses.service import ExpenseService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.errors import NotFound

CHANNEL = "mail"
_ENDINGS = (".xml", ".pdf")
_MOST = 10
"""Of one mail; suppliers send one."""


class MailedInvoices:
    """Hears of mails that were taken in; what is no e-invoice is left alone."""

    def __init__(self, *, db: Database, store: FileStore, expenses: ExpenseService) -> None:
        self._db = db
        self._store = store
        """Where the files of messages lie."""
        self._expenses = expenses

    def on_event(self, delivery: Delivery) -> None:
        """Look through the files of a mail; the same file again changes nothing."""
        if delivery.kind != "message.received" or delivery.payload.get("channel") != CHANNEL:
            return
        for file_id, name in self._files(delivery.workshop_id, UUID(delivery.payload["message_id"])):
            try:
                content = self._store.get(delivery.workshop_id, str(file_id))
            except NotFound:
                continue
            self._expenses.receive_mail(delivery.workshop_id, content, filename=name)

    def _files(self, workshop_id: UUID, message_id: UUID) -> list[tuple[UUID, str]]:
        query = (
            select(MessageFile)
            .where(
                MessageFile.message_id == message_id,
                MessageFile.kind == "file",
                MessageFile.reason == "",
                MessageFile.size <= MAX_BYTES,
            )
            .order_by(col(MessageFile.position))
        )
        with self._db.reading(workshop_id) as session:
            rows = session.exec(query).all()
        return [(row.id, row.name) for row in rows if row.name.lower().endswith(_ENDINGS)][:_MOST]
