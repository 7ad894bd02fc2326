"""Base columns and types shared by every table."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from inspect import Signature
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

JsonColumn = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants on both engines; SQLite has no zone of its own. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime; instants are aware and UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A quantity, price or percentage as it was written; as text, because SQLite would make a float of it."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


def exact(**options: Any) -> Any:
    """Field of an exact decimal; nothing is summed or compared in the database by it."""
    return Field(sa_type=ExactDecimal, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]


def cents(**options: Any) -> Any:
    """Field of an amount of money: billing goes beyond what 32 bits hold."""
    return Field(sa_type=BigInteger, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]


def instant(**options: Any) -> Any:
    """Field of an aware UTC instant."""
    return Field(sa_type=UtcDateTime, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _signed(factory: Callable[[], Any]) -> Callable[[], Any]:
    """The same factory with its signature at hand: pydantic reads it again for each row that is made."""

    def make() -> Any:
        return factory()

    make.__signature__ = Signature()  # pyright: ignore[reportFunctionMemberAccess]
    return make


def json_field(factory: Callable[[], Any]) -> Any:
    """Field of plain JSON; assign a new value to change it, mutation in place is not seen."""
    return Field(default_factory=_signed(factory), sa_type=JsonColumn)  # pyright: ignore[reportArgumentType]


def snake_case(name: str) -> str:
    """``LoginSession`` → ``login_session``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Row(SQLModel):
    """Every table: a time-ordered id and the instant of creation; the table is named after the class."""

    id: UUID = Field(default_factory=_signed(new_id), primary_key=True)
    created_at: datetime = instant(default_factory=_signed(system_clock))

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake_case(cls.__name__)


class TenantRow(Row):
    """A table whose rows belong to one workshop; sessions filter it by themselves (see db.session)."""

    workshop_id: UUID = Field(foreign_key="workshop.id", index=True, ondelete="CASCADE")
