"""The mail that tells somebody on the waitlist about a time kept for them."""

from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.models import Appointment, WaitlistEntry, WaitlistOffer
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate


class WaitlistMailer:
    """Outbox consumer of ``waitlist.offered``; one mail per offer."""

    def __init__(self, *, db: Database, messaging: MessagingService, public_url: str) -> None:
        self._db = db
        self._messaging = messaging
        self._public_url = public_url

    def on_event(self, delivery: Delivery) -> None:
        """Queue the mail when the customer left an address and the offer is still open."""
        if delivery.kind != "waitlist.offered":
            return
        with self._db.writing(delivery.workshop_id) as session:
            offer = session.get(WaitlistOffer, UUID(delivery.payload["offer_id"]))
            if offer is None or offer.state != "open":
                return
            entry = session.get_one(WaitlistEntry, offer.entry_id)
            appointment = session.get_one(Appointment, entry.appointment_id)
            customer = session.get_one(Customer, appointment.customer_id)
            workshop = session.get_one(Workshop, delivery.workshop_id)
            if not customer.email:
                return
            language, zone = appointment.language, ZoneInfo(workshop.timezone)
            when = slot_label(offer.starts_at, zone, language)
            text = translate(
                language,
                "mail.waitlist_text",
                name=customer.name,
                title=appointment.title,
                when=when,
                until=slot_label(offer.expires_at, zone, language),
                link=f"{self._public_url}/t/{appointment.manage_token}",
                workshop=workshop.name,
                phone=workshop.phone,
            )
            self._messaging.queue_mail(
                session,
                workshop_id=workshop.id,
                kind="waitlist_offer",
                to_address=customer.email,
                subject=translate(language, "mail.waitlist_subject", when=when),
                text=text,
                dedupe_key=f"waitlist:{offer.id}",
                language=language,
            )
