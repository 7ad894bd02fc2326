"""Table of services."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, json_field


class Service(TenantRow, table=True):
    """One service of a workshop with its price; prices are gross cents for consumers (PAngV)."""

    __table_args__ = (UniqueConstraint("workshop_id", "code"),)

    code: str = Field(max_length=16)
    """``CAT-SUB-NNN`` (domain.md 6)."""
    names: dict[str, str] = json_field(dict)
    descriptions: dict[str, str] = json_field(dict)
    category: str = Field(max_length=40)
    price_model: str = Field(max_length=20)
    """fixed, range, per_vehicle_class, per_unit or hourly_aw."""
    price_min_cents: int
    price_max_cents: int
    unit: str = Field(default="job", max_length=12)
    minutes: int
    labour_units: int = 0
    """Billed labour in units of six minutes (ten an hour); ``minutes`` is the time in the calendar."""
    bay: str = Field(default="standard", max_length=16)
    lift: bool = False
    skill: str = Field(default="mechanic", max_length=24)
    interval_km: int | None = None
    interval_months: int | None = None
    hu_relevant: bool = False
    """Done wrong or not at all, the car fails its periodic inspection."""
    dtc_families: list[str] = json_field(list)
    """Trouble codes this service may answer, as globs: ``P030?``."""
    vat_treatment: str = Field(default="standard", max_length=20)
    """standard, or mixed_pass_through where a public fee is handed on (domain.md 1)."""
    exchange_part: bool = False
    """An exchange part is customary: VAT also on the old part."""
    upsells: list[str] = json_field(list)
    """Codes that go well with it."""
    synonyms: list[str] = json_field(list)
    sort_order: int = 0
    bookable: bool = True
    """Shown on the public booking page."""
    active: bool = True
    notes: str = Field(default="", max_length=300)
    """For the workshop, in German."""
    own_fields: list[str] = json_field(list)
    """What the workshop changed; an update of the library leaves these alone."""
