"""How factories write."""

from typing import TypeVar

from carbot_app.db.base import Row
from carbot_app.db.session import SYSTEM, Database

RowT = TypeVar("RowT", bound=Row)


def save(database: Database, row: RowT) -> RowT:
    """Insert the row in its own transaction and return it, readable without a session."""
    with database.writing(SYSTEM) as session:
        session.add(row)
    return row
