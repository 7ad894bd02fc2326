"""The show: a car misfires at an agent, is seen live and understood, and its owner books by phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.orders.models import OrderApproval, WorkOrder
from tests.e2e.conftest import Served, serve
from tests.e2e.lift import NAME, PHONE_NUMBER, agent_at, car_on_record
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, barriers, sign_in, wait_until_alive
from tests.peers.elm327_cars import VIN
from tests.peers.obd_adapter import SimulatedAdapter

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def served(built_frontend: Path, tmp_path: Path) -> Iterator[Served]:
    """A server of its own: what is booked here stands in nobody else's way."""
    with serve(tmp_path / "film") as running:
        yield running


@pytest.fixture
def bay(served: Served) -> Iterator[Database]:
    with car_on_record(served) as database:
        yield database


def car_in(database: Database) -> Vehicle:
    with database.reading(SYSTEM) as session:
        return session.exec(select(Vehicle).where(Vehicle.vin == VIN)).one()


def test_from_the_plug_to_a_booked_slot(
    browser: Browser, served: Served, bay: Database, axe: str, tmp_path: Path
) -> None:
    with (
        SimulatedAdapter("misfire", turnaround=0.05, baud=115_200) as adapter,
        agent_at(served, bay, adapter),
    ):
        desk = sign_in(browser, served.url, OWNER)
        _see_it_live(desk, served)
        _understand_it(desk)
        desk.screenshot(path=tmp_path / "live.png")
        link = _send_the_report(desk)
        text = _text_message(bay)
        assert link.removesuffix("?vorschau=1") in text

        phone = browser.new_context(viewport=PHONE, locale="de-DE")
        page = phone.new_page()
        # The address of the server in messages is that of its settings, not the port of this test
        page.goto(served.url + "/bericht/" + re.search(r"/bericht/([\w-]+)", text)[1])  # type: ignore[index]
        _read_the_report(page, axe)
        page.screenshot(path=tmp_path / "report.png", full_page=True)
        _approve(page)
        _book(page)
        phone.close()

        # Whoever stands at the lift sees all of it without touching anything
        reports = desk.get_by_role("region", name="Berichte")
        expect(reports).to_contain_text("geöffnet", timeout=PATIENCE_MS)
        expect(reports.get_by_role("link", name="Auftrag")).to_be_visible(timeout=PATIENCE_MS)
        expect(desk.get_by_role("status").filter(has_text="Verbunden")).to_be_visible()

    _check_what_was_agreed(bay)


def _see_it_live(desk: Page, served: Served) -> None:
    desk.goto(f"{served.url}/diagnose/")
    wait_until_alive(desk)
    desk.locator("a[href*='/diagnose/auto/']").filter(has_text="Octavia").click(timeout=PATIENCE_MS)
    speed = desk.get_by_role("meter", name="Drehzahl").locator(".cb-gauge-value .cb-num")
    expect(speed).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    first = speed.inner_text()
    desk.wait_for_function(
        "before => document.querySelector('.cb-gauge-value .cb-num').textContent !== before", arg=first
    )


def _understand_it(desk: Page) -> None:
    code = desk.locator("article").filter(has_text="P0301")
    expect(code).to_contain_text("Zündaussetzer Zylinder 1", timeout=PATIENCE_MS)
    expect(code).to_contain_text("Nur eingeschränkt weiterfahren")
    expect(code.locator("ol li").first).to_contain_text("Zündspule")
    expect(code).to_contain_text("€")


def _send_the_report(desk: Page) -> str:
    desk.get_by_role("button", name="An Kunden senden").click()
    dialog = desk.locator("dialog[open]")
    expect(dialog).to_contain_text("P0301", timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="Senden").click()
    opened = desk.get_by_role("link", name=re.compile("Link öffnen"))
    expect(opened).to_be_visible(timeout=PATIENCE_MS)
    return opened.get_attribute("href") or ""


def _text_message(database: Database) -> str:
    """What left for the owner's phone."""
    with database.reading(SYSTEM) as session:
        sent = select(OutgoingMessage).where(
            OutgoingMessage.kind == "diagnostic_report", OutgoingMessage.to_address == PHONE_NUMBER
        )
        return session.exec(sent).one().text


def _read_the_report(page: Page, axe: str) -> None:
    expect(page.get_by_role("heading", level=1, name="Diagnosebericht")).to_be_visible()
    expect(page.get_by_role("heading", name="Zündaussetzer Zylinder 1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(page, axe) == []


def _approve(page: Page) -> None:
    name = page.locator("input[name=name]")
    expect(name).to_have_value(NAME)
    page.get_by_role("button", name=re.compile("^Freigeben")).first.click()
    expect(page.get_by_text("Freigegeben", exact=True).first).to_be_visible()


def _book(page: Page) -> None:
    page.locator("button[name=slot]").first.click()
    page.wait_for_url(re.compile("/t/"), timeout=PATIENCE_MS)


def _check_what_was_agreed(database: Database) -> None:
    car = car_in(database)
    with database.reading(SYSTEM) as session:
        order = session.exec(select(WorkOrder).where(WorkOrder.vehicle_id == car.id)).one()
        answer = session.exec(select(OrderApproval).where(OrderApproval.order_id == order.id)).one()
        visit = session.exec(
            select(Appointment).where(Appointment.vehicle_id == car.id).order_by(col(Appointment.id))
        ).one()
    assert (order.state, order.appointment_id) == ("scheduled", visit.id)
    assert (answer.signed_name, answer.channel) == (NAME, "link")
    assert visit.customer_id == car.customer_id
    assert order.approved_cents > 0
