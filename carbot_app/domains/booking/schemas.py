"""Inputs and views of booking."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.booking.contract_schemas import OrderConsent
from carbot_app.domains.customers.schemas import Contact, CustomerView, VehicleFacts, VehicleView


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time. ``id`` is opaque, signed by nobody and checked again when booked."""

    id: str
    starts_at: datetime
    ends_at: datetime
    label: str
    """In the reader's language and the workshop's zone: ``Do, 15. Okt., 8:00 Uhr``."""
    time: str = ""
    """For a button under its day: ``8:00``."""
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class SlotDay:
    """A day of the picker."""

    on: date
    label: str
    slots: tuple[Slot, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """A customer's or staff's wish for a slot; ``request_key`` makes it idempotent."""

    slot_id: str
    service_codes: tuple[str, ...]
    contact: Contact
    vehicle: VehicleFacts
    source: str
    language: str
    request_key: str
    note: str = ""
    conversation_id: UUID | None = None
    waiting: bool = False
    """The customer stays while it is done."""
    loaner: bool = False
    hold: str = ""
    """Token of a hold of the slot; see BookingService.hold."""
    order: OrderConsent | None = None
    """Sent with the button that obliges to pay; None: a free request."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot kept free for somebody who fills in the form."""

    token: str
    """Secret; holding again with it moves the hold."""
    slot_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WishesPossible:
    """What a customer may wish for besides the time."""

    waiting: bool
    """The work is short enough to wait for it."""
    waiting_limit_minutes: int
    loaner: bool
    """The workshop has a car to lend."""


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment for staff."""

    id: UUID
    title: str
    service_codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    state: str
    when: str
    price: str
    price_min_cents: int
    price_max_cents: int
    technician: str
    bay: str
    loaner: str
    """Names; empty: none."""
    technician_id: UUID | None
    bay_id: UUID | None
    loaner_id: UUID | None
    waiting: bool
    """The customer stays while it is done."""
    wants_loaner: bool
    minutes: int
    """Work as staff planned it; 0: what the catalogue says."""
    customer: CustomerView
    vehicle: VehicleView | None
    conversation_id: UUID | None
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class BookingConfirmation:
    """What the customer gets after booking, moving or cancelling; reachable by the secret link."""

    appointment_id: UUID
    manage_token: str
    title: str
    service_codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    when: str
    price: str
    state: str
    workshop_slug: str
    workshop_name: str
    address: str
    phone: str
    language: str
    plate: str
    waiting: bool
    loaner: bool
    stay: str
    """What happens with car and customer meanwhile, a sentence per line."""
    can_change: bool
    """False once the appointment has begun, ended or been cancelled."""
    contract_number: str = ""
    """Of the contract it concluded; empty: a free request."""
