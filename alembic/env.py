"""Alembic environment: one set of migrations for SQLite and PostgreSQL."""

from typing import Any, Literal

from sqlalchemy import Connection, create_engine
from sqlmodel import AutoString, SQLModel

import carbot_app.domains.tables
from alembic import context
from carbot_app.config import get_settings
from carbot_app.db.base import JsonColumn, UtcDateTime

assert carbot_app.domains.tables.TENANT_TABLES


def _render(kind: str, value: Any, _: Any) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if value is JsonColumn:
        return "JSON"
    if isinstance(value, AutoString):
        return f"sa.String({value.impl.length or ''})"
    return False


def _is_ours(name: str | None, kind: str, _: Any) -> bool:
    """Tables and indexes of the full-text search belong to no model (see carbot_app/db/search.py)."""
    return kind not in {"table", "index"} or not (name or "").startswith("search_")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(get_settings().effective_database_url)
    with engine.connect() as connection:
        _run(connection)
