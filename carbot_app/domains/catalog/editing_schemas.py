"""Inputs and views of the catalogue's editor; prices in texts are gross and in the reader's language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.domains.catalog.fields import Problem


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """Everything of one service that staff may set; the fields are those of the table."""

    code: str = ""
    """Empty for a new one: it gets the next free code of its own."""
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    subcategory: str = ""
    price_model: str = "fixed"
    price_min_cents: int = 0
    price_max_cents: int = 0
    unit: str = "job"
    minutes: int = 30
    labour_seconds: int = 0
    rate: str = "mechanics"
    calculated: bool = False
    parts_cost_cents: int = 0
    parts_list_cents: int = 0
    fee_cents: int = 0
    bay: str = "standard"
    lift: bool = False
    skill: str = "mechanic"
    parts_lead_days: int = 0
    interval_km: int | None = None
    interval_months: int | None = None
    hu_relevant: bool = False
    exchange_part: bool = False
    upsells: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    discount_percent: int = 0
    synonyms: tuple[str, ...] = ()
    bookable: bool = False
    active: bool = True
    notes: str = ""

    def fields(self) -> dict[str, Any]:
        """Values for the table, lists as lists."""
        values = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored draft."""

    code: str
    change_id: UUID | None
    """None: nothing was different."""


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A shelf with how many services it offers."""

    key: str
    parent: str
    name: str
    active: int
    """Services offered on it and on its subcategories."""
    total: int
    """Those not offered included."""
    own: bool
    """Made by the workshop; only such a one can be removed, when it is empty."""


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service in the editor's list."""

    code: str
    name: str
    description: str
    category: str
    subcategory: str
    price_model: str
    price: str
    """``ab 159,00 €``, as customers see it for an unknown car."""
    minutes: int
    active: bool
    bookable: bool
    own: bool
    """Made by the workshop, not from the library."""


@dataclass(frozen=True, slots=True)
class CatalogOverview:
    """The whole catalogue in one language: a few hundred cards in the workshop's order."""

    categories: tuple[CategoryView, ...]
    services: tuple[ServiceCard, ...]
    active: int
    available: int
    """In the library and not offered."""


@dataclass(frozen=True, slots=True)
class ClassPrice:
    """What one class of cars pays, before and after an edit."""

    vehicle_class: str
    """small … premium; empty where the class does not matter."""
    before: str
    """Empty for a new service."""
    after: str
    difference_cents: int
    """Of the lower price."""


@dataclass(frozen=True, slots=True)
class PriceLineView:
    """A line of the calculation for a compact car."""

    kind: str
    """labour, parts, small_parts, list_price, class, surcharge, discount, package, fee or old_part_tax."""
    label: str
    """``15 AW × 11,90 €``, the name of the rule or of the service in the package."""
    amount: str


@dataclass(frozen=True, slots=True)
class DraftPreview:
    """What a draft would mean; nothing is stored."""

    problems: tuple[Problem, ...]
    """Empty: it may be saved. Prices are only there then."""
    classes: tuple[ClassPrice, ...] = ()
    lines: tuple[PriceLineView, ...] = ()
    net: str = ""
    tax: str = ""
    gross: str = ""
    tax_percent: str = ""
    """``19``, ``8,1``; empty where no VAT is charged."""
    changed_prices: int = 0


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """A change of many prices at once."""

    kind: str
    """labour_percent (the labour in the price), price_percent or price_cents."""
    value: int
    """Hundredths of a percent (4 % = 400), or cents."""
    codes: tuple[str, ...] = ()
    category: str = ""
    """Category or subcategory; with neither codes nor category: everything."""
    only_active: bool = True
    round_to_cents: int = 100
    """100: full euros, 10: ten cents, 1: to the cent; half up."""
    raise_rates: bool = True
    """With labour_percent of everything: the hourly rates too, which moves the calculated prices."""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One price of a bulk edit."""

    code: str
    name: str
    before: str
    after: str
    difference_cents: int


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk edit would do; ``token`` proves to ``apply_bulk`` that nothing changed since."""

    rows: tuple[BulkRow, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    token: str


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of one thing in the history; values as people read them."""

    thing: str
    """Name of the service, category or rule."""
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Who changed what and when, newest first in lists."""

    id: UUID
    at: datetime
    kind: str
    by: str
    count: int
    title: str
    """Name of the thing when it is one."""
    fields: tuple[ChangedField, ...]
    """At most 20."""
    undone: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A surcharge (positive) or discount (negative) with its conditions; all that are set must hold."""

    id: UUID | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    percent: int = 0
    """Whole percent; either this or ``amount_cents``."""
    amount_cents: int = 0
    categories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    """Years since first registration."""
    fuels: tuple[str, ...] = ()
    """petrol, diesel, electric, hybrid, gas."""
    weekdays: tuple[int, ...] = ()
    """ISO: 1 is Monday."""
    season: tuple[str, str] | None = None
    """``("11-01", "03-31")``, both included; may run over new year."""
    fleet: bool = False
    """Only fleet customers."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class TermsDraft:
    """What every price rests on."""

    rates: Mapping[str, int] = field(default_factory=dict)
    """Rate → net cents an hour."""
    units_per_hour: int = 10
    markups: tuple[tuple[int, int], ...] = ()
    """(net cost up to, percent); the last one counts for all above."""
    small_parts_percent: int = 0
    small_parts_min_cents: int = 0
    small_parts_max_cents: int = 0
    class_factors: Mapping[str, int] = field(default_factory=dict)
    vat_regime: str = "standard"
