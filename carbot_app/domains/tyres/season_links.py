"""What a customer does with the link of an invitation: look at the time that is kept, and take it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.availability import get_workshop
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.invitations import ANSWERED, BOOKED, LOST, OPEN, InvitationPage
from carbot_app.domains.booking.labels import booking_link, slot_label
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation, WheelSet
from carbot_app.domains.tyres.season_facts import BOOKED as BOOKED_ANYHOW
from carbot_app.domains.tyres.season_facts import read_outcomes
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Gone, NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import is_secret


class SeasonLinks:
    """Whoever holds the link may use it; no permission is asked for."""

    def __init__(
        self, *, db: Database, clock: Clock, catalog: CatalogService, booking: BookingService, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._booking = booking
        self._public_url = public_url

    def get_by_token(self, token: str) -> InvitationPage:
        """What the link proposes; NotFound("link_unknown")."""
        workshop_id, invitation_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            invitation = session.get_one(SeasonInvitation, invitation_id)
            campaign = session.get_one(SeasonCampaign, invitation.campaign_id)
            customer = session.get_one(Customer, invitation.customer_id)
            vehicle = _vehicle(session, invitation)
            workshop = get_workshop(session, workshop_id)
            state, link = self._state(session, campaign, invitation)
        zone, language = ZoneInfo(workshop.timezone), customer.language
        visitor, code = visitor_of(workshop_id), campaign.service_code
        try:
            price = self._catalog.quote(visitor, code, vehicle=_facts(vehicle), language=language).text
        except NotFound:
            price, state = "", LOST if state == OPEN else state
        kept = invitation.held_until > self._clock()
        return InvitationPage(
            workshop=workshop.name,
            language=language,
            state=state,
            when=slot_label(invitation.starts_at, zone, language),
            until=slot_label(invitation.held_until, zone, language) if kept else "",
            service=self._catalog.names(visitor, language).get(code, code),
            car=car_words(vehicle),
            price=price,
            phone=workshop.phone,
            booking_link=booking_link(self._public_url, workshop.slug, code),
            appointment_link=link,
        )

    def accept(self, token: str) -> str:
        """Ask for the proposed time and return the link of the visit; again, the same.

        After its deadline the time may still be had until somebody else takes it. Raises NotFound
        link_unknown, Gone offer_over when another visit is booked already, Conflict slot_taken or slot_past.
        """
        workshop_id, invitation_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            invitation = session.get_one(SeasonInvitation, invitation_id)
            campaign = session.get_one(SeasonCampaign, invitation.campaign_id)
            state, link = self._state(session, campaign, invitation)
            if link:
                return link
            if state == BOOKED:
                raise Gone("offer_over")
            request = _request(session, campaign, invitation)
        booked = self._booking.book(visitor_of(workshop_id), request)
        with self._db.writing(workshop_id) as session:
            session.get_one(SeasonInvitation, invitation_id).appointment_id = booked.appointment_id
            emit(session, workshop_id, "season.changed")
        return f"{self._public_url}/t/{booked.manage_token}/"

    def _state(
        self, session: Session, campaign: SeasonCampaign, invitation: SeasonInvitation
    ) -> tuple[str, str]:
        visit = _answer(session, invitation)
        if visit is not None:
            return ANSWERED, f"{self._public_url}/t/{visit.manage_token}/"
        now = self._clock()
        outcomes = read_outcomes(session, campaign, (invitation,), now=now)
        if outcomes[invitation.id] == BOOKED_ANYHOW:
            return BOOKED, ""
        return (LOST if invitation.starts_at <= now else OPEN), ""

    def _by_token(self, token: str) -> tuple[UUID, UUID]:
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            query = select(SeasonInvitation.workshop_id, SeasonInvitation.id)
            found = session.exec(query.where(SeasonInvitation.token == token)).first()
        if found is None:
            raise NotFound("link_unknown")
        return found


def _answer(session: Session, invitation: SeasonInvitation) -> Appointment | None:
    """The visit the link was answered with, also when the process died before it could be noted here."""
    if invitation.appointment_id is not None:
        return session.get_one(Appointment, invitation.appointment_id)
    same = Appointment.customer_id == invitation.customer_id
    if invitation.vehicle_id is not None:
        same = or_(same, Appointment.vehicle_id == invitation.vehicle_id)
    query = select(Appointment).where(
        same,
        Appointment.starts_at == invitation.starts_at,
        col(Appointment.state).not_in(FREE_STATES),
    )
    return session.exec(query).first()


def _request(session: Session, campaign: SeasonCampaign, invitation: SeasonInvitation) -> BookingRequest:
    customer = session.get_one(Customer, invitation.customer_id)
    wheels = session.get(WheelSet, invitation.wheel_set_id) if invitation.wheel_set_id else None
    note = ""
    if wheels is not None:
        language = get_workshop(session, invitation.workshop_id).language
        note = translate(language, "season.visit_note", code=wheels.code, place=wheels.location)
    return BookingRequest(
        slot_id=invitation.slot_id,
        service_codes=(campaign.service_code,),
        contact=Contact(name=customer.name, phone=customer.phone, email=customer.email),
        vehicle=_facts(_vehicle(session, invitation)),
        source="page",
        language=customer.language,
        request_key=f"season:{invitation.id}",
        note=note,
        hold=invitation.token,
    )


def _vehicle(session: Session, invitation: SeasonInvitation) -> Vehicle | None:
    return session.get(Vehicle, invitation.vehicle_id) if invitation.vehicle_id else None


def _facts(vehicle: Vehicle | None) -> VehicleFacts:
    if vehicle is None:
        return VehicleFacts()
    return VehicleFacts(
        plate=vehicle.plate,
        plate_country=vehicle.plate_country,
        make=vehicle.make,
        model=vehicle.model,
        vehicle_class=vehicle.vehicle_class,
    )
