"""Visits for whoever has shown in a conversation that they are theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.states import ARRIVED, CONFIRMED, DONE, IN_WORK, REQUESTED
from carbot_app.domains.conversations.visit_ports import (
    LIMIT,
    OPENED,
    OVER,
    SENT,
    WRONG,
    KnownVisits,
    StoredWheels,
)
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.channels import MAIL, WHATSAPP, choose_channel
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.visit_access.codes import (
    CODES_PER_WINDOW,
    PROVEN_FOR,
    TRIES,
    VALID_FOR,
    WINDOW,
    hash_code,
    is_code,
    new_code,
)
from carbot_app.domains.visit_access.models import VisitProof
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_id

_MISSED_FOR = timedelta(days=1)
"""A visit nobody came to is asked about that long."""
_READY_FOR = timedelta(days=14)
_MOST = 5


class VisitAccess:
    """Methods need ``public.chat`` and act for the conversation of the actor."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        booking: BookingService,
        customers: CustomerService,
        messaging: MessagingService,
    ) -> None:
        self._db = db
        self._clock = clock
        self._booking = booking
        self._customers = customers
        self._messaging = messaging

    def look(self, actor: Actor, *, language: str) -> KnownVisits:
        """Visits that are planned, under way or ready, the next one first, and the wheels that lie here.

        Open are those booked in this conversation, those of a proven code or link, and those of whoever
        writes from a verified number or address.
        """
        actor.require("public.chat")
        with self._db.reading(actor.workshop_id) as session:
            proofs = self._proven(session, actor)
            people = {proof.customer_id for proof in proofs if proof.customer_id}
            if actor.customer_id:
                people.add(actor.customer_id)
            single = {proof.appointment_id for proof in proofs if proof.appointment_id}
            tokens = self._tokens(session, actor, people, single)
            wheels = _stored_wheels(session, people)
        visits = tuple(self._booking.get_by_link(token, language=language) for token in tokens)
        return KnownVisits(bool(people or single or visits), visits, wheels)

    def send_code(self, actor: Actor, vehicle: VehicleFacts, phone: str, email: str) -> str:
        """Send a code to the contact on record of whoever has this plate, number or address.

        Returns SENT whether or not anybody is known, and LIMIT after three in an hour. A customer gets no
        more than three an hour either, whoever asks for them.
        """
        actor.require("public.chat")
        with self._turn(actor) as session:
            now = self._clock()
            if self._asked(session, col(VisitProof.conversation_id) == actor.subject_id) >= CODES_PER_WINDOW:
                return LIMIT
            owner = self._owner(session, actor, vehicle, phone, email)
            if owner is not None:
                wait_for_turn(session, f"visit code:{owner.id}")
                if self._asked(session, col(VisitProof.customer_id) == owner.id) >= CODES_PER_WINDOW:
                    owner = None
            proof = VisitProof(
                id=new_id(),
                workshop_id=actor.workshop_id,
                conversation_id=_conversation(actor),
                customer_id=owner.id if owner else None,
                expires_at=now + VALID_FOR,
                created_at=now,
            )
            code = new_code()
            proof.code_hash = hash_code(code, proof.id)
            session.add(proof)
            if owner is not None:
                self._send(session, owner, code, proof.id)
        return SENT

    def check_code(self, actor: Actor, code: str) -> str:
        """OPENED, WRONG, or OVER after ten minutes, five tries or without a code asked for."""
        actor.require("public.chat")
        with self._turn(actor) as session:
            proof = session.exec(
                select(VisitProof)
                .where(VisitProof.conversation_id == actor.subject_id, VisitProof.code_hash != "")
                .order_by(col(VisitProof.created_at).desc(), col(VisitProof.id).desc())
                .limit(1)
            ).first()
            now = self._clock()
            if proof is None or proof.proven_at or proof.expires_at <= now or proof.tries >= TRIES:
                return OVER
            proof.tries += 1
            if is_code(code, proof.id, proof.code_hash) and proof.customer_id is not None:
                proof.proven_at, proof.expires_at = now, now + PROVEN_FOR
                return OPENED
            return OVER if proof.tries >= TRIES else WRONG

    def open_link(self, actor: Actor, token: str) -> bool:
        """Open the one visit of a booking link; False: the workshop has none with this secret."""
        actor.require("public.chat")
        try:
            booking = self._booking.get_by_link(token)
        except NotFound:
            return False
        with self._turn(actor) as session:
            if session.get(Appointment, booking.appointment_id) is None:
                return False  # of another workshop
            now = self._clock()
            session.add(
                VisitProof(
                    workshop_id=actor.workshop_id,
                    conversation_id=_conversation(actor),
                    appointment_id=booking.appointment_id,
                    expires_at=now + PROVEN_FOR,
                    proven_at=now,
                    created_at=now,
                )
            )
        return True

    @contextmanager
    def _turn(self, actor: Actor) -> Iterator[Session]:
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"visit proof:{_conversation(actor)}")
            yield session

    def _proven(self, session: Session, actor: Actor) -> list[VisitProof]:
        proven = select(VisitProof).where(
            VisitProof.conversation_id == actor.subject_id,
            col(VisitProof.proven_at).is_not(None),
            VisitProof.expires_at > self._clock(),
        )
        return list(session.exec(proven))

    def _tokens(self, session: Session, actor: Actor, people: set[UUID], single: set[UUID]) -> list[str]:
        booked_here = (Appointment.conversation_id == actor.subject_id) & (Appointment.source == "chat")
        found = session.exec(
            select(Appointment.manage_token)
            .where(
                Appointment.workshop_id == actor.workshop_id,
                _is_current(self._clock()),
                or_(
                    booked_here,
                    col(Appointment.customer_id).in_(people),
                    col(Appointment.id).in_(single),
                ),
            )
            .order_by(col(Appointment.starts_at))
            .limit(_MOST)
        )
        return list(found)

    def _asked(self, session: Session, whose: ColumnElement[bool]) -> int:
        asked = select(func.count(col(VisitProof.id))).where(
            whose,
            VisitProof.code_hash != "",
            VisitProof.created_at > self._clock() - WINDOW,
        )
        return session.exec(asked).one()

    def _owner(
        self, session: Session, actor: Actor, vehicle: VehicleFacts, phone: str, email: str
    ) -> Customer | None:
        """Who has a current visit and this plate, else this number, else this address."""
        for identity in self._identities(session, actor, vehicle, phone, email):
            found = session.exec(
                select(Customer)
                .join(Appointment, col(Appointment.customer_id) == Customer.id)
                .where(Customer.workshop_id == actor.workshop_id, identity, _is_current(self._clock()))
                .order_by(col(Appointment.starts_at))
                .limit(1)
            ).first()
            if found is not None:
                return found
        return None

    def _identities(
        self, session: Session, actor: Actor, vehicle: VehicleFacts, phone: str, email: str
    ) -> Iterator[ColumnElement[bool]]:
        country = session.get_one(Workshop, actor.workshop_id).country
        if vehicle.plate:
            cars = select(Vehicle.id).where(
                Vehicle.plate == vehicle.plate, Vehicle.plate_country == vehicle.plate_country
            )
            yield col(Appointment.vehicle_id).in_(cars)
        for given, column, typed in (
            (phone, col(Customer.phone), ("", phone, "")),
            (email, col(Customer.email), ("", "", email)),
        ):
            if not given:
                continue
            try:
                contact = self._customers.parse_contact(*typed, country)
            except Invalid:
                continue
            yield column == (contact.phone if given == phone else contact.email)

    def _send(self, session: Session, owner: Customer, code: str, proof_id: UUID) -> None:
        """To the contact on record, in the customer's language; WhatsApp would need a template of its own."""
        contact = reachable(session, owner)
        contact = replace(contact, stopped=contact.stopped | {WHATSAPP})
        channel = choose_channel(contact, self._messaging.channels)
        if channel is None:
            return
        language = owner.language
        workshop = session.get_one(Workshop, owner.workshop_id)
        key = "mail.visit_code_text" if channel == MAIL else "messages.visit_code"
        message = NewMessage(
            kind="visit_code",
            channel=channel,
            to_address=owner.email if channel == MAIL else owner.phone,
            subject=translate(language, "mail.visit_code_subject", workshop=workshop.name),
            text=translate(language, key, workshop=workshop.name, code=code, name=owner.name),
            dedupe_key=f"visit-code:{proof_id}",
            language=language,
        )
        self._messaging.queue(session, owner.workshop_id, message)


def _conversation(actor: Actor) -> UUID:
    assert actor.subject_id is not None
    return actor.subject_id


def _is_current(now: datetime) -> ColumnElement[bool]:
    return or_(
        col(Appointment.state).in_((REQUESTED, CONFIRMED)) & (col(Appointment.ends_at) > now - _MISSED_FOR),
        col(Appointment.state).in_((ARRIVED, IN_WORK)),
        (col(Appointment.state) == DONE) & (col(Appointment.ends_at) > now - _READY_FOR),
    )


def _stored_wheels(session: Session, people: set[UUID]) -> tuple[StoredWheels, ...]:
    if not people:
        return ()
    found = session.exec(
        select(WheelSet, Vehicle.plate)
        .outerjoin(Vehicle, col(Vehicle.id) == WheelSet.vehicle_id)
        .where(col(WheelSet.customer_id).in_(people), col(WheelSet.taken_on).is_(None))
        .order_by(col(WheelSet.stored_on).desc())
        .limit(_MOST)
    )
    return tuple(StoredWheels(row.season, row.size, plate or "") for row, plate in found)
