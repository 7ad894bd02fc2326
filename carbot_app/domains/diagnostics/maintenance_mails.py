"""Telling customers who agreed to it what is due on their car, with a time that is kept for them.

Advertising like any other reminder (§ 7 UWG), so it needs a consent of its own and each mail ends it with a
link. The inspection has its own reminder, and codes were told by whoever read them.
"""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.labels import booking_link, slot_label
from carbot_app.domains.booking.proposals import keep_best_time
from carbot_app.domains.booking.slots import encode_slot
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.consents import MAINTENANCE
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.diagnostics.maintenance import NOW, OVERDUE
from carbot_app.domains.diagnostics.maintenance_offers import (
    APART,
    KEPT_AT_ONCE,
    KIND,
    answer_by,
    comes,
    count_kept,
    key_of,
    proposal_window,
)
from carbot_app.domains.diagnostics.maintenance_service import DueView, MaintenanceService
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_secret

_TOLD_ELSEWHERE = frozenset({"inspection", "code"})

Asked = tuple[Vehicle, Customer, Consent]


class MaintenanceMails:
    """One mail per piece of work and turn, however often and by however many processes this runs."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        catalog: CatalogService,
        maintenance: MaintenanceService,
        messaging: MessagingService,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._maintenance = maintenance
        self._messaging = messaging
        self._public_url = public_url

    def queue_due(self) -> int:
        """Queue what is due today in every workshop; returns how many mails that were."""
        with self._db.reading(SYSTEM) as session:
            workshops = session.exec(select(Workshop)).all()
        return sum(
            self._suggest(workshop, asked) for workshop in workshops for asked in self._asked(workshop)
        )

    def _asked(self, workshop: Workshop) -> list[Asked]:
        """Cars of whoever agreed, without a visit that is coming anyway."""
        query = (
            select(Vehicle, Customer, Consent)
            .join(Customer, col(Customer.id) == Vehicle.customer_id)
            .join(Consent, col(Consent.customer_id) == Customer.id)
            .where(
                Customer.email != "",
                Consent.kind == MAINTENANCE,
                Consent.channel == "email",
                col(Consent.withdrawn_at).is_(None),
                ~comes(self._clock()),
            )
            .order_by(col(Vehicle.id))
        )
        with self._db.reading(workshop.id) as session:
            return list(session.exec(query).all())

    def _suggest(self, workshop: Workshop, asked: Asked) -> int:
        vehicle, customer, _ = asked
        actor = Actor("system", workshop.id, name="CarBot", permissions=frozenset({READ, "catalog.read"}))
        found = self._maintenance.list_due(actor, vehicle.id, language=customer.language)
        with self._db.writing(workshop.id) as session:
            wait_for_turn(session, f"maintenance {workshop.id}")
            item = self._new(session, vehicle.id, found.items)
            if item is None:
                return 0
            self._queue(session, workshop, asked, item, self._keep(session, asked, item))
        return 1

    def _new(self, session: Session, vehicle_id: UUID, items: Iterable[DueView]) -> DueView | None:
        """The most urgent work nobody was told of yet; None: nothing, or it would be too soon."""
        sent = select(OutgoingMessage).where(
            OutgoingMessage.kind == KIND, col(OutgoingMessage.dedupe_key).startswith(f"{key_of(vehicle_id)}:")
        )
        told = {row.dedupe_key: row.created_at for row in session.exec(sent)}
        if any(at > self._clock() - APART for at in told.values()):
            return None
        wanted = (
            item
            for item in items
            if item.urgency in {OVERDUE, NOW} and item.work not in _TOLD_ELSEWHERE and item.quote
        )
        return next((item for item in wanted if suggestion_key(vehicle_id, item) not in told), None)

    def _keep(self, session: Session, asked: Asked, item: DueView) -> MaintenanceOffer | None:
        """Keep the best time for it; None: nothing is free, or enough is kept for others already."""
        vehicle, customer, _ = asked
        now, workshop_id = self._clock(), vehicle.workshop_id
        if count_kept(session, now) >= KEPT_AT_ONCE:
            return None
        try:
            work = self._catalog.list_work(visitor_of(workshop_id), (item.service,), language="de")
        except NotFound:
            return None
        calendar = Calendar.read(session, get_workshop(session, workshop_id))
        demand, zone, token = calendar.demand_of(work), calendar.rules.zone, new_secret()
        after, until = proposal_window(now, zone)
        held_until = answer_by(now, zone)
        time = keep_best_time(
            session, calendar, demand, now=now, after=after, until=until, expires_at=held_until, token=token
        )
        if time is None:
            return None
        offer = MaintenanceOffer(
            workshop_id=workshop_id,
            vehicle_id=vehicle.id,
            customer_id=customer.id,
            work=item.work,
            service_code=item.service,
            token=token,
            slot_id=encode_slot(time.start, demand.cells),
            starts_at=time.starts_at,
            held_until=held_until,
            created_at=now,
        )
        session.add(offer)
        return offer

    def _queue(
        self,
        session: Session,
        workshop: Workshop,
        asked: Asked,
        item: DueView,
        offer: MaintenanceOffer | None,
    ) -> None:
        vehicle, customer, consent = asked
        language, zone = customer.language, ZoneInfo(workshop.timezone)
        said = {
            "name": customer.name,
            "work": item.name,
            "why": item.why,
            "car": car_words(vehicle),
            "price": item.quote.text if item.quote else "",
            "workshop": workshop.name,
            "phone": workshop.phone,
            "link": booking_link(self._public_url, workshop.slug, item.service),
            "unsubscribe": f"{self._public_url}/abmelden/{consent.token}",
        }
        text = "maintenance.mail_text"
        if offer is not None:
            text = "maintenance_offer.mail_text"
            said |= {
                "take": f"{self._public_url}/wartung/{offer.token}",
                "when": slot_label(offer.starts_at, zone, language),
                "until": slot_label(offer.held_until, zone, language),
            }
        self._messaging.queue_mail(
            session,
            workshop_id=workshop.id,
            kind=KIND,
            to_address=customer.email,
            subject=translate(language, "maintenance.mail_subject", **said),
            text=translate(language, text, **said),
            dedupe_key=suggestion_key(vehicle.id, item),
            language=language,
        )


def suggestion_key(vehicle_id: UUID, item: DueView) -> str:
    """What makes a suggestion the same as another: the work and the turn it is due for.

    Where kilometres count as well, they name the turn: the day moves with how much the car is driven.
    """
    return f"{key_of(vehicle_id)}:{item.work}:{item.due_km or item.due_on}"
