"""From the inbox to the customer's file: found by plate, corrected, a car added, the past read."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.people import AT_ONCE_MS, FRONT_DESK, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e


def test_a_customer_is_found_corrected_and_read(browser: Browser, served: Served) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/posteingang/")
    wait_until_alive(desk)
    desk.locator("[data-inbox-row]:has-text('Sabine Krause')").first.click()
    desk.get_by_role("link", name="Kundenakte öffnen").locator("visible=true").click()
    desk.wait_for_url(re.compile("/kunden/akte/"))
    expect(desk.get_by_role("heading", name="Sabine Krause")).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.locator(".cb-timeline li").first).to_be_visible()

    desk.get_by_role("button", name="Kontakt bearbeiten").click()
    pane = desk.locator("#customer-edit[open]")
    pane.get_by_label("Telefon").fill("12")
    pane.get_by_role("button", name="Speichern").click()
    expect(pane.get_by_label("Telefon")).to_have_attribute("aria-invalid", "true", timeout=AT_ONCE_MS)
    pane.get_by_label("Telefon").fill("0171 5559901")
    pane.get_by_label("Name").fill("Sabine Krause-Stark")
    pane.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_role("heading", name="Sabine Krause-Stark")).to_be_visible(timeout=AT_ONCE_MS)

    desk.get_by_role("button", name="Fahrzeug hinzufügen").click()
    pane.get_by_label("Kennzeichen").fill("do zz 77")
    pane.get_by_label("Marke").fill("Škoda")
    pane.get_by_label("Modell").fill("Octavia")
    pane.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_role("img", name="Kennzeichen DO-ZZ 77")).to_be_visible(timeout=AT_ONCE_MS)

    phone = sign_in(browser, served.url, FRONT_DESK, viewport=PHONE, has_touch=True)
    phone.goto(f"{served.url}/kunden/")
    wait_until_alive(phone)
    phone.get_by_role("searchbox", name="Kunden suchen").fill("DO ZZ 77")
    row = phone.locator("main .cb-row")
    expect(row).to_have_count(1, timeout=AT_ONCE_MS)
    row.tap()
    expect(phone.get_by_role("heading", name="Sabine Krause-Stark")).to_be_visible(timeout=PATIENCE_MS)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for context in (desk.context, phone.context):
        context.close()
