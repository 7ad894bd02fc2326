"""A customer pays in the provider's form on our own page, over the stand-in for Stripe and its script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.kit.clock import system_clock
from tests.conftest import open_database
from tests.e2e.people import DESKTOP, PHONE, barriers, scrolls_sideways
from tests.factories import make_workshop, staff_of
from tests.factories.billing import make_invoice, make_receivable
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.http_server import HttpServer, free_port
from tests.peers.stripe_standin import KEY, PUBLISHABLE, SECRET, StripeStandin

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Desk:
    """A workshop whose invoice is to be paid."""

    services: Services
    stripe: StripeStandin
    url: str

    def hear(self) -> None:
        """The calls of the provider about everything that happened, and the jobs after them."""
        for event in self.stripe.events:
            headers, body = self.stripe.signed(event)
            self.services.payments.events.receive("stripe", headers=headers, body=body)
        consumers = {"payments": self.services.payments.events.on_event}
        OutboxWorker(self.services.db, system_clock, quick=consumers, slow={}).drain()


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    port = free_port()
    stripe = StripeStandin()
    stripe.start()
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        public_url=f"http://127.0.0.1:{port}",
        stripe_secret_key=KEY,
        stripe_webhook_secret=SECRET,
        stripe_publishable_key=PUBLISHABLE,
        stripe_api_base=stripe.origin,
        stripe_connect=False,
    )  # type: ignore[call-arg]
    with open_database(sqlite_url) as db:
        services = build_services(settings, db=db, clock=system_clock, passwords=CHEAP_HASHER)
        server = HttpServer(create_api(services))
        server.port = port
        server.start()
        workshop = make_workshop(db)
        invoice = make_invoice(db, workshop, number="RE-2026-00042", gross_cents=54_682, due_cents=54_682)
        make_receivable(db, invoice)
        url = services.payments.requests.ask_for_invoice(staff_of(workshop), invoice.id).url
        yield Desk(services, stripe, url)
        server.stop()
    stripe.stop()


def at_page(browser: Browser, desk: Desk, **options: object) -> Page:
    """The page of the link."""
    options = {"locale": "de-DE", "viewport": PHONE, **options}
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(desk.url)
    return page


def open_form(page: Page) -> None:
    """Press the button, and wait for the form."""
    page.get_by_role("button", name="Jetzt online bezahlen").click()
    expect(page.get_by_label("Kartennummer")).to_be_visible()


def test_a_customer_pays_in_place_and_nothing_is_loaded_before_the_button(
    browser: Browser, desk: Desk
) -> None:
    page = at_page(browser, desk)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert {address for address in asked if not address.startswith(desk.url)} == set()
    assert desk.stripe.scripts == 0
    open_form(page)
    expect(page.get_by_label("Kartennummer")).to_be_focused()
    expect(page.get_by_role("button", name="Jetzt online bezahlen")).to_be_hidden()
    page.get_by_label("Kartennummer").fill("4242 4242 4242 4242")
    page.get_by_role("button", name="546,82\u00a0€ zahlen").click()
    expect(page.get_by_role("heading", name="Einen Moment bitte")).to_be_visible()
    desk.hear()
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=20_000)
    page.context.close()


def test_a_declined_card_is_said_in_the_form_and_another_one_pays(browser: Browser, desk: Desk) -> None:
    page = at_page(browser, desk)
    open_form(page)
    page.get_by_label("Kartennummer").fill("4000 0000 0000 0002")
    page.get_by_role("button", name="546,82\u00a0€ zahlen").click()
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    page.get_by_label("Kartennummer").fill("4242 4242 4242 4242")
    page.get_by_role("button", name="546,82\u00a0€ zahlen").click()
    expect(page.get_by_role("heading", name="Einen Moment bitte")).to_be_visible()
    desk.hear()
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=20_000)
    page.context.close()


@pytest.mark.parametrize("trouble", ["the script is blocked", "no form is made"])
def test_without_the_form_the_button_leads_to_the_providers_page(
    browser: Browser, desk: Desk, trouble: str
) -> None:
    page = at_page(browser, desk)

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/stripe.js" if trouble == "the script is blocked" else "**/intent", refuse)
    page.get_by_role("button", name="Jetzt online bezahlen").click()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="Einen Moment bitte")).to_be_visible()
    page.context.close()


def test_who_prefers_the_providers_page_gets_it_and_pays_once(browser: Browser, desk: Desk) -> None:
    page = at_page(browser, desk)
    open_form(page)
    page.get_by_role("button", name="Stattdessen auf der Seite von Stripe zahlen").click()
    page.get_by_role("button", name="Pay").click()
    desk.hear()
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=20_000)
    page.context.close()


def test_what_was_paid_meanwhile_is_said_instead_of_a_form(browser: Browser, desk: Desk) -> None:
    page = at_page(browser, desk)
    token = desk.url.rpartition("/")[2]
    desk.stripe.pay(desk.services.payments.requests.start_checkout(token).rpartition("/")[2])
    desk.hear()
    page.get_by_role("button", name="Jetzt online bezahlen").click()
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_open_form_has_no_barriers(
    browser: Browser, desk: Desk, axe: str, size: object, theme: str
) -> None:
    page = at_page(browser, desk, viewport=size, color_scheme=theme, bypass_csp=True)
    open_form(page)
    assert barriers(page, axe) == []
    assert not scrolls_sideways(page)
    page.context.close()
