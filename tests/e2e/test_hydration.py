"""Every prerendered page hydrates in a real browser without a word on the console."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import wait_until_alive

pytestmark = pytest.mark.e2e
_SECRET = ("t/_", "freigabe/_")
_COUNT_LANGUAGES = """addEventListener('DOMContentLoaded', () => {
  window.repeated = 0;
  const root = document.documentElement;
  new MutationObserver((all) => (window.repeated += all.filter((one) => one.oldValue === root.lang).length))
    .observe(root, { attributeFilter: ['lang'], attributeOldValue: true });
})"""


def _addresses(built: Path) -> list[str]:
    """Every prerendered page; those of a workshop in German, links of customers need a secret."""
    pages = (file.parent.relative_to(built).as_posix() for file in built.rglob("index.html"))
    shown = (
        page.replace("w/_de", f"w/{SLUG}") for page in pages if page != "." and not page.startswith(_SECRET)
    )
    return sorted(f"/{page}/" for page in shown if not page.startswith("w/_"))


def test_no_page_complains_while_it_becomes_alive(
    browser: Browser, served: Served, built_frontend: Path
) -> None:
    complaints: list[str] = []
    visitor = browser.new_context()  # the browser keeps what pages share
    for address in _addresses(built_frontend):
        page = visitor.new_page()
        page.on("pageerror", lambda error, at=address: complaints.append(f"{at} {error}"))
        page.on(
            "console",
            lambda said, at=address: complaints.append(f"{at} {said.text}") if said.type == "error" else None,
        )
        page.goto(served.url + address, wait_until="networkidle")
        wait_until_alive(page)
        page.close()
    visitor.close()
    assert complaints == []


def test_a_page_nobody_looks_at_yet_becomes_alive_too(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.add_init_script("window.requestAnimationFrame = () => 0")  # as in a tab in the background
    page.goto(f"{served.url}/anmelden/")
    wait_until_alive(page)
    page.close()


def test_nothing_has_the_browser_style_a_page_twice(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.add_init_script(_COUNT_LANGUAGES)
    page.goto(f"{served.url}/anmelden/")
    wait_until_alive(page)
    page.wait_for_load_state("networkidle")
    fetched = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert [name for name in fetched if name.endswith(".js")]
    assert [name for name in fetched if name.endswith(".css")] == []
    assert page.evaluate("window.repeated") == 0
    page.close()
