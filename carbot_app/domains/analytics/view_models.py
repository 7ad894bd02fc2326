"""Tables of what people keep of the dashboard."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow


class DashboardView(TenantRow, table=True):
    """Range, filters and figure a person wants to see again, as the page's address spells them."""

    __table_args__ = (UniqueConstraint("workshop_id", "person_id", "name"),)

    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=60)
    address: str = Field(max_length=400)
    """Query string without its question mark."""
    opens_first: bool = False
    """Shown where the address asks for nothing; one of a person's at most."""
