"""An owner sets invoices and payments; a customer books, pays in advance and comes back to the visit."""

import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import serve
from tests.e2e.people import (
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)
from tests.peers.stripe_standin import KEY, PUBLISHABLE, SECRET, StripeStandin

pytestmark = pytest.mark.e2e


def test_an_owner_asks_for_deposits_and_a_customer_pays_one(
    browser: Browser, built_frontend: Path, tmp_path: Path, axe: str
) -> None:
    stripe = StripeStandin()
    stripe.start()
    settings = {
        "CARBOT_STRIPE_SECRET_KEY": KEY,
        "CARBOT_STRIPE_PUBLISHABLE_KEY": PUBLISHABLE,
        "CARBOT_STRIPE_WEBHOOK_SECRET": SECRET,
        "CARBOT_STRIPE_API_BASE": stripe.origin,
    }
    with serve(tmp_path, **settings) as served:
        owner = sign_in(browser, served.url, OWNER)
        _fill_in_invoices(owner, served.url, axe)
        _connect(owner, served.url, axe)
        _ask_for_deposits(owner, axe)
        owner.context.close()
        page = _book(browser, served.url)
        _pay(page, axe)
        _hear(served.url, stripe)
        _read_it_beside_the_visit(page, axe)
        page.context.close()
    stripe.stop()


def _fill_in_invoices(page: Page, url: str, axe: str) -> None:
    page.goto(f"{url}/einstellungen/?bereich=rechnungen")
    wait_until_alive(page)
    page.locator("input[name=vat_id]").fill("DE136695977")
    _save(page, 0)
    expect(page.get_by_text("Diese USt-IdNr. stimmt nicht.")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=vat_id]").fill("DE136695976")
    _save(page, 0)
    expect(page.locator("main").get_by_text("Noch nicht bestätigt")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=iban]").fill("DE02 1203 0000 0000 2020 52")
    _save(page, 1)
    expect(page.get_by_text("Diese IBAN stimmt nicht.")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=iban]").fill("DE02 1203 0000 0000 2020 51")
    page.locator("input[name=prefix_invoice]").fill("kfz-")
    _save(page, 1)
    expect(page.get_by_text(re.compile(r"Zum Beispiel KFZ-\d{4}-00042"))).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(page, axe)


def _connect(page: Page, url: str, axe: str) -> None:
    page.goto(f"{url}/einstellungen/?bereich=zahlungen")
    wait_until_alive(page)
    expect(page.locator("main").get_by_text("Noch nicht verbunden")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Mit Stripe verbinden").click()
    page.wait_for_url(re.compile("/setup/acct_"))
    page.go_back()
    wait_until_alive(page)
    expect(page.locator("main").get_by_text("Bankkonto für Auszahlungen")).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(page, axe)
    page.get_by_role("button", name="Bei Stripe fortfahren").click()
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(re.compile("bereich=zahlungen"))
    wait_until_alive(page)
    connected = page.get_by_text("Verbunden: Kunden können online zahlen")
    expect(connected).to_be_visible(timeout=PATIENCE_MS)


def _ask_for_deposits(page: Page, axe: str) -> None:
    page.get_by_text("Ab einem Preis", exact=True).click()
    page.locator("input[name=from_price]").fill("10,00")
    page.get_by_text("Fester Betrag", exact=True).click()
    page.locator("input[name=fixed]").fill("2,00")
    _save(page, 0)
    expect(page.get_by_text("Bitte einen Betrag von 5 bis 100.000.")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=fixed]").fill("20,00")
    _save(page, 0)
    saved = page.get_by_text("Ein Termin für 500,00\u00a0€ verlangt 20,00\u00a0€ Anzahlung.")
    expect(saved).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(page, axe)


def _book(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce").new_page()
    page.goto(f"{url}/w/{SLUG}/termin/?services=TYR-CHG-001")
    wait_until_alive(page)
    expect(page.locator("input[name='s-TYR-CHG-001']")).to_be_checked(timeout=PATIENCE_MS)
    page.locator("input[name=plate]").fill("DO-AY 88")
    page.locator("button[form=visit-form]").locator("visible=true").click()
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    page.locator("button[form=time-form]").locator("visible=true").click()
    expect(page.locator("input[name=email]")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("input[name=name]").fill("Ayşe Yılmaz")
    page.locator("input[name=email]").fill("ayse@example.org")
    page.get_by_role("button", name="Termin unverbindlich anfragen").locator("visible=true").click()
    expect(page.get_by_role("heading", name="Ihr Termin ist angefragt")).to_be_visible(timeout=PATIENCE_MS)
    return page


def _pay(page: Page, axe: str) -> None:
    expect(page.locator("main")).to_contain_text("20,00\u00a0€")
    _no_barriers(page, axe)
    page.get_by_role("link", name="Jetzt anzahlen").click()
    page.wait_for_url(re.compile("/zahlen/"))
    page.get_by_role("link", name="Zurück zum Termin").click()
    wait_until_alive(page)
    expect(page.get_by_role("heading", name="Anzahlung")).to_be_visible()
    _no_barriers(page, axe)
    page.get_by_role("link", name="Jetzt anzahlen").click()
    page.get_by_role("button", name="Jetzt online bezahlen").click()
    page.get_by_label("Kartennummer").fill("4242 4242 4242 4242")
    page.get_by_role("button", name="20,00\u00a0€ zahlen").click()
    expect(page.get_by_role("heading", name="Einen Moment bitte")).to_be_visible(timeout=PATIENCE_MS)


def _hear(url: str, stripe: StripeStandin) -> None:
    """The provider calls about everything that happened."""
    for event in stripe.events:
        headers, body = stripe.signed(event)
        call = Request(f"{url}/api/webhooks/stripe", data=body, headers=headers, method="POST")
        with urlopen(call) as answer:
            assert answer.status == 200


def _read_it_beside_the_visit(page: Page, axe: str) -> None:
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Zurück zum Termin").click()
    wait_until_alive(page)
    expect(page.get_by_text("Anzahlung von 20,00\u00a0€ ist bezahlt.")).to_be_visible()
    expect(page.get_by_role("link", name="Jetzt anzahlen")).to_be_hidden()
    _no_barriers(page, axe)


def _save(page: Page, place: int) -> None:
    page.locator("main").get_by_role("button", name="Speichern").nth(place).click()


def _no_barriers(page: Page, axe: str) -> None:
    assert barriers(page, axe) == []
    assert not scrolls_sideways(page)
