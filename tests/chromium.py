"""Finds a Chromium for the browser tests, fetching one where that is possible.

``python tests/chromium.py`` prints its path. Order: ``CARBOT_CHROMIUM``, the machine's own, Playwright's,
Debian's package when run as root. Where none can be had it says so loudly, and fails when ``CI`` is set.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Every window loads two pages for the list below its address bar, a sixth of a test run's work.
    # What is named here takes the place of Playwright's own list, of which the last two matter.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,PaintHolding",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """Path of a browser that is already here."""
    given = os.environ.get("CARBOT_CHROMIUM")
    if given and Path(given).exists():
        return given
    return next(filter(None, map(shutil.which, _NAMES)), None) or _playwright_chromium()


def find_or_fetch_chromium() -> str | None:
    """Path of a browser, fetched where none is here and one can be had."""
    return find_chromium() or _fetch()


def _playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and _starts(path) else None


def _starts(path: str) -> bool:
    """A downloaded browser may lack system libraries; then it ends at once."""
    return not subprocess.run([path, "--version"], capture_output=True, check=False).returncode


def _fetch() -> str | None:
    _quietly(sys.executable, "-m", "playwright", "install", "chromium", "--only-shell")
    found = _playwright_chromium()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        _quietly("apt-get", "update")
        _quietly("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
        found = shutil.which("chromium")
    return found


def _quietly(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=240)


def main() -> int:
    """Print the path; exit status 1 when there is none and CI is set."""
    path = find_or_fetch_chromium()
    if path:
        print(path)
        return 0
    banner = "!" * 100
    print(
        f"{banner}\nNO CHROMIUM: none on this machine, Playwright's and Debian's cannot be had. "
        f"ALL BROWSER TESTS ARE SKIPPED.\n{banner}",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
