"""A PostgreSQL database for one test after the other: emptied in between, made anew now and then."""

from collections.abc import Callable

import psycopg
from psycopg import sql

RECYCLED = "carbot_test"
_TESTS_PER_DATABASE = 40
"""Deleted rows stay in the files; by then looking past them costs what a fresh copy does."""

# A copy for each test, 900 files and the caches of new connections, cost the server more than the tests did.
# Foreign keys and the triggers that keep issued rows rest meanwhile.
_EMPTY = """
DO $$ DECLARE used regclass; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR used IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP EXECUTE format('DELETE FROM %s', used); END LOOP;
END $$"""
_END_WORK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), max(xmin::text::bigint) FROM {catalogue}"
    for catalogue in ("alembic_version", "pg_class", "pg_trigger", "pg_proc", "pg_policy", "pg_attribute")
)


class RecycledDatabase:
    """Gives every test an empty, migrated database; ``address`` is the server's without a database name.

    ``let_go`` is called before a database is dropped, to close what is still connected to it.
    """

    def __init__(self, address: str, template: str, let_go: Callable[[], None]) -> None:
        self._address = address
        self._template = template
        self._let_go = let_go
        self._uses = 0
        self._schema: list[tuple[int, int]] = []
        self._connection: psycopg.Connection | None = None

    def take(self) -> None:
        """See that there is a database, in which nothing is."""
        if self._connection is None:
            with psycopg.connect(self._address.format("postgres"), autocommit=True) as admin:
                copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
                admin.execute(copy.format(sql.Identifier(RECYCLED), sql.Identifier(self._template)))
            self._connection = psycopg.connect(self._address.format(RECYCLED), autocommit=True)
            self._schema, self._uses = self._read_schema(), 0
        self._uses += 1

    def give_back(self) -> None:
        """Empty it; one whose schema or version a test has changed, or that is worn, goes."""
        assert self._connection is not None
        self._connection.execute(_END_WORK)
        if self._uses >= _TESTS_PER_DATABASE or self._read_schema() != self._schema:
            self.drop()
        else:
            self._connection.execute(_EMPTY)

    def drop(self) -> None:
        """Drop the database if there is one."""
        if self._connection is None:
            return
        self._let_go()
        self._connection.close()
        self._connection = None
        with psycopg.connect(self._address.format("postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(RECYCLED)))

    def _read_schema(self) -> list[tuple[int, int]]:
        assert self._connection is not None
        return self._connection.execute(_SCHEMA).fetchall()
