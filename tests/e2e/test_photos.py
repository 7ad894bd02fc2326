"""Photos from a phone on the booking page to the pane of the visit, and those of wheels in the tyre hotel."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import FRONT_DESK, PATIENCE_MS, PHONE, barriers, sign_in, visit_row, wait_until_alive
from tests.factories.pictures import encode, jpeg

pytestmark = pytest.mark.e2e

DAMAGE = {"name": "schaden.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1200, 900, orientation=6)}
LAMP = {
    "name": "lampe.png",
    "mimeType": "image/png",
    "buffer": encode(Image.new("RGB", (600, 800), "#a33"), "PNG"),
}
HEIC = Path(__file__).parents[1] / "vectors" / "photo.heic"
IPHONE = {"name": "IMG_0815.HEIC", "mimeType": "image/heic", "buffer": HEIC.read_bytes()}
NO_PHOTO = {"name": "rechnung.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 not a photo"}


def to_contact(page: Page, served: Served, plate: str) -> None:
    """From the address to the last step."""
    page.goto(f"{served.url}/w/{SLUG}/termin/")
    wait_until_alive(page)
    page.locator("input[name=plate]").fill(plate)
    page.locator("input[name='s-ENG-OIL-001']").check(force=True)
    page.locator("button[form=visit-form]").locator("visible=true").click()
    expect(page.locator("input[name=slot]").first).to_be_attached(timeout=PATIENCE_MS)
    page.locator(".cb-slot:visible input:enabled").first.check(force=True)
    page.locator("button[form=time-form]").locator("visible=true").click()
    expect(page.locator("input[name=email]")).to_be_visible(timeout=PATIENCE_MS)


def test_two_photos_from_a_phone_are_seen_and_deleted_at_the_desk(
    browser: Browser, served: Served, axe: str
) -> None:
    context = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce", has_touch=True)
    page = context.new_page()
    to_contact(page, served, "DO-FO 77")
    step = page.locator("[data-step='3']")
    choose = step.locator("input[type=file]")
    choose.set_input_files([DAMAGE, NO_PHOTO, LAMP])  # type: ignore[list-item]
    expect(step.locator(".cb-photo[data-state=sent]")).to_have_count(2, timeout=PATIENCE_MS)
    expect(step.locator(".cb-photo-problem")).to_contain_text("1 Foto konnte nicht hochgeladen werden")
    assert barriers(page, axe) == []
    step.get_by_role("button", name="Foto 2 entfernen").click()
    expect(step.locator(".cb-photo-problem")).to_have_count(0)
    expect(step.get_by_role("status")).to_contain_text("2 Fotos hochgeladen")

    page.locator("input[name=name]").fill("Frieda Foto")
    page.locator("input[name=phone]").fill("0171 5550177")
    page.locator("button[form=contact-form]").locator("visible=true").click()
    done = page.locator("[data-step='4']")
    expect(done).to_be_visible(timeout=PATIENCE_MS)
    expect(done).to_contain_text("2 Fotos hochgeladen", timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    with page.expect_download() as started:
        done.get_by_role("link", name="In den Kalender").click()
    assert started.value.suggested_filename.endswith(".ics")
    link = done.locator("a[href^='/t/']").first.get_attribute("href")
    assert link
    page.goto(served.url + re.sub("termin.ics$", "", link))
    expect(page.locator(".cb-photo img")).to_have_count(2, timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    context.close()

    desk = sign_in(browser, served.url, FRONT_DESK)
    visit_row(desk, served.url, "Frieda Foto").get_by_role("button").first.click()
    strip = desk.locator("#visit .cb-photos")
    expect(strip.locator(".cb-photo img")).to_have_count(2, timeout=PATIENCE_MS)
    expect(strip.locator(".cb-photo img").first).to_have_js_property("naturalWidth", 300)
    assert barriers(desk, axe) == []
    look_through(desk, axe)
    strip.get_by_role("button", name="Foto 2 von 2 öffnen").click()
    desk.locator(".cb-lightbox").get_by_role("button", name="Foto löschen").click()
    expect(strip.locator(".cb-photo")).to_have_count(1)
    strip.get_by_role("button", name="Rückgängig").click()
    expect(strip.locator(".cb-photo")).to_have_count(2)
    strip.locator("input[type=file]").set_input_files([{**DAMAGE, "buffer": jpeg(500, 500)}])  # type: ignore[list-item]
    expect(strip.locator(".cb-photo img")).to_have_count(3, timeout=PATIENCE_MS)
    desk.context.close()


def test_photos_survive_a_lost_connection_and_a_reload(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport=PHONE, locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    to_contact(page, served, "DO-FO 78")
    step = page.locator("[data-step='3']")
    choose = step.locator("input[type=file]")
    choose.set_input_files([DAMAGE, IPHONE])  # type: ignore[list-item]
    # Chromium cannot show HEIC; the server's small picture takes its place
    expect(step.locator(".cb-photo[data-state=sent] img")).to_have_count(2, timeout=PATIENCE_MS)
    page.reload()
    wait_until_alive(page)
    expect(step.locator(".cb-photo[data-state=sent] img")).to_have_count(2, timeout=PATIENCE_MS)
    context.set_offline(True)
    choose.set_input_files([LAMP])  # type: ignore[list-item]
    expect(step.locator(".cb-photo-problem")).to_contain_text("Keine Verbindung", timeout=PATIENCE_MS)
    context.set_offline(False)
    step.get_by_role("button", name="Erneut versuchen").click()
    expect(step.get_by_role("status")).to_contain_text("3 Fotos hochgeladen", timeout=PATIENCE_MS)
    expect(step.locator(".cb-photo-problem")).to_have_count(0)
    context.close()


def look_through(desk: Page, axe: str) -> None:
    """Arrow keys go round, Escape closes the photo and leaves the pane."""
    desk.get_by_role("button", name="Foto 1 von 2 öffnen").click()
    box = desk.locator(".cb-lightbox")
    expect(box).to_contain_text("1 von 2 · Vom Kunden")
    expect(box.locator("img")).to_have_js_property("naturalWidth", 900)
    assert barriers(desk, axe) == []
    desk.keyboard.press("ArrowRight")
    expect(box).to_contain_text("2 von 2")
    desk.keyboard.press("ArrowRight")
    expect(box).to_contain_text("1 von 2")
    desk.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(desk.locator("#visit")).to_be_visible()
    expect(desk.get_by_role("button", name="Foto 1 von 2 öffnen")).to_be_focused()
