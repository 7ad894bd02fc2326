"""Staff gives money back, decides about money that does not fit, and hands direct debits to the bank."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.banking.debits import next_bank_day
from carbot_app.domains.billing.models import BillingTerms, Payment, Receivable
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import serve
from tests.e2e.people import (
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)
from tests.factories import make_customer, staff_of
from tests.factories.owed import make_billing_terms, make_invoice
from tests.factories.statements import a_statement, an_entry
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin

pytestmark = pytest.mark.e2e

TODAY = datetime.now(UTC).date()
PAID, SHORT, DUE = "RE-2026-91001", "RE-2026-91002", "RE-2026-91003"
PAYER = "Fahrschule Sonnenblume & Söhne GmbH"


@dataclass(frozen=True)
class Desk:
    """The demo workshop, paid online over the stand-in for Stripe."""

    url: str
    stripe: StripeStandin
    services: Services
    workshop: Workshop

    def ask(self, number: str, cents: int) -> str:
        """An invoice somebody is asked to pay; the token of the link."""
        row = make_invoice(self.services.db, self.workshop, number, cents, issued_on=TODAY)
        asked = self.services.payments.requests.ask_for_invoice(staff_of(self.workshop), row.invoice_id)
        return asked.url.rpartition("/")[2]

    def hear(self) -> None:
        """Stripe calls the webhook with everything that has happened."""
        for event in self.stripe.events:
            headers, body = self.stripe.signed(event)
            call = Request(f"{self.url}/api/webhooks/stripe", body, headers, method="POST")
            urlopen(call, timeout=20).close()

    def state(self, number: str) -> str:
        """Of an invoice."""
        with self.services.db.reading(SYSTEM) as session:
            return session.exec(select(Receivable.state).where(Receivable.number == number)).one()


@pytest.fixture(scope="module")
def desk(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("paydesk")
    stripe = StripeStandin()
    stripe.start()
    settings = {
        "CARBOT_STRIPE_SECRET_KEY": KEY,
        "CARBOT_STRIPE_WEBHOOK_SECRET": SECRET,
        "CARBOT_STRIPE_API_BASE": stripe.origin,
        "CARBOT_STRIPE_CONNECT": "false",
    }
    with serve(folder, **settings) as running:
        database = Database(f"sqlite:///{folder / 'carbot.db'}")
        provider = StripePayments(
            secret_key=KEY, webhook_secret=SECRET, api_base=stripe.origin, connects=False
        )
        services = build_services(Settings(data_dir=folder), db=database, stripe=provider)
        with database.reading(SYSTEM) as session:
            workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
        yield Desk(running.url, stripe, services, workshop)
        database.close()
    stripe.stop()


def seen(page: Page, axe: str) -> list[str]:
    page.wait_for_timeout(400)
    return barriers(page, axe)


def open_page(browser: Browser, desk: Desk, address: str) -> Page:
    page = sign_in(browser, desk.url, OWNER)
    page.goto(f"{desk.url}{address}")
    wait_until_alive(page)
    return page


def fits_every_screen(page: Page) -> None:
    for size, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not scrolls_sideways(page), name


def test_a_part_of_an_online_payment_goes_back(browser: Browser, desk: Desk, axe: str) -> None:
    token = desk.ask(PAID, 20_000)
    checkout = desk.services.payments.requests.start_checkout(token)
    desk.stripe.pay(checkout.rpartition("/")[2])
    desk.hear()
    page = open_page(browser, desk, "/rechnungen/zahlungen/?art=online")
    row = page.get_by_role("button", name=PAID)
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    row.click()
    pane = page.get_by_role("dialog", name=PAID)
    pane.get_by_role("button", name="Geld zurückzahlen").click()
    pane.get_by_label("Betrag").fill("50,00")
    pane.get_by_role("button", name="Zurückzahlen", exact=True).click()
    expect(pane.get_by_text("Bitte nennen Sie den Grund.")).to_be_visible(timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    pane.get_by_label("Grund").fill("Kulanz: Termin verschoben")
    pane.get_by_role("button", name="Zurückzahlen", exact=True).click()
    expect(pane.get_by_text("50,00")).to_be_visible(timeout=PATIENCE_MS)
    expect(pane.get_by_role("button", name="Geld zurückzahlen")).to_be_visible()
    with desk.services.db.reading(SYSTEM) as session:
        back = session.exec(select(Payment).where(Payment.kind == "refund")).one()
    assert (back.amount_cents, back.reference) == (-5_000, "Kulanz: Termin verschoben")
    assert desk.state(PAID) == "partial"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bar").click()
    expect(page.get_by_text("CarBot druckt keine Kassenbelege")).to_be_visible(timeout=PATIENCE_MS)
    fits_every_screen(page)


def test_money_that_does_not_fit_is_booked_as_it_came(browser: Browser, desk: Desk, axe: str) -> None:
    intent = desk.services.payments.requests.start_intent(desk.ask(SHORT, 10_000))
    desk.stripe.things[intent.intent_id]["amount"] = 8_000
    desk.stripe.confirm(intent.intent_id)
    desk.hear()
    page = open_page(browser, desk, "/rechnungen/zahlungen/")
    row = page.get_by_role("listitem").filter(has_text=f"{SHORT}: 80,00")
    expect(row).to_contain_text("Passt nicht", timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    row.get_by_role("button", name="So buchen").click()
    expect(page.get_by_text("Zahlung gebucht")).to_be_visible(timeout=PATIENCE_MS)
    expect(row).to_have_count(0)
    assert desk.state(SHORT) == "partial"


def test_a_signed_mandate_becomes_a_file_for_the_bank(browser: Browser, desk: Desk, axe: str) -> None:
    database = desk.services.db
    with database.writing(desk.workshop.id) as session:
        for terms in session.exec(select(BillingTerms)):
            session.delete(terms)
    make_billing_terms(database, desk.workshop)
    payer = make_customer(database, desk.workshop, name=PAYER)
    make_invoice(database, desk.workshop, DUE, 54_682, customer=payer, issued_on=TODAY)
    page = open_page(browser, desk, "/rechnungen/lastschriften/")
    page.get_by_role("button", name="Mandat anlegen").locator("visible=true").first.click()
    pane = page.get_by_role("dialog", name="Mandat anlegen")
    pane.get_by_role("searchbox").fill("Sonnenblume")
    pane.get_by_role("button", name=PAYER).click()
    pane.get_by_label("IBAN").fill("DE00 1234")
    pane.get_by_role("button", name="Mandat speichern").click()
    expect(pane.get_by_label("IBAN")).to_have_attribute("aria-invalid", "true", timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    pane.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    pane.get_by_label("Mandatsreferenz").fill("KD-91003")
    pane.get_by_role("button", name="Mandat speichern").click()
    expect(page.get_by_text("Mandat KD-91003 gespeichert")).to_be_visible(timeout=PATIENCE_MS)
    tick = page.get_by_role("checkbox", name=f"{DUE} einziehen")
    tick.click()
    expect(tick).to_be_checked(timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    page.get_by_role("button", name="1 einziehen: 546,82").click()
    link = page.get_by_role("link", name="SEPA-Datei vom")
    expect(link).to_be_visible(timeout=PATIENCE_MS)
    with page.expect_download() as file:
        link.click()
    told = etree.fromstring(Path(file.value.path()).read_bytes())

    def only(name: str) -> str:
        [node] = told.iterfind(f".//{{*}}{name}")
        return node.text or ""

    assert (only("EndToEndId"), only("InstdAmt"), only("MndtId")) == (DUE, "546.82", "KD-91003")
    assert only("ReqdColltnDt") == next_bank_day(TODAY).isoformat()
    expect(page.get_by_text("Nichts einzuziehen")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_text("Was daraus wurde").click()
    expect(page.get_by_text("Bei der Bank")).to_be_visible()
    assert seen(page, axe) == []
    fits_every_screen(page)
    page.get_by_role("button", name=f"Mandat von {PAYER} widerrufen").click()
    question = page.get_by_role("dialog", name="Mandat widerrufen?")
    question.get_by_role("button", name="Widerrufen").click()
    expect(page.get_by_text("Mandat widerrufen", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("listitem").filter(has_text=PAYER).last).to_contain_text("Widerrufen")


def test_invoices_say_that_money_on_the_account_waits(browser: Browser, desk: Desk, axe: str) -> None:
    page = open_page(browser, desk, "/rechnungen/")
    banner = page.get_by_text(re.compile(r"\d+ Ums.* auf eine Zuordnung"))
    expect(banner).to_be_visible(timeout=PATIENCE_MS)
    waiting = int(re.sub(r"\D", "", banner.inner_text().split("Ums")[0]))
    came = a_statement(an_entry("45.00", "Vielen Dank", ref="W1", on=TODAY.isoformat()))
    desk.services.bank.import_file(staff_of(desk.workshop), "auszug.xml", came)
    page.reload()
    expect(banner).to_contain_text(f"{waiting + 1} Umsätze", timeout=PATIENCE_MS)
    assert seen(page, axe) == []
    page.get_by_role("link", name="Bank öffnen").click()
    page.wait_for_url("**/rechnungen/bank/")
