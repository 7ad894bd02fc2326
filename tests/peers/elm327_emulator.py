"""ELM327-emulator, an adapter with a car that others wrote, in a process and a folder of its own.

Its licence (CC-BY-NC-SA-4.0) allows no use in a product: it is a cross-check while testing, installed beside
the environment on first use. Run as a script this file is that process: port, then its world.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

_ROOT = Path(__file__).parents[2]
_PACKAGES = Path(__file__).with_suffix(".txt")
_TOOLS = _ROOT / ".build" / "elm327-emulator"
CODES = ("P0143", "P0196", "U0100")


class Elm327Emulator:
    """A Toyota Auris on a TCP port with the trouble codes CODES; raises PeerUnavailable."""

    def start(self) -> None:
        """Serve until ``stop``."""
        from tests.peers.npm_packages import PeerUnavailable, free_port

        _install()
        port = free_port()
        self.address = f"socket://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(port)],
            cwd=_TOOLS,  # where it leaves its log
            env={**os.environ, "PYTHONPATH": str(_TOOLS)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdout
        if self._process.stdout.readline().strip() != "ready":
            self.stop()
            raise PeerUnavailable("ELM327-emulator does not start")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _install() -> None:
    from tests.peers.npm_packages import PeerUnavailable

    wanted = hashlib.sha256(_PACKAGES.read_bytes()).hexdigest()
    stamp = _TOOLS / "installed.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = Path(sys.executable).with_name("uv")
    options = [
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--target",
        str(_TOOLS),
        "--requirements",
        _PACKAGES,
    ]
    done = subprocess.run([uv, "pip", "install", *options], capture_output=True, check=False)
    if done.returncode:
        raise PeerUnavailable(done.stderr.decode(errors="replace")[-400:])
    stamp.write_text(wanted)


def _serve(port: int) -> None:
    tell, sys.stdout = sys.stdout, sys.stderr  # it talks a lot
    import elm.obd_message as world  # pyright: ignore[reportMissingImports]
    from elm import Elm  # pyright: ignore[reportMissingImports]

    # Release 4.0.0 leaves out the byte that counts the codes on CAN.
    world.DTC_STORED[:] = [f"{len(CODES):02X}", "0143", "0196", "C100"]
    with Elm(net_port=port, net_interface="127.0.0.1") as emulator:
        emulator.scenario = "car"
        emulator.set_sorted_obd_msg("car")
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
        print("ready", file=tell, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
