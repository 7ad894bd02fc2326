"""The owner enters sick leave on the phone; the calendar keeps the visits and the booking page reacts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import AT_ONCE_MS, OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

INSPECTOR = "GTÜ-Prüfer"
INSPECTION = "SAF-HUA-001"


def _expect_times_for_an_inspection(browser: Browser, url: str, *, some: bool) -> None:
    page = browser.new_context(viewport=PHONE, locale="de-DE").new_page()  # type: ignore[arg-type]
    page.goto(f"{url}/w/{SLUG}/termin/")
    wait_until_alive(page)
    page.locator("input[name=plate]").fill("DO-KR 41")
    page.locator(f"input[name='s-{INSPECTION}']").check(force=True)
    page.locator("button[form][type=submit]").locator("visible=true").first.click()
    expect(page.locator("[data-step='2']")).to_be_visible(timeout=PATIENCE_MS)
    if some:
        expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    else:
        expect(page.get_by_text("Online ist gerade nichts frei")).to_be_visible(timeout=PATIENCE_MS)
    page.context.close()


def _absences(page: Page, url: str) -> None:
    page.goto(f"{url}/einstellungen/?bereich=plaetze")
    wait_until_alive(page)
    page.get_by_role("button", name=f"Abwesenheiten: {INSPECTOR}").click()
    expect(page.get_by_role("button", name="Eintragen", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def test_sick_leave_on_the_phone_takes_the_times_off_the_booking_page(
    browser: Browser, served: Served
) -> None:
    owner = sign_in(browser, served.url, OWNER, viewport=PHONE, has_touch=True)
    _expect_times_for_an_inspection(browser, served.url, some=True)

    _absences(owner, served.url)
    owner.get_by_text("Krank", exact=True).click()
    first = owner.get_by_label("Von", exact=True).input_value()
    year, rest = first.split("-", 1)
    owner.get_by_label("Bis", exact=True).fill(f"{int(year) + 1}-{rest.replace('02-29', '02-28')}")
    owner.get_by_role("button", name="Eintragen", exact=True).click()
    asked = owner.locator("dialog[open]")
    expect(asked).to_contain_text("Betroffene Termine", timeout=PATIENCE_MS)
    expect(asked.get_by_role("listitem").first).to_contain_text(re.compile(r"\d+:\d\d Uhr"))
    asked.get_by_role("button", name="Im Kalender lassen").click()
    expect(owner.get_by_text(re.compile("Krank: ")).first).to_be_visible(timeout=AT_ONCE_MS)

    _expect_times_for_an_inspection(browser, served.url, some=False)

    _absences(owner, served.url)
    owner.get_by_role("button", name=re.compile("^Entfernen: ")).click()
    expect(owner.get_by_text("Keine Abwesenheit eingetragen.")).to_be_visible(timeout=AT_ONCE_MS)
    _expect_times_for_an_inspection(browser, served.url, some=True)
    owner.context.close()
