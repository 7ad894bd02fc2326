"""Everything a workshop holds about one person, found by ``holdings``; inside the session of a use case."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session, SQLModel, col, or_
from sqlmodel import select as select_rows

from carbot_app.domains.compliance.holdings import ADDRESS, HOLDINGS, Holding, Link
from carbot_app.domains.compliance.redaction import Identifiers
from carbot_app.domains.customers.models import ContactPoint, Customer
from carbot_app.kit.errors import NotFound

Row = dict[str, Any]
_AT_ONCE = 400
"""Values of one condition; SQLite takes 32,766 parameters, PostgreSQL plans long lists slowly."""


Rows = dict[str, dict[UUID, Row]]
"""By table and id."""


@dataclass
class Person:
    """What a workshop has of somebody. All other ``customer_ids`` were merged into the first."""

    workshop_id: UUID
    customer_ids: list[UUID]
    rows: Rows
    identifiers: Identifiers

    def of(self, table: str) -> list[Row]:
        """Rows of a table, the oldest first."""
        return sorted(self.rows.get(table, {}).values(), key=lambda row: row["id"])

    @property
    def main(self) -> Row:
        """The customer's record."""
        return self.rows["customer"][self.customer_ids[0]]


def find_person(session: Session, workshop_id: UUID, customer_id: UUID) -> Person:
    """All rows of a person, whatever channel they came by, of merged records too.

    Raises:
        NotFound: unknown customer, or another workshop's.
    """
    customers = _records(session, customer_id)
    ids = [customer.id for customer in customers]
    known, own = _contacts(session, customers)
    rows = find_rows(session, workshop_id, {"customer": ids}, addresses=own)
    return Person(workshop_id, ids, rows, _identifiers(rows, ids, known))


def find_rows(
    session: Session,
    workshop_id: UUID,
    roots: Mapping[str, Collection[UUID]],
    *,
    addresses: Collection[str] = (),
) -> Rows:
    """Rows named by ``roots`` (table → ids) and everything that hangs on them."""
    rows: Rows = {}
    reading = _Reading(session, workshop_id, rows, frozenset(addresses))
    for holding in HOLDINGS:
        found = [*reading.by_id(holding, roots.get(holding.table, ()))]
        found += [row for link in holding.links for row in reading.by_link(holding, link)]
        rows[holding.table] = {row["id"]: row for row in found}
    return rows


@dataclass(frozen=True, slots=True)
class _Reading:
    session: Session
    workshop_id: UUID
    rows: Rows
    addresses: frozenset[str]

    def by_id(self, holding: Holding, ids: Collection[UUID]) -> Iterator[Row]:
        table = SQLModel.metadata.tables[holding.table]
        return self._read(table, table.c.id, ids)

    def by_link(self, holding: Holding, link: Link) -> Iterator[Row]:
        table = SQLModel.metadata.tables[holding.table]
        column, _, key = link.column.partition(".")
        if key:
            # Declarations of withdrawal that name no contract of ours are few, and only their words tell
            found = self._read(table, table.c.appointment_id.is_(None), None if self.addresses else ())
            return (row for row in found if str(row[column].get(key, "")).lower() in self.addresses)
        found = self._read(table, table.c[column], self._values(link))
        if holding.table == "vehicle":
            # A car that has got another owner since is theirs
            owners = {None, *self.rows["customer"]}
            return (row for row in found if row["customer_id"] in owners)
        return found

    def _values(self, link: Link) -> Collection[Any]:
        if link.to == ADDRESS:
            return self.addresses
        table, _, column = link.to.partition(".")
        found = self.rows[table]
        return {row[column] for row in found.values() if row[column]} if column else found.keys()

    def _read(
        self, table: Table, column: ColumnElement[Any], values: Collection[Any] | None
    ) -> Iterator[Row]:
        own = select(table).where(table.c.workshop_id == self.workshop_id)
        conditions = [column] if values is None else [column.in_(some) for some in parts_of(values)]
        for condition in conditions:
            yield from (dict(row) for row in self.session.execute(own.where(condition)).mappings())


def _records(session: Session, customer_id: UUID) -> list[Customer]:
    row = session.exec(select_rows(Customer).where(Customer.id == customer_id)).first()
    if row is None:
        raise NotFound
    if row.merged_into_id:
        return _records(session, row.merged_into_id)
    found, newest = [row], [row.id]
    while newest:
        query = (
            select_rows(Customer).where(col(Customer.merged_into_id).in_(newest)).order_by(col(Customer.id))
        )
        parts = list(session.exec(query))
        found += parts
        newest = [part.id for part in parts]
    return found


def _contacts(session: Session, customers: Sequence[Customer]) -> tuple[set[str], set[str]]:
    """(every number and address of the person, those nobody else has): families share them."""
    ids = [customer.id for customer in customers]
    known = {value for customer in customers for value in (customer.phone, customer.email) if value}
    known |= set(session.exec(select_rows(ContactPoint.value).where(col(ContactPoint.customer_id).in_(ids))))
    shared: set[str] = set()
    for some in parts_of(known):
        shared |= set(
            session.exec(
                select_rows(ContactPoint.value).where(
                    col(ContactPoint.value).in_(some), col(ContactPoint.customer_id).not_in(ids)
                )
            )
        )
        others = select_rows(Customer.phone, Customer.email).where(
            or_(col(Customer.phone).in_(some), col(Customer.email).in_(some)), col(Customer.id).not_in(ids)
        )
        shared |= {value for pair in session.exec(others) for value in pair}
    return known, known - shared


def parts_of(values: Collection[Any]) -> Iterator[list[Any]]:
    """Values in numbers one condition can hold."""
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def _identifiers(rows: Rows, ids: Collection[UUID], known: Collection[str]) -> Identifiers:
    names = {row["name"] for table in ("customer", "callback") for row in rows[table].values()}
    names |= {row["sent"].get("name", "") for row in rows["withdrawal"].values()}
    for change in rows["contact_change"].values():
        names |= _former_names(change, ids)
    written = {row["address"] for row in rows["message"].values()}
    addresses = {value for value in {*known, *written} if "@" in value}
    return Identifiers(
        names=tuple(sorted(names - {""})),
        numbers=tuple(sorted(value for value in {*known, *written} - addresses if value)),
        addresses=tuple(sorted(addresses)),
        plates=tuple(sorted({row["plate"] for row in rows["vehicle"].values()} - {""})),
        vins=tuple(sorted({row["vin"] for row in rows["vehicle"].values()} - {""})),
    )


def _former_names(change: Row, ids: Collection[UUID]) -> set[str]:
    fields = change["before"].get("fields", {})
    own = (pairs for key, pairs in fields.items() if UUID(key) in ids)
    return {name for pairs in own for name in pairs.get("name", ())}
