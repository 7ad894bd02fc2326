"""Lighthouse on the public pages, as a phone on a slow network."""

import json
import os
import shutil
import statistics
import subprocess

from bench.harness import ROOT, machine, record, running
from carbot_app.build.frontend import BUILD_DIR
from carbot_app.build.node import node_environment
from tests.chromium import find_or_fetch_chromium

PAGES = {"booking": "/w/mueller-dortmund/termin", "chat": "/w/mueller-dortmund/chat"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TOOLS = ROOT / ".build" / "bench"
_TRIES = 3


def lighthouse(runs: int = 3) -> None:
    """Median of ``runs`` for each page, of a server that has been looked at before.

    What it does and answers first after its start is not what it answers all day.
    """
    setting = machine()
    command = install_lighthouse()
    with running() as server:
        for path in PAGES.values():
            measure(command, server.url + path, 1)
        result = {name: measure(command, server.url + path, runs) for name, path in PAGES.items()}
    record(
        "lighthouse",
        load=f"Lighthouse 12 mobile with its simulated slow network, no window frame, on a warm server, "
        f"median of {runs}",
        target="performance >= 98, accessibility 100, best practices 100, SEO 100",
        baseline="bare framework with deferred hydration: 100/100/100/100; without: 97",
        result=result,
        setting=setting,
    )


def measure(command: list[str], url: str, runs: int, cookie: str = "") -> dict:
    """Median scores of a page, of somebody signed in by ``cookie``."""
    reports = [_run(command, url, cookie) for _ in range(runs)]
    scores = {
        name: statistics.median(round(report["categories"][name]["score"] * 100) for report in reports)
        for name in CATEGORIES
    }
    audits = {
        "first_contentful_paint_ms": "first-contentful-paint",
        "largest_contentful_paint_ms": "largest-contentful-paint",
        "total_blocking_ms": "total-blocking-time",
    }
    for name, audit in audits.items():
        scores[name] = round(statistics.median(report["audits"][audit]["numericValue"] for report in reports))
    kilobytes = reports[0]["audits"]["total-byte-weight"]["numericValue"] / 1024
    return {**scores, "kilobytes": round(kilobytes)}


def _run(command: list[str], url: str, cookie: str) -> dict:
    # Without tabs and toolbar: Chromium draws its own, sixty times a second without a graphics card, and that
    # takes half a core from the page (docs/adr/0031)
    flags = "--headless=new --kiosk --no-sandbox --disable-gpu --disable-dev-shm-usage"
    arguments = [
        "--quiet",
        "--output=json",
        f"--chrome-flags={flags}",
        f"--only-categories={','.join(CATEGORIES)}",
        *([f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []),
    ]
    environment = {**os.environ, "CHROME_PATH": str(find_or_fetch_chromium())}
    for _ in range(_TRIES):
        done = subprocess.run(
            [*command, url, *arguments], check=False, capture_output=True, env=environment, timeout=180
        )
        if done.returncode == 0:
            return json.loads(done.stdout)
        # Now and then its own trace has no beginning (NO_NAVSTART), and there is no score to count
    raise RuntimeError(f"Lighthouse failed {_TRIES} times: {done.stderr.decode()[-500:]}")


def install_lighthouse() -> list[str]:
    """Lighthouse from its lock file, with the Node.js of the environment."""
    environment = node_environment(ROOT / BUILD_DIR)
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (TOOLS / name).write_bytes((ROOT / "bench" / "node" / name).read_bytes())
    if not (TOOLS / "node_modules" / "lighthouse").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=TOOLS, env=environment, check=True)
    node = shutil.which("node", path=environment["PATH"])
    return [str(node), str(TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js")]
