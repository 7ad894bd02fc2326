"""axe finds no barrier on any page, phone and desktop, light and dark, and nothing scrolls sideways."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import Served
from tests.e2e.people import DESKTOP, OWNER, PHONE, barriers, scrolls_sideways, sign_in
from tests.e2e.views import PUBLIC, SITE, STAFF, View, rating_views

pytestmark = pytest.mark.e2e

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
IN_DARK = {"runOnly": ["color-contrast"]}
"""A theme changes nothing but colours."""


@pytest.fixture(scope="module")
def staff(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """The owner's browser."""
    context = sign_in(browser, served.url, OWNER).context
    yield context
    context.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser nobody has used."""
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    yield context
    context.close()


@SIZES
def test_pages_of_the_workshops_people(
    staff: BrowserContext, served: Served, axe: str, size: dict[str, int]
) -> None:
    found = _barriers(staff.new_page(), STAFF, size, axe, served.url, "")
    assert not found, "\n".join(found)


@SIZES
def test_pages_of_everybody(
    visitor: BrowserContext, served: Served, site: str, axe: str, size: dict[str, int]
) -> None:
    found = _barriers(
        visitor.new_page(), (*PUBLIC, *rating_views(served.data_dir)), size, axe, served.url, site
    )
    assert not found, "\n".join(found)


def _barriers(
    page: Page, views: Sequence[View], size: dict[str, int], axe: str, url: str, site: str
) -> list[str]:
    """What is wrong, a line each."""
    found: list[str] = []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for view in views:
        if view.path:
            page.goto(site if view.path == SITE else url + view.path)
        view.prepare(page)
        # On a foreign page only the chat is ours
        part = "carbot-chat" if view.path == SITE else "html"
        for theme, rules in (("light", {}), ("dark", IN_DARK)):
            page.emulate_media(color_scheme=theme)
            found += [f"{view.name} {theme}: {line}" for line in barriers(page, axe, part, rules)]
        page.emulate_media(color_scheme="light")
        if scrolls_sideways(page):
            found.append(f"{view.name}: scrolls sideways")
    page.close()
    return found
