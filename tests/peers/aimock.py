"""The npm package @copilotkit/aimock, an OpenAI-compatible server written by others, as a test peer."""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from carbot_app.build.node import node_environment

_SOURCE = Path(__file__).parent
_ROOT = _SOURCE.parents[1]
_TOOLS = _ROOT / ".build" / "peers"


class PeerUnavailable(Exception):
    """The package can neither be found nor installed here."""


class AiMock:
    """The server on a free port, answering from ``aimock.json``."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Serve until ``stop``; installs the package at the first use.

        Raises:
            PeerUnavailable: it does not come up.
        """
        _install()
        command = ["node", "node_modules/@copilotkit/aimock/dist/cli.js", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "-f", str(_SOURCE / "aimock.json")],
            cwd=_TOOLS,
            env=node_environment(_ROOT / ".build"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        self.stop()
        raise PeerUnavailable("aimock did not start")

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(10)


def _install() -> None:
    lock = (_SOURCE / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = _TOOLS / "installed.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _TOOLS.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_SOURCE / name, _TOOLS / name)
    environment = {**node_environment(_ROOT / ".build"), "CI": os.environ.get("CI", "")}
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts"], cwd=_TOOLS, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise PeerUnavailable(done.stderr.decode(errors="replace")[-400:])
    stamp.write_text(wanted)
