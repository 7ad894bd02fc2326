"""The built application on a port of its own, and a real browser."""

import http.server
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import psycopg
import pytest
from filelock import FileLock
from sqlmodel import col, delete

from carbot_app.build.frontend import FrontendBuild
from carbot_app.build.widget import build_widget
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Allocation, OccupiedCell
from carbot_app.kit.clock import system_clock
from tests.conftest import sqlalchemy_url
from tests.peers.http_server import free_port
from tests.peers.mailbox import Mailbox, open_mailbox
from tests.peers.redis_server import open_redis

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".build" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
_SECONDS_TO_START = 120
_CARBOT = (sys.executable, "-m", "carbot_app.cli")


@dataclass(frozen=True)
class Served:
    """A running CarBot."""

    url: str
    process: subprocess.Popen[bytes]
    data_dir: Path


@dataclass(frozen=True)
class TwoWorkers:
    """A running CarBot of two web processes, the database both write to, and where its mails arrive."""

    served: Served
    database: Database
    mailbox: Mailbox


@pytest.fixture(scope="session")
def built_frontend() -> Path:
    """The folder of the built frontend, built when a source changed."""
    with FrontendBuild(ROOT) as build:
        build.wait(lambda step: None)
    return ROOT / ".web" / "build" / "client"


@pytest.fixture(scope="module")
def served(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """CarBot on SQLite with the demo workshop, one process: a file's own, whatever files ran before it."""
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a database with the demo to copy from."""
    name = "carbot_demo"
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportArgumentType]
    with TemporaryDirectory() as folder:
        _load_demo(Path(folder), CARBOT_DATABASE_URL=sqlalchemy_url(postgres_server, name))
    return name


@pytest.fixture(scope="session")
def two_workers(
    built_frontend: Path,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: str,
    postgres_template: str,
) -> Iterator[TwoWorkers]:
    """CarBot on PostgreSQL with Redis and two web processes; the stories on it share it."""
    url = sqlalchemy_url(postgres_server, postgres_template)
    with open_mailbox() as mailbox, open_redis() as redis_url:
        settings = {
            "CARBOT_DATABASE_URL": url,
            "CARBOT_REDIS_URL": redis_url,
            "CARBOT_WORKERS": "2",
            "CARBOT_SMTP_URL": mailbox.url,
            "CARBOT_CALENDAR_PRIVATE_HOSTS": "true",
        }
        with serve(tmp_path_factory.mktemp("two"), **settings) as running:
            database = Database(url)
            yield TwoWorkers(running, database, mailbox)
            database.close()


@contextmanager
def serve(data_dir: Path, **settings: str) -> Iterator[Served]:
    """A CarBot of its own with the demo; pushes go to this machine, all visitors share an address.

    Without a database of its own it gets a copy of one: loading the demo takes longer than starting.
    """
    if "CARBOT_DATABASE_URL" not in settings:
        shutil.copytree(_DEMO.get(), data_dir, dirs_exist_ok=True)
    port = int(settings.get("CARBOT_PORT") or free_port())
    environment = {
        **os.environ,
        "CARBOT_DATA_DIR": str(data_dir),
        "CARBOT_PORT": str(port),
        "CARBOT_PUSH_HOSTS": "127.0.0.1",
        "CARBOT_PUBLIC_RATE_PER_MINUTE": "6000",
        **settings,
    }
    process = subprocess.Popen([*_CARBOT, "serve"], cwd=ROOT, env=environment)
    url = f"http://localhost:{port}"
    try:
        wait_until_up(url, process)
        yield Served(url, process, data_dir)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session", autouse=True)
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the demo is that all processes of this run copy."""
    own = tmp_path_factory.getbasetemp()
    _DEMO.folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"


@dataclass
class _Demo:
    folder: Path = Path()

    def get(self) -> Path:
        """Made by the process that is first, with everything delivered that its history tells.

        Otherwise each server would print the invoices of a month beside the tests.
        """
        with FileLock(f"{self.folder}.lock"):
            if not self.folder.exists():
                making = self.folder.with_name("demo-in-the-making")
                shutil.rmtree(making, ignore_errors=True)
                _load_demo(making)
                _deliver(making)
                making.rename(self.folder)
        return self.folder


_DEMO = _Demo()


def _deliver(data_dir: Path) -> None:
    environment = {**os.environ, "CARBOT_DATA_DIR": str(data_dir)}
    worker = subprocess.Popen([*_CARBOT, "worker"], cwd=ROOT, env=environment)
    try:
        with closing(sqlite3.connect(data_dir / "carbot.db")) as database:
            deadline = time.monotonic() + _SECONDS_TO_START
            while database.execute("SELECT 1 FROM outbox_event WHERE delivered_at IS NULL").fetchone():
                assert worker.poll() is None, "the worker ended"
                assert time.monotonic() < deadline, "the demo's events are not delivered"
                time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(20)


def _load_demo(data_dir: Path, **settings: str) -> None:
    environment = {**os.environ, "CARBOT_DATA_DIR": str(data_dir), **settings}
    subprocess.run([*_CARBOT, "migrate"], cwd=ROOT, env=environment, check=True)


@contextmanager
def foreign_site(carbot_url: str) -> Iterator[str]:
    """Address of somebody's website: one plain page that holds only the script tag."""
    html = (Path(__file__).parent / "site" / "index.html").read_text("utf-8")
    html = html.replace("http://HOST", carbot_url)

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def clear_days_ahead(database: Database) -> None:
    """Give back what the demo's visits will take: how full days are depends on the hour it was loaded at."""
    now = system_clock()
    with database.writing(SYSTEM) as session:
        session.exec(delete(Allocation).where(col(Allocation.starts_at) > now))
        session.exec(delete(OccupiedCell).where(col(OccupiedCell.cell_at) > now))


@pytest.fixture(scope="module")
def site(served: Served) -> Iterator[str]:
    """A foreign page with the demo workshop's bubble."""
    with foreign_site(served.url) as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which comes with the widget's build tools."""
    build_widget(ROOT, Path(".build"))
    return AXE.read_text("utf-8")


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at its start"
        try:
            with urlopen(f"{url}/ping", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer in time")
