"""Inputs and views of the report a customer gets about their car."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

ISSUED, EXPIRED, REVOKED = "issued", "expired", "revoked"


@dataclass(frozen=True, slots=True)
class ReportWish:
    """How a report is to be written and on which way it leaves."""

    language: str = ""
    """One of LANGUAGES; empty: the customer's."""
    channel: str = ""
    """mail, sms or whatsapp; empty: the one that suits the customer; NOT_SENT: only the link."""
    lamps: tuple[str, ...] = ()
    """Warning lamps somebody saw (explain.STOP_LAMPS): no adapter tells which are red or blink."""
    note: str = ""
    """What the workshop adds in its own words."""


@dataclass(frozen=True, slots=True)
class ReportCode:
    """A code as the customer reads it."""

    code: str
    title: str
    severity: str
    urgency: str
    safe: str
    """yes, limited or no."""
    safe_text: str
    advice: str
    cause: str
    """A possible cause; empty where none is known in the reader's language."""


@dataclass(frozen=True, slots=True)
class ReportValue:
    """A reading as a word: no customer knows whether −12 % are many."""

    name: str
    word: str
    tone: str
    """ok, warn or err."""


@dataclass(frozen=True, slots=True)
class ReportOffer:
    """Work for some of the codes, at this workshop's price for this car, gross."""

    service: str
    name: str
    price: str
    high_cents: int
    minutes: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What a report says, frozen when it is issued; every text is in ``language``."""

    language: str
    plate: str
    plate_country: str
    car: str
    km: int | None
    looked_on: str
    stop: str
    """Why nobody may drive on, as an instruction; empty: no reason."""
    score: int
    level: str
    """One of health.LEVELS."""
    level_text: str
    reasons: tuple[str, ...]
    codes: tuple[ReportCode, ...]
    values: tuple[ReportValue, ...]
    offers: tuple[ReportOffer, ...]
    currency: str
    slot: str
    """The next free time when it was issued; empty: none was found."""
    note: str = ""
    summary: str = ""
    """What the assistant wrote and the workshop let pass; empty: nothing."""

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReportContent":
        """Of ``to_json``."""
        lists: dict[str, Any] = {
            "reasons": tuple(stored["reasons"]),
            "codes": tuple(ReportCode(**one) for one in stored["codes"]),
            "values": tuple(ReportValue(**one) for one in stored["values"]),
            "offers": tuple(ReportOffer(**{**one, "codes": tuple(one["codes"])}) for one in stored["offers"]),
        }
        known = {one.name for one in fields(cls)}
        return cls(**{**{name: value for name, value in stored.items() if name in known}, **lists})


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as staff sees it."""

    id: UUID
    session_id: UUID | None
    content: ReportContent
    state: str
    """issued, expired or revoked."""
    link: str
    sent_on: str
    """Channel it left on; empty: only the link."""
    issued_at: datetime
    issued_by: str
    opened_at: datetime | None
    order_id: UUID | None
    """The estimate the customer made of it."""
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportSlot:
    """A free time on the page."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the holder of the link sees."""

    content: ReportContent
    state: str
    workshop: str
    workshop_slug: str
    phone: str
    phone_href: str
    """``tel:+49…``; empty when the number is not valid."""
    accent: Mapping[str, str]
    """Colours of the workshop as CSS variables."""
    customer: str
    """Name to sign with; may be changed."""
    issued: str
    """When, in words."""
    valid_until: str
    approved: Mapping[str, str]
    """Service → address of the answer that was given."""
    slots: tuple[ReportSlot, ...]
    booking_link: str
    """Where other times are."""
    visit_link: str
    """The booked visit; empty: none yet."""


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A report as it is printed."""

    content: ReportContent
    title: str
    issued: str
    valid_until: str
    workshop: str
    address: str
    phone: str
    link: str
    accent: str = "#17616f"
    logo: bytes = b""
    logo_format: str = "svg"
