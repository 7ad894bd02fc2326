"""Table of wall screens."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow


class WallLink(TenantRow, table=True):
    """A secret link to read today's work without signing in; deleting the row ends it."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    token: str = Field(max_length=64, unique=True)
    """Needed in the clear: it is typed or copied into a second screen later."""
    shows_names: bool = False
    """Whole names of customers instead of an initial."""
