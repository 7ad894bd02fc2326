"""Booked on a phone, dragged elsewhere at the desk: the new time is in a mail and in a CalDAV calendar."""

from collections.abc import Callable
from datetime import datetime

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served, TwoWorkers, clear_days_ahead
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive
from tests.factories.booking import make_resource
from tests.peers.mailbox import Mailbox
from tests.peers.radicale_server import PASSWORD, USER, Radicale
from tests.services.bookings import BERLIN

pytestmark = pytest.mark.e2e

CUSTOMER, ADDRESS = "Gülşen İnönü-Müller", "guelsen@example.org"
SERVICES = ("ENG-OIL-001", "ELE-BAT-002", "SAF-BRK-002")
TECHNICIAN = "İpek Yıldırım"
"""New in the team: her day is free whatever the demo has planned."""
_QUARTER_PX = 16
_MAIL_MS = 60_000


@pytest.fixture
def running(two_workers: TwoWorkers) -> Served:
    return two_workers.served


@pytest.fixture
def database(two_workers: TwoWorkers) -> Database:
    """The same database the two workers write to."""
    return two_workers.database


@pytest.fixture
def mailbox(two_workers: TwoWorkers) -> Mailbox:
    return two_workers.mailbox


@pytest.mark.postgres
def test_three_services_and_a_courtesy_car_are_booked_moved_by_drag_and_known_everywhere(
    browser: Browser, running: Served, database: Database, mailbox: Mailbox, radicale: Radicale
) -> None:
    _hire(database)
    clear_days_ahead(database)
    calendar = radicale.make_calendar("ipek", TECHNICIAN)
    desk = sign_in(browser, running.url, OWNER)
    _connect(desk, running, radicale)

    phone = _phone(browser, running)
    _book(phone)
    booked = _visit(database)
    assert booked.loaner_id
    until(desk, lambda: len(mailbox.letters_to(ADDRESS)) == 1)
    assert _when(booked) in mailbox.letters_to(ADDRESS)[0]

    _drag_to_fit(desk, running, booked)
    moved = _visit(database)
    assert moved.starts_at != booked.starts_at
    assert moved.loaner_id
    until(desk, lambda: len(mailbox.letters_to(ADDRESS)) == 2)
    assert _when(moved) in mailbox.letters_to(ADDRESS)[1]
    until(desk, lambda: f"DTSTART:{moved.starts_at:%Y%m%dT%H%M%SZ}" in _entries(calendar))
    assert "DO-GI 77" in _entries(calendar)

    phone.get_by_role("link", name="Verschieben oder absagen").click()
    expect(phone.locator("main")).to_contain_text(_when(moved), timeout=PATIENCE_MS)
    phone.context.close()
    desk.context.close()


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for what no browser shows; the page's clock keeps Playwright going."""
    for _ in range(_MAIL_MS // 250):
        if condition():
            return
        page.wait_for_timeout(250)
    raise AssertionError("it did not happen in time")


def _connect(desk: Page, running: Served, radicale: Radicale) -> None:
    desk.goto(f"{running.url}/einstellungen/?bereich=kalender")
    wait_until_alive(desk)
    desk.get_by_role("button", name="Apple, Nextcloud, CalDAV").click()
    pane = desk.locator("dialog[open]")
    for name, value in (("address", radicale.origin), ("user", USER), ("password", PASSWORD)):
        pane.locator(f"input[name={name}]").fill(value)
    pane.get_by_role("button", name="Anmeldung prüfen").click()
    expect(pane.locator("select[name=calendar]")).to_be_visible(timeout=PATIENCE_MS)
    pane.locator("select[name=calendar]").select_option(label=TECHNICIAN)
    pane.locator("select[name=technician]").select_option(label=TECHNICIAN)
    pane.get_by_role("button", name="Verbinden", exact=True).click()
    expect(desk.get_by_text("Der Kalender ist verbunden.").first).to_be_visible(timeout=PATIENCE_MS)


def _hire(database: Database) -> None:
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
        team = session.exec(select(Resource).where(Resource.workshop_id == workshop.id)).all()
    abilities = {ability for one in team if one.kind == "technician" for ability in one.abilities}
    make_resource(database, workshop, "technician", name=TECHNICIAN, abilities=sorted(abilities))


def _phone(browser: Browser, running: Served) -> Page:
    page = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    page.goto(f"{running.url}/w/{SLUG}/termin/")
    wait_until_alive(page)
    return page


def _book(page: Page) -> None:
    page.locator("input[name=plate]").fill("do gi 77")
    # What is said about the plate moves everything below it
    expect(page.locator("#plate-note .cb-note")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_text("Alle Leistungen zeigen").click()
    for code in SERVICES:
        page.locator(f"input[name='s-{code}']").check(force=True)
    _go_on(page)
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    page.get_by_role("switch", name="Ersatzwagen für diese Zeit").check(force=True)
    expect(page.locator(".cb-pick")).to_contain_text("Ersatzwagen frei", timeout=PATIENCE_MS)
    _go_on(page)
    page.locator("input[name=name]").fill(CUSTOMER)
    page.locator("input[name=email]").fill(ADDRESS)
    _go_on(page)
    done = page.locator("[data-step='4']")
    expect(done).to_contain_text("Ein Ersatzwagen ist für Sie reserviert.", timeout=PATIENCE_MS)


def _go_on(page: Page) -> None:
    page.locator(".cb-visit-bar button[type=submit]").click()


def _drag_to_fit(desk: Page, running: Served, booked: Appointment) -> None:
    """Pick the visit up and go down the technician's lane until the calendar says that it fits."""
    desk.goto(f"{running.url}/kalender/?on={_local(booked).date().isoformat()}")
    wait_until_alive(desk)
    visit = desk.locator(f"[data-visit='{booked.id}']")
    expect(visit).to_be_visible(timeout=PATIENCE_MS)
    visit.scroll_into_view_if_needed()
    box, lane = _box(visit), _box(desk.locator(".ec-col-head", has_text=TECHNICIAN))
    grid = _box(desk.locator(".ec-body").first)
    desk.mouse.move(box["x"] + 40, box["y"] + 10)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 48, box["y"] + 18)
    landing = desk.locator(".cb-board-landing")
    expect(landing).to_be_visible()
    desk.wait_for_timeout(1500)
    for y in range(int(grid["y"]) + 12, int(grid["y"] + grid["height"]) - 12, _QUARTER_PX):
        desk.mouse.move(lane["x"] + 40, y, steps=2)
        if abs(y - box["y"]) > 4 * _QUARTER_PX and "passt" in landing.inner_text():
            break
    else:
        raise AssertionError("the technician has no time for it on this day")
    desk.mouse.up()
    expect(desk.locator(".cb-toast")).to_contain_text("Eingeplant", timeout=PATIENCE_MS)


def _box(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box
    return dict(box)


def _visit(database: Database) -> Appointment:
    """The customer's visit as it is stored now."""
    query = select(Appointment).join(Customer, col(Customer.id) == Appointment.customer_id)
    with database.reading(SYSTEM) as session:
        return session.exec(query.where(Customer.name == CUSTOMER)).one()


def _local(visit: Appointment) -> datetime:
    assert visit.starts_at
    return visit.starts_at.astimezone(BERLIN)


def _when(visit: Appointment) -> str:
    """The time of day as customers read it."""
    return f"{_local(visit).hour}:{_local(visit):%M}"


def _entries(calendar: str) -> str:
    """Everything in the calendar, as the server itself hands it out."""
    return httpx.get(calendar, auth=(USER, PASSWORD)).text
