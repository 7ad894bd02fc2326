"""Reminders of the main inspection (HU), to customers who agreed to them."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.booking.labels import booking_link
from carbot_app.domains.customers.consents import INSPECTION
from carbot_app.domains.customers.inspection import month_end
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import translate

AHEAD = timedelta(weeks=4)
"""Before the month in which the inspection is due."""
SERVICE = "SAF-HUA-001"
"""What the booking page begins with when it is opened from the reminder."""


class InspectionReminder:
    """One mail per vehicle and due date, however often and by however many processes this runs."""

    def __init__(self, *, db: Database, clock: Clock, messaging: MessagingService, public_url: str) -> None:
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._public_url = public_url

    def queue_due(self) -> int:
        """Queue what is due today in every workshop; returns how many mails were considered.

        Due is what falls into this month or begins within AHEAD. What is overdue is left alone: a reminder
        that comes every day would be one too many.
        """
        with self._db.reading(SYSTEM) as session:
            workshops = session.exec(select(Workshop)).all()
        return sum(self._remind(workshop) for workshop in workshops)

    def _remind(self, workshop: Workshop) -> int:
        today = self._clock().astimezone(ZoneInfo(workshop.timezone)).date()
        with self._db.writing(workshop.id) as session:
            wait_for_turn(session, f"inspections {workshop.id}")
            due = _due(session, today)
            for vehicle, customer, consent in due:
                self._queue(session, workshop, vehicle, customer, consent.token)
        return len(due)

    def _queue(
        self, session: Session, workshop: Workshop, vehicle: Vehicle, customer: Customer, token: str
    ) -> None:
        assert vehicle.inspection_due is not None, "selected by it"
        language = customer.language
        month = format_skeleton("yMMMM", vehicle.inspection_due, locale=language)
        car = car_words(vehicle)
        self._messaging.queue_mail(
            session,
            workshop_id=workshop.id,
            kind="inspection_reminder",
            to_address=customer.email,
            subject=translate(language, "inspection.mail_subject", month=month, car=car),
            text=translate(
                language,
                "inspection.mail_text",
                name=customer.name,
                month=month,
                car=car,
                workshop=workshop.name,
                phone=workshop.phone,
                link=booking_link(self._public_url, workshop.slug, SERVICE),
                unsubscribe=f"{self._public_url}/abmelden/{token}",
            ),
            dedupe_key=reminder_key(vehicle.id, vehicle.inspection_due),
            language=language,
        )


def reminder_key(vehicle_id: UUID, due: date) -> str:
    """What makes a reminder the same as another."""
    return f"inspection:{vehicle_id}:{due.isoformat()}"


def _due(session: Session, today: date) -> list[tuple[Vehicle, Customer, Consent]]:
    # The latest month that begins within AHEAD ends last.
    last = month_end(today + AHEAD)
    query = (
        select(Vehicle, Customer, Consent)
        .join(Customer, col(Customer.id) == Vehicle.customer_id)
        .join(Consent, col(Consent.customer_id) == Customer.id)
        .where(
            col(Vehicle.inspection_due).between(today, last),
            Customer.email != "",
            Consent.kind == INSPECTION,
            Consent.channel == "email",
            col(Consent.withdrawn_at).is_(None),
        )
        .order_by(col(Vehicle.id))
    )
    return list(session.exec(query).all())
