"""What booking needs from others."""

from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer, Vehicle


class BookingRecorder(Protocol):
    """Shows staff a booking made without a chat: a conversation of channel "booking" and its lead."""

    def record_booking(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        customer: Customer,
        vehicle: Vehicle | None,
        appointment: Appointment,
        note: str,
        language: str,
    ) -> UUID:
        """Write them in the session's transaction (do not open another) and return the conversation's id."""
        ...
