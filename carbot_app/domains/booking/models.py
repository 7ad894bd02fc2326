"""Tables of resources and appointments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Resource(TenantRow, table=True):
    """A technician, a bay or a loaner car: one thing at a time."""

    kind: str = Field(max_length=12)
    """technician, bay or loaner."""
    name: str = Field(max_length=60)
    abilities: list[str] = json_field(list)
    """Skills of a technician, types of a bay; values of Service.skill and Service.bay."""
    lift: bool = False
    """A bay that lifts the car; kept free for work that needs it."""
    plate: str = Field(default="", max_length=16)
    """Of a loaner."""
    remark: str = Field(default="", max_length=80)
    """What colleagues should know: ``Azubi, 2. Jahr``, ``VW Polo``."""
    hours: dict[str, Any] = json_field(dict)
    """A technician's own week, written like Workshop.opening_hours; empty: works whenever it is open."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    """Who the technician is when signed in."""
    last_on: date | None = None
    """Last day of a technician who leaves."""
    active: bool = True


class Absence(TenantRow, table=True):
    """A time at which a technician, bay or loaner cannot be had; it may overlap what is already booked."""

    resource_id: UUID = Field(foreign_key="resource.id", index=True, ondelete="CASCADE")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    reason: str = Field(default="other", max_length=12)
    """vacation, sick, training, repair, other or external (an event of a synchronised calendar)."""
    note: str = Field(default="", max_length=200)
    external_id: str = Field(default="", max_length=300, index=True)
    """Key of the event it stands for; empty: entered by staff."""


class BookingTerms(TenantRow, table=True):
    """How a workshop plans; a workshop without a row plans by the defaults."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    buffer_minutes: int = 0
    """Kept free after each visit for technician and bay."""
    waiting_limit_minutes: int = 90
    """Work up to this long is offered to customers who wait for it."""
    seasons: list[dict[str, Any]] = json_field(list)
    """Tyre seasons: ``{"from": "10-01", "to": "12-10", "bay": "tyre", "resources": ["<id>"]}``; between the
    two days of a year the resources serve only work that needs that type of bay."""


class Appointment(TenantRow, table=True):
    """A visit. States: unplanned, requested, confirmed, arrived, in_work, done, cancelled, no_show."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "request_key"),
        Index("ix_appointment_starts", "workshop_id", "starts_at"),
        Index("ix_appointment_booked", "workshop_id", "customer_id", "created_at"),
    )

    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    conversation_id: UUID | None = Field(default=None, index=True)
    technician_id: UUID | None = Field(default=None, foreign_key="resource.id")
    bay_id: UUID | None = Field(default=None, foreign_key="resource.id")
    """Both are empty while the visit is not planned."""
    loaner_id: UUID | None = Field(default=None, foreign_key="resource.id")
    service_codes: list[str] = json_field(list)
    title: str = Field(max_length=200)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    """Of an unplanned visit: the wish. Includes breaks and nights the work spans, not the buffer."""
    minutes: int = 0
    """Work as staff planned it; 0: what the catalogue says."""
    waiting: bool = False
    """The customer stays while it is done; otherwise the car is dropped off."""
    wants_loaner: bool = False
    state: str = Field(default="requested", max_length=12)
    price_min_cents: int = 0
    price_max_cents: int = 0
    currency: str = Field(default="EUR", max_length=3)
    source: str = Field(max_length=12)
    """chat, page, staff or api."""
    language: str = Field(default="de", max_length=2)
    note: str = Field(default="", max_length=2000)
    manage_token: str = Field(max_length=64, unique=True)
    """Secret of the link to move or cancel; needed in the clear for later mails."""
    request_key: str = Field(max_length=64)
    """Idempotency key of the request: a double click books once."""
    moved_count: int = 0
    cancelled_at: datetime | None = instant(default=None)


class Claim(TenantRow, table=True):
    """Resources taken together: for an appointment, or for a few minutes for somebody filling in the form."""

    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", unique=True, ondelete="CASCADE"
    )
    token_fingerprint: str = Field(default="", max_length=64, index=True)
    """Of a hold."""
    expires_at: datetime | None = instant(default=None, index=True)
    """Of a hold; afterwards it counts for nothing."""


class Allocation(TenantRow, table=True):
    """From when to when a claim takes one resource; what planning reads."""

    __table_args__ = (Index("ix_allocation_ends", "workshop_id", "ends_at"),)

    claim_id: UUID = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    resource_id: UUID = Field(foreign_key="resource.id", ondelete="CASCADE")
    starts_at: datetime = instant()
    ends_at: datetime = instant()


class OccupiedCell(TenantRow, table=True):
    """A quarter of an hour of a resource taken by a claim.

    The unique constraint makes double booking impossible on every engine, whatever runs in parallel.
    """

    __table_args__ = (UniqueConstraint("resource_id", "cell_at"),)

    resource_id: UUID = Field(foreign_key="resource.id", ondelete="CASCADE")
    cell_at: datetime = instant()
    claim_id: UUID = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")


class WaitlistEntry(TenantRow, table=True):
    """An appointment whose customer would like another time: an earlier one, or any at all if it has none."""

    appointment_id: UUID = Field(foreign_key="appointment.id", unique=True, ondelete="CASCADE")
    wish_from: datetime = instant()
    wish_until: datetime = instant()
    part_of_day: str = Field(default="", max_length=10)
    """morning, afternoon, evening or empty."""


class WaitlistOffer(TenantRow, table=True):
    """A time kept for one entry until ``expires_at``; each time is offered to an entry once."""

    __table_args__ = (UniqueConstraint("entry_id", "starts_at"),)

    entry_id: UUID = Field(foreign_key="waitlist_entry.id", ondelete="CASCADE")
    claim_id: UUID | None = Field(default=None, foreign_key="claim.id", ondelete="SET NULL")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    expires_at: datetime = instant(index=True)
    state: str = Field(default="open", max_length=10)
    """open, accepted, declined or expired."""


class BookingContract(TenantRow, table=True):
    """An appointment ordered with the obligation to pay: what the customer was shown when they ordered."""

    __table_args__ = (UniqueConstraint("workshop_id", "number"),)

    appointment_id: UUID = Field(foreign_key="appointment.id", unique=True, ondelete="CASCADE")
    number: str = Field(max_length=12)
    """``7KM4-2XQP``: random, so that nobody withdraws from a contract by guessing."""
    concluded_at: datetime = instant()
    text_version: str = Field(max_length=12)
    """State of the legal texts, see contract_rules.TEXT_VERSION."""
    language: str = Field(max_length=2)
    gross_cents: int
    currency: str = Field(max_length=3)
    services: list[dict[str, Any]] = json_field(list)
    """``{"code": …, "name": …, "included": …, "gross_cents": …}`` in the language of the order."""
    starts_at: datetime = instant()
    """As agreed; the appointment may be moved later."""
    early_start: bool
    """The customer asked for a start before the end of the withdrawal period and knows what that means."""
    withdrawal_ends_at: datetime | None = instant(default=None)
    """First instant after the period; None: the country grants no right of withdrawal."""


class Withdrawal(TenantRow, table=True):
    """A declaration of withdrawal as it arrived; it counts whatever is found to it."""

    __table_args__ = (UniqueConstraint("workshop_id", "content_key"),)

    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="SET NULL"
    )
    """Of the contract that was named; None: there is none of that number."""
    sent: dict[str, Any] = json_field(dict)
    """``{"name": …, "contract": …, "email": …}`` word for word."""
    content_key: str = Field(max_length=64)
    """Of what was sent: the same declaration is received once."""
    language: str = Field(max_length=2)
    received_at: datetime = instant()
    outcome: str = Field(max_length=12)
    """See withdrawal_rules."""
    settled_at: datetime | None = instant(default=None)
    """When staff had dealt with it; from the start where nothing was left to do."""
