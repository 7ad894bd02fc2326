"""``carbot privacy reapply``."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import Services, build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.compliance.models import Erasure
from carbot_app.domains.customers.models import Customer
from tests.factories import make_customer, make_workshop, staff_of


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield built
    database.close()


def test_a_restored_backup_is_cleansed_by_the_list_beside_the_database(services: Services) -> None:
    workshop = make_workshop(services.db)
    customer = make_customer(services.db, workshop)
    services.privacy.erasures.erase(staff_of(workshop), customer.id, checked_by="known", typed="Ayşe Yılmaz")
    with services.db.writing(SYSTEM) as session:
        session.delete(session.exec(select(Erasure)).one())
    make_customer(services.db, workshop, id=customer.id)
    make_customer(services.db, workshop, name="Piotr Nowak")
    for told in ("forgotten again: 1.", "forgotten again: 0."):
        done = CliRunner().invoke(app, ["privacy", "reapply"])
        assert done.exit_code == 0, done.output
        assert told in done.stdout
    with services.db.reading(SYSTEM) as session:
        assert [row.name for row in session.exec(select(Customer))] == ["Piotr Nowak"]
