"""Rows that change hands between two customers, whatever table they are in; inside another's transaction.

The tables are found by their references to a customer, so that none is forgotten when one is added.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Column, Table, UniqueConstraint, select, update
from sqlmodel import Session, SQLModel

_OWN_TABLES = {"customer", "contact_change"}
Moved = dict[str, list[str]]
"""``table.column`` → ids of the rows that moved."""


def move_all(session: Session, workshop_id: UUID, from_id: UUID, to_id: UUID) -> Moved:
    """Everything of one customer becomes another's, except what the other has already (a preference)."""
    return {
        f"{table.name}.{column.name}": moved
        for table, column in _references()
        if (moved := _move(session, workshop_id, table, column, from_id, to_id))
    }


def move_rows(
    session: Session, workshop_id: UUID, from_id: UUID, to_id: UUID, wanted: Mapping[str, Sequence[UUID]]
) -> Moved:
    """Named rows of one customer become another's; ``wanted``: table → ids."""
    moved: Moved = {}
    for table, column in _references():
        ids = wanted.get(table.name, ())
        if ids and (names := _move(session, workshop_id, table, column, from_id, to_id, only=ids)):
            moved[f"{table.name}.{column.name}"] = names
    return moved


def move_back(session: Session, workshop_id: UUID, from_id: UUID, to_id: UUID, moved: Moved) -> None:
    """Rows that moved from one customer to another go back, unless they have gone elsewhere since."""
    for name, ids in moved.items():
        table_name, column_name = name.split(".")
        table = SQLModel.metadata.tables[table_name]
        column = table.c[column_name]
        session.execute(
            update(table)
            .where(
                table.c.workshop_id == workshop_id,
                table.c.id.in_([UUID(row_id) for row_id in ids]),
                column == to_id,
            )
            .values({column: from_id})
        )


def _references() -> Iterator[tuple[Table, Column[UUID]]]:
    for table in SQLModel.metadata.sorted_tables:
        if table.name in _OWN_TABLES:
            continue
        for column in table.columns:
            if any(key.column.table.name == "customer" for key in column.foreign_keys):
                yield table, column


def _move(
    session: Session,
    workshop_id: UUID,
    table: Table,
    column: Column[UUID],
    from_id: UUID,
    to_id: UUID,
    only: Sequence[UUID] | None = None,
) -> list[str]:
    query = select(table).where(table.c.workshop_id == workshop_id, column == from_id)
    if only is not None:
        query = query.where(table.c.id.in_(only))
    rows = session.execute(query).mappings().all()
    for others in _unique_beside(table, column):
        taken = {
            tuple(row)
            for row in session.execute(
                select(*(table.c[name] for name in others), table.c.id).where(
                    table.c.workshop_id == workshop_id, column == to_id
                )
            )
        }
        held = {values[:-1] for values in taken}
        rows = [row for row in rows if tuple(row[name] for name in others) not in held]
    ids = [row["id"] for row in rows]
    if ids:
        session.execute(update(table).where(table.c.id.in_(ids)).values({column: to_id}))
    return [str(row_id) for row_id in ids]


def _unique_beside(table: Table, column: Column[UUID]) -> list[list[str]]:
    """Of every unique constraint that names the customer: its other columns."""
    return [
        [other.name for other in constraint.columns if other is not column]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and column in constraint.columns.values()
    ]
