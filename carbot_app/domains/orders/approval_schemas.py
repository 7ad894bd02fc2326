"""Inputs and views of approvals and of declined work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo of a job."""

    id: UUID
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class AskedJob:
    """A piece of work in a question, with the answer once there is one."""

    id: UUID
    title: str
    finding: str
    urgency: str
    gross_cents: int
    photos: tuple[ShownPhoto, ...] = ()
    approved: bool | None = None


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """What the holder of the link sees, in the customer's language."""

    workshop_slug: str
    workshop: str
    phone: str
    language: str
    country: str
    currency: str
    kind: str
    number: str
    technician: str
    """Who looked at the car; empty: nobody in particular."""
    plate: str
    plate_country: str
    model: str
    km: int | None
    jobs: tuple[AskedJob, ...]
    discount_cents: int
    with_vat: bool
    """Whether prices contain VAT; a small business charges none."""
    ready: str
    """When the car is to be ready, in words; empty: not said."""
    valid_until: str
    edition: str
    """Has to come back with the answer."""
    state: str
    """open, decided, expired or over."""
    decided: str = ""
    """When it was answered, in words."""
    signed_name: str = ""
    approved_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer says to each job, and who signs."""

    decisions: Mapping[UUID, bool]
    signed_name: str
    edition: str
    signature: bytes = b""
    """PNG; empty: the typed name counts."""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """A question as staff sees it."""

    id: UUID
    order_id: UUID
    kind: str
    jobs: tuple[AskedJob, ...]
    asked_at: datetime
    asked_by: str
    expires_at: datetime
    opened_at: datetime | None
    decided_at: datetime | None
    channel: str
    approved_cents: int | None
    signed_name: str
    noted_by: str
    state: str
    """open, decided, expired or over."""
    link: str
    sent_on: str
    """Channel the link left on; empty: nobody could be reached, so it has to be handed over."""


@dataclass(frozen=True, slots=True)
class DeclinedView:
    """Work a customer did not want."""

    id: UUID
    customer_id: UUID | None
    customer: str
    phone: str
    plate: str
    title: str
    urgency: str
    gross_cents: int
    currency: str
    declined_on: date
    follow_up_on: date
    is_due: bool
