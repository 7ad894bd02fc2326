"""Draws every icon of the installed app from ``assets/icons/carbot.svg``.

Run ``.venv/bin/python scripts/make_icons.py`` after the mark has changed; the pictures are committed.
"""

import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.chromium import find_chromium  # noqa: E402

ICONS = ROOT / "assets" / "icons"
ACCENT = "#006477"


@dataclass(frozen=True)
class Icon:
    """One picture: ``mark`` is the car's share of the width, ``corner`` the radius as a share of it."""

    name: str
    size: int
    mark: float
    corner: float = 0
    ground: str = ACCENT
    ink: str = "#f4fcfd"


WANTED = (
    Icon("icon-192.png", 192, 0.66, 0.23),
    Icon("icon-512.png", 512, 0.66, 0.23),
    # Launchers cut masks out of the inner 80 %, so the car is smaller and the ground goes to the edge
    Icon("maskable-192.png", 192, 0.52),
    Icon("maskable-512.png", 512, 0.52),
    Icon("apple-touch-icon.png", 180, 0.62),
    # Android shows the badge in one colour: only its shape counts
    Icon("badge-96.png", 96, 0.92, ground="none", ink="#ffffff"),
)


def main() -> None:
    """Write all pictures."""
    path = re.search(r' d="([^"]+)"', (ICONS / "carbot.svg").read_text(encoding="utf-8"))
    assert path
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for icon in WANTED:
            (ICONS / icon.name).write_bytes(_draw(page, icon, path[1]))
        small = _draw(page, Icon("favicon", 48, 0.66, 0.23), path[1])
        (ROOT / "assets" / "favicon.ico").write_bytes(_ico(small, 48))
        browser.close()


def _draw(page: Page, icon: Icon, path: str) -> bytes:
    size, scale = icon.size, icon.size * icon.mark / 24
    offset = (size - 24 * scale) / 2
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f'<body style="margin:0"><svg width="{size}" height="{size}" style="display:block">'
        f'<rect width="{size}" height="{size}" rx="{size * icon.corner}" fill="{icon.ground}"/>'
        f'<path transform="translate({offset} {offset}) scale({scale})" fill="{icon.ink}" '
        f'fill-rule="evenodd" d="{path}"/></svg>'
    )
    return page.screenshot(omit_background=True)


def _ico(png: bytes, size: int) -> bytes:
    """An icon file holding one PNG (the format's header and directory are 22 bytes)."""
    return (
        struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), 22) + png
    )


if __name__ == "__main__":
    main()
