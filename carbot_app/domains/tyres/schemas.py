"""Inputs and views of the tyre hotel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from carbot_app.domains.customers.schemas import CustomerView, VehicleView


@dataclass(frozen=True, slots=True)
class Tyre:
    """One tyre as it was looked at."""

    position: str
    """FL, FR, RL or RR."""
    brand: str = ""
    dot: str = ""
    """Week and year as four digits, ``2319``; empty when unknown."""
    tread: int | None = None
    """Tenths of a millimetre; None when not measured."""


@dataclass(frozen=True, slots=True)
class WheelSetCreate:
    """A set that comes in. The contact is needed when the workshop knows no owner of the plate."""

    plate: str
    season: str
    location: str
    plate_country: str = "DE"
    name: str = ""
    phone: str = ""
    email: str = ""
    size: str = ""
    rims: str = ""
    tpms: str = ""
    tyres: tuple[Tyre, ...] = ()
    remarks: str = ""
    fee_cents: int = 0


@dataclass(frozen=True, slots=True)
class TyreView:
    """One tyre with what its age and tread mean."""

    position: str
    brand: str
    dot: str
    tread: int | None
    age: str
    """young, aged, too_old, or empty without a date."""
    wear: str
    """fine, low, illegal, or empty when not measured."""


@dataclass(frozen=True, slots=True)
class WheelSetView:
    """A stored set, or one that was taken out."""

    id: UUID
    code: str
    season: str
    size: str
    rims: str
    tpms: str
    location: str
    tyres: tuple[TyreView, ...]
    remarks: str
    fee_cents: int
    stored_on: date
    taken_on: date | None
    customer: CustomerView | None
    vehicle: VehicleView | None


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed on a set's label, in the reader's words."""

    code: str
    link: str
    """What the QR code leads to."""
    plate: str
    title: str
    """Season and size."""
    place: str
    workshop: str
    facts: tuple[tuple[str, str], ...]
    """Word and value, below the title."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The table of tyres."""


Treads = Mapping[str, int | None]
"""Position → tenths of a millimetre."""
