"""Column types to read thousands of allocations with: the same few ids and quarter hours again and again.

Making a UUID or a datetime of each costs more than all planning with them (``make bench``, slots).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Uuid
from sqlalchemy.types import TypeDecorator

from carbot_app.domains.booking.slots import cell_before


class KnownId(Uuid[UUID]):
    """A UUID that is made once; the driver of PostgreSQL brings its own."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID] | None:
        return None if dialect.supports_native_uuid else _id_of


class CellColumn(TypeDecorator[int]):
    """An instant at the start of a cell, read as the number of the cell (see slots)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], int]:
        process = self.impl_instance.result_processor(dialect, coltype)
        return (lambda value: _cell_of(process(value))) if process else _cell_of


_id_of = lru_cache(maxsize=4096)(UUID)


@lru_cache(maxsize=65536)
def _cell_of(value: datetime) -> int:
    return cell_before(value if value.tzinfo else value.replace(tzinfo=UTC))
