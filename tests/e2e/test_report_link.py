"""A customer on the phone opens the report of a misfire, approves the work and takes a time."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlmodel import select

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.diagnostics.models import DiagnosticSession
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.orders.models import WorkOrder
from tests.e2e.conftest import Served
from tests.e2e.people import PHONE, barriers

pytestmark = pytest.mark.e2e


@pytest.fixture
def services(served: Served) -> Iterator[Services]:
    """Beside the running server, on the same database."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    yield build_services(Settings(data_dir=served.data_dir, public_url=served.url), db=database)
    database.close()


def issue(services: Services, **wish: object) -> str:
    """Path of a new report about the demo's misfiring Golf."""
    with services.db.reading(SYSTEM) as session:
        row = session.exec(select(DiagnosticSession)).first()
    assert row is not None
    actor = services.team.system_actor(row.workshop_id)
    view = services.diagnostics.reports.issue(actor, row.id, ReportWish(channel="none", **wish))  # type: ignore[arg-type]
    return "/bericht/" + view.link.rpartition("/")[2]


def phone_of(browser: Browser, served: Served, **options: object) -> BrowserContext:
    """A phone that has never been here."""
    wanted = {"viewport": PHONE, "locale": "de-DE", "base_url": served.url, **options}
    return browser.new_context(**wanted)  # type: ignore[arg-type]


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    context = phone_of(browser, served)
    yield context
    context.close()


def test_the_report_is_read_approved_and_booked_with_three_taps(
    phone: BrowserContext, services: Services, axe: str
) -> None:
    link, page = issue(services), phone.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1, name="Diagnosebericht")).to_be_visible()
    expect(page.get_by_role("heading", name="Zündaussetzer Zylinder 1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(page, axe) == []
    page.get_by_role("button", name=re.compile("^Freigeben")).first.click()
    expect(page.get_by_text("Freigegeben", exact=True).first).to_be_visible()
    assert barriers(page, axe) == []
    page.locator("button[name=slot]").first.click()
    page.wait_for_url(re.compile("/t/"))
    with services.db.reading(SYSTEM) as session:
        order = session.exec(select(WorkOrder).order_by(WorkOrder.id.desc())).first()  # type: ignore[attr-defined]
    assert order is not None
    assert (order.state, order.appointment_id is not None) == ("scheduled", True)


def test_everything_is_reached_with_the_keyboard(phone: BrowserContext, services: Services) -> None:
    page = phone.new_page()
    page.goto(issue(services))
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.name || document.activeElement.innerText"))
    assert {"name", "line", "slot", "Bericht als PDF"} <= set(seen)


@pytest.mark.parametrize("language", ["en", "tr", "pl"])
def test_whoever_may_not_drive_on_sees_that_first_in_the_dark_and_in_their_language(
    browser: Browser, served: Served, services: Services, axe: str, language: str
) -> None:
    context = phone_of(browser, served, color_scheme="dark")
    page = context.new_page()
    page.goto(issue(services, language=language, lamps=("engine_blinking",)))
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("link")).to_be_in_viewport()
    assert barriers(page, axe) == []
    context.close()
