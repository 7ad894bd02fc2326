"""What a page leaves undone while it comes alive (docs/adr/0031)."""

import pytest
from playwright.sync_api import Browser, Page, Route

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import OWNER, PATIENCE_MS, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e
_SCRIPTS = """performance.getEntriesByType('resource').map((one) => one.name)
  .filter((name) => name.endsWith('.js'))"""
_REGISTERED = "navigator.serviceWorker.getRegistration().then(Boolean)"


def _scripts(page: Page, served: Served) -> list[str]:
    page.goto(f"{served.url}/auswertung/")
    wait_until_alive(page)
    page.wait_for_load_state("networkidle")
    return sorted(page.evaluate(_SCRIPTS))


def test_a_german_profile_fetches_no_words_for_an_english_browser(browser: Browser, served: Served) -> None:
    german = sign_in(browser, served.url, OWNER, locale="de-DE")
    english = sign_in(browser, served.url, OWNER, locale="en-GB")
    assert _scripts(english, served) == _scripts(german, served)
    assert english.evaluate("document.documentElement.lang") == "de"
    german.context.close()
    english.context.close()


def test_the_service_worker_waits_until_the_page_is_drawn(browser: Browser, served: Served) -> None:
    page = sign_in(browser, served.url, OWNER)
    page.clock.install()
    page.goto(f"{served.url}/auswertung/")
    wait_until_alive(page)
    assert not page.evaluate(_REGISTERED)
    page.clock.fast_forward(9_000)
    page.wait_for_function(_REGISTERED, timeout=PATIENCE_MS)
    page.context.close()


def test_a_chat_that_is_the_page_is_there_before_the_app_is_fetched(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/api/widget/v1/{SLUG}", hold)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.url}/w/{SLUG}/chat")
    page.wait_for_timeout(800)
    assert len(held) == 1
    assert [address for address in asked if "/assets/" in address] == []
    held[0].continue_()
    wait_until_alive(page)
    assert page.locator("carbot-chat").get_by_role("textbox").is_visible()
    page.close()
