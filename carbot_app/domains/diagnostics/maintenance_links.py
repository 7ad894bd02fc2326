"""What a customer does with the link of a maintenance mail: look at the time that is kept, and take it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.availability import get_workshop
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.invitations import ANSWERED, BOOKED, LOST, OPEN, InvitationPage
from carbot_app.domains.booking.labels import booking_link, slot_label
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingRequest, Slot
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.diagnostics.maintenance_offers import comes
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.domains.orders.views import facts_of
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Gone, Invalid, NotFound
from carbot_app.kit.ids import is_secret


class MaintenanceLinks:
    """Whoever holds the link may use it; no permission is asked for."""

    def __init__(
        self, *, db: Database, clock: Clock, catalog: CatalogService, booking: BookingService, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._booking = booking
        self._public_url = public_url

    def get_by_token(self, token: str, *, lost: bool = False) -> InvitationPage:
        """What the link proposes; ``lost``: the time has just been taken by somebody else.

        After the deadline, or where the time is lost, the page has the next best times.

        Raises:
            NotFound: ``link_unknown``.
        """
        workshop_id, offer_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            offer = session.get_one(MaintenanceOffer, offer_id)
            customer = session.get_one(Customer, offer.customer_id)
            vehicle = session.get_one(Vehicle, offer.vehicle_id)
            workshop = get_workshop(session, workshop_id)
            state, link = self._state(session, offer)
        zone, language = ZoneInfo(workshop.timezone), customer.language
        visitor, code = visitor_of(workshop_id), offer.service_code
        state = LOST if lost and state == OPEN else state
        try:
            price = self._catalog.quote(visitor, code, vehicle=facts_of(vehicle), language=language).text
        except NotFound:
            price, state = "", LOST if state == OPEN else state
        return InvitationPage(
            workshop=workshop.name,
            language=language,
            state=state,
            when=slot_label(offer.starts_at, zone, language),
            until=slot_label(offer.held_until, zone, language),
            service=self._catalog.names(visitor, language).get(code, code),
            car=car_words(vehicle),
            price=price,
            phone=workshop.phone,
            booking_link=booking_link(self._public_url, workshop.slug, code),
            appointment_link=link,
            slots=self._next_best(offer, language) if state == LOST and price else (),
        )

    def accept(self, token: str, slot_id: str = "") -> str:
        """Ask for the time that is kept and return the link of the visit; again, the same.

        ``slot_id``: one of the next best times; it counts only once the time is kept no more.

        Raises:
            NotFound: ``link_unknown``. Gone: ``offer_over`` when the deadline has passed and no other time
                was chosen, or when the car has a visit anyway. Conflict, Invalid: like BookingService.book.
        """
        workshop_id, offer_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            offer = session.get_one(MaintenanceOffer, offer_id)
            state, link = self._state(session, offer)
            if link:
                return link
            chosen = offer.slot_id if state == OPEN else slot_id if state == LOST else ""
            request = _request(session, offer, chosen)
        # The visit that is coming may be what another tap on this link has just booked
        book = self._booking.book if chosen else self._booking.find_booked
        booked = book(visitor_of(workshop_id), request)
        if booked is None:
            raise Gone("offer_over")
        with self._db.writing(workshop_id) as session:
            session.get_one(MaintenanceOffer, offer_id).appointment_id = booked.appointment_id
        return f"{self._public_url}/t/{booked.manage_token}/"

    def _state(self, session: Session, offer: MaintenanceOffer) -> tuple[str, str]:
        """State of the page, and the visit's link where the offer was answered."""
        if offer.appointment_id is not None:
            visit = session.get_one(Appointment, offer.appointment_id)
            return ANSWERED, f"{self._public_url}/t/{visit.manage_token}/"
        now = self._clock()
        if session.exec(select(Vehicle.id).where(Vehicle.id == offer.vehicle_id, comes(now))).first():
            return BOOKED, ""
        return (OPEN if now < offer.held_until else LOST), ""

    def _next_best(self, offer: MaintenanceOffer, language: str) -> tuple[Slot, ...]:
        try:
            found = self._booking.next_best(
                visitor_of(offer.workshop_id), (offer.service_code,), offer.slot_id, language=language
            )
        except (Invalid, NotFound):
            # The service is not booked online any more; the phone remains
            return ()
        return tuple(found)

    def _by_token(self, token: str) -> tuple[UUID, UUID]:
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            query = select(MaintenanceOffer.workshop_id, MaintenanceOffer.id)
            found = session.exec(query.where(MaintenanceOffer.token == token)).first()
        if found is None:
            raise NotFound("link_unknown")
        return found


def _request(session: Session, offer: MaintenanceOffer, slot_id: str) -> BookingRequest:
    customer = session.get_one(Customer, offer.customer_id)
    return BookingRequest(
        slot_id=slot_id,
        service_codes=(offer.service_code,),
        contact=Contact(name=customer.name, phone=customer.phone, email=customer.email),
        vehicle=facts_of(session.get_one(Vehicle, offer.vehicle_id)),
        source="page",
        language=customer.language,
        request_key=f"maintenance:{offer.id}",
        hold=offer.token,
    )
