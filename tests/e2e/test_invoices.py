"""Invoices by keyboard: found, opened, their document read; on a phone a list; without barriers."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import AXE, Served
from tests.e2e.people import (
    AT_ONCE_MS,
    FRONT_DESK,
    PATIENCE_MS,
    PHONE,
    barriers,
    sign_in,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e


def test_a_late_invoice_is_found_and_opened_by_keyboard(browser: Browser, served: Served) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/rechnungen/?view=overdue")
    wait_until_alive(desk)
    rows = desk.locator("tr [data-invoice-row]")
    expect(rows.first).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.locator("tr .cb-late").first).to_have_text(re.compile(r"\d+ Tage?"))
    assert barriers(desk, AXE.read_text()) == []

    number = rows.nth(1).inner_text()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    pane = desk.locator("#invoice-file[open]")
    expect(pane.get_by_role("heading", name=number)).to_be_visible(timeout=AT_ONCE_MS)
    expect(pane.locator(".cb-timeline li").first).to_be_visible()
    assert barriers(desk, AXE.read_text()) == []
    document = pane.get_by_role("link", name="PDF ansehen").get_attribute("href")
    answer = desk.request.get(f"{served.url}{document}")
    assert answer.body().startswith(b"%PDF-")
    desk.keyboard.press("Escape")
    expect(pane).to_have_count(0, timeout=AT_ONCE_MS)

    desk.get_by_role("searchbox", name="Rechnungen suchen").fill("nirgendwo")
    expect(desk.get_by_text("Keine Rechnung gefunden")).to_be_visible(timeout=AT_ONCE_MS)
    desk.context.close()


def test_on_a_phone_a_row_opens_the_document(browser: Browser, served: Served) -> None:
    phone = sign_in(browser, served.url, FRONT_DESK, viewport=PHONE, has_touch=True, color_scheme="dark")
    phone.goto(f"{served.url}/rechnungen/")
    wait_until_alive(phone)
    row = phone.locator("li button[data-invoice-row]").first
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(phone, AXE.read_text()) == []
    row.tap()
    expect(phone.locator("#invoice-file[open]")).to_be_visible(timeout=AT_ONCE_MS)
    phone.context.close()


def test_an_invoice_is_written_by_keyboard_and_issued(browser: Browser, served: Served) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/rechnungen/")
    wait_until_alive(desk)
    desk.locator("[data-new-invoice]").click()
    customer = desk.get_by_label("Kunden suchen")
    expect(customer).to_be_visible(timeout=PATIENCE_MS)
    customer.fill("Krause")
    expect(desk.get_by_role("list", name="Gefundene Kunden")).to_be_visible(timeout=PATIENCE_MS)
    customer.press("Enter")
    expect(desk.locator("#draft-name")).to_have_value("Sabine Krause", timeout=AT_ONCE_MS)
    for field, text in (("street", "Hohe Str. 1"), ("postal_code", "44139"), ("city", "Dortmund")):
        desk.locator(f"#draft-{field}").fill(text)
        desk.keyboard.press("Tab")
    search = desk.get_by_label("Aus dem Katalog")
    search.fill("Ölwechsel")
    expect(desk.get_by_role("list", name="Gefundene Leistungen")).to_be_visible(timeout=PATIENCE_MS)
    search.press("Enter")
    lines = desk.locator("button[id^='draft-line-']")
    expect(lines.first).to_be_visible(timeout=AT_ONCE_MS)

    desk.locator("[data-new-line=part]").press("Enter")
    pane = desk.locator("#draft-line[open]")
    pane.locator("input[name=text]").fill("Wischerblätter")
    pane.locator("input[name=unit_price]").fill("29,90")
    pane.locator("input[name=quantity]").fill("0")
    pane.locator("input[name=quantity]").press("Enter")
    expect(pane.get_by_text("Bitte eine Menge ungleich null")).to_be_visible(timeout=AT_ONCE_MS)
    assert barriers(desk, AXE.read_text()) == []
    pane.locator("input[name=quantity]").fill("2")
    pane.locator("input[name=quantity]").press("Enter")
    expect(pane).to_have_count(0, timeout=AT_ONCE_MS)
    expect(lines.last).to_contain_text("Wischerblätter", timeout=AT_ONCE_MS)
    expect(desk.get_by_text("weil die Leistung in Deutschland erbracht wird")).to_be_visible()
    assert barriers(desk, AXE.read_text()) == []
    preview = desk.get_by_role("link", name="Vorschau").get_attribute("href")
    assert desk.request.get(f"{served.url}{preview}").body().startswith(b"%PDF-")

    desk.reload()
    wait_until_alive(desk)
    expect(desk.locator("#draft-street")).to_have_value("Hohe Str. 1", timeout=PATIENCE_MS)
    desk.locator("header").get_by_role("button", name="Rechnung stellen").click()
    ask = desk.locator("#draft-issue[open]")
    expect(ask.get_by_text("bekommt eine Nummer")).to_be_visible(timeout=AT_ONCE_MS)
    assert barriers(desk, AXE.read_text()) == []
    ask.get_by_role("button", name="Rechnung stellen").click()
    made = desk.locator("#invoice-file[open]")
    expect(made.get_by_role("heading", name=re.compile(r"RE-\d{4}-\d{5}"))).to_be_visible(timeout=PATIENCE_MS)
    expect(made.get_by_text("Wischerblätter")).to_be_visible()
    desk.context.close()


def test_ticked_invoices_are_packed_and_charts_come_only_when_opened(
    browser: Browser, served: Served
) -> None:
    desk = sign_in(browser, served.url, FRONT_DESK)
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto(f"{served.url}/rechnungen/")
    wait_until_alive(desk)
    ticks = desk.locator("tr [data-invoice-tick]")
    expect(ticks.first).to_be_visible(timeout=PATIENCE_MS)
    for at in range(2):
        ticks.nth(at).click()
        # The server answers first
        expect(ticks.nth(at)).to_be_checked(timeout=AT_ONCE_MS)
    expect(desk.get_by_text("2 ausgewählt")).to_be_visible(timeout=AT_ONCE_MS)
    assert barriers(desk, AXE.read_text()) == []
    with desk.expect_download(timeout=PATIENCE_MS) as packed:
        desk.get_by_role("button", name="PDFs als ZIP").click()
    assert packed.value.suggested_filename == "Rechnungen.zip"
    desk.get_by_role("button", name="Auswahl aufheben").click()
    expect(desk.get_by_text("2 ausgewählt")).to_have_count(0, timeout=AT_ONCE_MS)

    assert not any("plotly" in url for url in asked)
    desk.locator("[data-charts]").click()
    expect(desk.locator("figure .plot-container").first).to_be_visible(timeout=PATIENCE_MS)
    assert any("plotly" in url for url in asked)
    desk.get_by_text("Als Tabelle").first.click()
    expect(desk.get_by_role("table", name="Eingang je Monat")).to_be_visible(timeout=AT_ONCE_MS)
    assert barriers(desk, AXE.read_text()) == []
    desk.context.close()
