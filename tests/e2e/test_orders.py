"""An estimate by plate in half a minute at the desk, found again on a phone; axe finds no barrier."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    FRONT_DESK,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e
HALF_A_MINUTE = 30


def test_an_estimate_by_plate_at_the_desk_is_an_order_on_the_phone(
    browser: Browser, served: Served, axe: str
) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/auftraege/")
    wait_until_alive(desk)
    desk.locator("main section[aria-label='Angebote']").wait_for(timeout=PATIENCE_MS)
    assert not barriers(desk, axe)

    began = time.monotonic()
    desk.get_by_role("button", name="Auftrag", exact=True).click()
    pane = desk.locator("#new-order[open]")
    pane.get_by_role("textbox", name="Kennzeichen").fill("DO AB 123")
    expect(pane.get_by_text("Sabine Krause")).to_be_visible(timeout=AT_ONCE_MS)
    pane.get_by_role("searchbox", name="Leistungen").fill("bremsbeläge")
    pane.get_by_role("list", name="Gefundene Leistungen").get_by_role("button").first.click(
        timeout=AT_ONCE_MS
    )
    expect(pane.get_by_role("list", name="Gewählte Leistungen").get_by_role("listitem")).to_have_count(
        1, timeout=AT_ONCE_MS
    )
    assert not barriers(desk, axe)
    pane.get_by_role("button", name="Auftrag anlegen").click()
    desk.wait_for_url(re.compile(r"/auftraege/auftrag/\?id="), timeout=PATIENCE_MS)
    number = desk.get_by_text(re.compile(r"AU-\d{4}-\d{5}"))
    expect(number).to_be_visible(timeout=PATIENCE_MS)
    assert time.monotonic() - began < HALF_A_MINUTE
    expect(desk.get_by_text("Im Rahmen")).to_be_visible()
    assert not barriers(desk, axe)

    desk.get_by_role("button", name="Auftrag bearbeiten").click()
    head = desk.locator("#order-edit[open]")
    head.get_by_label("Titel").fill("Bremsen vorn, Kundin wartet")
    assert not barriers(desk, axe)
    head.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_text("Bremsen vorn, Kundin wartet")).to_be_visible(timeout=AT_ONCE_MS)
    told = number.inner_text()

    phone = sign_in(browser, served.url, FRONT_DESK, viewport=PHONE, has_touch=True)
    phone.goto(f"{served.url}/auftraege/")
    wait_until_alive(phone)
    phone.get_by_role("searchbox", name="Aufträge suchen").fill(told)
    row = phone.locator("main .cb-row:visible")
    expect(row).to_have_count(1, timeout=AT_ONCE_MS)
    assert not barriers(phone, axe)
    assert not scrolls_sideways(phone)
    row.tap()
    phone.wait_for_url(re.compile(r"/auftraege/auftrag/\?id="), timeout=PATIENCE_MS)
    expect(phone.get_by_role("heading", name="Auftrag", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(phone.get_by_text("Bremsen vorn, Kundin wartet")).to_be_visible(timeout=PATIENCE_MS)
    phone.get_by_role("button", name="Auftrag annehmen").tap()
    expect(phone.get_by_role("button", name="Arbeit beginnen")).to_be_visible(timeout=AT_ONCE_MS)
    assert not barriers(phone, axe)
    assert not scrolls_sideways(phone)
    # The desk sees it without a reload
    expect(desk.get_by_role("button", name="Arbeit beginnen")).to_be_visible(timeout=AT_ONCE_MS)
    for context in (desk.context, phone.context):
        context.close()
