"""A new visit at the desk, unplanned work on a phone, paper, and a browser in another time zone."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.board_day import book_board_day
from tests.e2e.conftest import Served
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, barriers, sign_in, wait_until_alive
from tests.services.bookings import BERLIN

pytestmark = pytest.mark.e2e

_NEW_YORK = "America/New_York"


def _open(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.url}/kalender/{query or f'?on={book_board_day(served.data_dir)}'}")
    wait_until_alive(page)


@pytest.fixture
def desk(served: Served, browser: Browser) -> Iterator[Page]:
    page = sign_in(browser, served.url, OWNER)
    _open(page, served)
    expect(page.locator("[data-visit]").first).to_be_visible(timeout=PATIENCE_MS)
    yield page
    page.context.close()


def _take_service(page: Page, words: str) -> None:
    page.locator("#desk-search").fill(words)
    expect(page.locator(".cb-desk-found li").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#desk-search").press("Enter")
    expect(page.locator("[data-desk-total]")).to_be_visible(timeout=PATIENCE_MS)


def test_a_known_car_is_booked_with_keys_alone(desk: Page, axe: str) -> None:
    before = desk.locator("[data-visit]").count()
    desk.keyboard.press("n")
    dialog = desk.locator("#desk-booking[open]")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    expect(dialog.locator("input[name=plate]")).to_be_focused()
    desk.keyboard.type("DO AB 123")
    expect(dialog).to_contain_text("Sabine Krause", timeout=PATIENCE_MS)
    _take_service(desk, "Motorölwechsel")
    expect(desk.locator("#desk-search")).to_be_focused()
    expect(dialog.locator("input[name=time]:checked")).to_have_count(1, timeout=PATIENCE_MS)
    expect(dialog.locator("input[name=phone]")).to_have_value(re.compile("0171"))
    assert barriers(desk, axe, "#desk-booking") == []
    dialog.locator("input[name=name]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".cb-toast")).to_contain_text("Eingetragen: Sabine Krause", timeout=PATIENCE_MS)
    expect(desk.locator("#desk-booking")).not_to_be_visible()
    assert desk.locator("[data-visit]").count() >= before


def test_escape_closes_and_a_press_beside_it_does_not(desk: Page) -> None:
    desk.get_by_role("button", name="Termin", exact=True).click()
    dialog = desk.locator("#desk-booking")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    desk.mouse.click(5, 5)
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).not_to_be_visible(timeout=PATIENCE_MS)


def test_an_empty_place_of_the_grid_brings_its_time_and_technician(desk: Page) -> None:
    head = desk.locator(".ec-col-head").nth(1).bounding_box()
    line = desk.locator(".ec-sidebar time").filter(has_text="15:00").bounding_box()
    assert head
    assert line
    desk.mouse.click(head["x"] + 60, line["y"] + line["height"] / 2 + 4)
    dialog = desk.locator("#desk-booking[open]")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    _take_service(desk, "Motorölwechsel")
    chosen = dialog.locator("label", has=desk.locator("input[name=time]:checked"))
    expect(chosen).to_contain_text(re.compile(r"1[45]:\d\d Uhr · Marek Nowak"), timeout=PATIENCE_MS)


def test_each_technician_has_a_page_of_the_day_plan(desk: Page) -> None:
    desk.emulate_media(color_scheme="dark")
    desk.evaluate(
        "() => { window.print = () => {"
        " window.printed = document.querySelectorAll('.cb-dayplan > section').length; } }"
    )
    desk.get_by_role("button", name="Tagesplan drucken").click()
    desk.wait_for_function("window.printed > 0", timeout=PATIENCE_MS)
    pages = desk.evaluate("window.printed")
    assert pages >= 4
    desk.emulate_media(media="print", color_scheme="dark")
    look = desk.locator(".cb-dayplan h2").first.evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(document.body).backgroundColor]"
    )
    expect(desk.locator(".cb-side")).not_to_be_visible()
    assert look == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    paper = desk.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == pages


def test_a_phone_plans_what_waits(served: Served, browser: Browser) -> None:
    page = sign_in(browser, served.url, OWNER, viewport=PHONE)
    _open(page, served)
    opener = page.get_by_role("button", name=re.compile(r"Ungeplant \(\d+\)"))
    expect(opener).to_be_visible(timeout=PATIENCE_MS)
    waiting = int(re.findall(r"\d+", opener.inner_text())[0])
    opener.click()
    sheet = page.locator("#unplanned[open]")
    sheet.locator(".cb-board-card").first.click()
    expect(sheet.get_by_role("heading")).to_contain_text("Zeit für", timeout=PATIENCE_MS)
    sheet.get_by_role("button", name=re.compile("Uhr")).first.click()
    expect(page.locator(".cb-toast")).to_contain_text("Eingeplant", timeout=PATIENCE_MS)
    if waiting > 1:
        expect(opener).to_contain_text(str(waiting - 1), timeout=PATIENCE_MS)
    else:
        expect(opener).not_to_be_visible(timeout=PATIENCE_MS)
    page.context.close()


def test_a_browser_in_new_york_keeps_the_workshops_clock(served: Served, browser: Browser) -> None:
    page = sign_in(browser, served.url, OWNER, timezone_id=_NEW_YORK)
    _open(page, served)
    visit = page.locator("[data-visit]").first
    expect(visit).to_be_visible(timeout=PATIENCE_MS)
    now = page.locator(".cb-board-root").evaluate("one => one.style.getPropertyValue('--cb-now')")
    hour, minute = map(int, now.strip('"').split(":"))
    local = datetime.now(BERLIN)
    apart = abs(hour * 60 + minute - local.hour * 60 - local.minute)
    assert min(apart, 24 * 60 - apart) <= 2
    _open(page, served, "?span=week")
    marked = page.locator(".cb-day-today")
    expect(marked).to_have_count(1, timeout=PATIENCE_MS)
    expect(marked).to_contain_text(str(local.day))
    page.context.close()


def test_what_is_dropped_at_two_in_new_york_is_at_two_in_the_workshop(
    served: Served, browser: Browser
) -> None:
    page = sign_in(browser, served.url, OWNER, timezone_id=_NEW_YORK)
    _open(page, served)
    card = page.locator("[data-unplanned]").first
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    id_ = card.get_attribute("data-unplanned")
    source, head = card.bounding_box(), page.locator(".ec-col-head").nth(2).bounding_box()
    line = page.locator(".ec-sidebar time").filter(has_text="14:00").bounding_box()
    assert source
    assert head
    assert line
    y = line["y"] + line["height"] / 2 + 4
    page.mouse.move(source["x"] + 20, source["y"] + 12)
    page.mouse.down()
    page.mouse.move(head["x"] + 60, y, steps=8)
    landing = page.locator(".cb-board-landing")
    expect(landing).to_contain_text("passt", timeout=PATIENCE_MS)
    begins = re.findall(r"\d+:\d\d", landing.inner_text())[0]
    assert begins in ("13:45", "14:00", "14:15")
    page.mouse.up()
    expect(page.locator(".cb-toast")).to_contain_text(f"{begins} Uhr", timeout=PATIENCE_MS)
    page.locator(f"[data-visit='{id_}']").click()
    expect(page.locator("#visit")).to_contain_text(begins, timeout=PATIENCE_MS)
    page.context.close()
