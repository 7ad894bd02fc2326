"""Inputs and views of the team domain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carbot_app.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class WorkshopView:
    """What pages, widget and mails show of a workshop."""

    id: UUID
    slug: str
    name: str
    short_name: str
    legal_form: str
    represented_by: str
    street: str
    postal_code: str
    city: str
    country: str
    region: str
    phone: str
    """As written by the workshop, e.g. ``0231 / 555 01 20``."""
    phone_href: str
    """``tel:+4923155501 20`` without blanks, empty when the number is not valid."""
    email: str
    website: str
    vat_id: str
    register_entry: str
    chamber: str
    timezone: str
    currency: str
    language: str
    accent_hue: float
    accent_chroma: float
    opening_hours: dict[str, list[list[str]]]
    assistant_on: bool
    rating: str
    rating_count: int
    online_booking: str = "request"
    """request, or binding where the customer owes payment."""
    takes_withdrawals: bool = False
    """There may be contracts that can be withdrawn from online."""

    @property
    def address(self) -> str:
        """One line: street, postal code and city."""
        return f"{self.street}, {self.postal_code} {self.city}".strip(", ")


@dataclass(frozen=True, slots=True)
class WorkshopSettings:
    """What the owner may change on the settings page; same meaning as in WorkshopView."""

    name: str
    short_name: str
    legal_form: str
    represented_by: str
    street: str
    postal_code: str
    city: str
    country: str
    region: str
    phone: str
    email: str
    website: str
    vat_id: str
    register_entry: str
    chamber: str
    accent_hue: float
    accent_chroma: float
    opening_hours: dict[str, list[list[str]]]
    assistant_on: bool


@dataclass(frozen=True, slots=True)
class SignUp:
    """A new workshop with its owner."""

    workshop_name: str
    city: str
    person_name: str
    email: str
    password: str
    language: str = "de"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Result of a sign-in; ``token`` goes into the cookie and nowhere else."""

    token: str
    actor: Actor
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person of the team."""

    person_id: UUID
    name: str
    email: str
    role: str
    active: bool
    language: str
    push_quiet_from: str
    push_quiet_to: str
    push_hot_always: bool
    last_seen_at: datetime | None
    """When they were last in this workshop."""
    invited: bool = False
    """Has an account, but has not accepted yet; ``name`` is what the inviter wrote."""


@dataclass(frozen=True, slots=True)
class LocationView:
    """A workshop a person works in, or is invited to."""

    workshop_id: UUID
    name: str
    short_name: str
    city: str
    currency: str
    role: str
    current: bool
    """The one the person acts in now."""
    invited: bool
    """Going there accepts the invitation."""


@dataclass(frozen=True, slots=True)
class NewLocation:
    """What an owner says of a further location; ``region`` is an ISO 3166-2 code without its country."""

    name: str
    city: str
    country: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class LoginSessionView:
    """A signed-in browser of a person."""

    id: UUID
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """An API key without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
