"""What the assistant needs to know of visits that were not booked in this conversation."""

from dataclasses import dataclass
from typing import Protocol

from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.kit.actor import Actor

VISIT_CODE = "visit:code"
"""Pending: the code that was sent was asked for."""
SENT = "sent"
LIMIT = "limit"
OPENED = "opened"
WRONG = "wrong"
OVER = "over"


@dataclass(frozen=True, slots=True)
class StoredWheels:
    """A wheel set of the customer in the tyre hotel."""

    season: str
    """summer, winter or all_season."""
    size: str
    plate: str


@dataclass(frozen=True, slots=True)
class KnownVisits:
    """What this conversation may see. ``proven``: it has shown who writes, though there may be no visit."""

    proven: bool
    visits: tuple[BookingConfirmation, ...] = ()
    wheels: tuple[StoredWheels, ...] = ()


class VisitDesk(Protocol):
    """What the tools need of VisitAccess."""

    def look(self, actor: Actor, *, language: str) -> KnownVisits: ...
    def send_code(self, actor: Actor, vehicle: VehicleFacts, phone: str, email: str) -> str: ...
    def check_code(self, actor: Actor, code: str) -> str: ...
    def open_link(self, actor: Actor, token: str) -> bool: ...
