"""A time the workshop proposes to somebody by mail, as the page behind the link shows it."""

from dataclasses import dataclass

from carbot_app.domains.booking.schemas import Slot

OPEN, ANSWERED, BOOKED, LOST = "open", "answered", "booked", "lost"
"""States of an invitation's page: to be taken, taken with this link, another visit booked, time gone."""


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What the customer sees behind the link."""

    workshop: str
    language: str
    state: str
    """open, answered, booked or lost."""
    when: str
    until: str
    """Until when the time is kept, in words; empty: it is not kept any more."""
    service: str
    car: str
    price: str
    phone: str
    booking_link: str
    """The booking page with the service chosen."""
    appointment_link: str
    """Of the visit this link was answered with; empty otherwise."""
    slots: tuple[Slot, ...] = ()
    """The next best times where the proposed one is gone."""
