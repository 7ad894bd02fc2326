"""Whatever stops a start is one sentence that says what to do: no traceback, nothing half done."""

import ast
import errno
import importlib.util
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from carbot_app.build.preflight import StartProblem, check_folder, explain_database_error, explain_os_error

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "ensure_venv.py"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ensure_venv", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{f"CARBOT_{name}": value for name, value in settings.items()}}
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _only_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("CarBot: ")
    return lines[0]


def test_a_taken_port_is_told_before_anything_is_installed(taken_port: int) -> None:
    sentence = _only_sentence(_run(SCRIPT, "--free-port", PORT=str(taken_port)))
    assert f"port {taken_port} is already in use" in sentence


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_taken_port_is_told_by_the_command(taken_port: int, tmp_path: Path, command: str) -> None:
    done = _run("-m", "carbot_app.cli", command, PORT=str(taken_port), DATA_DIR=str(tmp_path))
    assert f"CARBOT_PORT={taken_port + 1}" in _only_sentence(done)


def test_the_script_can_be_read_by_old_pythons() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_named_with_the_version_that_is_needed(script, monkeypatch, capsys) -> None:
    monkeypatch.setattr(script.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        script.continue_on_newer_python()
    assert "Python 3.11 or newer is needed and this is Python 3.9" in capsys.readouterr().err


def test_a_real_old_python_gets_the_sentence_and_no_syntax_error() -> None:
    names = ("python3.10", "python3.9", "python3.8", "python3.7")
    starts = [name for name in names if shutil.which(name) and not subprocess.call([name, "-c", ""])]
    if not starts:
        pytest.skip("no older Python on this machine")
    old = shutil.which(starts[0])
    assert old
    done = subprocess.run([old, SCRIPT], env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert "Python 3.11 or newer" in _only_sentence(done)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "carbot.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('29991231_2359_future')")
    sentence = _only_sentence(_run("-m", "carbot_app.cli", "migrate", DATA_DIR=str(tmp_path)))
    assert "newer CarBot" in sentence
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]


def test_a_data_folder_that_cannot_be_made_is_named() -> None:
    done = _run("-m", "carbot_app.cli", "run", DATA_DIR="/dev/null/data", PORT="0")
    assert "CARBOT_PORT" in _only_sentence(done)
    done = _run("-m", "carbot_app.cli", "run", DATA_DIR="/dev/null/data", PORT="3419")
    assert "/dev/null/data cannot be written" in _only_sentence(done)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PORT": "many"}, "CARBOT_PORT"),
        ({"WORKERS": "0"}, "CARBOT_WORKERS"),
        ({"DATABASE_URL": "mysql://x"}, "CARBOT_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], named: str) -> None:
    assert named in _only_sentence(_run("-m", "carbot_app.cli", "migrate", **settings))


def test_a_database_that_does_not_answer_is_told() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    sentence = _only_sentence(_run("-m", "carbot_app.cli", "migrate", DATABASE_URL=url))
    assert "check CARBOT_DATABASE_URL" in sentence


def test_a_full_disk_is_told() -> None:
    with pytest.raises(OSError, match="No space left") as caught, open("/dev/full", "w") as full:
        full.write("x" * 100_000)
    assert caught.value.errno == errno.ENOSPC
    explained = explain_os_error(caught.value, Path("data"))
    assert isinstance(explained, StartProblem)
    assert "is full" in str(explained)


def test_a_read_only_disk_is_told_and_other_errors_are_not_hidden() -> None:
    read_only = OSError(errno.EROFS, "Read-only file system", "/srv/data")
    assert "/srv/data cannot be written" in str(explain_os_error(read_only, Path("data")))
    other = OSError(errno.EIO, "I/O error")
    assert explain_os_error(other, Path("data")) is other


def test_sqlite_on_a_full_or_read_only_disk_is_told() -> None:
    assert "make room" in explain_database_error("database or disk is full")
    assert "permissions" in explain_database_error("attempt to write a readonly database")


def test_a_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StartProblem, match="cannot be written"):
        check_folder(tmp_path / "data")
