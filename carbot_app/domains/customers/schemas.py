"""Inputs and views of customers and vehicles."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody; at least phone or e-mail is needed to book."""

    name: str = ""
    phone: str = ""
    """E.164 or empty."""
    email: str = ""


@dataclass(frozen=True, slots=True)
class VehicleFacts:
    """What is known of a car; empty fields are unknown."""

    plate: str = ""
    plate_country: str = "DE"
    make: str = ""
    model: str = ""
    year: int | None = None
    fuel: str = ""
    vehicle_class: str = ""
    km: int | None = None


@dataclass(frozen=True, slots=True)
class VehicleView:
    """A car of the workshop's records."""

    id: UUID
    plate: str
    plate_country: str
    make: str
    model: str
    year: int | None
    fuel: str
    vehicle_class: str
    km: int | None
    kind: str = "car"
    registered_on: date | None = None
    inspected_on: date | None = None
    inspection_due: date | None = None
    """Last day of the month in which the next main inspection is due."""

    @property
    def label(self) -> str:
        """``VW Golf, 2015`` or empty."""
        name = f"{self.make} {self.model}".strip()
        return f"{name}, {self.year}" if name and self.year else name


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """What decides when a vehicle is inspected next; ``due`` is any day of that month, None: work it out."""

    kind: str = "car"
    fuel: str = ""
    registered_on: date | None = None
    inspected_on: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with what staff needs to call back."""

    id: UUID
    name: str
    phone: str
    phone_text: str
    """National format for reading, e.g. ``0171 5550142``."""
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class KnownCar:
    """A car of the workshop's records with whose it is, for staff only."""

    vehicle: VehicleView
    owner: CustomerView | None


@dataclass(frozen=True, slots=True)
class ContactChangeView:
    """A merge or split that can be undone."""

    id: UUID
    kind: str
    """merge or split."""
    done_by: str
    done_at: datetime
