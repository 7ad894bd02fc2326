"""Brings a database to the schema of this code."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from alembic import command

ROOT = Path(__file__).resolve().parents[2]


class DatabaseTooNew(RuntimeError):
    """The database was migrated by a newer CarBot; the only safe way is to start that version."""


def migration_config() -> Config:
    """Alembic's configuration, independent of the current folder."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "alembic"))
    return config


def current_revision(engine: Engine) -> str | None:
    """Revision the database is at; None when empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_at_head(engine: Engine) -> bool:
    """Whether the database has exactly the schema of this code."""
    return current_revision(engine) == _head_revision()


@cache
def _head_revision() -> str | None:
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def migrate(engine: Engine) -> bool:
    """Upgrade to head; returns whether anything changed.

    Raises:
        DatabaseTooNew: the database knows a revision this code does not.
    """
    config = migration_config()
    script = ScriptDirectory.from_config(config)
    current = current_revision(engine)
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise DatabaseTooNew(current)
    if current == script.get_current_head():
        return False
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
