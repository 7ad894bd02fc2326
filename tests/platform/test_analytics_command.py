"""``carbot analytics``."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import Services, build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.models import AnalyticsDaily
from carbot_app.domains.analytics.rollups import table_of
from tests.factories import make_conversation, make_lead, make_workshop


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield built
    database.close()


def run(command: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["analytics", command])
    return done.exit_code, done.output


def test_records_are_collected_once(services: Services) -> None:
    make_lead(services.db, make_conversation(services.db, make_workshop(services.db)))
    assert run("collect") == (0, "CarBot: 2 events written.\n")
    assert run("collect") == (0, "CarBot: 0 events written.\n")


def test_wrong_sums_are_told_and_put_right(services: Services) -> None:
    workshop = make_workshop(services.db, slug="mueller")
    make_lead(services.db, make_conversation(services.db, workshop))
    run("collect")
    assert run("verify") == (0, "CarBot: every sum is right.\n")
    table = table_of(AnalyticsDaily)
    with services.db.writing(SYSTEM) as session:
        session.execute(update(table).where(table.c.kind == "lead", table.c.keeps == 0).values(events=5))
    assert run("verify") == (1, "CarBot: mueller: 1 sums are wrong; `carbot analytics rebuild`.\n")
    assert run("rebuild") == (0, "CarBot: mueller: 1 sums were wrong and have been put right.\n")
    assert run("rebuild") == (0, "CarBot: every sum was right.\n")
