"""What is ahead, in the browser: the owner weighs the score, follows a step and reads the services."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_for_every_panel,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e


def _no_barriers(page: Page, axe: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert barriers(page, axe) == []
            assert not scrolls_sideways(page)


def test_the_owner_weighs_the_score_and_follows_a_step(browser: Browser, served: Served, axe: str) -> None:
    page = sign_in(browser, served.url, OWNER)
    page.goto(f"{served.url}/auswertung/")
    wait_for_every_panel(page)
    score = page.locator("[data-card=score]")
    ring = score.locator(".cb-score-ring")
    expect(ring).to_have_attribute("data-points", re.compile(r"[1-9]\d*"), timeout=PATIENCE_MS)
    before = ring.get_attribute("data-points")
    weeks = page.locator("[data-card=capacity] li")
    expect(weeks).to_have_count(6)
    expect(weeks.last).to_contain_text("erwartet")
    _no_barriers(page, axe)

    score.get_by_role("button", name="So entsteht der Wert").click()
    dialog = page.get_by_role("dialog", name="So entsteht der Wert")
    for part in ("Abschlussquote", "Auslastung", "Pünktlichkeit", "Zufriedenheit", "Marge"):
        dialog.get_by_label(f"Gewicht: {part}").fill("0")
    dialog.get_by_label("Gewicht: Erste Antwort").fill("101")
    _no_barriers(page, axe)
    dialog.get_by_label("Gewicht: Erste Antwort").fill("100")
    dialog.get_by_role("button", name="Gewichte speichern").click()
    expect(dialog).to_be_hidden(timeout=PATIENCE_MS)
    score.get_by_role("button", name="So entsteht der Wert").click()
    points = dialog.locator("li").first.locator(".cb-num").first.inner_text()
    page.keyboard.press("Escape")
    expect(ring).to_have_attribute("data-points", points)
    page.reload()
    wait_until_alive(page)
    expect(ring).to_have_attribute("data-points", points, timeout=PATIENCE_MS)
    assert before is not None

    step = score.get_by_role("listitem").filter(has_text="abgelehnte").get_by_role("link")
    expect(step).to_contain_text("€")
    step.click()
    page.wait_for_url("**/auftraege/**", timeout=PATIENCE_MS)


def test_services_say_what_they_bring_and_what_is_missing(browser: Browser, served: Served, axe: str) -> None:
    page = sign_in(browser, served.url, OWNER)
    page.goto(f"{served.url}/auswertung/leistungen/")
    wait_until_alive(page)
    services = page.locator("[data-section=services]")
    row = services.get_by_role("row").filter(has_text="Bremsscheiben")
    expect(row).to_contain_text("sagen", timeout=PATIENCE_MS)
    expect(row).to_contain_text(re.compile(r"\d+ von \d+"))
    expect(page.locator("[data-section=wishes]")).to_contain_text("Scheinwerfer aufbereiten")
    expect(page.locator("[data-section=advice]")).to_contain_text("im Katalog fehlt es")
    _no_barriers(page, axe)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.get_by_role("link", name="Übersicht").click()
    page.wait_for_url(re.compile(r"/auswertung/$"), timeout=PATIENCE_MS)
