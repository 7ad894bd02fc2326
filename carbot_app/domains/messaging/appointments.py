"""Mails a customer gets about an appointment: booked, moved, cancelled."""

from uuid import UUID

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.kit.i18n import translate

KINDS = {"appointment.booked": "booked", "appointment.moved": "moved", "appointment.cancelled": "cancelled"}


class AppointmentMailer:
    """Outbox consumer; one mail per appointment, kind and move, however often the event arrives."""

    def __init__(
        self, *, db: Database, booking: BookingService, messaging: MessagingService, public_url: str
    ) -> None:
        self._db = db
        self._booking = booking
        self._messaging = messaging
        self._public_url = public_url

    def on_event(self, delivery: Delivery) -> None:
        """Queue the mail when the customer left an address."""
        kind = KINDS.get(delivery.kind)
        if kind is None:
            return
        with self._db.reading(delivery.workshop_id) as session:
            appointment = session.get_one(Appointment, UUID(delivery.payload["appointment_id"]))
            customer = session.get_one(Customer, appointment.customer_id)
        if not customer.email:
            return
        self._queue(kind, appointment, customer)

    def _queue(self, kind: str, appointment: Appointment, customer: Customer) -> None:
        confirmation = self._booking.get_by_link(appointment.manage_token)
        language = appointment.language
        cancelled = kind == "cancelled"
        path = f"/w/{confirmation.workshop_slug}/termin" if cancelled else f"/t/{appointment.manage_token}"
        text = translate(
            language,
            "mail.appointment_text",
            name=customer.name,
            intro=translate(language, f"mail.{kind}_intro"),
            title=confirmation.title,
            when=_when(kind, confirmation),
            price=translate(language, "mail.price_line", price=confirmation.price),
            workshop=confirmation.workshop_name,
            address=confirmation.address,
            phone=confirmation.phone,
            outro=translate(language, "mail.cancelled_outro" if cancelled else "mail.change_outro"),
            link=f"{self._public_url}{path}",
        )
        with self._db.writing(appointment.workshop_id) as session:
            self._messaging.queue_mail(
                session,
                workshop_id=appointment.workshop_id,
                kind=f"appointment_{kind}",
                to_address=customer.email,
                subject=translate(language, f"mail.{kind}_subject", when=confirmation.when),
                text=text,
                dedupe_key=f"{appointment.id}:{kind}:{appointment.moved_count}",
                language=language,
                calendar=self._booking.calendar_file(appointment.manage_token),
            )


def _when(kind: str, confirmation: BookingConfirmation) -> str:
    """The time, and below it what happens with car and customer meanwhile."""
    return confirmation.when if kind == "cancelled" else f"{confirmation.when}\n{confirmation.stay}"
