"""The walls between workshops, on both engines."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database, TenancyViolation
from carbot_app.domains.customers.models import Customer
from tests.factories import make_customer, make_workshop


def test_a_session_of_one_workshop_sees_only_its_own_rows(database: Database) -> None:
    ours, theirs = make_workshop(database, "ours"), make_workshop(database, "theirs")
    make_customer(database, ours, name="Ours")
    make_customer(database, theirs, name="Theirs")
    with database.reading(ours.id) as session:
        assert [customer.name for customer in session.exec(select(Customer))] == ["Ours"]
    with database.reading(SYSTEM) as session:
        assert {customer.name for customer in session.exec(select(Customer))} == {"Ours", "Theirs"}


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
        assert session.exec(select(Customer)).all() == []
