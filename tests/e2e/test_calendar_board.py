"""The calendar's grid in a real Chromium: moving by mouse and keys, refused drops, a second browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.board_day import book_board_day
from tests.e2e.conftest import Served
from tests.e2e.people import OWNER, PATIENCE_MS, barriers, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

_TIMES = """visit => {
  const lanes = [...document.querySelectorAll('.ec-col-head')].map(one => one.getBoundingClientRect());
  const box = visit.getBoundingClientRect();
  return [lanes.findIndex(one => one.left <= box.left + 5 && box.left + 5 < one.right), Math.round(box.top)];
}"""
_HOUR_PX = 64


def _visit(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/kalender/?on={book_board_day(served.data_dir)}")
    wait_until_alive(page)
    expect(page.locator("[data-visit]").first).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture
def desk(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(browser, served.url, OWNER)
    _visit(page, served)
    yield page
    page.context.close()


def _place(visit: Locator) -> tuple[int, int]:
    lane, top = visit.evaluate(_TIMES)
    return lane, top


def _latest(page: Page) -> Locator:
    """The last visit of the first lane."""
    ids = page.locator("[data-visit]").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().left, -one.getBoundingClientRect().top,"
        " one.dataset.visit]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(one => one[2])"
    )
    return page.locator(f"[data-visit='{ids[0]}']")


def _drag(page: Page, visit: Locator, dx: float, dy: float) -> Locator:
    box = visit.bounding_box()
    assert box
    x, y = box["x"] + 70, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    page.mouse.move(x + dx, y + dy, steps=6)
    landing = page.locator(".cb-board-landing")
    expect(landing).to_be_visible()
    page.wait_for_timeout(1500)
    page.mouse.move(x + dx + 1, y + dy, steps=2)
    page.mouse.move(x + dx + 1, y + dy + _HOUR_PX / 4, steps=2)
    page.mouse.move(x + dx + 1, y + dy, steps=2)
    return landing


def _lane_width(page: Page) -> float:
    box = page.locator(".ec-col-head").first.bounding_box()
    assert box
    return box["width"]


def test_a_visit_is_dragged_to_another_technician_and_another_browser_sees_it(
    desk: Page, served: Served, browser: Browser
) -> None:
    other = sign_in(browser, served.url, OWNER)
    _visit(other, served)
    visit = _latest(desk)
    id_ = visit.get_attribute("data-visit")
    lane, top = _place(visit)
    landing = _drag(desk, visit, _lane_width(desk) * 3, 0)
    expect(landing).to_contain_text("passt")
    desk.mouse.up()
    expect(desk.locator(".cb-toast")).to_contain_text("Eingeplant", timeout=PATIENCE_MS)
    assert _place(visit) == (lane + 3, top)
    other.wait_for_function(
        f"id => {{ const one = document.querySelector(`[data-visit='${{id}}']`);"
        f" return one && ({_TIMES})(one)[0] === {lane + 3}; }}",
        arg=id_,
        timeout=PATIENCE_MS,
    )
    desk.locator(".cb-toast").get_by_role("button", name="Rückgängig").click()
    expect(desk.locator(".cb-toast").last).to_contain_text("Rückgängig gemacht", timeout=PATIENCE_MS)
    assert _place(visit) == (lane, top)
    other.context.close()


@pytest.mark.thorough
def test_a_drop_on_an_occupied_time_goes_back(desk: Page) -> None:
    visit = _latest(desk)
    before = _place(visit)
    morning = desk.locator("[data-visit]").first.bounding_box()
    box = visit.bounding_box()
    assert morning
    assert box
    landing = _drag(desk, visit, 0, morning["y"] - box["y"])
    expect(landing).to_contain_text("Schon belegt")
    desk.mouse.up()
    expect(desk.locator(".cb-toast")).to_contain_text("Schon belegt")
    assert _place(visit) == before


def test_keys_lift_move_drop_and_give_up(desk: Page) -> None:
    visit = _latest(desk)
    lane, top = _place(visit)
    said = desk.locator("[data-board-said]")
    visit.focus()
    desk.keyboard.press("Space")
    expect(said).not_to_be_empty()
    desk.keyboard.press("ArrowDown")
    expect(said).to_contain_text("passt", timeout=PATIENCE_MS)
    desk.keyboard.press("Escape")
    expect(said).to_contain_text("abgebrochen")
    assert _place(visit) == (lane, top)
    visit.focus()
    desk.keyboard.press("Space")
    for _ in range(3):
        desk.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Tim Hoffmann")
    desk.wait_for_timeout(1500)
    desk.keyboard.press("Enter")
    expect(desk.locator(".cb-toast")).to_contain_text("Eingeplant", timeout=PATIENCE_MS)
    expect(said).to_contain_text("abgelegt")
    assert _place(visit) == (lane + 3, top)
    desk.locator(".cb-toast").get_by_role("button", name="Rückgängig").click()
    expect(desk.locator(".cb-toast").last).to_contain_text("Rückgängig gemacht", timeout=PATIENCE_MS)


@pytest.mark.thorough
def test_axe_finds_no_barrier_in_day_and_week(desk: Page, served: Served, axe: str) -> None:
    for view in ("Tag", "Woche"):
        desk.get_by_role("radio", name=view, exact=True).click(force=True)
        desk.wait_for_timeout(1500)
        expect(desk.locator("[data-visit]").first).to_be_visible(timeout=PATIENCE_MS)
        assert barriers(desk, axe, ".cb-board") == []
