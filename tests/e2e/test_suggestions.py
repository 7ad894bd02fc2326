"""The assistant's draft above the composer: live for two people, by keyboard and on a phone."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    DESKTOP,
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    Chat,
    barriers,
    chat_address,
    sign_in,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e

_QUESTION = "Was kostet ein Ölwechsel beim VW Golf 7 und wann hätten Sie Zeit?"
_PERSON = "Guten Tag, ich möchte mit einem Menschen sprechen."


def visitor_of(browser: Browser, served: Served) -> Chat:
    """Somebody who asked for a person."""
    page = browser.new_context(locale="de-DE", reduced_motion="reduce").new_page()
    page.goto(chat_address(served.url))
    expect(page.locator("carbot-chat textarea")).to_be_visible(timeout=PATIENCE_MS)
    chat = Chat(page)
    chat.say(_PERSON)
    return chat


def open_thread(page: Page, url: str, text: str) -> None:
    page.goto(f"{url}/posteingang/")
    wait_until_alive(page)
    page.locator("[data-inbox-row]").filter(has_text=text).first.click()
    expect(page.locator("[data-inbox-reply]")).to_be_visible(timeout=PATIENCE_MS)


def card_of(page: Page) -> Locator:
    return page.locator("[data-suggestion] .cb-draft")


def test_a_draft_is_seen_taken_sent_and_discarded_by_two_people(
    browser: Browser, served: Served, axe: str
) -> None:
    chat = visitor_of(browser, served)
    owner, desk = (sign_in(browser, served.url, who) for who in (OWNER, FRONT_DESK))
    for page in (owner, desk):
        open_thread(page, served.url, _PERSON)
    chat.write(_QUESTION)
    expect(card_of(owner)).to_be_visible(timeout=PATIENCE_MS)
    expect(card_of(desk)).to_be_visible(timeout=AT_ONCE_MS)
    expect(card_of(owner)).to_contain_text("€")
    expect(card_of(owner).locator(".cb-sources")).to_contain_text("Preisliste")
    assert barriers(owner, axe, "[data-suggestion]") == []
    owner.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(card_of(owner)).to_be_in_viewport()
    owner.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    prepared = card_of(owner).locator(".cb-draft-text").inner_text()
    assert "€" in prepared
    card_of(owner).get_by_role("button", name="Übernehmen").press("Enter")
    composer = owner.locator("[data-inbox-reply]")
    expect(composer).to_be_focused()
    expect(composer).to_have_value(prepared)
    expect(card_of(owner)).to_have_count(0)
    composer.press("Control+Enter")
    expect(card_of(desk)).to_have_count(0, timeout=AT_ONCE_MS)
    expect(chat.page.locator("carbot-chat .said.staff")).to_contain_text(prepared, timeout=PATIENCE_MS)

    chat.write("Und wie lautet Ihre Adresse?")
    expect(card_of(desk)).to_be_visible(timeout=PATIENCE_MS)
    card_of(desk).get_by_role("button", name="Verwerfen").click()
    for page in (owner, desk):
        expect(card_of(page)).to_have_count(0, timeout=AT_ONCE_MS)

    chat.write("Wann haben Sie geöffnet?")
    expect(card_of(desk)).to_be_visible(timeout=PATIENCE_MS)
    card_of(desk).get_by_role("button", name="Senden").click()
    for page in (owner, desk):
        expect(card_of(page)).to_have_count(0, timeout=AT_ONCE_MS)

    owner.goto(f"{served.url}/einstellungen/?bereich=wissen")
    wait_until_alive(owner)
    counted = owner.get_by_text("67 % genutzt")
    expect(counted).to_be_visible(timeout=PATIENCE_MS)
