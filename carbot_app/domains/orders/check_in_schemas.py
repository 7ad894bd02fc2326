"""Inputs and views of a car that comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """A damage: where in a view, in thousandths from its upper left corner."""

    view: str
    x: int
    y: int
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckInInput:
    """Everything that is noted; each saving replaces it as a whole."""

    km: int | None = None
    km_confirmed: bool = False
    """The car has run less than what is on record, and somebody has looked twice."""
    fuel_percent: int | None = None
    charge_percent: int | None = None
    marks: tuple[Mark, ...] = ()
    tread: Mapping[str, int] = field(default_factory=dict)
    """Wheel → tenths of a millimetre."""
    observations: tuple[str, ...] = ()
    belongings: str = ""
    keep_old_parts: bool = False
    test_drive: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added after it was signed."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckInView:
    """A car that comes in, as staff sees it."""

    id: UUID
    order_id: UUID
    number: str
    language: str
    plate: str
    plate_country: str
    model: str
    customer: str
    last_km: int | None
    """On record before; a lower one has to be confirmed."""
    facts: CheckInInput
    signed_name: str
    signed_at: datetime | None
    mailed_to: str
    """Where the protocol was sent; empty: nowhere."""
    taken_by: str
    addenda: tuple[Addendum, ...]

    @property
    def is_signed(self) -> bool:
        """Nothing can be changed any more, only added."""
        return self.signed_at is not None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the protocol: heading and rows of name and value."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """What stands on the protocol, in the customer's words."""

    language: str
    title: str
    workshop: str
    address: str
    plate: str
    car: str
    sections: tuple[Section, ...]
    views: tuple[tuple[str, str], ...]
    """View and its name."""
    marks: tuple[tuple[str, int, int, str], ...]
    """View, place and number with words."""
    marks_title: str
    terms: tuple[str, ...]
    signed: str
    signature: bytes = b""
    photos: tuple[bytes, ...] = ()
    """JPEG, small ones."""
    photos_title: str = ""
