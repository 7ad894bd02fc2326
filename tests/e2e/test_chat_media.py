"""A photo and a warning lamp from a phone's chat to the inbox."""

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served
from tests.e2e.people import FRONT_DESK, PATIENCE_MS, PHONE, Chat, barriers, sign_in
from tests.factories.pictures import jpeg

pytestmark = pytest.mark.e2e

DENT = {"name": "delle.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1200, 900, orientation=6)}
NO_PHOTO = {"name": "rechnung.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 not a photo"}
RECOGNITION = """
globalThis.SpeechRecognition = class {
  start() {
    const final = Object.assign([{ transcript: " wir holen Sie ab." }], { isFinal: true });
    setTimeout(() => {
      this.onresult({ results: [final], resultIndex: 0 });
      this.onend();
    }, 20);
  }
  stop() {}
};
"""
"""A browser that has heard something; the service behind the real one cannot be had here."""
WORDS = "Die Delle ist hinten links, Ford Fiesta"


def test_a_photo_and_a_warning_lamp_go_from_a_phone_to_the_inbox(
    browser: Browser, served: Served, axe: str
) -> None:
    context = browser.new_context(
        viewport=PHONE, locale="de-DE", reduced_motion="reduce", has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{served.url}/w/{SLUG}/chat/")
    plus = page.get_by_role("button", name="Foto oder Warnleuchte")
    plus.wait_for(timeout=PATIENCE_MS)
    plus.click()
    camera = page.locator(".tray input[capture=environment]")
    expect(page.get_by_role("button", name="Foto aufnehmen")).to_be_visible()
    assert barriers(page, axe) == []
    camera.set_input_files([DENT])  # type: ignore[list-item]
    expect(page.locator(".drafts .sent canvas")).to_have_count(1, timeout=PATIENCE_MS)
    page.locator(".tray input[multiple]").set_input_files([NO_PHOTO])  # type: ignore[list-item]
    expect(page.locator(".told")).to_contain_text("Das ist kein Foto", timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    page.get_by_role("button", name="Foto 2 entfernen").click()
    Chat(page).say(WORDS)
    expect(page.locator(".customer .files canvas")).to_have_count(1)
    page.reload()
    expect(page.locator(".customer .files canvas")).to_have_count(1, timeout=PATIENCE_MS)

    plus.click()
    page.locator(".tray").get_by_role("button", name="Warnleuchte").click()
    assert barriers(page, axe) == []
    before = Chat(page).answers.count()
    page.get_by_role("button", name="Öldruck").click()
    answer = Chat(page).answer_after(before)
    expect(answer).to_contain_text("Bitte nicht weiterfahren und den Motor sofort abstellen.")
    expect(answer.get_by_role("alert")).to_be_visible()
    expect(answer.get_by_role("button", name="Bitte abschleppen lassen")).to_be_visible()
    assert barriers(page, axe) == []
    answer.get_by_role("button", name="Bitte abschleppen lassen").click()
    expect(page.locator(".customer.complete .bubble").last).to_have_text("Bitte abschleppen lassen")
    context.close()

    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/posteingang/")
    desk.get_by_role("link").filter(has_text="Bitte abschleppen lassen").first.click()
    thread = desk.get_by_role("log")
    expect(thread.locator(".cb-message-photo img")).to_have_js_property(
        "naturalWidth", 300, timeout=PATIENCE_MS
    )
    expect(thread.locator(".cb-lamp-red")).to_be_visible()
    assert barriers(desk, axe) == []
    thread.get_by_role("button", name="Foto 1 von 1 öffnen").click()
    expect(desk.locator(".cb-lightbox img")).to_have_js_property("naturalWidth", 900, timeout=PATIENCE_MS)
    desk.keyboard.press("Escape")
    expect(desk.locator(".cb-lightbox")).to_have_count(0)
    answer_by_voice(desk)
    desk.context.close()


def answer_by_voice(desk: Page) -> None:
    """What the browser hears stands in the composer, behind what was typed."""
    desk.add_init_script(RECOGNITION)
    desk.reload()
    field = desk.locator("textarea[name=text]")
    field.wait_for(timeout=PATIENCE_MS)
    field.fill("Guten Tag,")
    desk.get_by_role("button", name="Sprechen statt tippen").click(timeout=PATIENCE_MS)
    expect(field).to_have_value("Guten Tag, wir holen Sie ab.")
    expect(desk.get_by_role("button", name="Sprechen statt tippen")).to_have_attribute(
        "aria-pressed", "false"
    )
