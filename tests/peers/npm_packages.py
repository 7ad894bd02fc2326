"""Servers written by others that come as npm packages; ``package-lock.json`` beside this file names them."""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from carbot_app.build.node import node_environment

SOURCE = Path(__file__).parent
_ROOT = SOURCE.parents[1]
TOOLS = _ROOT / ".build" / "peers"


class PeerUnavailable(Exception):
    """A package can neither be found nor installed here, or does not come up."""


class Peer(Protocol):
    """A server of somebody else's that a test starts."""

    def start(self) -> None:
        """Raises PeerUnavailable when it does not come up."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


P = TypeVar("P", bound=Peer)


@contextmanager
def running(peer: P) -> Iterator[P]:
    """The started peer; where its package cannot be had the test is skipped, but never in CI."""
    try:
        peer.start()
    except PeerUnavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the package cannot be had here: {error}")
    yield peer
    peer.stop()


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(command: list[str], port: int) -> subprocess.Popen[bytes]:
    """Run a server of an installed package, installing at the first use; raises PeerUnavailable."""
    _install()
    process = subprocess.Popen(
        ["node", *command],
        cwd=TOOLS,
        env=node_environment(_ROOT / ".build"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    stop_server(process)
    raise PeerUnavailable(f"{command[0]} did not start")


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """End it."""
    process.terminate()
    process.wait(10)


def _install() -> None:
    lock = (SOURCE / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = TOOLS / "installed.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SOURCE / name, TOOLS / name)
    environment = {**node_environment(_ROOT / ".build"), "CI": os.environ.get("CI", "")}
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts"], cwd=TOOLS, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise PeerUnavailable(done.stderr.decode(errors="replace")[-400:])
    stamp.write_text(wanted)
