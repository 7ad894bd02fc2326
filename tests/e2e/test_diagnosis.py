"""A car that misfires comes in at an agent: values on the screen, the code explained, a mark, a replay."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.adapters.diagnostics.parquet import ArrowParquetWriter
from carbot_app.db.session import Database
from carbot_app.domains.diagnostics.recordings import RecordingService
from tests.e2e.conftest import Served
from tests.e2e.lift import agent_at, car_on_record, workshop_of
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
from tests.factories import staff_of
from tests.peers.obd_adapter import SimulatedAdapter

pytestmark = pytest.mark.e2e

NUMBER = re.compile(r"\d")


@pytest.fixture
def bay(served: Served) -> Iterator[Database]:
    with car_on_record(served) as database:
        yield database


@pytest.fixture
def adapter() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter("misfire", turnaround=0.05, baud=115_200) as adapter:
        yield adapter


@pytest.fixture
def agent(served: Served, bay: Database, adapter: SimulatedAdapter) -> Iterator[None]:
    with agent_at(served, bay, adapter):
        yield


def figure(page: Page, name: str) -> str:
    return page.get_by_role("meter", name=name, exact=True).locator(".cb-gauge-value .cb-num").inner_text()


def test_a_misfire_from_the_plug_to_the_replay(
    browser: Browser, served: Served, bay: Database, adapter: SimulatedAdapter, agent: None, axe: str
) -> None:
    page = sign_in(browser, served.url, OWNER)
    page.goto(f"{served.url}/diagnose/")
    wait_until_alive(page)
    car = page.locator("a[href*='/diagnose/auto/']").filter(has_text="Octavia")
    expect(car).to_be_visible(timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    car.click()

    expect(page.get_by_role("meter", name="Drehzahl").locator(".cb-gauge-value .cb-num")).to_have_text(
        NUMBER, timeout=PATIENCE_MS
    )
    first = figure(page, "Drehzahl")
    page.wait_for_function(
        "before => document.querySelector('.cb-gauge-value .cb-num').textContent !== before", arg=first
    )
    expect(page.get_by_role("status").filter(has_text="Verbunden")).to_be_visible()

    # Nobody asked: a car that comes in tells its codes
    code = page.locator("article").filter(has_text="P0301")
    expect(code).to_contain_text("Zündaussetzer Zylinder 1", timeout=PATIENCE_MS)
    expect(code).to_contain_text("Nur eingeschränkt weiterfahren")
    expect(code.locator("ol li").first).to_contain_text("Zündspule")
    assert barriers(page, axe) == []

    page.get_by_role("button", name="Markieren").click()
    page.get_by_label("Was ist gerade passiert?").fill("Gas 2.100")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("ul[aria-label='Markierungen']")).to_contain_text("Gas 2.100")

    page.set_viewport_size(PHONE)
    page.wait_for_timeout(500)
    assert not scrolls_sideways(page)
    assert barriers(page, axe) == []
    page.set_viewport_size(DESKTOP)

    adapter.tell("ignition off")
    expect(page.get_by_role("status").filter(has_text="Zündung aus")).to_be_visible(timeout=PATIENCE_MS)
    adapter.tell("ignition on")
    expect(page.get_by_role("status").filter(has_text="Verbunden")).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_role("button", name="Weitere Aktionen").click()
    page.get_by_role("menuitem", name="Beenden").click()
    page.locator("dialog[open]").get_by_role("button", name="Beenden").click()
    expect(page.get_by_role("combobox", name="Tempo")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("combobox", name="Tempo").select_option("20")
    expect(page.get_by_role("meter", name="Drehzahl").locator(".cb-gauge-value .cb-num")).to_have_text(NUMBER)
    assert barriers(page, axe) == []

    session_id = UUID(page.url.split("id=")[1])
    recordings = RecordingService(db=bay, parquet=ArrowParquetWriter())
    pieces = recordings.list_pieces(staff_of(workshop_of(bay)), session_id, limit=1000)
    assert sum(len(piece.rows) for piece in pieces) > 100


def test_the_pane_says_what_is_missing_and_opens_a_session_at_this_device(
    browser: Browser, served: Served, axe: str
) -> None:
    page = sign_in(browser, served.url, OWNER, viewport=PHONE)
    page.goto(f"{served.url}/diagnose/")
    wait_until_alive(page)
    page.get_by_role("button", name="Auto anschließen").click()
    page.get_by_text("An diesem Gerät").click()
    assert barriers(page, axe) == []
    page.locator("dialog[open] input[name=plate]").fill("XX-YY 99999")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("dialog[open]").get_by_role("alert")).to_be_visible()
    page.locator("dialog[open] input[name=plate]").fill("")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.get_by_text("Die Werte erscheinen von selbst.")).to_be_visible(timeout=PATIENCE_MS)
    # Headless Chromium knows Web Serial: the button that asks for the adapter is there
    expect(page.get_by_role("button", name="Per Kabel verbinden")).to_be_visible()
    assert not scrolls_sideways(page)
    assert barriers(page, axe) == []
