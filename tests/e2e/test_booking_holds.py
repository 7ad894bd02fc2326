"""Two customers after the same time, and a courtesy car booked on a phone, while the time is held."""

from collections.abc import Iterator
from time import monotonic

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served, clear_days_ahead
from tests.e2e.people import AT_ONCE_MS, PATIENCE_MS, PHONE, wait_until_alive
from tests.factories import make_resource

pytestmark = pytest.mark.e2e

_OIL = "ENG-OIL-001"
_INSPECTION = "SAF-HUA-001"
"""Only the inspector may do it, so a held time is gone for everybody else."""
_FREE = ".cb-slot:visible input:not(:disabled)"


@pytest.fixture(scope="module", autouse=True)
def database(served: Served) -> Iterator[Database]:
    """The demo's, with nothing planned."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    clear_days_ahead(database)
    yield database
    database.close()


@pytest.fixture
def lender(served: Served, database: Database) -> Served:
    """The demo workshop with a car to lend."""
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    make_resource(database, workshop, "loaner", name="VW Polo")
    return served


def at_times(browser: Browser, served: Served, service: str = _OIL) -> Page:
    """A customer at the times of the last day shown."""
    context = browser.new_context(viewport=PHONE, locale="de", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served.url}/w/{SLUG}/termin/")
    wait_until_alive(page)
    page.get_by_text("Alle Leistungen zeigen").click()
    page.locator(f"input[name='s-{service}']").check(force=True)
    go_on(page)
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    page.locator("input[name=day]:enabled").last.check(force=True)
    return page


def wait_until_offered(browser: Browser, served: Served, slot: str) -> None:
    """A given up time is free once the server has heard of it, which the browser does not wait for."""
    until = monotonic() + PATIENCE_MS / 1000
    while True:
        page = at_times(browser, served, _INSPECTION)
        offered = times_of(page)
        page.context.close()
        if slot in offered or monotonic() > until:
            break
    assert slot in offered


def go_on(page: Page) -> None:
    page.locator(".cb-visit-bar button[type=submit]").click()


def times_of(page: Page) -> list[str]:
    return page.locator(_FREE).evaluate_all("all => all.map(one => one.value)")


def choose(page: Page, slot: str) -> None:
    page.locator(f"label:has([value='{slot}']):visible").last.click()


def hold_line(page: Page) -> Locator:
    return page.locator(".cb-visit-bar .cb-hold")


def test_a_time_somebody_fills_in_the_form_for_is_not_offered_to_others(
    browser: Browser, served: Served
) -> None:
    first = at_times(browser, served, _INSPECTION)
    times = times_of(first)
    slot, far_from_it = times[1], times[-1]
    choose(first, slot)
    expect(hold_line(first)).to_contain_text("Reserviert bis", timeout=PATIENCE_MS)
    expect(hold_line(first).locator("[data-hold-left]")).to_contain_text("4:", timeout=AT_ONCE_MS)
    second = at_times(browser, served, _INSPECTION)
    assert slot not in times_of(second)

    choose(first, far_from_it)
    expect(first.locator("input[name=slot]:checked")).not_to_have_value(slot)
    wait_until_offered(browser, served, slot)
    for page in (first, second):
        page.context.close()


def test_whoever_picks_a_time_too_late_gets_the_next_best_at_once(browser: Browser, served: Served) -> None:
    slow = at_times(browser, served, _INSPECTION)
    quick = at_times(browser, served, _INSPECTION)
    slot = times_of(slow)[1]
    choose(quick, slot)
    expect(hold_line(quick)).to_be_visible(timeout=PATIENCE_MS)
    choose(slow, slot)
    expect(slow.get_by_role("alert").filter(has_text="gerade vergeben")).to_be_visible(timeout=PATIENCE_MS)
    expect(slow.locator("input[name=slot]:checked")).not_to_have_value(slot)
    go_on(slow)
    expect(slow.locator("input[name=name]")).to_be_visible(timeout=PATIENCE_MS)
    for page in (slow, quick):
        page.context.close()


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
