"""The dashboard at work: figures move, everything can be pressed, and what is pressed is in the address."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    Chat,
    chat_address,
    scrolls_sideways,
    sign_in,
    wait_for_every_panel,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e

PLOTLY = re.compile("plotly", re.IGNORECASE)


@pytest.fixture(scope="module")
def owner(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """The owner's browser."""
    context = sign_in(browser, served.url, OWNER).context
    yield context
    context.close()


@pytest.fixture
def page(owner: BrowserContext) -> Iterator[Page]:
    """A tab of it, on a desk."""
    tab = owner.new_page()
    tab.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    yield tab
    tab.close()


def opened(page: Page, served: Served, query: str = "") -> Page:
    """The dashboard with all a desk sees of it without scrolling."""
    page.goto(f"{served.url}/auswertung/{query}")
    wait_until_alive(page)
    expect(page.locator("[data-panel=loads]")).to_be_visible(timeout=PATIENCE_MS)
    return page


def figure(page: Page, code: str) -> Locator:
    """The number of a tile."""
    return page.locator(f"[data-figure={code}] .cb-kpi-figure")


def asked(page: Page) -> dict[str, str]:
    """What the address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_chat_in_one_browser_moves_the_figures_in_another(
    browser: Browser, page: Page, served: Served
) -> None:
    opened(page, served)
    leads, messages = (int(figure(page, code).inner_text()) for code in ("new_leads", "chat_volume"))
    visitor = browser.new_context(locale="de-DE").new_page()
    visitor.goto(chat_address(served.url))
    Chat(visitor).say("Was kostet ein Ölwechsel beim Golf 7 von 2015?")
    expect(figure(page, "new_leads")).to_have_text(str(leads + 1), timeout=AT_ONCE_MS)
    expect(figure(page, "chat_volume")).to_have_text(str(messages + 2), timeout=AT_ONCE_MS)
    expect(figure(page, "chat_volume")).to_have_class(re.compile("cb-changed"))
    visitor.context.close()


def test_the_figures_are_there_without_a_script(
    browser: Browser, owner: BrowserContext, served: Served
) -> None:
    live = opened(owner.new_page(), served)
    still = browser.new_context(java_script_enabled=False, storage_state=owner.storage_state()).new_page()
    still.goto(f"{served.url}/auswertung/")
    revenue = still.locator(".cb-figures-first li", has_text="Umsatz").locator(".cb-kpi-figure")
    expect(revenue).to_be_visible()
    digits = re.compile(r"[^\d]")
    assert digits.sub("", revenue.inner_text()) == digits.sub("", figure(live, "revenue").inner_text())
    still.context.close()
    live.close()


def test_a_press_on_a_bar_narrows_everything_and_a_press_on_its_chip_lets_go(
    page: Page, served: Served
) -> None:
    opened(page, served)
    before = figure(page, "bookings").inner_text()
    bar = page.locator("[data-panel=services] .cb-barline").first
    name = bar.locator("span").first.inner_text()
    bar.click()
    chip = page.locator("[data-filter=leistung]")
    expect(chip).to_contain_text(name, timeout=PATIENCE_MS)
    expect(figure(page, "bookings")).not_to_have_text(before, timeout=PATIENCE_MS)
    narrowed, code = figure(page, "bookings").inner_text(), asked(page)["leistung"]
    expect(bar).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(chip).to_contain_text(name, timeout=PATIENCE_MS)
    expect(figure(page, "bookings")).to_have_text(narrowed, timeout=PATIENCE_MS)
    assert asked(page)["leistung"] == code
    chip.click()
    expect(chip).to_have_count(0, timeout=PATIENCE_MS)
    expect(figure(page, "bookings")).to_have_text(before, timeout=PATIENCE_MS)
    assert "leistung" not in asked(page)


def test_an_hour_of_the_week_is_reached_by_keys(page: Page, served: Served) -> None:
    opened(page, served)
    cells = page.locator(".cb-heat button")
    assert cells.and_(page.locator("[tabindex='0']")).count() == 1
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-filter=tag]")).to_contain_text("Dienstag", timeout=PATIENCE_MS)
    expect(page.locator("[data-filter=stunde]")).to_be_visible()
    page.get_by_role("button", name="Alle entfernen").click()
    expect(page.locator("[data-filter]")).to_have_count(0, timeout=PATIENCE_MS)


def test_the_rows_behind_a_figure_lead_to_their_records(page: Page, served: Served) -> None:
    opened(page, served)
    count = int(figure(page, "new_leads").inner_text())
    page.locator("[data-figure=new_leads] a").click()
    pane = page.locator("#dash-rows[open]")
    expect(pane).to_contain_text(f"{count} Eintr", timeout=PATIENCE_MS)
    assert asked(page)["zeilen"] == "new_leads"
    pane.get_by_role("button", name="Mehr").click()
    expect(pane.locator("li").nth(30)).to_be_attached(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(pane).to_have_count(0)
    expect(page).not_to_have_url(re.compile("zeilen="), timeout=PATIENCE_MS)
    page.reload()
    wait_until_alive(page)
    page.locator("[data-figure=new_leads] a").click()
    pane.locator("li a").first.click()
    page.wait_for_url(re.compile("/posteingang/"))


def test_a_figure_says_what_it_means_on_focus_and_is_silent_after_escape(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator("[data-figure=chat_volume] a").focus()
    page.keyboard.press("Tab")
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("Nachrichten")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.locator("[data-figure=revenue]").hover()
    expect(tip).to_contain_text("Rechnungen")


def test_plotly_comes_with_the_chart_that_is_reached_for_and_nowhere_else(
    owner: BrowserContext, served: Served
) -> None:
    page = owner.new_page()
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for path in ("/heute/", "/posteingang/"):
        page.goto(served.url + path)
        wait_until_alive(page)
    opened(page, served)
    assert not any(PLOTLY.search(url) for url in fetched)
    page.locator(".cb-story").hover()
    expect(page.locator(".cb-story[data-live=true]")).to_be_visible(timeout=PATIENCE_MS)
    assert any(PLOTLY.search(url) for url in fetched)
    box = page.locator(".cb-story .nsewdrag").bounding_box()
    assert box is not None
    # A quarter from the left lies in the past: six weeks of forecast follow thirty days
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.locator(".cb-story .hovertext")).to_contain_text("Ist", timeout=PATIENCE_MS)
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("von="))
    assert asked(page)["von"] == asked(page)["bis"]
    page.close()


def test_a_saved_view_opens_first_until_it_is_forgotten(page: Page, served: Served) -> None:
    opened(page, served, "?zeitraum=7&kennzahl=bookings&vergleich=vorjahr")
    page.locator("[data-views]:visible").click()
    dialog = page.locator("#dash-views")
    dialog.get_by_label("Name der Ansicht").fill("Meine Woche")
    dialog.get_by_role("button", name="Ansicht speichern").click()
    dialog.get_by_role("button", name="öffnen").click()
    expect(dialog.get_by_text("Öffnet zuerst")).to_be_visible(timeout=PATIENCE_MS)
    opened(page, served)
    expect(page.get_by_label("7 Tage").first).to_be_checked()
    expect(page.locator("[data-story=bookings]")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-views]:visible").click()
    dialog.get_by_role("button", name="löschen").click()
    expect(dialog.get_by_text("Meine Woche")).to_have_count(0, timeout=PATIENCE_MS)
    opened(page, served)
    expect(page.get_by_label("30 Tage").first).to_be_checked()


def test_days_of_ones_own_choice_and_what_they_are_compared_with(page: Page, served: Served) -> None:
    opened(page, served)
    page.locator("[data-range]:visible").click()
    dialog = page.locator("#dash-range")
    dialog.get_by_label("Von", exact=True).fill("2026-10-31")
    dialog.get_by_label("Bis", exact=True).fill("2026-10-01")
    dialog.get_by_role("button", name="Zeitraum anwenden").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-range]:visible")).to_contain_text("1.–31. Okt. 2026", timeout=PATIENCE_MS)
    page.locator("[data-range]:visible").click()
    dialog.get_by_text("Aus", exact=True).click()
    page.wait_for_url(re.compile("vergleich=aus"))
    expect(page.locator("[data-story] [data-line=before]")).to_have_count(0)


def test_a_phone_chooses_its_range_in_a_sheet_and_reads_every_panel(
    browser: Browser, owner: BrowserContext, served: Served
) -> None:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="de-DE",
        has_touch=True,
        reduced_motion="reduce",
        storage_state=owner.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{served.url}/auswertung/")
    wait_for_every_panel(page)
    page.locator("[data-figure=rating] .cb-figure-info").tap()
    expect(page.get_by_role("tooltip")).to_contain_text("Sterne")
    page.locator("[data-range]:visible").tap()
    sheet = page.locator("#dash-range")
    box = sheet.bounding_box()
    assert box is not None
    assert round(box["y"] + box["height"]) == PHONE["height"]
    sheet.get_by_text("7 Tage").tap()
    expect(sheet).to_be_hidden()
    page.wait_for_url(re.compile("zeitraum=7"))
    assert not scrolls_sideways(page)
    context.close()
