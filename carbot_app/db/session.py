"""Database sessions: one ``with`` block is one transaction inside one scope.

The scope is a workshop id or ``SYSTEM``. In a workshop's scope every query on a tenant table gets the
filter ``workshop_id = :scope`` by itself, and on PostgreSQL row-level security is the second wall.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    Engine,
    Uuid,
    bindparam,
    column,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.util import _deep_annotate
from sqlmodel import Session

from carbot_app.db.base import TenantRow
from carbot_app.db.outbox import OutboxEvent

TENANT_ROLE = "carbot_tenant"
"""PostgreSQL role under which workshop-scoped transactions run; it owns nothing and cannot log in."""


IDLE_SECONDS = 5.0
"""Unused for so long, a connection may have been cut unnoticed, by a proxy or a restart, and is asked first.
Asking every time took a sixth of the time messages spend on PostgreSQL."""

_ENTER_TENANT = text("SELECT set_config('role', :role, true), set_config('app.workshop_id', :id, true)")


class System:
    """Marker: the scope of code that acts for no single workshop (sign-in, outbox, public look-up)."""


SYSTEM = System()
Scope = UUID | System


class TenancyViolation(RuntimeError):
    """Code tried to write a row of another workshop; always a programming error."""


class Database:
    """Owns the engine and opens sessions.

    ``on_emit`` is called after the commit of a transaction that wrote outbox events.
    """

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _make_engine(url, pool_size)
        self.on_emit: Callable[[], None] = lambda: None
        # SQLite lets writers wait by polling with growing pauses; within a process they take turns at once.
        self._writers = threading.RLock() if self.is_sqlite else nullcontext()

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """A transaction that does not write; runs beside a writer on SQLite (WAL).

        Rows changed in it stay changed in memory only; flushing them raises RuntimeError.
        """
        with self._open(scope, write=False) as session:
            yield session
            # psycopg forgets what it has prepared at every ROLLBACK: half the time of PostgreSQL was planning
            session.connection().commit()

    @contextmanager
    def writing(self, scope: Scope) -> Iterator[Session]:
        """A transaction that commits at the end of the block and rolls back on any exception."""
        with self._writers, self._open(scope, write=True) as session:
            yield session
            emitted = any(isinstance(row, OutboxEvent) for row in session.new) or session.info.get("emitted")
            session.commit()
        if emitted:
            self.on_emit()

    @contextmanager
    def _open(self, scope: Scope, *, write: bool) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False, autoflush=write) as session:
            session.info["reading"] = not write
            session.connection(execution_options={"carbot_write": write})
            if isinstance(scope, UUID):
                session.info["workshop_id"] = scope
                if not self.is_sqlite:
                    session.execute(_ENTER_TENANT, {"role": TENANT_ROLE, "id": str(scope)})
            yield session

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def wait_for_turn(session: Session, name: str) -> None:
    """Until the end of the transaction no other one holds ``name``; for "find it or make it".

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _make_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # few connections that know the statements, not all in turn
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
    )
    if not url.startswith("sqlite"):
        _ask_idle_connections(engine)
        return engine

    @event.listens_for(engine, "connect")
    def _configure(connection: object, _: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling starts writes late; we issue BEGIN ourselves below.
        connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]
        cursor = connection.cursor()  # pyright: ignore[reportAttributeAccessIssue]
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        # IMMEDIATE takes the write lock at once: a read lock upgraded later fails instead of waiting.
        write = connection.get_execution_options().get("carbot_write", True)  # pyright: ignore[reportAttributeAccessIssue]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")  # pyright: ignore[reportAttributeAccessIssue]

    return engine


def _ask_idle_connections(engine: Engine) -> None:
    @event.listens_for(engine, "checkin")
    def _note(_: object, entry: ConnectionPoolEntry) -> None:
        entry.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, entry: ConnectionPoolEntry, _: object) -> None:
        now = time.monotonic()
        if now - entry.info.get("used_at", now) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            # The pool tries again with a new one; the others are no better
            raise InvalidatePoolError from None


def _to_json(value: object) -> str:
    return orjson.dumps(value).decode()


@event.listens_for(Session, "do_orm_execute")
def _filter_by_workshop(state: ORMExecuteState) -> None:
    workshop_id = state.session.info.get("workshop_id")
    if workshop_id is None or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(_of_workshop(workshop_id))


class _OfWorkshop(LoaderCriteriaOption):
    """``with_loader_criteria`` for every tenant table at once.

    SQLModel's unmapped bases carry no columns a shared criterion could name, and an option per table made
    the cache key of a statement take four times as long as its query.
    """

    _cache_key_traversal = LoaderCriteriaOption._traverse_internals

    def __init__(self, workshop_id: UUID) -> None:
        self._workshop = bindparam(None, workshop_id, Uuid(), unique=True)
        super().__init__(TenantRow, column("workshop_id", Uuid()) == self._workshop, include_aliases=True)

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        criterion = ext_info.entity.workshop_id == self._workshop
        marks = {"for_loader_criteria": self}
        return _deep_annotate(criterion, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)


@lru_cache(maxsize=1024)
def _of_workshop(workshop_id: UUID) -> _OfWorkshop:
    return _OfWorkshop(workshop_id)


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(session: Session, *_: object) -> None:
    if session.info.get("reading"):
        raise RuntimeError("a transaction for reading writes")
    session.info["emitted"] = session.info.get("emitted") or any(
        isinstance(r, OutboxEvent) for r in session.new
    )
    workshop_id = session.info.get("workshop_id")
    if workshop_id is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantRow) and row.workshop_id != workshop_id:
            raise TenancyViolation(f"{type(row).__name__} of another workshop")
