"""Two people at one inbox: assignment and unread marks live, everything by keyboard, the stack on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    Chat,
    chat_address,
    sign_in,
    wait_until_alive,
    write_until_seen,
)

pytestmark = pytest.mark.e2e

_QUESTION = "Bremsen quietschen, Golf 7 BJ 2015, ich möchte mit einem Menschen sprechen. DO-ZZ 77"
_THUMB = 44
"""Pixels a finger hits."""
_PHOTO = "Könnten Sie uns bitte ein Foto der Stelle schicken? Dann sagen wir genauer, was zu tun ist."


def open_inbox(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/posteingang/{query}")
    wait_until_alive(page)
    expect(page.locator("[data-inbox-row]").first).to_be_visible(timeout=PATIENCE_MS)


def row_of(page: Page, text: str) -> Locator:
    return page.locator("[data-inbox-row]").filter(has_text=text)


def names_of(page: Page) -> list[str]:
    return page.locator("[data-inbox-row]").evaluate_all("rows => rows.map(row => row.dataset.inboxRow)")


def test_two_browsers_see_unread_assignment_labels_and_notes_at_once(
    browser: Browser, served: Served
) -> None:
    owner, desk = (sign_in(browser, served.url, who) for who in (OWNER, FRONT_DESK))
    for page in (owner, desk):
        open_inbox(page, served.url)
    count = desk.locator("a[href='/posteingang/'] .cb-nav-count")
    before = int(count.inner_text())
    mine = desk.get_by_role("link", name=re.compile(r"^Meine\b"))
    assigned = int(re.sub(r"\D", "", mine.inner_text()) or 0)
    visitor = browser.new_context(locale="de-DE", reduced_motion="reduce").new_page()
    visitor.goto(chat_address(served.url))
    expect(visitor.locator("carbot-chat textarea")).to_be_visible(timeout=PATIENCE_MS)
    Chat(visitor).say(_QUESTION)
    Chat(visitor).write("Ist da jemand?")
    here, there = (row_of(page, "Ist da jemand?") for page in (owner, desk))
    expect(there).to_be_visible(timeout=PATIENCE_MS)
    expect(there.locator(".cb-dot")).to_be_visible(timeout=AT_ONCE_MS)
    expect(count).to_have_text(str(before + 1), timeout=AT_ONCE_MS)

    here.click()
    expect(there.locator(".cb-dot")).to_have_count(0, timeout=AT_ONCE_MS)
    expect(count).to_have_text(str(before), timeout=AT_ONCE_MS)
    owner.keyboard.press("a")
    owner.get_by_role("menuitem", name="Jana Krüger").click()
    expect(there).to_contain_text("Zuständig: Jana Krüger", timeout=AT_ONCE_MS)
    owner.keyboard.press("l")
    owner.get_by_role("menuitem", name="Flotte").click()
    expect(there).to_contain_text("Flotte", timeout=AT_ONCE_MS)
    expect(mine).to_have_accessible_name(f"Meine {assigned + 1}", timeout=AT_ONCE_MS)

    there.click()
    owner.keyboard.press("n")
    note = owner.get_by_label("Notiz intern")
    expect(note).to_be_focused(timeout=AT_ONCE_MS)
    note.press_sequentially("Bitte @Jan")
    expect(owner.get_by_role("option", name="Jana Krüger")).to_be_visible()
    note.press("Enter")
    note.press_sequentially("zurückrufen")
    expect(note).to_have_value("Bitte @Jana Krüger zurückrufen")
    note.press("Control+Enter")
    expect(desk.locator(".cb-team-note")).to_contain_text("@Jana Krüger zurückrufen", timeout=AT_ONCE_MS)
    expect(note).to_have_value("", timeout=AT_ONCE_MS)
    assert "zurückrufen" not in visitor.locator("carbot-chat").inner_text()

    writing = visitor.locator("carbot-chat .typing").filter(has_text="schreibt")
    write_until_seen(desk.get_by_label("Antwort", exact=True), writing)
    for page in (owner, desk, visitor):
        page.context.close()


def test_a_day_at_the_inbox_by_keyboard_alone(browser: Browser, served: Served) -> None:
    page = sign_in(browser, served.url, FRONT_DESK)
    open_inbox(page, served.url)
    ids = names_of(page)
    press = page.keyboard.press
    press("j")
    press("j")
    expect(page.locator(f"[data-inbox-row='{ids[1]}'][aria-current=true]")).to_be_visible(timeout=AT_ONCE_MS)
    press("k")
    expect(page.locator(f"[data-inbox-row='{ids[0]}'][aria-current=true]")).to_be_visible(timeout=AT_ONCE_MS)

    press("r")
    answer = page.get_by_label("Antwort", exact=True)
    expect(answer).to_be_focused()
    answer.press_sequentially("/foto")
    expect(page.get_by_role("option", name="Bitte um Foto")).to_be_visible()
    press("Enter")
    expect(answer).to_have_value(_PHOTO)
    row = page.locator(f"[data-inbox-row='{ids[0]}']")
    page.wait_for_timeout(1_500)
    page.evaluate("sessionStorage.clear()")
    page.reload()
    wait_until_alive(page)
    expect(answer).to_have_value(_PHOTO, timeout=PATIENCE_MS)
    expect(row).to_contain_text("Entwurf")
    press("r")
    press("Control+Enter")
    expect(page.locator("[role=log] .cb-bubble-staff").last).to_contain_text("Foto", timeout=AT_ONCE_MS)
    expect(answer).to_have_value("", timeout=AT_ONCE_MS)
    page.evaluate("document.activeElement.blur()")

    press("s")
    page.get_by_role("menuitem", name="Morgen").press("Enter")
    expect(row).to_have_count(0, timeout=AT_ONCE_MS)
    page.get_by_role("button", name="Rückgängig").last.press("Enter")
    expect(row).to_be_visible(timeout=AT_ONCE_MS)
    page.evaluate("document.activeElement.blur()")

    press("x")
    press("j")
    expect(page.locator(f"[data-inbox-row='{ids[1]}'][aria-current=true]")).to_be_visible(timeout=AT_ONCE_MS)
    press("x")
    expect(page.get_by_text("2 gewählt")).to_be_visible(timeout=AT_ONCE_MS)
    press("e")
    expect(page.get_by_text("Erledigt: 2.")).to_be_visible(timeout=AT_ONCE_MS)
    expect(row).to_have_count(0, timeout=AT_ONCE_MS)
    page.get_by_role("button", name="Rückgängig").last.press("Enter")
    expect(row).to_be_visible(timeout=AT_ONCE_MS)
    page.evaluate("document.activeElement.blur()")

    press("?")
    sheet = page.get_by_role("dialog", name="Tasten im Posteingang")
    expect(sheet).to_be_visible()
    press("Escape")
    expect(sheet).to_be_hidden()
    press("/")
    expect(page.locator("[data-slash]").locator("visible=true")).to_be_focused()
    page.keyboard.type("muller-gibt-es-nicht")
    press("Enter")
    expect(page.get_by_text("Nichts gefunden")).to_be_visible(timeout=AT_ONCE_MS)
    page.context.close()


def test_on_a_phone_the_list_the_thread_and_its_details_lie_above_each_other(
    browser: Browser, served: Served
) -> None:
    page = sign_in(browser, served.url, OWNER, viewport=PHONE, has_touch=True)
    open_inbox(page, served.url)
    page.locator("[data-inbox-row]").first.click()
    log = page.get_by_role("log")
    expect(log).to_be_visible(timeout=AT_ONCE_MS)
    expect(page.locator("[data-inbox-row]").first).to_be_hidden()
    assert "c=" in page.url
    page.get_by_role("button", name="Mehr").last.click()
    page.get_by_role("menuitem", name="Einzelheiten").click()
    expect(page.get_by_role("dialog", name="Einzelheiten")).to_be_visible()
    page.get_by_role("dialog", name="Einzelheiten").get_by_role("button", name="Schließen").click()
    page.get_by_role("link", name="Zur Liste").click()
    expect(page.locator("[data-inbox-row]").first).to_be_visible(timeout=AT_ONCE_MS)

    page.get_by_role("button", name="Weitere Filter").locator("visible=true").click()
    page.get_by_role("menuitem", name="Mehrere auswählen").click()
    tick = page.locator("label:has(> input.cb-check)").nth(1)
    tick.click()
    expect(page.get_by_text("1 gewählt")).to_be_visible(timeout=AT_ONCE_MS)
    box = tick.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= _THUMB
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.context.close()


def test_a_saved_view_is_an_address(browser: Browser, served: Served) -> None:
    page = sign_in(browser, served.url, FRONT_DESK)
    open_inbox(page, served.url, "?view=mine")
    expect(page.locator("a[href$='?view=mine']").locator("visible=true")).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("button", name="Weitere Filter").locator("visible=true").click()
    page.get_by_role("menuitemradio", name="Ohne Zuständige").click()
    page.wait_for_url("**/posteingang/?view=unassigned")
    expect(page.get_by_text("Offene zeigen").locator("visible=true")).to_be_visible(timeout=AT_ONCE_MS)
    page.reload()
    wait_until_alive(page)
    expect(page.get_by_text("Offene zeigen").locator("visible=true")).to_be_visible(timeout=PATIENCE_MS)
    page.context.close()
