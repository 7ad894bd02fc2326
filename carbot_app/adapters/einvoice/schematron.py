"""The process that runs the publishers' rules: started when first needed, ended when it hangs."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from carbot_app.kit.errors import Unavailable

TIMEOUT_SECONDS = 30


class Schematron:
    """One worker for one application process; questions wait for each other."""

    def __init__(self, timeout: float = TIMEOUT_SECONDS) -> None:
        self._timeout = timeout
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def broken(self, xml: bytes, rules: Path) -> list[dict[str, str]]:
        """Rules that do not hold: rule, flag, text and place. ``Unavailable`` if it takes too long."""
        job = json.dumps({"rules": str(rules), "length": len(xml)}).encode() + b"\n" + xml
        with self._lock:
            # A worker that went to sleep while being asked looks like one that was never there.
            for _ in range(2):
                answer = self._ask(job)
                if answer:
                    return json.loads(answer)
        raise Unavailable("einvoice_unavailable")

    def _ask(self, job: bytes) -> bytes:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            return b""
        deadline = threading.Timer(self._timeout, process.kill)
        deadline.start()
        try:
            process.stdin.write(job)
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:
            return b""
        finally:
            deadline.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "carbot_app.adapters.einvoice.schematron_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
