"""The built application on a port of its own, and a real browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from carbot_app.build.frontend import FrontendBuild
from tests.chromium import find_chromium

ROOT = Path(__file__).parents[2]
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
    data_dir = tmp_path_factory.mktemp("served")
    port = free_port()
    environment = {**os.environ, "CARBOT_DATA_DIR": str(data_dir), "CARBOT_PORT": str(port)}
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; `make test` says how one is looked for")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at its start"
        try:
            with urlopen(f"{url}/ping", timeout=2):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the server did not answer in time")
