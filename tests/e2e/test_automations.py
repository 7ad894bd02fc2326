"""The owner builds an automation with the keyboard, tries it, and a chat sets it off."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    Chat,
    barriers,
    chat_address,
    sign_in,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e

SOUNDING_KINDS = ("CarBot übergibt an Sie", "Neue und heiße Anfragen")
_MOST_TABS = 60
_WISH = "Ich möchte bitte mit einem Menschen sprechen"


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(_MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Get to a button with Tab and press it."""
    go_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def ask_for_a_person(browser: Browser, served: Served) -> None:
    visitor = browser.new_context(viewport=DESKTOP, locale="de-DE", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    visitor.goto(chat_address(served.url))
    expect(visitor.locator("carbot-chat textarea")).to_be_visible(timeout=PATIENCE_MS)
    Chat(visitor).say(_WISH)
    visitor.context.close()


def test_an_automation_is_built_tried_switched_on_and_set_off_by_a_chat(
    browser: Browser, served: Served, axe: str
) -> None:
    ask_for_a_person(browser, served)
    page = sign_in(browser, served.url, OWNER)
    page.goto(f"{served.url}/automationen/")
    wait_until_alive(page)
    expect(page.get_by_role("button", name="Vorlage Heiße Anfrage in der Nacht ansehen")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert barriers(page, axe) == []

    press(page, "Neue Automation")
    name = page.get_by_label("Name", exact=True)
    go_to(page, name)
    page.keyboard.type("Mensch gewünscht")
    event = page.get_by_label("Ereignis")
    go_to(page, event)
    page.keyboard.type("CarBot an")
    expect(event).to_have_value("handover")
    press(page, "Bedingung hinzufügen")
    asked = page.get_by_label("Worum geht es?")
    expect(asked).to_have_count(1, timeout=PATIENCE_MS)
    asked.focus()
    page.keyboard.type("Kanal")
    value = page.get_by_label("Wert", exact=True)
    expect(value).to_have_value("chat", timeout=PATIENCE_MS)
    press(page, "Schritt hinzufügen")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Aufgabe anlegen")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    title = page.get_by_label("Was ist zu tun?")
    go_to(page, title)
    page.keyboard.type("Selbst antworten")
    page.keyboard.press("Tab")

    press(page, "Probelauf starten")
    tried = page.locator("[data-dry-run]")
    expect(tried).to_contain_text(re.compile(r"In \d+ von \d+ Fällen"), timeout=PATIENCE_MS)
    expect(tried).to_contain_text("Aufgabe angelegt")
    assert barriers(page, axe) == []
    press(page, "Speichern")
    switch = page.get_by_role("switch", name="Mensch gewünscht eingeschaltet")
    expect(switch).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("main")).to_contain_text("Wenn CarBot an einen Menschen übergibt · Kanal ist Chat")
    go_to(page, switch)
    page.keyboard.press("Space")
    expect(switch).to_be_checked(timeout=PATIENCE_MS)

    ask_for_a_person(browser, served)
    log = page.locator("[data-log]")
    expect(log).to_contain_text("Aufgabe angelegt", timeout=PATIENCE_MS)
    expect(log.get_by_role("listitem").filter(has_text="Mensch gewünscht")).to_have_count(1)
    page.goto(f"{served.url}/heute/")
    task = page.get_by_role("listitem").filter(has_text="Selbst antworten")
    task.get_by_role("button", name="Erledigt: Selbst antworten").click(timeout=PATIENCE_MS)
    expect(task).to_have_count(0, timeout=PATIENCE_MS)
    page.context.close()


def switch_sounds(switches: list[Locator], *, on: bool) -> None:
    """Whatever they were."""
    for switch in switches:
        expect(switch).to_be_visible(timeout=PATIENCE_MS)
        if switch.is_checked() != on:
            switch.click()
        expect(switch).to_be_checked(checked=on, timeout=PATIENCE_MS)


def test_the_open_app_makes_a_sound_only_for_those_who_want_it(browser: Browser, served: Served) -> None:
    page = sign_in(browser, served.url, OWNER)
    page.goto(f"{served.url}/einstellungen/?bereich=hinweise")
    wait_until_alive(page)
    page.evaluate("window.rang = 0; window.addEventListener('carbot:rang', () => window.rang++)")
    switches = [page.get_by_label(f"{kind}: Ton") for kind in SOUNDING_KINDS]
    switch_sounds(switches, on=True)
    ask_for_a_person(browser, served)
    page.wait_for_function("window.rang > 0", timeout=PATIENCE_MS)
    switch_sounds(switches, on=False)
    page.evaluate(
        "window.heard = []; window.addEventListener('carbot:live', e => window.heard.push(e.detail))"
    )
    page.wait_for_timeout(3200)
    page.evaluate("window.rang = 0")
    ask_for_a_person(browser, served)
    page.wait_for_function("window.heard.includes('handover.requested')", timeout=PATIENCE_MS)
    assert page.evaluate("window.rang") == 0
    page.context.close()
