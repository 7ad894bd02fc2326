"""Ctrl-C and SIGTERM end the server quietly and leave nothing running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, wait_until_up
from tests.peers.http_server import free_port

pytestmark = pytest.mark.e2e


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("sent", "to_group"),
    [(signal.SIGINT, True), (signal.SIGTERM, False)],
    ids=["Ctrl-C at the terminal", "SIGTERM to the command"],
)
def test_the_server_stops_without_a_trace(
    built_frontend: Path, tmp_path: Path, sent: signal.Signals, to_group: bool
) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "CARBOT_DATA_DIR": str(tmp_path),
        "CARBOT_PORT": str(port),
        "CARBOT_DEMO": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "carbot_app.cli", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    wait_until_up(f"http://localhost:{port}", process)
    (os.killpg if to_group else os.kill)(process.pid, sent)
    words, _ = process.communicate(timeout=20)
    assert process.returncode in (0, 130), words.decode()
    assert b"Traceback" not in words
    assert b"Error" not in words
    deadline = time.monotonic() + 5
    while _alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(process.pid)
