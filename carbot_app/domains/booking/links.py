"""What customers do with the secret link of their appointment."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import select

from carbot_app.db.session import SYSTEM
from carbot_app.domains.booking.availability import get_workshop
from carbot_app.domains.booking.board import PlanningBoard
from carbot_app.domains.booking.calendar_file import calendar_file
from carbot_app.domains.booking.desk import get_appointment_row, visitor_of
from carbot_app.domains.booking.models import Appointment, BookingContract
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.views import confirmation_view
from carbot_app.domains.customers.models import Vehicle
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import is_secret


class AppointmentLinks(PlanningBoard):
    """Whoever holds the link may see, move and cancel; no permission is asked for."""

    def get_by_link(self, token: str, *, language: str = "") -> BookingConfirmation:
        """The booking of a secret link, also when it is over; NotFound("link_unknown") otherwise.

        ``language``: of its texts; empty: that of the booking.
        """
        return self._confirmation(*self._by_token(token), language)

    def move_by_link(
        self, token: str, slot_id: str, request_key: str = "", *, language: str = ""
    ) -> BookingConfirmation:
        """Move to another slot for the same services; moving to where it already is changes nothing.

        ``request_key`` travels with the event, so that consumers tell one click from the next. Raises
        NotFound link_unknown, Gone appointment_over, Conflict slot_taken or slot_past, Invalid slot_unknown.
        """
        workshop_id, appointment_id = self._by_token(token)
        self._move(visitor_of(workshop_id), appointment_id, slot_id, public=True, request_key=request_key)
        return self._confirmation(workshop_id, appointment_id, language)

    def cancel_by_link(self, token: str, *, language: str = "") -> BookingConfirmation:
        """Cancel; doing it twice is fine. Raises NotFound link_unknown, Gone appointment_over."""
        workshop_id, appointment_id = self._by_token(token)
        self._cancel(workshop_id, appointment_id, public=True)
        return self._confirmation(workshop_id, appointment_id, language)

    def calendar_file(self, token: str) -> str:
        """ICS text of the booking (RFC 5545); NotFound("link_unknown")."""
        workshop_id, appointment_id = self._by_token(token)
        booking = self._confirmation(workshop_id, appointment_id)
        with self._db.reading(workshop_id) as session:
            workshop = get_workshop(session, workshop_id)
            moved_count = get_appointment_row(session, workshop_id, appointment_id).moved_count
        return calendar_file(
            booking,
            zone=ZoneInfo(workshop.timezone),
            moved_count=moved_count,
            url=f"{self._public_url}/t/{token}",
            now=self._clock(),
        )

    def _by_token(self, token: str) -> tuple[UUID, UUID]:
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            found = session.exec(
                select(Appointment.workshop_id, Appointment.id).where(Appointment.manage_token == token)
            ).first()
        if found is None:
            raise NotFound("link_unknown")
        return found

    def _confirmation(
        self, workshop_id: UUID, appointment_id: UUID, language: str = ""
    ) -> BookingConfirmation:
        with self._db.reading(workshop_id) as session:
            workshop = get_workshop(session, workshop_id)
            appointment = get_appointment_row(session, workshop_id, appointment_id)
            vehicle = session.get(Vehicle, appointment.vehicle_id) if appointment.vehicle_id else None
            contract = select(BookingContract.number).where(BookingContract.appointment_id == appointment_id)
            contract_number = session.exec(contract).first() or ""
        language = language or appointment.language
        names = self._names(visitor_of(workshop_id), language)
        view = confirmation_view(
            appointment, workshop, vehicle, names=names, now=self._clock(), language=language
        )
        return replace(view, contract_number=contract_number)
