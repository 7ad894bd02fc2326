"""``carbot audit verify``."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import Services, build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import record
from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield built
    database.close()


def test_the_command_names_the_workshop_and_the_entry_somebody_changed(services: Services) -> None:
    good, bad = make_workshop(services.db), make_workshop(services.db, "zweite")
    for workshop in (good, bad):
        with services.db.writing(workshop.id) as session:
            for _ in range(3):
                entry = record(session, workshop.id, system_clock(), "test", "invoice", new_id())
    done = CliRunner().invoke(app, ["audit", "verify"])
    assert (done.exit_code, done.stdout) == (0, "CarBot: every audit chain is whole.\n")
    with services.db.writing(SYSTEM) as session:
        session.execute(text("DROP TRIGGER audit_entry_frozen_update"))
        session.execute(text("UPDATE audit_entry SET kind = 'forged' WHERE seq = 3 AND kind = 'test'"))
    done = CliRunner().invoke(app, ["audit", "verify"])
    assert done.exit_code == 1
    assert f"zweite: entry {entry.id}" in done.output
