"""The booking page on a phone, by keyboard alone, in every language, and when the network is slow."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from carbot_app.kit.languages import LANGUAGES
from tests.e2e.conftest import Served
from tests.e2e.people import AT_ONCE_MS, FRONT_DESK, PATIENCE_MS, PHONE, lead_row, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

_TABS = 60
_SLOW_PHONE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def _open(browser: Browser, served: Served, language: str) -> Page:
    context = browser.new_context(viewport=PHONE, locale=language, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served.url}/w/{SLUG}/termin/?lang={language}")
    wait_until_alive(page)
    return page


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def _press(page: Page, selector: str, key: str) -> None:
    _tab_to(page, selector)
    page.keyboard.press(key)


def _type(page: Page, field: str, text: str) -> None:
    _tab_to(page, f"input[name={field}]")
    page.keyboard.type(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_is_booked_by_keyboard_alone(browser: Browser, served: Served, language: str) -> None:
    plate = f"DO-KB {300 + LANGUAGES.index(language)}"
    page = _open(browser, served, language)
    expect(page.locator("html")).to_have_attribute("lang", language)

    _type(page, "plate", plate.lower().replace("-", " "))
    _press(page, "input[name='s-ENG-OIL-001']", "Space")
    _press(page, "button[type=submit]", "Enter")
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)

    _press(page, "input[name=slot]", "Space")
    _press(page, "button[type=submit]", "Enter")
    expect(page.locator("input[name=email]")).to_be_visible(timeout=PATIENCE_MS)

    _type(page, "name", "İpek Łukasiewicz-Müller")
    _type(page, "phone", "0171 5550188")
    _type(page, "email", f"ipek.{language}@example.org")
    _press(page, "button[type=submit]", "Enter")
    done = page.locator("main")
    expect(done.get_by_role("heading", level=1)).to_be_focused(timeout=PATIENCE_MS)
    expect(done).to_contain_text("Hörder Bahnhofstraße 12")
    expect(done).to_contain_text(re.compile(r"89[,.]00"))
    page.context.close()

    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/posteingang/")
    expect(lead_row(desk, plate, "İpek Łukasiewicz-Müller")).to_be_visible(timeout=AT_ONCE_MS)
    desk.context.close()


def test_what_is_missing_is_said_beside_the_field_and_gets_the_focus(
    browser: Browser, served: Served
) -> None:
    page = _open(browser, served, "de")
    _press(page, "button[type=submit]", "Enter")
    expect(page.get_by_role("alert").first).to_be_visible(timeout=PATIENCE_MS)
    _press(page, "input[name='s-ENG-OIL-001']", "Space")
    _press(page, "button[type=submit]", "Enter")
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    _press(page, "input[name=slot]", "Space")
    _press(page, "button[type=submit]", "Enter")
    _type(page, "email", "nur@halb")
    _press(page, "button[type=submit]", "Enter")
    field = page.locator("input[aria-invalid=true]").first
    expect(field).to_be_focused(timeout=PATIENCE_MS)
    page.context.close()


def test_a_slow_phone_reads_the_page_before_any_script_has_arrived(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport=PHONE, locale="de")
    page = context.new_page()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", _SLOW_PHONE)
    page.goto(f"{served.url}/w/{SLUG}/termin/", wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
    assert not page.evaluate(
        "Object.keys(document.querySelector('main') ?? {}).some(key => key.startsWith('__react'))"
    ), "the page was alive before it could be seen"
    wait_until_alive(page)
    page.locator("input[name='s-ENG-OIL-001']").check(force=True)
    expect(page.locator("main")).to_contain_text("89,00", timeout=PATIENCE_MS)
    context.close()
