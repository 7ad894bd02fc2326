"""Inputs and views of the catalogue."""

from dataclasses import dataclass
from uuid import UUID

from carbot_app.domains.catalog.pricing import PriceQuote


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as customers and staff see it, in one language."""

    id: UUID
    code: str
    name: str
    description: str
    category: str
    subcategory: str
    price_model: str
    price_min_cents: int
    price_max_cents: int
    unit: str
    minutes: int
    labour_seconds: int
    """Billed labour; a unit (AW) of ten an hour is 360."""
    bay: str
    lift: bool
    skill: str
    parts_lead_days: int
    """Working days until the parts are there."""
    interval_km: int | None
    interval_months: int | None
    hu_relevant: bool
    dtc_families: tuple[str, ...]
    vat_treatment: str
    """standard, or mixed_pass_through where a public fee is handed on (domain.md 1)."""
    exchange_part: bool
    fee_cents: int
    """Public fee inside the price, without VAT."""
    members: tuple[str, ...]
    """Codes of the services in a package."""
    upsells: tuple[str, ...]
    bookable: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A price for one service and one car, gross, with what it rests on."""

    service_code: str
    service_name: str
    low_cents: int
    high_cents: int
    currency: str
    exact: bool
    """True: one price (``low == high``); False: a range or a "from" price."""
    vehicle_class: str
    """Class used, empty when the car is unknown and the range spans all classes."""
    minutes: int
    priced: PriceQuote
    """Lines with reasons, net, tax by rate and gross at both ends."""
    text: str
    """Ready to say in the reader's language: ``349,00–429,00 €``, ``ab 89,00 €``."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service with its price for one car."""

    service: ServiceView
    quote: Quote
