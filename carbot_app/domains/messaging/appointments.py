"""Messages a customer gets about an appointment: booked, moved, cancelled, ready, reminders."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.models import Appointment, WaitlistOffer
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.states import DONE
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.appointment_texts import Occasion, mail_text, short_text
from carbot_app.domains.messaging.channels import MAIL, choose_channel
from carbot_app.domains.messaging.contract_texts import contract_text, seller_of
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.quiet import QuietHours
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.terms import terms_of
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

KINDS = {"appointment.booked": "booked", "appointment.moved": "moved", "appointment.cancelled": "cancelled"}
_UNPLANNED = "unplanned"


class AppointmentMessages:
    """Outbox consumer; one message per appointment, kind and move, however often the event arrives."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        booking: BookingService,
        messaging: MessagingService,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._booking = booking
        self._messaging = messaging
        self._public_url = public_url

    def on_event(self, delivery: Delivery) -> None:
        """Queue the message on the customer's channel, and drop what it overtakes."""
        if delivery.kind == "waitlist.offered":
            self._tell_offer(delivery)
            return
        kind = KINDS.get(delivery.kind)
        if kind is None and delivery.kind != "appointment.changed":
            return
        appointment_id = UUID(delivery.payload["appointment_id"])
        with self._db.reading(delivery.workshop_id) as session:
            appointment = session.get_one(Appointment, appointment_id)
        if kind in ("moved", "cancelled"):
            self._drop_reminders(appointment)
        if appointment.state == _UNPLANNED:
            return
        if kind:
            self.queue(appointment, kind, key=f"{kind}:{appointment.moved_count}")
        elif appointment.state == DONE:
            self.queue(appointment, "ready", key="ready", send_at=self._after_quiet(appointment.workshop_id))

    def queue(
        self, appointment: Appointment, kind: str, *, key: str, send_at: datetime | None = None
    ) -> None:
        """Queue one message unless the customer cannot be reached; the same ``key`` is queued once."""
        confirmation = self._booking.get_by_link(appointment.manage_token)
        occasion = Occasion(kind, confirmation, appointment.language, self._link(kind, confirmation))
        self._queue(appointment, occasion, key=key, send_at=send_at)

    def _tell_offer(self, delivery: Delivery) -> None:
        """A time kept for somebody on the waitlist; one that is over by now is not told."""
        with self._db.reading(delivery.workshop_id) as session:
            offer = session.get(WaitlistOffer, UUID(delivery.payload["offer_id"]))
            if offer is None or offer.state != "open" or offer.expires_at <= self._clock():
                return
            appointment = session.get_one(Appointment, UUID(delivery.payload["appointment_id"]))
            zone = ZoneInfo(session.get_one(Workshop, delivery.workshop_id).timezone)
        language = appointment.language
        confirmation = replace(
            self._booking.get_by_link(appointment.manage_token),
            when=slot_label(offer.starts_at, zone, language),
        )
        until = slot_label(offer.expires_at, zone, language)
        occasion = Occasion("offered", confirmation, language, self._link("offered", confirmation), until)
        self._queue(appointment, occasion, key=f"offered:{offer.id}")

    def _queue(
        self, appointment: Appointment, occasion: Occasion, *, key: str, send_at: datetime | None = None
    ) -> None:
        with self._db.reading(appointment.workshop_id) as session:
            customer = session.get_one(Customer, appointment.customer_id)
            contact = reachable(session, customer)
        channel = choose_channel(contact, self._messaging.channels)
        if occasion.kind == "booked" and occasion.confirmation.contract_number:
            channel = MAIL  # a contract is confirmed on a durable medium (§ 312f (2) BGB)
        if channel is None:
            return
        message = self._message(occasion, appointment, customer, channel, key, send_at)
        with self._db.writing(appointment.workshop_id) as session:
            self._messaging.queue(session, appointment.workshop_id, message)

    def _message(
        self,
        occasion: Occasion,
        appointment: Appointment,
        customer: Customer,
        channel: str,
        key: str,
        send_at: datetime | None,
    ) -> NewMessage:
        subject, letter = mail_text(occasion, customer.name)
        by_mail = channel == MAIL
        if by_mail and occasion.kind == "booked":
            letter += self._contract_text(appointment)
        confirmation = occasion.confirmation
        return NewMessage(
            kind=f"appointment_{occasion.kind}",
            channel=channel,
            to_address=customer.email if by_mail else customer.phone,
            subject=subject,
            text=letter if by_mail else short_text(occasion, channel),
            dedupe_key=f"{appointment.id}:{key}",
            language=appointment.language,
            calendar=self._calendar(appointment, occasion.kind) if by_mail else "",
            parameters=(confirmation.workshop_name, confirmation.when, occasion.link),
            appointment_id=appointment.id,
            send_at=send_at,
        )

    def _contract_text(self, appointment: Appointment) -> str:
        contract = self._booking.find_contract_by_link(appointment.manage_token)
        if contract is None:
            return ""
        with self._db.reading(appointment.workshop_id) as session:
            workshop = session.get_one(Workshop, appointment.workshop_id)
        return "\n" + contract_text(contract, seller_of(workshop, self._public_url))

    def _calendar(self, appointment: Appointment, kind: str) -> str:
        if kind not in KINDS.values():
            return ""
        return self._booking.calendar_file(appointment.manage_token)

    def _link(self, kind: str, confirmation: BookingConfirmation) -> str:
        over = kind == "cancelled"
        path = f"/w/{confirmation.workshop_slug}/termin" if over else f"/t/{confirmation.manage_token}"
        return f"{self._public_url}{path}"

    def _after_quiet(self, workshop_id: UUID) -> datetime | None:
        with self._db.reading(workshop_id) as session:
            quiet = quiet_hours(session, workshop_id)
        now = self._clock()
        return quiet.end_after(now) if quiet.contains(now) else None

    def _drop_reminders(self, appointment: Appointment) -> None:
        waiting = select(OutgoingMessage).where(
            OutgoingMessage.appointment_id == appointment.id,
            col(OutgoingMessage.kind).startswith("appointment_reminder"),
            col(OutgoingMessage.state).in_(states.OPEN),
        )
        with self._db.writing(appointment.workshop_id) as session:
            for row in session.exec(waiting):
                row.state = states.DROPPED


def quiet_hours(session: Session, workshop_id: UUID) -> QuietHours:
    """The workshop's quiet hours in its zone."""
    terms = terms_of(session, workshop_id)
    zone = ZoneInfo(session.get_one(Workshop, workshop_id).timezone)
    return QuietHours(time.fromisoformat(terms.quiet_from), time.fromisoformat(terms.quiet_to), zone)
