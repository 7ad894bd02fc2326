"""The component kit in a real browser: no barrier, no sideways scrolling, keys and messages as promised."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import DESKTOP, PHONE, barriers

pytestmark = pytest.mark.e2e


def _open(browser: Browser, served: Served, **context: object) -> Page:
    page = browser.new_context(locale="de-DE", reduced_motion="reduce", **context).new_page()  # type: ignore[arg-type]
    page.goto(f"{served.url}/bausteine/", wait_until="networkidle")
    page.wait_for_function(
        "Object.keys(document.querySelector('main')).some(key => key.startsWith('__react'))"
    )
    return page


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    opened = _open(browser, served, viewport=DESKTOP)
    yield opened
    opened.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_no_barrier_in_any_component(
    browser: Browser, served: Served, axe: str, size: dict[str, int], theme: str
) -> None:
    page = _open(browser, served, viewport=size, color_scheme=theme)
    assert barriers(page, axe) == []
    page.context.close()


def test_nothing_scrolls_sideways_at_320_px(browser: Browser, served: Served) -> None:
    page = _open(browser, served, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()


def test_a_dialog_takes_the_focus_and_gives_it_back(page: Page) -> None:
    opener = page.get_by_role("button", name="Dialog", exact=True)
    opener.click()
    expect(page.get_by_role("dialog", name="Termin absagen?")).to_be_visible()
    expect(page.get_by_role("button", name="Behalten")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_menu_is_walked_with_arrow_keys(page: Page) -> None:
    trigger = page.get_by_role("button", name="Weitere Aktionen")
    trigger.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Später erinnern")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Löschen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(trigger).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_good_message_leaves_and_an_error_stays(page: Page) -> None:
    messages = page.get_by_role("region", name="Meldungen")
    page.get_by_role("button", name="Fehlermeldung").click()
    page.get_by_role("button", name="Meldung", exact=True).click()
    expect(messages.get_by_text("Termin bestätigt.")).to_be_visible()
    expect(messages.get_by_text("Termin bestätigt.")).to_have_count(0, timeout=8000)
    expect(messages.get_by_text("Nicht gespeichert.")).to_be_visible()
    messages.get_by_role("button", name="Schließen").click()
    expect(messages.get_by_text("Nicht gespeichert.")).to_have_count(0)


def test_a_field_error_is_read_with_its_field(page: Page) -> None:
    field = page.get_by_label("Telefon").first
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Die Nummer ist zu kurz.")


def test_days_and_times_are_chosen_with_arrow_keys(page: Page) -> None:
    page.get_by_role("radio", name="Do, 15. Oktober").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Mi, 14. Oktober")).to_be_focused()
