"""``carbot history``: verifying needs no database, no network and no account."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from carbot_app import bootstrap
from carbot_app.bootstrap import Services, build_services
from carbot_app.cli import app
from carbot_app.config import Settings
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.vehicle_history.recording import REPORT_ISSUED
from carbot_app.kit.ids import new_id
from tests.factories import make_vehicle, make_workshop
from tests.unit.vehicle_history.histories import KEY, File, make_history, sign_head


def check(tmp_path: Path, history: File, *options: str) -> tuple[int, str, str]:
    file = tmp_path / "history.json"
    file.write_text(json.dumps(history))
    done = CliRunner().invoke(app, ["history", "verify", str(file), *options])
    return done.exit_code, done.stdout, done.stderr


def test_a_history_that_holds_ends_well_and_names_every_entry_and_the_key(tmp_path: Path) -> None:
    code, out, err = check(tmp_path, make_history())
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["1", "2026-01-01", "visit", "88,400", "km", "holds"]
    assert lines[4] == "CarBot: the history holds: 4 entries, nothing was changed."
    assert KEY.startswith(lines[6].split()[1])
    assert "repeat with --key" in lines[7]


def test_a_known_key_ends_the_question_whose_it_is(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, make_history(), "--key", f"{KEY[:8]} {KEY[8:].upper()}")
    assert code == 0
    assert "--key" not in out
    code, _, err = check(tmp_path, make_history(), "--key", "0" * 64)
    assert (code, err) == (
        1,
        f"CarBot: The history was not signed with the key you expect, but with {KEY}.\n",
    )


def test_a_break_ends_with_one_and_one_sentence(tmp_path: Path) -> None:
    history = make_history()
    history["entries"][1]["content"]["facts"]["km"] = 1
    history["entries"][2]["disclosed"] = {}
    code, out, err = check(tmp_path, history)
    assert (code, err) == (1, "CarBot: Entry 2 was changed after it was signed.\n")
    assert [line.split()[5] for line in out.splitlines()] == ["holds", "BROKEN", "holds", "holds"]
    assert "works not told" in out


def test_kilometres_that_went_down_are_pointed_out(tmp_path: Path) -> None:
    _, out, _ = check(tmp_path, make_history(facts={"km": 80_000, "below_km": 120_000}))
    assert "less than 120,000 km before" in out


def test_words_of_a_stranger_do_not_steer_the_terminal(tmp_path: Path) -> None:
    history = make_history()
    history["head"]["workshop"]["name"] = "\x1b[2JMüller\nCarBot: the history holds"
    sign_head(history)
    _, out, _ = check(tmp_path, history)
    assert "\x1b" not in out
    assert "Signed for: ?[2JMüller?CarBot: the history holds" in out


@pytest.mark.parametrize("name", ["", "missing.json"])
def test_a_file_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(app, ["history", "verify", str(tmp_path / name)])
    assert done.exit_code == 1
    assert "cannot be read" in done.stderr


def test_it_runs_where_there_is_nothing_but_the_file(tmp_path: Path) -> None:
    """No data folder, no settings that work: whoever bought the car has neither."""
    file = tmp_path / "history.json"
    file.write_text(json.dumps(make_history()))
    nowhere = {**os.environ, "CARBOT_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    done = subprocess.run(
        [sys.executable, "-m", "carbot_app.cli", "history", "verify", str(file)],
        env={**nowhere, "CARBOT_DATA_DIR": str(tmp_path / "none")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    database = Database(sqlite_url)
    built = build_services(Settings(data_dir=tmp_path), db=database)
    monkeypatch.setattr(bootstrap, "get_services", lambda: built)
    yield built
    database.close()


def write(services: Services, slug: str) -> None:
    car = make_vehicle(services.db, make_workshop(services.db, slug))
    told = {"report_id": str(new_id()), "vehicle_id": str(car.id), "sha256": "ab" * 32, "km": 90_000}
    services.history_recorder.on_event(
        Delivery(new_id(), car.workshop_id, REPORT_ISSUED, told, services.clock())
    )


def test_every_history_of_an_installation_is_checked_at_once(services: Services) -> None:
    for slug in ("erste", "zweite"):
        write(services, slug)
    done = CliRunner().invoke(app, ["history", "check"])
    assert (done.exit_code, done.stdout) == (0, "CarBot: every history holds.\n")
    with services.db.writing(SYSTEM) as session:
        session.execute(text("DROP TRIGGER history_entry_frozen_update"))
        session.execute(
            text(
                "UPDATE history_entry SET content = json_set(content, '$.facts.km', 9) WHERE seq = 2 "
                "AND workshop_id = (SELECT id FROM workshop WHERE slug = 'zweite')"
            )
        )
    done = CliRunner().invoke(app, ["history", "check"])
    assert done.exit_code == 1
    assert done.stderr.startswith("CarBot: zweite: ")
    assert done.stderr.endswith(": Entry 2 was changed after it was signed.\n")
    assert done.stderr.count("\n") == 1


def test_a_key_is_replaced_and_what_it_signed_goes_on_holding(services: Services) -> None:
    write(services, "erste")
    done = CliRunner().invoke(app, ["history", "replace-key", "erste"])
    assert done.exit_code == 0
    assert "signs with" in done.stdout
    assert CliRunner().invoke(app, ["history", "check"]).exit_code == 0
    done = CliRunner().invoke(app, ["history", "replace-key", "niemand"])
    assert (done.exit_code, done.stderr) == (1, "CarBot: there is no workshop niemand.\n")
