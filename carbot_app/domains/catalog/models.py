"""Tables of services, how they are grouped and priced, and who changed what."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, json_field


class Service(TenantRow, table=True):
    """One service of a workshop with its price; stated prices are gross cents for consumers (PAngV)."""

    __table_args__ = (UniqueConstraint("workshop_id", "code"),)

    code: str = Field(max_length=16)
    """``CAT-SUB-NNN`` in the library (domain.md 6); a workshop's own may look otherwise."""
    names: dict[str, str] = json_field(dict)
    descriptions: dict[str, str] = json_field(dict)
    category: str = Field(max_length=40)
    subcategory: str = Field(default="", max_length=40)
    """Both are keys of ServiceCategory."""
    price_model: str = Field(max_length=20)
    """fixed, range, per_vehicle_class, per_unit, hourly_aw or package."""
    price_min_cents: int
    price_max_cents: int
    unit: str = Field(default="job", max_length=12)
    minutes: int
    """Time in the calendar."""
    labour_seconds: int = 0
    """Billed labour; six minutes are one unit (AW) of ten an hour, 36 seconds one of a hundred."""
    rate: str = Field(default="mechanics", max_length=24)
    """Which of the workshop's hourly rates the labour is billed at."""
    calculated: bool = False
    """The price is worked out from labour and parts; ``price_min_cents`` holds the last result."""
    parts_cost_cents: int = 0
    """What the parts cost the workshop, net; the markup comes on top."""
    parts_list_cents: int = 0
    """Undiscounted list price of an exchange part, net: base of the tax on the old part (UStAE 10.5(3))."""
    fee_cents: int = 0
    """Public fee inside the price that is handed on without VAT, such as the fee of the inspection."""
    bay: str = Field(default="standard", max_length=16)
    lift: bool = False
    skill: str = Field(default="mechanic", max_length=24)
    parts_lead_days: int = 0
    """Working days until the parts are there; the visit is not offered before."""
    interval_km: int | None = None
    interval_months: int | None = None
    hu_relevant: bool = False
    """Done wrong or not at all, the car fails its periodic inspection."""
    dtc_families: list[str] = json_field(list)
    """Trouble codes this service may answer, as globs: ``P030?``."""
    exchange_part: bool = False
    """An exchange part is customary: VAT also on the old part."""
    upsells: list[str] = json_field(list)
    """Codes that go well with it."""
    members: list[str] = json_field(list)
    """Codes of the services in a package; a package may hold packages, but not itself."""
    discount_percent: int = 0
    """What a package is cheaper than its services one by one."""
    synonyms: list[str] = json_field(list)
    sort_order: int = 0
    bookable: bool = True
    """Shown on the public booking page."""
    active: bool = True
    notes: str = Field(default="", max_length=300)
    """For the workshop, in German."""
    own_fields: list[str] = json_field(list)
    """What the workshop changed; an update of the library leaves these alone."""


class ServiceCategory(TenantRow, table=True):
    """A shelf of the catalogue; those with a parent are subcategories."""

    __table_args__ = (UniqueConstraint("workshop_id", "key"),)

    key: str = Field(max_length=40)
    parent: str = Field(default="", max_length=40)
    names: dict[str, str] = json_field(dict)
    sort_order: int = 0
    own_fields: list[str] = json_field(list)
    """What the workshop changed; an update of the library leaves these alone."""


class PriceTerms(TenantRow, table=True):
    """What every price of a workshop rests on; no row means the defaults of ``pricing.Terms``."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    rates: dict[str, Any] = json_field(dict)
    """Rate (mechanics, diagnosis, body, paint, high_voltage) → net cents an hour."""
    units_per_hour: int = 10
    """Labour units (AW) an hour: 10, 12 or 100."""
    markups: list[Any] = json_field(list)
    """Pairs of net cost in cents up to which, and markup in percent; the last pair is for all above."""
    small_parts_percent: int = 0
    small_parts_min_cents: int = 0
    small_parts_max_cents: int = 0
    """Lump sum for small parts, net: percent of the parts within these limits; equal limits fix it."""
    class_factors: dict[str, Any] = json_field(dict)
    """Vehicle class → price factor in percent; empty: the defaults of domain.md 6."""
    vat_regime: str = Field(default="standard", max_length=20)
    """standard or small_business (§ 19 UStG: no VAT)."""


class PriceRule(TenantRow, table=True):
    """A surcharge or discount that applies when all its conditions do."""

    names: dict[str, str] = json_field(dict)
    percent: int = 0
    """Of the price before any rule, negative for a discount; either this or ``amount_cents``."""
    amount_cents: int = 0
    categories: list[str] = json_field(list)
    """Only these categories, subcategories or codes; empty: everything."""
    conditions: dict[str, Any] = json_field(dict)
    """classes, min_age, max_age (years), fuels, weekdays (ISO), season (["11-01", "03-31"]), fleet."""
    active: bool = True
    sort_order: int = 0


class CatalogChange(TenantRow, table=True):
    """One act of one person that changed the catalogue; can be undone as a whole."""

    __table_args__ = (Index("ix_catalog_change_created", "workshop_id", "created_at"),)

    kind: str = Field(max_length=20)
    """edit, create, move, activate, bulk, import, package, terms, rule, category or undo."""
    actor_id: UUID | None = None
    actor_name: str = Field(default="", max_length=120)
    count: int = 0
    """Things changed."""
    undone_by: UUID | None = None
    """The change that took this one back."""


class CatalogChangeItem(TenantRow, table=True):
    """Before and after of one thing within a change; together they are the versions of every price."""

    __table_args__ = (Index("ix_catalog_change_item_subject", "workshop_id", "subject", "subject_key"),)

    change_id: UUID = Field(foreign_key="catalog_change.id", index=True, ondelete="CASCADE")
    subject: str = Field(max_length=12)
    """service, category, terms or rule."""
    subject_key: str = Field(max_length=40)
    """Code, key, id of the rule; ``terms``."""
    before: dict[str, Any] | None = json_field(lambda: None)
    """The changed fields only; None: did not exist."""
    after: dict[str, Any] | None = json_field(lambda: None)
    """The changed fields only; None: exists no longer."""
