"""A workshop whose customers write on every channel, wired as in production."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.inbound import InboundService
from carbot_app.domains.conversations.inbound_answers import InboundAnswers
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.conversations.inbox import InboxService
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.incoming import IncomingMessages
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    DeliveryReport,
    Letter,
    Media,
    Report,
    ShortMessage,
)
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.thread_channels import MessagingChannels
from carbot_app.domains.messaging.thread_replies import ThreadReplies
from carbot_app.domains.photos.message_files import MessageFiles
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.services.assistant_desk import AssistantDesk, open_assistant_desk
from tests.services.message_desk import scratch_store

URL = "https://carbot.example"
MOBILE = "+491715550142"
MAIL = "ayse@example.org"


@dataclass
class Line:
    """A provider of one channel that keeps what it is given, fails as told, and holds files of customers."""

    name: str
    channel: str
    sent: list[ShortMessage] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def send(self, message: ShortMessage) -> str:
        """See ShortMessageProvider.send."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"{self.name}-{len(self.sent)}"

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """Nothing: tests hand over what has been read."""
        return ()

    def fetch(self, media: Media) -> bytes:
        """See MediaProvider.fetch."""
        if media.ref not in self.media:
            raise DeliveryError("gone", permanent=True)
        return self.media[media.ref]


@dataclass
class Post:
    """A mail server that keeps what it is given."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        """See MailTransport.send."""
        self.letters.append(letter)


@dataclass
class ThreadDesk:
    """Everything a message of another channel passes on its way in and out."""

    desk: AssistantDesk
    sms: Line
    whatsapp: Line
    post: Post
    files: MessageFiles
    messaging: MessagingService
    channels: MessagingChannels
    inbound: InboundService
    incoming: IncomingMessages
    answers: InboundAnswers
    replies: ThreadReplies
    inbox: InboxService

    @property
    def database(self) -> Database:
        """Of the test."""
        return self.desk.database

    @property
    def clock(self) -> ManualClock:
        """Of the test."""
        return self.desk.clock

    def write(self, text: str, channel: str = "sms", **fields: object) -> UUID | None:
        """The customer writes; nothing is answered before ``work``."""
        defaults: dict[str, object] = {
            "channel": channel,
            "provider": {"sms": "twilio", "whatsapp": "whatsapp", "mail": "imap", "call": "twilio"}[channel],
            "provider_id": new_id().hex,
            "from_address": MAIL if channel == "mail" else MOBILE,
            "from_name": "",
            "to_address": "",
            "text": text,
            "sent_at": self.clock(),
        }
        message = InboundMessage(**{**defaults, **fields})  # pyright: ignore[reportArgumentType]
        return self.inbound.receive(self.desk.workshop.id, message)

    def work(self) -> None:
        """What the workers do: answers are written, and leave."""
        worker = OutboxWorker(
            self.database,
            self.clock,
            quick={},
            slow={
                "thread_replies": self.replies.on_event,
                "missed_calls": self.incoming.on_event,
                "inbound_answers": self.answers.on_event,
            },
        )
        worker.drain()
        self.messaging.send_due()

    def report(self, line: Line, name: str, state: str) -> None:
        """The provider tells what became of a message."""
        self.messaging.note_report(line.name, DeliveryReport(name, state))

    def threads(self) -> list[Conversation]:
        """All threads, oldest first."""
        with self.database.reading(self.desk.workshop.id) as session:
            return sorted(session.exec(select(Conversation)), key=lambda row: row.id)

    def thread(self) -> Conversation:
        """The only one."""
        (found,) = self.threads()
        return found

    def messages(self, author: str = "") -> list[Message]:
        """Of all threads in order, perhaps of one author only."""
        with self.database.reading(self.desk.workshop.id) as session:
            found = sorted(session.exec(select(Message)), key=lambda row: (row.conversation_id, row.seq))
        return [row for row in found if author in ("", row.author)]

    def customers(self) -> list[Customer]:
        """All customers, oldest first."""
        with self.database.reading(SYSTEM) as session:
            return sorted(session.exec(select(Customer)), key=lambda row: row.id)

    def outgoing(self) -> list[OutgoingMessage]:
        """All messages that left or wait, oldest first."""
        with self.database.reading(SYSTEM) as session:
            return sorted(session.exec(select(OutgoingMessage)), key=lambda row: row.id)

    def later(self, delta: timedelta) -> None:
        """Time passes."""
        self.clock.advance(delta)


def open_thread_desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> ThreadDesk:
    """One workshop in Dortmund that can be written to by SMS, WhatsApp and mail."""
    desk = open_assistant_desk(database, clock, analyser)
    sms, whatsapp, post = Line("twilio", "sms"), Line("whatsapp", "whatsapp"), Post()
    messaging = MessagingService(
        db=database, clock=clock, transport=post, providers=[sms, whatsapp], public_url=URL
    )
    files = MessageFiles(db=database, store=scratch_store(), maker=PillowPictureMaker())
    channels = MessagingChannels(clock=clock, messaging=messaging)
    inbound = InboundService(db=database, clock=clock, files=files)
    inbox = InboxService(
        db=database, clock=clock, customers=CustomerService(db=database), leads=desk.leads, channels=channels
    )
    return ThreadDesk(
        replace(desk, inbox=inbox),
        sms,
        whatsapp,
        post,
        files,
        messaging,
        channels,
        inbound,
        IncomingMessages(db=database, clock=clock, messaging=messaging, inbound=inbound, public_url=URL),
        InboundAnswers(db=database, clock=clock, assistant=desk.assistant, channels=channels),
        ThreadReplies(db=database, clock=clock, messaging=messaging, channels=channels, public_url=URL),
        inbox,
    )


def attached(name: str, content: bytes, media_type: str = "application/pdf") -> InboundFile:
    """A file as a channel hands it over."""
    return InboundFile(name, media_type, content)
