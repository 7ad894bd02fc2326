"""The catalogue in a real Chromium: order by mouse, finger and keyboard, live prices, nothing lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

BRAKES = "/leistungen/?kategorie=BRK&zeige=all"
PADS, DISCS, FLUID = "SAF-BRK-001", "SAF-BRK-002", "SAF-BRK-010"


@pytest.fixture
def desk(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(browser, served.url, OWNER)
    _visit(page, served)
    yield page
    page.context.close()


@pytest.fixture
def phone(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(browser, served.url, OWNER, viewport=PHONE, has_touch=True, is_mobile=True)
    _visit(page, served)
    yield page
    page.context.close()


def test_a_card_is_dragged_by_mouse_and_stays_where_it_was_dropped(desk: Page, served: Served) -> None:
    before = _order(desk)
    _drag(desk, _handle(desk, before[0]), _card(desk, before[2]))
    assert _order(desk)[:3] == [before[1], before[2], before[0]], "it did not wait for the server"
    expect(desk.locator(".cb-toast")).to_contain_text("verschoben", timeout=PATIENCE_MS)
    assert _order(desk)[:3] == [before[1], before[2], before[0]]
    _visit(desk, served)
    assert _order(desk)[:3] == [before[1], before[2], before[0]]
    _drag(desk, _handle(desk, before[0]), _card(desk, before[1]))
    _take_back(desk)
    expect(_card(desk, before[1])).to_be_visible()


def test_a_card_is_dragged_onto_a_category_and_taken_back(desk: Page) -> None:
    before = _order(desk)
    shelf = desk.locator(".cb-tree-row", has_text="HU und AU")
    _drag(desk, _handle(desk, before[1]), shelf)
    expect(desk.locator(".cb-toast")).to_contain_text("liegt jetzt in HU und AU", timeout=PATIENCE_MS)
    expect(_card(desk, before[1])).to_have_count(0)
    _take_back(desk)
    expect(_card(desk, before[1])).to_be_visible(timeout=PATIENCE_MS)
    assert _order(desk) == before


def test_the_keyboard_lifts_moves_drops_and_gives_up(desk: Page) -> None:
    before = _order(desk)
    said = desk.locator("[id^=DndLiveRegion]")
    _handle(desk, before[0]).focus()
    desk.keyboard.press("Space")
    expect(said).to_contain_text("Platz 1 von")
    desk.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Platz 2 von")
    desk.keyboard.press("Escape")
    expect(said).to_contain_text("abgebrochen")
    assert _order(desk) == before
    desk.keyboard.press("Space")
    expect(said).to_contain_text("Platz 1 von")
    desk.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Platz 2 von")
    desk.keyboard.press("Space")
    expect(said).to_contain_text("Platz 2 von")
    expect(desk.locator(".cb-toast")).to_contain_text("verschoben", timeout=PATIENCE_MS)
    assert _order(desk)[:2] == [before[1], before[0]]
    expect(_handle(desk, before[0])).to_be_focused()
    _take_back(desk)


def test_the_keyboard_reaches_the_categories(desk: Page) -> None:
    before = _order(desk)
    said = desk.locator("[id^=DndLiveRegion]")
    _handle(desk, before[0]).focus()
    for key, words in (
        ("Space", "Platz 1"),
        ("ArrowLeft", "Kategorie Bremse"),
        ("ArrowDown", "Kategorie HU und AU"),
        ("ArrowRight", "Platz 1"),
    ):
        desk.keyboard.press(key)
        expect(said).to_contain_text(words)
    desk.keyboard.press("Escape")
    assert _order(desk) == before


def test_a_finger_drags_and_the_menu_does_without(phone: Page) -> None:
    before = _order(phone)
    start, end = (_middle(_handle(phone, code)) for code in (before[0], before[2]))
    touch = phone.context.new_cdp_session(phone)
    _touch(touch, "touchStart", start)
    phone.wait_for_timeout(250)
    for step in range(1, 11):
        _touch(touch, "touchMove", (start[0], start[1] + (end[1] - start[1]) * step / 10))
        phone.wait_for_timeout(20)
    expect(phone.locator("li[data-drop]")).to_have_count(1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(phone.locator(".cb-toast")).to_contain_text("verschoben", timeout=PATIENCE_MS)
    assert _order(phone)[:3] == [before[1], before[2], before[0]]
    _take_back(phone)
    phone.locator("li", has=_card(phone, before[0])).locator(".cb-card-menu").click()
    phone.get_by_role("menuitem", name="Nach unten").click()
    expect(phone.locator(".cb-toast").last).to_contain_text("verschoben", timeout=PATIENCE_MS)
    assert _order(phone)[:2] == [before[1], before[0]]
    _take_back(phone)


def test_prices_follow_while_typing_and_leaving_asks(desk: Page) -> None:
    _card(desk, PADS).click()
    price = desk.locator("input[name=price]")
    expect(price).to_have_value("129,00", timeout=PATIENCE_MS)
    price.fill("1.149,50")
    row = desk.locator(".cb-price-row", has_text="Kompakt")
    expect(row).to_contain_text("1.150,00", timeout=PATIENCE_MS)
    expect(row.locator("s")).to_contain_text("129,00")
    expect(desk.locator(".cb-editor-state")).to_contain_text("6 Preise geändert")
    price.fill("teuer")
    expect(desk.locator(".cb-field-error")).to_contain_text("49,90", timeout=PATIENCE_MS)
    desk.locator(".cb-nav", has_text="Kalender").click()
    asked = desk.locator("#leave-service")
    expect(asked).to_be_visible(timeout=PATIENCE_MS)
    asked.get_by_role("button", name="Weiter bearbeiten").click()
    expect(asked).to_be_hidden(timeout=PATIENCE_MS)
    expect(price).to_have_value("teuer")
    desk.get_by_role("button", name="Verwerfen").click()
    expect(desk.locator("input[name=price]")).to_have_value("129,00", timeout=PATIENCE_MS)


def test_another_browser_sees_a_saved_price(desk: Page, served: Served, browser: Browser) -> None:
    other = sign_in(browser, served.url, OWNER)
    _visit(other, served)
    _card(desk, FLUID).click()
    minutes = desk.locator("input[name=minutes]")
    expect(minutes).to_have_value("45", timeout=PATIENCE_MS)
    minutes.fill("50")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.locator(".cb-toast")).to_contain_text("gespeichert", timeout=PATIENCE_MS)
    row = other.locator("li", has=_card(other, FLUID))
    expect(row.locator(".cb-card-minutes")).to_contain_text("50", timeout=PATIENCE_MS)
    _take_back(desk)
    expect(row.locator(".cb-card-minutes")).to_contain_text("45", timeout=PATIENCE_MS)
    other.context.close()


def test_the_page_fits_a_phone_and_returns_the_focus(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = phone.locator("main :is(button, select, input[type=search])").locator("visible=true")
    heights = [(box or {"height": 0})["height"] for box in (one.bounding_box() for one in small.all())]
    assert min(heights) >= 40
    _card(phone, PADS).click()
    expect(phone.locator("[data-editor] h2")).to_be_focused(timeout=PATIENCE_MS)
    assert phone.evaluate("document.querySelector('[data-editor]').scrollWidth <= innerWidth")
    phone.locator("[data-editor]").get_by_role("button", name="Schließen").click()
    expect(_card(phone, PADS)).to_be_focused(timeout=PATIENCE_MS)


def _visit(page: Page, served: Served) -> None:
    page.goto(f"{served.url}{BRAKES}")
    wait_until_alive(page)
    expect(_card(page, PADS)).to_be_visible(timeout=PATIENCE_MS)


def _card(page: Page, code: str) -> Locator:
    return page.locator(f"[data-card='{code}']").locator("visible=true")


def _handle(page: Page, code: str) -> Locator:
    return page.locator(f"[data-drag-handle='{code}']")


def _order(page: Page) -> list[str]:
    """Codes as they stand on the screen: a dropped card has its place before the server answers."""
    return page.evaluate(
        "[...document.querySelectorAll('[data-card]')].filter(card => card.checkVisibility())"
        ".sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)"
        ".map(card => card.dataset.card)"
    )


def _middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, handle: Locator, target: Locator) -> None:
    start, end = _middle(handle), _middle(target)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 12, start[1] + 12, steps=4)
    page.mouse.move(*end, steps=8)
    expect(page.locator("li[data-drop], .cb-tree-row[data-over]")).to_have_count(1)
    page.mouse.up()


def _touch(session, kind: str, at: tuple[float, float]) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]})


def _take_back(page: Page) -> None:
    page.locator(".cb-toast button", has_text="Rückgängig").last.click()
    expect(page.locator(".cb-toast").last).to_contain_text("zurückgenommen", timeout=PATIENCE_MS)
