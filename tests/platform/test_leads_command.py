"""``carbot leads evaluate``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.session import Database
from tests.factories import make_workshop


@pytest.fixture(autouse=True)
def served(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    make_workshop(database, "ours")
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield
    database.close()


def test_every_workshop_is_measured_as_json() -> None:
    done = CliRunner().invoke(app, ["leads", "evaluate"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)["ours"]
    assert (report["decision"], report["sample_size"], report["brier"]) == ("few_outcomes", 0, None)


def test_an_unknown_workshop_is_said_in_one_sentence() -> None:
    done = CliRunner().invoke(app, ["leads", "evaluate", "--workshop", "nobody"])
    assert done.exit_code == 1
    assert "there is no workshop" in done.stderr
