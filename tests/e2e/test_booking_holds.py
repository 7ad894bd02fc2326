"""A courtesy car booked on a phone, while the time is held."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served
from tests.e2e.people import PATIENCE_MS, PHONE, wait_until_alive
from tests.factories import make_resource

pytestmark = pytest.mark.e2e

_OIL = "ENG-OIL-001"


@pytest.fixture
def lender(served: Served) -> Iterator[Served]:
    """The demo workshop with a car to lend."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    make_resource(database, workshop, "loaner", name="VW Polo")
    yield served
    database.close()


def at_times(browser: Browser, served: Served) -> Page:
    context = browser.new_context(viewport=PHONE, locale="de", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served.url}/w/{SLUG}/termin/")
    wait_until_alive(page)
    page.locator(f"input[name='s-{_OIL}']").check(force=True)
    go_on(page)
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    return page


def go_on(page: Page) -> None:
    page.locator(".cb-visit-bar button[type=submit]").click()


def test_a_courtesy_car_is_booked_on_a_phone(browser: Browser, lender: Served) -> None:
    page = at_times(browser, lender)
    page.get_by_role("switch", name="Ersatzwagen für diese Zeit").check(force=True)
    expect(page.locator(".cb-pick")).to_contain_text("Ersatzwagen frei", timeout=PATIENCE_MS)
    go_on(page)
    expect(page.locator(".cb-visit-bar .cb-hold")).to_contain_text("Reserviert bis", timeout=PATIENCE_MS)
    page.locator("input[name=name]").fill("Łucja Öztürk")
    page.locator("input[name=phone]").fill("0171 5550199")
    go_on(page)
    done = page.locator("[data-step='4']")
    expect(done).to_contain_text("Ein Ersatzwagen ist für Sie reserviert.", timeout=PATIENCE_MS)
    expect(done).to_contain_text("Auto abgeben bis")
    done.get_by_role("link", name="Verschieben oder absagen").click()
    expect(page.locator("main")).to_contain_text("Ein Ersatzwagen ist für Sie reserviert.")
    page.context.close()
