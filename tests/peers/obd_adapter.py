"""Starts the simulated adapter and changes its world."""

import subprocess
import sys
from pathlib import Path
from typing import Self

_ROOT = Path(__file__).parents[2]


class SimulatedAdapter:
    """``address`` is what the product is given; ``turnaround`` in seconds."""

    def __init__(
        self, scenario: str, *, pty: bool = False, turnaround: float = 0.002, baud: int = 2_000_000
    ) -> None:
        options = ["--scenario", scenario, "--turnaround", str(turnaround), "--baud", str(baud)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.elm327", *options, "--pty" if pty else "--tcp"],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.address = self._say("")

    def tell(self, line: str) -> None:
        """Change the world; returns when it has changed."""
        answer = self._say(f"{line}\n")
        assert answer == "ok", answer

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _say(self, line: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line)
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()
