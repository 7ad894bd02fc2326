"""A visitor on a phone asks to be called; the desk sees it at once and works it off."""

import pytest
from playwright.sync_api import Browser, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import AT_ONCE_MS, FRONT_DESK, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

_THUMB = 44
"""Pixels a finger hits."""


def test_a_wish_on_a_phone_stands_at_the_desk_at_once_and_goes_when_it_is_done(
    browser: Browser, served: Served
) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    calls = desk.locator("section").filter(has=desk.get_by_role("heading", name="Rückrufe", exact=True))
    expect(calls.get_by_role("listitem")).to_have_count(2, timeout=PATIENCE_MS)
    row = calls.get_by_role("listitem").filter(has_text="İpek Łukasiewicz")

    visitor = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    visitor.goto(f"{served.url}/w/{SLUG}/")
    wait_until_alive(visitor)
    wish = visitor.locator("#callback")
    wish.get_by_role("button", name="Rückruf wünschen").click()
    expect(wish.locator("option").nth(1)).to_be_attached(timeout=PATIENCE_MS)
    window = wish.locator("option").nth(1).inner_text()
    wish.get_by_label("Name").fill("İpek Łukasiewicz")
    wish.get_by_label("Telefon").fill("12")
    wish.get_by_label("Wann sollen wir anrufen?").select_option(index=1)
    wish.get_by_label("Worum geht es?").fill("Bremsen quietschen")
    wish.get_by_role("button", name="Rückruf anfragen").click()
    expect(wish.get_by_label("Telefon")).to_be_focused(timeout=PATIENCE_MS)
    expect(wish).to_contain_text("Diese Telefonnummer gibt es nicht")
    wish.get_by_label("Telefon").fill("0171 5550177")
    wish.get_by_role("button", name="Rückruf anfragen").click()
    expect(wish.get_by_role("heading")).to_be_focused(timeout=PATIENCE_MS)
    expect(wish).to_contain_text(f"{window}, unter 0171 5550177")

    expect(row).to_contain_text(window, timeout=AT_ONCE_MS)
    expect(row).to_contain_text("Bremsen quietschen")
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    number = row.get_by_role("link", name="0171 5550177")
    expect(number).to_have_attribute("href", "tel:+491715550177")
    box = number.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= _THUMB
    row.get_by_role("button", name="Nicht erreicht").click()
    expect(row).to_contain_text("1× nicht erreicht", timeout=AT_ONCE_MS)

    owner = sign_in(browser, served.url, FRONT_DESK)
    theirs = owner.get_by_role("listitem").filter(has_text="0171 5550177")
    expect(theirs).to_be_visible(timeout=PATIENCE_MS)
    row.get_by_role("button", name="Erledigt").click()
    expect(row).to_have_count(0, timeout=AT_ONCE_MS)
    expect(theirs).to_have_count(0, timeout=AT_ONCE_MS)
    desk.get_by_role("button", name="Rückgängig").last.click()
    expect(theirs).to_be_visible(timeout=AT_ONCE_MS)
    row.get_by_role("button", name="Erledigt").click()
    expect(theirs).to_have_count(0, timeout=AT_ONCE_MS)
    for page in (desk, visitor, owner):
        page.context.close()
