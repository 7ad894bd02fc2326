"""A visit is ordered on a phone with the obligation to pay, and withdrawn from through the footer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import serve
from tests.e2e.people import (
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    visit_row,
    wait_until_alive,
)
from tests.peers.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.e2e

NAME, MAIL = "Zeynep Güneş", "zeynep@example.org"
NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_an_order_is_confirmed_and_withdrawn_from(
    browser: Browser, built_frontend: Path, tmp_path: Path, axe: str
) -> None:
    with open_mailbox() as mailbox, serve(tmp_path, CARBOT_SMTP_URL=mailbox.url) as served:
        _make_binding(browser, served.url)
        page = _phone(browser, served.url)
        _order(page, axe)
        letter = _letter(page, mailbox, 0)
        number = NUMBER.search(page.locator("main").inner_text())
        assert number
        for part in (f"Vertrag Nr. {number[0]}", "39,00", "Widerrufsbelehrung", "Muster-Widerrufsformular"):
            assert part in letter
        _read_information(page, served.url, axe)
        _withdraw(page, letter, axe)
        told = "\n".join(_letter(page, mailbox, position) for position in (1, 2))
        assert "Ihr Widerruf ist bei" in told
        assert number[0] in told
        _see_it_withdrawn(browser, served.url)


def _make_binding(browser: Browser, url: str) -> None:
    owner = sign_in(browser, url, OWNER)
    owner.goto(f"{url}/einstellungen/?bereich=zeiten")
    wait_until_alive(owner)
    owner.get_by_text("Zahlungspflichtige Buchung").click()
    expect(owner.get_by_text("Gespeichert")).to_be_visible(timeout=PATIENCE_MS)
    owner.context.close()


def _phone(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce").new_page()
    page.goto(f"{url}/w/{SLUG}/termin/?services=TYR-CHG-001,UNKNOWN")
    wait_until_alive(page)
    return page


def _order(page: Page, axe: str) -> None:
    expect(page.locator("input[name='s-TYR-CHG-001']")).to_be_checked(timeout=PATIENCE_MS)
    page.locator("input[name=plate]").fill("DO-ZA 88")
    page.locator("button[form=visit-form]").locator("visible=true").click()
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    page.locator("button[form=time-form]").locator("visible=true").click()
    expect(page.locator("input[name=email]")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=name]").fill(NAME)
    page.locator("input[name=email]").fill(MAIL)
    page.locator("input[name=email]").press("Enter")
    button = page.get_by_role("button", name="zahlungspflichtig buchen", exact=True)
    expect(button).to_be_visible()
    expect(page.get_by_role("button", name="Termin unverbindlich anfragen")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Stefan Müller e. K.")
    box = page.locator("input[name=early_start]")
    expect(box).not_to_be_checked()
    _no_barriers(page, axe)
    button.click()
    expect(box).to_be_focused(timeout=PATIENCE_MS)
    box.check(force=True)
    button.click()
    expect(page.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible(timeout=PATIENCE_MS)


def _read_information(page: Page, url: str, axe: str) -> None:
    read = page.context.new_page()
    read.goto(f"{url}/w/{SLUG}/widerrufsbelehrung/")
    wait_until_alive(read)
    expect(read.locator("main")).to_contain_text("binnen vierzehn Tagen ohne Angabe von Gründen")
    expect(read.locator("main")).to_contain_text("Stefan Müller e. K.")
    _no_barriers(read, axe)
    read.close()


def _withdraw(page: Page, letter: str, axe: str) -> None:
    link = re.search(r"https?://\S+(/t/\S+)", letter)
    assert link
    page.goto(re.sub(r"/w/.*", link[1], page.url))
    wait_until_alive(page)
    page.get_by_role("contentinfo").get_by_role("link", name="Vertrag widerrufen", exact=True).click()
    wait_until_alive(page)
    expect(page.locator("input[name=contract]")).to_have_value(NUMBER, timeout=PATIENCE_MS)
    _no_barriers(page, axe)
    page.locator("input[name=name]").focus()
    page.keyboard.type(NAME)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("nur@halb")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Widerruf bestätigen", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    email = page.locator("input[name=email]")
    expect(email).to_be_focused(timeout=PATIENCE_MS)
    email.fill(MAIL)
    email.press("Enter")
    expect(page.get_by_role("heading", name="Ihr Widerruf ist eingegangen")).to_be_visible(
        timeout=PATIENCE_MS
    )
    _no_barriers(page, axe)


def _see_it_withdrawn(browser: Browser, url: str) -> None:
    desk = sign_in(browser, url, FRONT_DESK)
    visit_row(desk, url, NAME).click()
    pane = desk.locator("dialog[open]")
    expect(pane).to_contain_text("Storniert", timeout=PATIENCE_MS)
    expect(pane).to_contain_text("Widerrufen am")
    desk.context.close()


def _letter(page: Page, mailbox: Mailbox, position: int) -> str:
    """A mail to the customer, as soon as it has arrived."""
    for _ in range(PATIENCE_MS // 200):
        if len(mailbox.letters_to(MAIL)) > position:
            break
        page.wait_for_timeout(200)
    return mailbox.letters_to(MAIL)[position]


def _no_barriers(page: Page, axe: str) -> None:
    assert barriers(page, axe) == []
    assert not scrolls_sideways(page)
