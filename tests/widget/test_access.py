"""Keyboard, screen reader, small screens, long words, right-to-left text, dark mode."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.widget.conftest import ROOT
from tests.widget.contract_server import ContractServer

pytestmark = pytest.mark.e2e

AXE = ROOT / ".build" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document.querySelector('carbot-chat'), {runOnly: rules})", RULES)[
        "violations"
    ]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser, server: ContractServer) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce", locale="de-DE")
    page = context.new_page()
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").wait_for()
    yield page
    context.close()


@pytest.fixture
def phone(browser: Browser, server: ContractServer) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
        locale="de-DE",
    )
    page = context.new_page()
    page.goto(f"{server.api_origin}/page/phone")
    page.locator(".launch").click()
    yield page
    context.close()


def test_axe_finds_nothing_in_any_state(themed: Page, server: ContractServer) -> None:
    assert violations(themed) == []
    themed.locator(".launch").click()
    assert violations(themed) == []
    write(themed, "Bremsen quietschen")
    themed.locator(".slot").nth(1).click()
    themed.get_by_role("button", name="Kontaktdaten senden").click()
    assert violations(themed) == []
    write(themed, "Erika Krause, 0171 2345678")
    themed.locator(".booking").wait_for()
    write(themed, "Bremse versagt")
    themed.locator(".danger").wait_for()
    server.staff_writes("Guten Tag.")
    themed.locator(".staff").wait_for()
    assert violations(themed) == []


def test_dark_mode_uses_dark_surfaces_and_the_workshops_dark_accent(themed: Page) -> None:
    dark = themed.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    lightness = themed.locator(".launch").evaluate("element => getComputedStyle(element).backgroundColor")
    assert lightness == ("oklch(0.77 0.1 32)" if dark else "oklch(0.5 0.155 32)")


def test_everything_can_be_done_with_the_keyboard_alone(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Bremsen quietschen")
    page.keyboard.press("Enter")
    page.locator(".slot").nth(1).wait_for()
    for _ in range(7):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.shadowRoot.activeElement.textContent").startswith("Do, 15."):
            break
    page.keyboard.press("Enter")
    expect(page.locator("form.card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".launch")).to_be_focused()


def test_an_answer_is_announced_once_when_it_is_complete(page: Page, server: ContractServer) -> None:
    server.word_pause_s = 0.03
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    write(page, "Bremsen quietschen")
    page.locator(".streaming").wait_for()
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.locator(".streaming")).to_have_attribute("aria-hidden", "true")
    page.locator(".slot").first.wait_for()
    expect(page.locator(".assistant.complete")).not_to_have_attribute("aria-hidden", "true")


def test_a_phone_shows_the_chat_full_screen_and_keeps_the_focus_inside(phone: Page) -> None:
    box = phone.get_by_role("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 640)
    assert phone.evaluate("document.documentElement.style.overflow") == "hidden"
    for _ in range(20):
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.tagName") in {"CARBOT-CHAT", "BODY"}
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("dialog")).to_be_hidden()
    assert phone.evaluate("document.documentElement.style.overflow") == ""


def test_touch_targets_of_a_phone_are_large_enough(phone: Page) -> None:
    write(phone, "Bremsen quietschen")
    phone.locator(".slot").first.wait_for()
    for button in phone.locator("dialog button:visible").all():
        assert button.bounding_box()["height"] >= 44, button.inner_text()


def test_the_composer_stays_above_the_on_screen_keyboard(phone: Page) -> None:
    phone.evaluate(
        """() => {
          Object.defineProperty(visualViewport, 'height', {value: 300, configurable: true});
          visualViewport.dispatchEvent(new Event('resize'));
        }"""
    )
    box = phone.locator(".composer").bounding_box()
    assert box["y"] + box["height"] <= 300


def test_long_words_never_widen_the_chat(phone: Page) -> None:
    write(phone, "long" + "x" * 400)
    phone.locator(".assistant.complete").last.wait_for()
    assert phone.locator(".scroller").evaluate("element => element.scrollWidth <= element.clientWidth")


def test_right_to_left_text_runs_from_the_right(phone: Page) -> None:
    write(phone, "rtl")
    bubble = phone.locator(".assistant .bubble").last
    expect(bubble).to_have_text("مرحبا، سيارتك جاهزة")
    assert bubble.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_the_notice_is_in_sight_on_a_phone_held_sideways(phone: Page) -> None:
    phone.set_viewport_size({"width": 640, "height": 320})
    expect(phone.get_by_role("note")).to_be_in_viewport(ratio=1)


def test_reading_older_messages_is_not_interrupted_by_new_ones(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    for _ in range(3):
        write(page, "Bremsen quietschen")
    expect(page.locator(".slot")).to_have_count(9)
    scroller = page.locator(".scroller")
    scroller.evaluate("element => element.scrollTo(0, 0)")
    server.staff_writes("Guten Tag.")
    latest = page.get_by_role("button", name="Zur neuesten Nachricht")
    expect(latest).to_be_visible()
    assert scroller.evaluate("element => element.scrollTop") == 0
    latest.click()
    expect(page.locator(".staff .bubble")).to_be_in_viewport()
    expect(latest).to_be_hidden()
