"""Photographs every page, phone and desktop, light and dark, into docs/screenshots/.

``make screenshots`` runs it. It builds what changed, serves a demo of its own and ends it. Names of views
(``python scripts/screenshots.py heute kalender-tag``) take only those and the views they follow from.
"""

import base64
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from carbot_app.build.frontend import FrontendBuild  # noqa: E402
from tests.chromium import FLAGS, find_chromium  # noqa: E402
from tests.e2e.conftest import foreign_site, serve  # noqa: E402
from tests.e2e.people import DESKTOP, OWNER, PHONE, sign_in  # noqa: E402
from tests.e2e.views import PUBLIC, SITE, STAFF, View, rating_views  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
_SIZES = {"desktop": DESKTOP, "phone": PHONE}
_THEMES = ("light", "dark")
_STYLE = "html { text-rendering: geometricPrecision }"
"""Else letters stand on whole pixels, which shows at one pixel per point."""
_QUALITY = 82
"""Of WebP; below it the hairlines get a halo."""


def main(wanted: list[str]) -> int:
    """Take the pictures; the exit status."""
    path = find_chromium()
    if path is None:
        print("CarBot: a Chromium is needed; `python tests/chromium.py` fetches one.", file=sys.stderr)
        return 1
    with FrontendBuild(ROOT) as build:
        build.wait(lambda step: None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        serve(Path(data)) as served,
        foreign_site(served.url) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for size in _SIZES:
            _photograph(_staff(browser, served.url, size), _chosen(STAFF, wanted), size, served.url, site)
        for size in _SIZES:
            views = (*PUBLIC, *rating_views(served.data_dir))
            _photograph(_visitor(browser, size), _chosen(views, wanted), size, served.url, site)
        browser.close()
    pictures = list(FOLDER.glob("*.webp"))
    print(f"{len(pictures)} pictures, {sum(file.stat().st_size for file in pictures) / 1e6:.1f} MB")
    return 0


def _chosen(views: Iterable[View], wanted: list[str]) -> Iterator[View]:
    """The wanted views, each with those it follows from."""
    chain: list[View] = []
    for view in views:
        chain = [*chain, view] if not view.path else [view]
        if not wanted or view.name in wanted:
            yield from chain
            chain = []


def _staff(browser: Browser, url: str, size: str) -> BrowserContext:
    return sign_in(
        browser, url, OWNER, viewport=_SIZES[size], timezone_id="Europe/Berlin", has_touch=size == "phone"
    ).context


def _visitor(browser: Browser, size: str) -> BrowserContext:
    return browser.new_context(
        viewport=_SIZES[size],  # type: ignore[arg-type]
        locale="de-DE",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        has_touch=size == "phone",
    )


def _photograph(context: BrowserContext, views: Iterable[View], size: str, url: str, site: str) -> None:
    page = context.new_page()
    for view in views:
        if view.path:
            page.goto(site if view.path == SITE else url + view.path)
        view.prepare(page)
        page.mouse.move(0, 0)
        for theme in _THEMES:
            page.emulate_media(color_scheme=theme)
            _save(page, FOLDER / f"{view.name}-{size}-{theme}.webp")
        page.emulate_media(color_scheme="light")
    context.close()


def _save(page: Page, file: Path) -> None:
    """Playwright knows no WebP, the browser does."""
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=_STYLE)
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    session.detach()
    file.write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
