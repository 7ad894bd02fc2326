"""Views of customers as the workshop keeps them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.customers.consents import ConsentView
from carbot_app.domains.customers.schemas import CustomerView, VehicleView


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list."""

    customer: CustomerView
    vehicles: tuple[VehicleView, ...]
    last_contact_at: datetime
    visits: int
    """Done ones."""
    worth_cents: int
    """Of what is done and booked."""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of the list; ``total`` counts all that were found."""

    rows: tuple[CustomerRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Due:
    """What a car needs next: translated as ``customers.due.<kind>``."""

    kind: str
    """inspection, service or tyres."""
    on: date | None
    """None: it has no day, such as stored wheels."""
    detail: str = ""
    """Season and place of stored wheels: ``winter R1-1``."""


@dataclass(frozen=True, slots=True)
class CarView:
    """A car of the customer with what it needs next, the most urgent first."""

    vehicle: VehicleView
    vin: str
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a customer brings, gross, by the catalogue's prices."""

    done_cents: int = 0
    booked_cents: int = 0
    visits: int = 0
    missed: int = 0
    """Visits the customer did not come to."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something nobody has finished yet."""

    kind: str
    """visit, callback or lead."""
    id: UUID
    at: datetime
    title: str
    state: str
    """Of a visit or lead; empty for a callback."""
    conversation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NextVisit:
    """An appointment to come."""

    id: UUID
    starts_at: datetime
    title: str
    state: str
    plate: str


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """One customer."""

    customer: CustomerView
    since: datetime
    consents: tuple[ConsentView, ...]
    """Those that hold."""
    stopped: tuple[str, ...]
    """Channels the customer ended by writing STOP there."""
    cars: tuple[CarView, ...]
    worth: Worth
    open_work: tuple[OpenItem, ...]
    next_visits: tuple[NextVisit, ...]


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened."""

    kind: str
    """One of timeline.KINDS."""
    id: UUID
    at: datetime
    title: str
    """Words of a person, a title, or a code the kind explains."""
    state: str = ""
    actor: str = ""
    conversation_id: UUID | None = None
    appointment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Newest first; ``next_before`` is the cursor of what is older, empty at the end."""

    items: tuple[TimelineItem, ...]
    next_before: str
