"""What of a person goes and what has to stay without a name; decided purely, done in a session."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel

from carbot_app.domains.booking.states import ARRIVED, CONFIRMED, DONE, IN_WORK, REQUESTED, UNPLANNED
from carbot_app.domains.compliance.holdings import BY_TABLE, HOLDINGS, Holding
from carbot_app.domains.compliance.person import Person, Row, Rows, parts_of
from carbot_app.domains.compliance.redaction import Redactor
from carbot_app.domains.photos.rules import file_names
from carbot_app.kit.ids import fingerprint, new_secret

ORDERED = (CONFIRMED, ARRIVED, IN_WORK, DONE)
_AHEAD = (UNPLANNED, REQUESTED, CONFIRMED)
_INSIDE = (ARRIVED, IN_WORK)
_UNSENT = ("queued", "held", "sending")
_DOCUMENTS = frozenset({"invoice", "invoice_line", "payment", "receivable"})
"""They stay as they are until tax law lets go of them; then the night removes them (sweeps.py)."""
_OWED = ("open", "partial")
Ids = dict[str, set[UUID]]
"""By table."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody cannot be forgotten yet: the contract is still being performed (Art. 17(1)(a) GDPR)."""

    kind: str
    """visit, wheels or invoice."""
    title: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Instants before which a kind has been kept long enough."""

    order: datetime
    consent: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids by table."""

    goes: Ids
    stays: Ids
    obstacles: tuple[Obstacle, ...]


def plan_erasure(person: Person, now: datetime, limits: Limits) -> Plan:
    """Decide about every row of a person (pure)."""
    stays: Ids = {}
    for holding in HOLDINGS:
        rows = person.rows[holding.table]
        stays[holding.table] = {
            row_id for row_id, row in rows.items() if _has_to_stay(holding.table, row, person, limits)
        }
    # Parents of what stays are declared in any order: look again until nothing more stays
    growing = True
    while growing:
        growing = sum(_stay_with_parents(holding, person.rows, stays) for holding in HOLDINGS) > 0
    if any(ids for table, ids in stays.items() if not BY_TABLE[table].is_shell):
        stays["customer"] = {person.customer_ids[0]}
    goes = {table: set(rows) - stays[table] for table, rows in person.rows.items()}
    return Plan(goes, stays, tuple(_obstacles(person, now)))


def _has_to_stay(table: str, row: Row, person: Person, limits: Limits) -> bool:
    if table == "appointment":
        return (is_order(row, person.rows) and row["ends_at"] >= limits.order) or row["id"] in _synced(person)
    if table in _DOCUMENTS:
        return True
    if table == "work_order":
        return row["created_at"] >= limits.order
    if table == "wheel_set":
        return row["taken_on"] is None or row["taken_on"] >= limits.order.date()
    if table == "consent":
        return row["withdrawn_at"] is None or row["withdrawn_at"] >= limits.consent
    return BY_TABLE[table].is_shell


def is_order(row: Row, rows: Rows) -> bool:
    """Whether a visit came to a contract, whatever became of it."""
    contracts = rows["booking_contract"].values()
    return row["state"] in ORDERED or any(one["appointment_id"] == row["id"] for one in contracts)


def _synced(person: Person) -> set[UUID]:
    # Without the row nobody would take the event out of the outside calendar again
    return {row["appointment_id"] for row in person.rows["synced_event"].values()}


def _stay_with_parents(holding: Holding, rows: Rows, stays: Ids) -> int:
    before = len(stays[holding.table])
    for link in holding.kept_by:
        table, _, column = link.to.partition(".")
        kept = stays[table]
        wanted = {rows[table][row_id][column] for row_id in kept} if column else kept
        found = rows[holding.table].items()
        stays[holding.table] |= {row_id for row_id, row in found if row[link.column] in wanted}
    return len(stays[holding.table]) - before


def _obstacles(person: Person, now: datetime) -> list[Obstacle]:
    found = [
        Obstacle("visit", row["title"], row["starts_at"])
        for row in person.of("appointment")
        if row["state"] in _INSIDE or (row["state"] in _AHEAD and row["ends_at"] > now)
    ]
    lying = (row for row in person.of("wheel_set") if row["taken_on"] is None)
    owed = (row for row in person.of("receivable") if row["state"] in _OWED)
    return [
        *found,
        *(Obstacle("wheels", row["code"]) for row in lying),
        *(Obstacle("invoice", row["number"]) for row in owed),
    ]


def carry_out(session: Session, person: Person, plan: Plan, *, pseudonym: str, now: datetime) -> list[str]:
    """Do what was planned; returns the files to remove once it is committed."""
    redactor = Redactor(person.identifiers)
    main = person.customer_ids[0]
    for holding in HOLDINGS:
        for row_id in plan.stays[holding.table]:
            values = _without_names(holding, person.rows[holding.table][row_id], redactor)
            if holding.table == "customer":
                values = {"name": pseudonym, "phone": "", "email": "", "merged_into_id": None}
            elif not holding.is_shell and any(link.to == "customer" for link in holding.links):
                values["customer_id"] = main
            if holding.table == "consent" and person.rows["consent"][row_id]["withdrawn_at"] is None:
                values["withdrawn_at"] = now
            _set(session, holding.table, row_id, values)
    return remove_rows(session, person.rows, plan.goes)


def remove_rows(session: Session, rows: Rows, goes: Mapping[str, Collection[UUID]]) -> list[str]:
    """Delete rows, children first, and empty shells; returns the files to remove once it is committed."""
    files: list[str] = []
    for holding in reversed(HOLDINGS):
        ids = goes.get(holding.table, ())
        if holding.is_shell:
            for row_id in ids:
                _set(session, holding.table, row_id, dict(holding.emptied))
            continue
        files += [name for row_id in ids for name in _files_of(holding.table, rows[holding.table][row_id])]
        table = SQLModel.metadata.tables[holding.table]
        for some in parts_of(ids):
            session.execute(delete(table).where(table.c.id.in_(some)))
    return files


def _without_names(holding: Holding, row: Row, redactor: Redactor) -> dict[str, Any]:
    values = {name: redactor.value(row[name]) for name in holding.words}
    rotated = {name: fingerprint(new_secret()) for name in holding.rotated}
    if holding.table == "outgoing_message" and row["state"] in _UNSENT:
        values["state"] = "dropped"
    return {**values, **holding.emptied, **rotated}


def _set(session: Session, name: str, row_id: UUID, values: dict[str, Any]) -> None:
    if values:
        table = SQLModel.metadata.tables[name]
        session.execute(update(table).where(table.c.id == row_id).values(values))


def _files_of(table: str, row: Row) -> tuple[str, ...]:
    if table == "photo" or (table == "message_file" and row["kind"] != "refused"):
        return file_names(row["id"])
    return ()
