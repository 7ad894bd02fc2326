"""``carbot accounting datev``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import Services, build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.session import Database
from tests.factories import make_workshop
from tests.factories.accounting import make_invoice, make_terms


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield built
    database.close()


def run(out: Path, *more: str):
    command = ["accounting", "datev", "--month", "2026-11", "--out", str(out), *more]
    return CliRunner().invoke(app, command)


def test_the_file_of_a_month_is_written(services: Services, tmp_path: Path) -> None:
    workshop = make_workshop(services.db)
    make_terms(services.db, workshop)
    make_invoice(services.db, workshop)
    done = run(tmp_path, "--workshop", workshop.slug)
    assert done.exit_code == 0, done.output
    content = (tmp_path / "EXTF_Buchungsstapel_2026-11.csv").read_bytes()
    assert content.startswith(b'"EXTF";700;21;')
    assert b'119,00;"S";"EUR"' in content


def test_what_is_wrong_is_told_and_nothing_is_written(services: Services, tmp_path: Path) -> None:
    workshop = make_workshop(services.db)
    refused = run(tmp_path, "--workshop", workshop.slug)
    assert refused.exit_code == 1
    assert "consultant and client number" in refused.output
    assert run(tmp_path, "--workshop", "nobody").exit_code == 1
    assert list(tmp_path.glob("EXTF*")) == []
