"""Migrations run both ways on both engines and say exactly what the models say."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from alembic import command
from carbot_app.adapters.live.memory import MemoryLiveBus
from carbot_app.db.migrate import DatabaseTooNew, current_revision, migrate, migration_config
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import TENANT_ROLE, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.figures import sums
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.tables import PLATFORM_TABLES, TENANT_TABLES
from carbot_app.jobs.live_hints import analytics_hints
from carbot_app.kit.clock import ManualClock
from tests.factories import make_conversation, make_lead, make_workshop

pytestmark = pytest.mark.engines


def test_up_and_down_leaves_nothing_behind(database: Database) -> None:
    config = migration_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert migrate(database.engine) is True
    assert migrate(database.engine) is False


def test_the_models_need_no_further_migration(database: Database) -> None:
    config = migration_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_a_database_newer_than_the_code_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(DatabaseTooNew):
        migrate(database.engine)
    assert current_revision(database.engine) == "from-the-future"


def test_every_table_is_listed_as_tenant_or_platform() -> None:
    listed = {table.__tablename__ for table in (*TENANT_TABLES, *PLATFORM_TABLES)}
    assert listed == set(SQLModel.metadata.tables)


def test_a_workshop_from_before_analytics_is_looked_through_once(database: Database) -> None:
    config = migration_config()
    workshop, other = make_workshop(database), make_workshop(database, slug="andere")
    lead = make_lead(database, make_conversation(database, workshop), state="won")
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "20261203c")
    assert migrate(database.engine) is True
    clock = ManualClock(lead.created_at)
    consume = analytics_hints(EventCollector(db=database, clock=clock).on_event, MemoryLiveBus())
    OutboxWorker(database, clock, quick={}, slow={"analytics": consume}).drain()
    day = lead.created_at.astimezone(ZoneInfo(workshop.timezone)).date()
    for known, expected in ((workshop, {("lead",): 1, ("lead_won",): 1}), (other, {})):
        with database.reading(known.id) as session:
            found = sums(session, Span(day, day), ("lead", "lead_won"))
        assert {key: one.events for key, one in found.items()} == expected


@pytest.mark.postgres
def test_every_tenant_table_has_row_level_security(postgres_url: str) -> None:
    database = Database(postgres_url)
    query = text("SELECT tablename FROM pg_policies WHERE :role = ANY(roles)")
    with database.engine.connect() as connection:
        protected = set(connection.execute(query, {"role": TENANT_ROLE}).scalars())
    database.close()
    assert {table.__tablename__ for table in TENANT_TABLES} | {"workshop", "person"} == protected


@pytest.mark.postgres
def test_a_tenant_transaction_cannot_reach_passwords_or_sessions(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {TENANT_ROLE}"))
        for table in ("login_session", "password_reset"):
            with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
                connection.execute(text(f"SELECT * FROM {table}"))
    database.close()
