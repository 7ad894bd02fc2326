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
    bay: str = Field(default="standard", max_length=16)
    skill: str = Field(default="mechanic", max_length=24)
    synonyms: list[str] = json_field(list)
    sort_order: int = 0
    bookable: bool = True
    """Shown on the public booking page."""
    active: bool = True
