"""A customer on a phone pays on the page of a Stripe that others wrote, and comes back to "paid"."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.kit.clock import system_clock
from carbot_app.kit.languages import LANGUAGES
from tests.conftest import open_database
from tests.e2e.people import DESKTOP, PHONE, barriers, scrolls_sideways
from tests.factories import make_workshop, staff_of
from tests.factories.billing import make_invoice, make_receivable
from tests.factories.saving import save
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.emulated_stripe import KEY, SECRET, EmulatedStripe
from tests.peers.http_server import HttpServer
from tests.peers.npm_packages import free_port, running

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Desk:
    """A workshop whose invoice is to be paid."""

    services: Services
    url: str
    asked: list[str]
    """Addresses of others the browser asked."""


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with running(EmulatedStripe(tmp_path, f"{origin}/api/webhooks/stripe")) as stripe:
        yield from _open(sqlite_url, tmp_path, port, stripe)


def _open(sqlite_url: str, tmp_path: Path, port: int, stripe: EmulatedStripe) -> Iterator[Desk]:
    origin = f"http://127.0.0.1:{port}"
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        public_url=origin,
        stripe_secret_key=KEY,
        stripe_webhook_secret=SECRET,
        stripe_api_base=stripe.origin,
        stripe_connect=False,
    )  # type: ignore[call-arg]
    with open_database(sqlite_url) as db:
        services = build_services(settings, db=db, clock=system_clock, passwords=CHEAP_HASHER)
        server = HttpServer(create_api(services))
        server.port = port
        server.start()
        worker = OutboxWorker(db, system_clock, quick={}, slow={"news": services.payments.events.on_event})
        worker.start()
        workshop = make_workshop(db)
        save(db, BillingTerms(workshop_id=workshop.id, iban="DE02120300000000202051"))
        invoice = make_invoice(db, workshop, number="RE-2026-00042", gross_cents=54_682, due_cents=54_682)
        make_receivable(db, invoice)
        view = services.payments.requests.ask_for_invoice(staff_of(workshop), invoice.id)
        yield Desk(services, view.url, [])
        worker.stop()
        server.stop()


def open_page(browser: Browser, desk: Desk, size: object, **options: object) -> Page:
    """The page of the link, with a note of every address it asks."""
    page = browser.new_context(**{"locale": "de-DE", "viewport": size, **options}).new_page()  # type: ignore[dict-item]
    page.on("request", lambda request: desk.asked.append(request.url))
    page.goto(desk.url)
    return page


def test_a_customer_pays_on_the_phone_and_comes_back_to_paid(browser: Browser, desk: Desk) -> None:
    page = open_page(browser, desk, PHONE)
    expect(page.get_by_role("heading", name="Rechnung RE-2026-00042")).to_be_visible()
    expect(page.get_by_text("546,82")).to_have_count(2)
    assert {address.split("/zahlen/")[0] for address in desk.asked} == {desk.url.split("/zahlen/")[0]}
    page.get_by_role("button", name="Jetzt online bezahlen").click()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=20_000)
    assert page.url.startswith(desk.url)
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_barriers_in_any_language(
    browser: Browser, desk: Desk, axe: str, size: object, theme: str
) -> None:
    for language in LANGUAGES:
        page = open_page(browser, desk, size, locale=language, color_scheme=theme, bypass_csp=True)
        assert barriers(page, axe) == []
        assert not scrolls_sideways(page)
        if folder := os.environ.get("CARBOT_PAGE_PICTURES"):
            name = f"{theme}-{language}-{page.viewport_size['width']}.png"  # type: ignore[index]
            page.screenshot(path=Path(folder) / name, full_page=True)
        page.context.close()
