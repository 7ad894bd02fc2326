"""What customers answer: by SMS, on WhatsApp, or behind the link of their appointment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Semaphore
from uuid import UUID

from sqlmodel import col, or_, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CONFIRMED, REQUESTED, UNPLANNED
from carbot_app.domains.booking.waitlist import WaitlistService
from carbot_app.domains.conversations.inbound_schemas import InboundFile
from carbot_app.domains.customers.contact_points import (
    WROTE_FROM,
    find_verified,
    verify,
    wait_for_address,
)
from carbot_app.domains.customers.models import ContactPoint, Customer
from carbot_app.domains.messaging.appointments import AppointmentMessages
from carbot_app.domains.messaging.attendance import answer_to, note_answer, risk_of
from carbot_app.domains.messaging.incoming import IncomingMessages, fetch_files
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import (
    DeliveryReport,
    Deposits,
    MissedCall,
    Reply,
    Report,
    ShortMessageProvider,
    UntrustedReport,
)
from carbot_app.domains.messaging.preferences import set_stopped
from carbot_app.domains.messaging.replies import NO, START, STOP, YES, read_reply
from carbot_app.domains.messaging.schemas import AttendanceView
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.thread_state import THREAD_REPLY
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Forbidden, Gone, Invalid, NotFound

LINK = "link"
AT_ONCE = 2
"""Reports taken in at once by one process with PostgreSQL, one with SQLite. They come in floods, and more
threads only fight for the interpreter: of 50 messages a second the last screen then hears after 1.2 s and not
after 0.5 s (docs/adr/0029)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The message an answer is to."""

    appointment: Appointment
    kind: str
    message_id: UUID


class AnswerService:
    """Nobody is signed in here: a signature or a secret link stands for the customer."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        messaging: MessagingService,
        messages: AppointmentMessages,
        providers: Sequence[ShortMessageProvider],
        waitlist: WaitlistService,
        deposits: Deposits,
        incoming: IncomingMessages,
    ) -> None:
        self._incoming = incoming
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._messages = messages
        self._waitlist = waitlist
        self._deposits = deposits
        self._providers = {provider.name: provider for provider in providers}
        self._turns = Semaphore(1 if db.is_sqlite else AT_ONCE)

    def receive(self, name: str, *, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take in a webhook call of a provider; calling twice changes nothing more.

        Raises NotFound (no such provider is set up), Forbidden webhook_untrusted, or Unavailable: the
        provider then calls again.
        """
        provider = self._providers.get(name)
        if provider is None:
            raise NotFound
        try:
            reports = provider.read_reports(method=method, url=url, headers=headers, body=body)
        except UntrustedReport:
            raise Forbidden("webhook_untrusted") from None
        for report in reports:
            # Before its turn: a host that hangs holds up nobody else
            files = fetch_files(provider, report.media) if isinstance(report, Reply) else ()
            with self._turns:
                self._take(provider, report, files)

    def answer_by_link(self, token: str, answer: str) -> None:
        """Note yes or no for the appointment of a secret link.

        Raises NotFound link_unknown, Gone appointment_over, Invalid answer_invalid.
        """
        if answer not in (YES, NO):
            raise Invalid("answer_invalid", field="answer")
        with self._db.reading(SYSTEM) as session:
            row = session.exec(select(Appointment).where(Appointment.manage_token == token)).first()
        if row is None:
            raise NotFound("link_unknown")
        if not self._is_open(row):
            raise Gone("appointment_over")
        self._note(row, answer, LINK)

    def get_by_link(self, token: str, *, language: str = "") -> AttendanceView:
        """What was answered for a secret link, and what is still asked; NotFound link_unknown.

        Texts are in ``language``; empty: the customer's.
        """
        with self._db.reading(SYSTEM) as session:
            row = session.exec(select(Appointment).where(Appointment.manage_token == token)).first()
            if row is None:
                raise NotFound("link_unknown")
            is_open = self._is_open(row)
            must_confirm = is_open and risk_of(session, row).must_confirm
            answer = answer_to(session, row)
        deposit = self._deposits.find_for(row.id, language=language or row.language)
        return AttendanceView(answer, must_confirm, deposit)

    def _take(self, provider: ShortMessageProvider, report: Report, files: tuple[InboundFile, ...]) -> None:
        if isinstance(report, DeliveryReport):
            self._messaging.note_report(provider.name, report)
        elif isinstance(report, MissedCall):
            self._incoming.take_call(provider, report)
        else:
            self._take_reply(provider, report, files)

    def _take_reply(
        self, provider: ShortMessageProvider, reply: Reply, files: tuple[InboundFile, ...]
    ) -> None:
        """Yes, no and STOP are obeyed; everything else is for the thread."""
        channel, meaning = provider.channel, None if reply.media else read_reply(reply.text)
        if meaning in (STOP, START):
            self._set_stopped(channel, reply.sender, stopped=meaning == STOP)
            return
        asked = self._asked(channel, reply.sender) if meaning else None
        if meaning is None or asked is None or asked.kind == "appointment_offer_over":
            self._incoming.take_message(provider, reply, files)
            return
        appointment = asked.appointment
        if asked.kind == "appointment_offered":
            self._answer_offer(asked, meaning)
            return
        self._note(appointment, meaning, channel)
        if meaning == YES:
            self._know(appointment, reply.sender)
        else:
            self._messages.queue(appointment, "declined", key=f"declined:{appointment.moved_count}")

    def _answer_offer(self, asked: _Asked, meaning: str) -> None:
        """Take or refuse the time kept for somebody on the waitlist; too late is told once."""
        token = asked.appointment.manage_token
        if meaning == NO:
            self._waitlist.decline(token)
            return
        try:
            self._waitlist.accept(token)
        except Gone:
            # Whoever waits no more has the time already: the same answer came twice
            if self._waitlist.get_by_token(token).waiting:
                self._messages.queue(asked.appointment, "offer_over", key=f"offer_over:{asked.message_id}")

    def _asked(self, channel: str, sender: str) -> _Asked | None:
        """The appointment our last message to this number was about, as long as it lies ahead.

        None also when somebody has written in the thread since: the answer is to that.
        """
        query = (
            select(OutgoingMessage.appointment_id, OutgoingMessage.kind, OutgoingMessage.id)
            .where(
                OutgoingMessage.to_address == sender,
                OutgoingMessage.channel == channel,
                or_(
                    col(OutgoingMessage.appointment_id).is_not(None),
                    col(OutgoingMessage.message_id).is_not(None),
                ),
                col(OutgoingMessage.sent_at).is_not(None),
            )
            .order_by(col(OutgoingMessage.sent_at).desc(), col(OutgoingMessage.id).desc())
        )
        with self._db.reading(SYSTEM) as session:
            for appointment_id, kind, message_id in session.exec(query.limit(20)):
                if kind == THREAD_REPLY:
                    return None  # they answer what was said in the thread since
                row = session.get(Appointment, appointment_id)
                if row is not None and (self._is_open(row) or row.state == UNPLANNED):
                    return _Asked(row, kind, message_id)
        return None

    def _is_open(self, row: Appointment) -> bool:
        return row.state in (REQUESTED, CONFIRMED) and row.starts_at > self._clock()

    def _note(self, appointment: Appointment, answer: str, channel: str) -> None:
        with self._db.writing(appointment.workshop_id) as session:
            note_answer(session, appointment, answer, channel=channel, at=self._clock())

    def _know(self, appointment: Appointment, sender: str) -> None:
        """Whoever says yes to our question about their visit has the number they gave."""
        with self._db.writing(appointment.workshop_id) as session:
            wait_for_address(session, appointment.workshop_id, sender)
            customer = session.get_one(Customer, appointment.customer_id)
            if customer.phone == sender and find_verified(session, customer.workshop_id, sender) is None:
                verify(session, customer, sender, by=WROTE_FROM, now=self._clock())

    def _set_stopped(self, channel: str, sender: str, *, stopped: bool) -> None:
        """In every workshop that knows the number: the customer wrote to the one number all share."""
        with self._db.reading(SYSTEM) as session:
            verified = select(ContactPoint.customer_id).where(ContactPoint.value == sender)
            known = or_(Customer.phone == sender, col(Customer.id).in_(verified))
            customers = session.exec(select(Customer).where(known)).all()
        for customer in customers:
            with self._db.writing(customer.workshop_id) as session:
                set_stopped(session, customer, channel, stopped=stopped, now=self._clock())
