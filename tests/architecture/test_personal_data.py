"""No table with data of customers is forgotten by disclosure and erasure."""

from sqlmodel import SQLModel

import carbot_app.domains.tables as tables
from carbot_app.domains.compliance.holdings import ADDRESS, BY_TABLE, HOLDINGS, WITHOUT_PERSON

ROOTS = {"customer", "conversation", "vehicle"}
NAMED = {
    "customer_id",
    "conversation_id",
    "vehicle_id",
    "appointment_id",
    "message_id",
    "lead_id",
    "wheel_set_id",
}
"""References some tables hold without a foreign key."""


def test_every_tenant_table_is_declared_as_personal_or_not() -> None:
    declared = [*BY_TABLE, *WITHOUT_PERSON]
    assert len(declared) == len(set(declared))
    assert set(declared) == {table.__tablename__ for table in tables.TENANT_TABLES}


def test_every_reference_to_something_of_a_customer_is_declared() -> None:
    forgotten = []
    for table in SQLModel.metadata.sorted_tables:
        holding = BY_TABLE.get(table.name)
        known = {link.column for link in holding.links} | set(holding.other_columns) if holding else set()
        for column in table.columns:
            targets = {key.column.table.name for key in column.foreign_keys}
            is_personal = bool(targets & BY_TABLE.keys()) or column.name in NAMED
            if is_personal and column.name not in known:
                forgotten.append(f"{table.name}.{column.name}")
    assert forgotten == []


def test_the_walk_sees_the_tables_a_person_is_known_by() -> None:
    found = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ROOTS
    }
    assert {"lead", "appointment", "message", "thread_note", "wheel_set", "callback", "task"} <= found
    assert found <= BY_TABLE.keys()


def test_what_is_declared_exists_and_parents_come_first() -> None:
    seen: set[str] = set()
    for holding in HOLDINGS:
        columns = SQLModel.metadata.tables[holding.table].columns.keys()
        named = [*(link.column.partition(".")[0] for link in holding.links), *holding.words, *holding.emptied]
        assert set(named) <= set(columns), holding.table
        for link in holding.links:
            parent, _, column = link.to.partition(".")
            assert link.to == ADDRESS or parent in seen, holding.table
            assert not column or column in SQLModel.metadata.tables[parent].columns
        seen.add(holding.table)
