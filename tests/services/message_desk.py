"""A front desk whose customers can be written to, and write back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.waitlist import WaitlistService
from carbot_app.domains.conversations.inbound import InboundService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.answers import AnswerService
from carbot_app.domains.messaging.appointments import AppointmentMessages
from carbot_app.domains.messaging.incoming import IncomingMessages
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import DeliveryError, Reply, Report, ShortMessage, UntrustedReport
from carbot_app.domains.messaging.reminders import ReminderService
from carbot_app.domains.messaging.schemas import DepositView
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.photos.message_files import MessageFiles
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_appointment, make_customer
from tests.factories.front_desk import ConversationRecorder, FrontDesk, open_front_desk
from tests.services.bookings import rows


@dataclass
class Phones:
    """A provider that keeps what it is given; fails as told."""

    name: str = "twilio"
    channel: str = "sms"
    sent: list[ShortMessage] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"SM{len(self.sent)}"

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """A body ``number: text`` with the header ``signed`` is a reply, new unless ``name`` is given."""
        if headers.get("signed") != "yes":
            raise UntrustedReport
        sender, _, text = body.decode().partition(":")
        name = headers.get("name") or new_id().hex
        return [Reply(sender, text.strip(), provider_id=name)]


class Till:
    """Takes deposits for every appointment."""

    def find_for(self, appointment_id: UUID, *, language: str) -> DepositView:
        """See Deposits."""
        return DepositView("open", f"/zahlen/{appointment_id}", 2_580, "25,80 €", language)


@dataclass
class MessageDesk:
    """Everything a message passes on its way."""

    database: Database
    clock: ManualClock
    desk: FrontDesk
    phones: Phones
    messaging: MessagingService
    messages: AppointmentMessages
    reminders: ReminderService
    answers: AnswerService
    waitlist: WaitlistService
    incoming: IncomingMessages

    def visit(self, starts_at: datetime, **fields: Any) -> Appointment:
        """An appointment of a customer with a mobile number, booked three weeks ago."""
        customer = fields.pop("customer", None) or make_customer(self.database, self.desk.workshop)
        defaults = {"state": "confirmed", "created_at": datetime(2026, 11, 2, 9, tzinfo=starts_at.tzinfo)}
        desk = self.desk
        return make_appointment(
            self.database, desk.workshop, customer, desk.technicians[0], desk.bays[0],
            starts_at=starts_at, **{**defaults, **fields},
        )  # fmt: skip

    def deliver(self) -> None:
        """What the workers do: events become messages, messages leave."""
        OutboxWorker(
            self.database, self.clock, quick={}, slow={"appointment_mail": self.messages.on_event}
        ).drain()
        self.messaging.send_due()

    def remind(self) -> None:
        """What the job of the minute does."""
        self.reminders.plan_due()
        self.messaging.send_due()

    def reply(self, text: str, phone: str = "+491715550142") -> None:
        """The customer writes back."""
        self.answers.receive(
            self.phones.name,
            method="POST",
            url="",
            headers={"signed": "yes"},
            body=f"{phone}:{text}".encode(),
        )

    def queue(self) -> list[OutgoingMessage]:
        """All messages, oldest first."""
        return sorted(rows(self.database, OutgoingMessage), key=lambda row: row.id)

    def customer(self, customer_id: Any) -> Customer:
        """A row as it is now."""
        with self.database.reading(SYSTEM) as session:
            return session.get_one(Customer, customer_id)


def open_message_desk(database: Database, clock: ManualClock, phones: Phones | None = None) -> MessageDesk:
    """Wired as in production, with ``phones`` in place of a provider."""
    desk = open_front_desk(database, clock)
    phones = phones or Phones()
    url = "https://carbot.example"
    messaging = MessagingService(db=database, clock=clock, transport=None, providers=[phones], public_url=url)
    messages = AppointmentMessages(
        db=database, clock=clock, booking=desk.booking, messaging=messaging, public_url=url
    )
    waitlist = WaitlistService(
        db=database,
        clock=clock,
        customers=desk.customers,
        catalog=desk.catalog,
        recorder=ConversationRecorder(),
        public_url=url,
    )
    files = MessageFiles(db=database, store=scratch_store(), maker=PillowPictureMaker())
    incoming = IncomingMessages(
        db=database,
        clock=clock,
        messaging=messaging,
        inbound=InboundService(db=database, clock=clock, files=files),
        public_url=url,
    )
    return MessageDesk(
        database,
        clock,
        desk,
        phones,
        messaging,
        messages,
        ReminderService(db=database, clock=clock, messages=messages),
        AnswerService(
            db=database,
            clock=clock,
            messaging=messaging,
            messages=messages,
            providers=[phones],
            waitlist=waitlist,
            deposits=Till(),
            incoming=incoming,
        ),
        waitlist,
        incoming,
    )


def scratch_store() -> FolderFileStore:
    """Where files of a test are kept."""
    return FolderFileStore(Path(mkdtemp(prefix="carbot-files-")))
