"""The built application on a port of its own, and a real browser."""

import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from carbot_app.build.frontend import FrontendBuild
from carbot_app.build.widget import build_widget
from tests.peers.http_server import free_port
from tests.peers.redis_server import open_redis

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".build" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
_SECONDS_TO_START = 60


@dataclass(frozen=True)
class Served:
    """A running CarBot."""

    url: str
    process: subprocess.Popen[bytes]
    data_dir: Path


@pytest.fixture(scope="session")
def built_frontend() -> Path:
    """The folder of the built frontend, built when a source changed."""
    with FrontendBuild(ROOT) as build:
        build.wait(lambda step: None)
    return ROOT / ".web" / "build" / "client"


@pytest.fixture(scope="session")
def served(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """CarBot on SQLite with the demo workshop, one process, ended with the tests."""
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def two_workers(postgres_url: str) -> Iterator[dict[str, str]]:
    """Settings of a CarBot on PostgreSQL with Redis and two web processes."""
    with open_redis() as redis_url:
        yield {
            "CARBOT_DATABASE_URL": postgres_url,
            "CARBOT_REDIS_URL": redis_url,
            "CARBOT_WORKERS": "2",
        }


@contextmanager
def serve(data_dir: Path, **settings: str) -> Iterator[Served]:
    """A CarBot of its own with the demo; pushes go to this machine, all visitors share an address."""
    port = free_port()
    environment = {
        **os.environ,
        "CARBOT_DATA_DIR": str(data_dir),
        "CARBOT_PORT": str(port),
        "CARBOT_PUSH_HOSTS": "127.0.0.1",
        "CARBOT_PUBLIC_RATE_PER_MINUTE": "6000",
        **settings,
    }
    carbot = [sys.executable, "-m", "carbot_app.cli"]
    subprocess.run([*carbot, "migrate"], cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen([*carbot, "serve"], cwd=ROOT, env=environment)
    url = f"http://localhost:{port}"
    try:
        wait_until_up(url, process)
        yield Served(url, process, data_dir)
    finally:
        process.terminate()
        process.wait(20)


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


@pytest.fixture(scope="session")
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
