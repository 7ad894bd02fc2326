"""The walls between workshops, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, union_all, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

import carbot_app.db.session as session_module
from carbot_app.db.session import SYSTEM, Database, TenancyViolation
from carbot_app.domains.customers.models import Customer, Vehicle
from tests.factories import make_customer, make_vehicle, make_workshop

pytestmark = pytest.mark.engines

OTHER = aliased(Customer)
QUERIES: dict[str, Callable[[Session], Any]] = {
    "an entity": lambda session: [row.name for row in session.execute(select(Customer)).scalars()],
    "a column": lambda session: list(session.execute(select(Customer.name)).scalars()),
    "an alias": lambda session: list(session.execute(select(OTHER.name)).scalars()),
    "a join": lambda session: list(
        session.execute(
            select(Customer.name).join(Vehicle, col(Vehicle.customer_id) == Customer.id)
        ).scalars()
    ),
    "the owner in a subquery": lambda session: list(
        session.execute(
            select(
                select(Customer.name).where(Customer.id == Vehicle.customer_id).scalar_subquery()
            ).select_from(Vehicle)
        ).scalars()
    ),
    "a plain condition on a subquery": lambda session: list(
        session.execute(
            select(Vehicle.make).where(
                col(Vehicle.customer_id).in_(select(Customer.id).where(col(Customer.name) != ""))
            )
        ).scalars()
    ),
    "a common table": lambda session: list(
        session.execute(select(select(Customer.name).cte("named").c.name)).scalars()
    ),
    "a union": lambda session: list(
        {*session.execute(union_all(select(Customer.name), select(Vehicle.make))).scalars()}
    ),
}


def test_a_session_of_one_workshop_sees_only_its_own_rows(database: Database) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    make_customer(database, ours, name="Ours")
    make_customer(database, theirs, name="Theirs")
    with database.reading(ours.id) as session:
        assert [customer.name for customer in session.execute(select(Customer)).scalars()] == ["Ours"]
    with database.reading(SYSTEM) as session:
        assert {customer.name for customer in session.execute(select(Customer)).scalars()} == {
            "Ours",
            "Theirs",
        }


@pytest.mark.parametrize("query", QUERIES)
def test_every_form_of_query_is_filtered_by_the_workshop_that_asks(database: Database, query: str) -> None:
    ask, workshops = QUERIES[query], [make_workshop(database, name) for name in ("aachen", "bochum")]
    for workshop in workshops:
        owner = make_customer(database, workshop, name=workshop.slug)
        make_vehicle(database, workshop, owner, make=workshop.slug)
    # Twice each, because the second time the compiled statement comes from the cache
    for workshop in (*workshops, *workshops):
        with database.reading(workshop.id) as session:
            assert ask(session) == [workshop.slug]


def test_counting_fetching_changing_and_deleting_stay_in_the_workshop(database: Database) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    make_customer(database, ours, name="Ours")
    foreign = make_customer(database, theirs, name="Theirs")
    with database.writing(ours.id) as session:
        assert session.execute(select(func.count(col(Customer.id)))).scalar_one() == 1
        assert session.get(Customer, foreign.id) is None
        session.execute(update(Customer).values(name="Changed"))
        session.execute(delete(Customer).where(col(Customer.name) == "Theirs"))
    with database.reading(SYSTEM) as session:
        assert {row.name for row in session.execute(select(Customer)).scalars()} == {"Changed", "Theirs"}


def test_a_session_refuses_to_write_a_row_of_another_workshop(database: Database) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    with pytest.raises(TenancyViolation), database.writing(ours.id) as session:
        session.add(Customer(workshop_id=theirs.id))


@pytest.mark.postgres
def test_row_level_security_hides_other_workshops_from_plain_sql(postgres_url: str) -> None:
    database = Database(postgres_url)
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    make_customer(database, ours)
    make_customer(database, theirs)
    with database.reading(ours.id) as session:
        seen = session.connection().execute(text("SELECT workshop_id FROM customer")).scalars().all()
        assert seen == [ours.id]
    database.close()


@pytest.mark.postgres
def test_statements_stay_prepared_and_keep_the_walls(postgres_url: str) -> None:
    database = Database(postgres_url)
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    for workshop in (ours, theirs):
        make_customer(database, workshop)
    ask = text("SELECT workshop_id FROM customer ORDER BY workshop_id")
    prepared = text("SELECT generic_plans FROM pg_prepared_statements WHERE statement = :asked")
    # psycopg prepares the sixth, PostgreSQL plans for all workshops at once after five more
    for _ in range(12):
        for scope, seen in ((ours.id, [ours.id]), (theirs.id, [theirs.id]), (SYSTEM, [ours.id, theirs.id])):
            with database.reading(scope) as session:
                assert session.connection().execute(ask).scalars().all() == seen
    for _ in range(12):
        with database.reading(ours.id) as session:
            assert session.connection().execute(ask).scalars().all() == [ours.id]
    with database.reading(SYSTEM) as session:
        assert session.execute(prepared, {"asked": ask.text}).scalar_one() > 0
    database.close()


def test_what_only_reads_cannot_write(database: Database) -> None:
    workshop = make_workshop(database)
    with database.reading(workshop.id) as session:
        session.add(Customer(workshop_id=workshop.id))
        assert session.execute(select(Customer)).all() == []
        with pytest.raises(RuntimeError):
            session.flush()
    with database.reading(workshop.id) as session:
        assert session.execute(select(Customer)).all() == []


def test_connections_cut_while_nobody_used_them_are_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    monkeypatch.setattr(session_module, "IDLE_SECONDS", 0.0)
    cut = text("SELECT pg_terminate_backend(:pid)")
    with database.reading(SYSTEM) as first, database.reading(SYSTEM) as second:
        pids = {each.execute(text("SELECT pg_backend_pid()")).scalar_one() for each in (first, second)}
    other = Database(postgres_url)
    with other.writing(SYSTEM) as session:
        for pid in pids:
            session.execute(cut, {"pid": pid})
    for _ in pids:
        with database.reading(SYSTEM) as session:
            assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() not in pids
    database.close()
    other.close()


def test_a_failed_block_leaves_nothing_behind(database: Database) -> None:
    workshop = make_workshop(database)

    def write_and_fail() -> None:
        with database.writing(workshop.id) as session:
            session.add(Customer(workshop_id=workshop.id))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.reading(workshop.id) as session:
        assert session.execute(select(Customer)).all() == []
