"""What the tests of mailboxes share: a workshop with real servers, and somebody who takes messages in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

from sqlmodel import col, select

from carbot_app.adapters.identity.vault import AesVault
from carbot_app.adapters.mail.connecting import Network
from carbot_app.adapters.mail.servers import ImapSmtpServers
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.inbound_schemas import InboundMessage
from carbot_app.domains.mailbox.intake import Arrived, MailIntake
from carbot_app.domains.mailbox.models import Mailbox, ReceivedMail
from carbot_app.domains.mailbox.schemas import MailboxLogin
from carbot_app.domains.mailbox.sending import OwnMail
from carbot_app.domains.mailbox.service import MailboxService
from carbot_app.domains.mailbox.watching import MailboxWatch
from carbot_app.domains.messaging.ports import MailTransport
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.factories.letters import WORKSHOP
from tests.factories.saving import save
from tests.peers.imap_server import PASSWORD, Certificate


@dataclass
class Inbound:
    """Keeps what is handed over, once per provider and id; fails as told."""

    messages: list[InboundMessage] = field(default_factory=list)
    failures: int = 0
    _known: dict[tuple[UUID, str, str], UUID] = field(default_factory=dict)

    def receive(self, workshop_id: UUID, message: InboundMessage) -> UUID | None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the thread cannot be written")
        key = (workshop_id, message.provider, message.provider_id)
        if key in self._known:
            return None
        self.messages.append(message)
        self._known[key] = new_id()
        return self._known[key]


@dataclass
class MailDesk:
    """Services of the mailbox over one workshop."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    inbound: Inbound
    messaging: MessagingService
    intake: MailIntake
    watch: MailboxWatch
    service: MailboxService
    _next_uid: int = 1

    @property
    def owner(self) -> Actor:
        return staff_of(self.workshop)

    def connect(self, incoming: str, outgoing: str, password: str = PASSWORD) -> None:
        """The workshop's account on real servers."""
        self.service.connect(
            self.owner, MailboxLogin(WORKSHOP, password, incoming=incoming, outgoing=outgoing)
        )

    def arrive(self, raw: bytes, *, size: int = 0) -> None:
        """A mail as the watch hands it over."""
        mailbox = self.mailbox() or self.make_mailbox()
        arrived = Arrived(raw, 7, self._next_uid, size or len(raw), datetime(2026, 11, 23, 8, tzinfo=UTC))
        self._next_uid += 1
        self.intake.take(mailbox, arrived)

    def make_mailbox(self) -> Mailbox:
        """An account as if it had been connected."""
        now = self.clock()
        servers = {"incoming": "localhost:9", "outgoing": "localhost:9"}
        return save(
            self.database,
            Mailbox(
                workshop_id=self.workshop.id,
                address=WORKSHOP,
                user=WORKSHOP,
                connected_at=now,
                next_at=now,
                **servers,
            ),
        )

    def mailbox(self) -> Mailbox | None:
        with self.database.reading(SYSTEM) as session:
            return session.exec(select(Mailbox)).first()

    def received(self) -> list[ReceivedMail]:
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(ReceivedMail).order_by(col(ReceivedMail.id))))

    def hold(self) -> "Holding":
        """Hold the mailbox in a thread until the block ends."""
        return Holding(self)


class Holding:
    """The watch at work."""

    def __init__(self, desk: MailDesk) -> None:
        self._desk = desk
        self.stop = Event()
        self._threads: list[Thread] = []

    def __enter__(self) -> "Holding":
        for key in self._desk.watch.list_due():
            thread = Thread(target=self._desk.watch.hold, args=(*key, self.stop))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()


def open_mail_desk(
    database: Database,
    clock: ManualClock,
    folder: Path,
    *,
    certificate: Certificate | None = None,
    platform: MailTransport | None = None,
    slug: str = "werkstatt",
) -> MailDesk:
    """Services over a new workshop; servers of this machine may be connected."""
    believed = {"tls": certificate.trust} if certificate else {}
    post = {
        "db": database,
        "clock": clock,
        "servers": ImapSmtpServers(Network(private_hosts=True, **believed)),
        "vault": AesVault(folder / "secrets.key"),
    }
    inbound = Inbound()
    messaging = MessagingService(db=database, clock=clock, transport=platform, own_mail=OwnMail(**post))
    intake = MailIntake(db=database, clock=clock, inbound=inbound, messaging=messaging)
    return MailDesk(
        database=database,
        clock=clock,
        workshop=make_workshop(database, slug=slug),
        inbound=inbound,
        messaging=messaging,
        intake=intake,
        watch=MailboxWatch(intake=intake, **post),
        service=MailboxService(intake=intake, any_port=True, **post),
    )
