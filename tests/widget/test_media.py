"""Photos, warning lamps and voice in the widget: chosen, seen, sent, taken back, and what goes wrong."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.pictures import jpeg
from tests.widget.contract_server import ContractServer, problem

pytestmark = pytest.mark.e2e

DENT: Any = {"name": "delle.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1200, 900)}
TYRE: Any = {"name": "reifen.jpg", "mimeType": "image/jpeg", "buffer": jpeg(300, 400)}
NO_PHOTO: Any = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": b"no photo"}
MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  tone.connect(out);
  tone.start();
  return out.stream;
};
"""
NO_RECOGNITION = "delete globalThis.SpeechRecognition; delete globalThis.webkitSpeechRecognition;"
RECOGNITION = """
globalThis.SpeechRecognition = class {
  start() {
    setTimeout(() => {
      this.onresult({ results: [[{ transcript: "Die Bremsen" }], [{ transcript: " quietschen" }]] });
      this.onend();
    }, 20);
  }
  stop() {}
};
"""
DEAF = """
globalThis.SpeechRecognition = class {
  start() { setTimeout(() => { this.onerror({ error: "network" }); this.onend(); }, 20); }
  stop() {}
};
"""


def open_chat(page: Page, server: ContractServer, name: str = "host") -> Page:
    page.goto(f"{server.host_origin}/page/{name}")
    page.locator(".launch").click()
    page.get_by_role("button", name="Foto oder Warnleuchte").wait_for()
    return page


@pytest.fixture
def chat(page: Page, server: ContractServer) -> Page:
    return open_chat(page, server)


def choose(page: Page, *files: Any) -> None:
    page.locator(".tray input[multiple]").set_input_files(list(files))


def test_several_photos_are_seen_and_sent_with_the_words(chat: Page, server: ContractServer) -> None:
    choose(chat, DENT, TYRE)
    expect(chat.locator(".drafts .sent canvas")).to_have_count(2)
    expect(chat.locator(".told")).to_have_text("Foto angehängt")
    chat.get_by_role("textbox", name="Ihre Nachricht").fill("Das ist die Delle")
    chat.keyboard.press("Enter")
    expect(chat.locator(".customer .files canvas")).to_have_count(2)
    expect(chat.locator(".assistant .bubble").last).to_have_text("Sie schrieben: Das ist die Delle")
    expect(chat.locator(".drafts li")).to_have_count(0)
    assert len(server.only.files) == 2
    chat.reload()
    expect(chat.locator(".customer .files canvas")).to_have_count(2)


def test_a_photo_goes_without_words_as_soon_as_it_has_arrived(chat: Page, server: ContractServer) -> None:
    server.photo_pause_s = 0.6
    choose(chat, DENT)
    chat.get_by_role("button", name="Senden").click()
    assert server.posted == []
    expect(chat.locator(".customer.complete .files canvas")).to_have_count(1)
    assert [body["text"] for body in server.posted] == [""]


def test_a_removed_photo_is_not_sent(chat: Page, server: ContractServer) -> None:
    choose(chat, DENT, TYRE)
    expect(chat.locator(".drafts .sent")).to_have_count(2)
    chat.get_by_role("button", name="Foto 1 entfernen").click()
    expect(chat.locator(".drafts li")).to_have_count(1)
    chat.get_by_role("button", name="Senden").click()
    expect(chat.locator(".customer.complete .files .picture")).to_have_count(1)
    assert len(server.only.files) == 1


def test_a_refused_photo_says_why_holds_the_message_back_and_can_be_tried_again(
    chat: Page, server: ContractServer
) -> None:
    server.refuse_photo = problem(422, "photo_broken", "Dieses Foto ist beschädigt.")
    choose(chat, DENT)
    expect(chat.locator(".told")).to_have_text("Dieses Foto ist beschädigt.")
    chat.get_by_role("textbox").fill("Hallo")
    chat.keyboard.press("Enter")
    chat.wait_for_timeout(200)
    assert server.posted == []
    chat.locator(".drafts").get_by_role("button", name="Noch einmal").click()
    expect(chat.locator(".drafts .sent")).to_have_count(1)
    chat.get_by_role("button", name="Senden").click()
    expect(chat.locator(".customer.complete .files .picture")).to_have_count(1)


def test_no_more_than_six_photos_go_at_once(chat: Page, server: ContractServer) -> None:
    choose(chat, *[{**TYRE, "name": f"{place}.jpg", "buffer": jpeg(100 + place, 90)} for place in range(8)])
    expect(chat.locator(".told")).to_contain_text("Mehr als 6 Fotos")
    expect(chat.locator(".drafts li")).to_have_count(6)


def test_what_this_browser_cannot_show_is_still_sent(chat: Page, server: ContractServer) -> None:
    choose(chat, NO_PHOTO)
    expect(chat.locator(".drafts .sent")).to_have_count(1)
    chat.get_by_role("button", name="Senden").click()
    expect(chat.locator(".customer.complete .picture svg")).to_have_count(1)


def test_photos_are_seen_under_a_strict_content_security_policy(page: Page, server: ContractServer) -> None:
    refused: list[str] = []
    page.on("console", lambda one: refused.append(one.text) if "Content Security" in one.text else None)
    open_chat(page, server, "strict")
    choose(page, DENT)
    page.locator(".drafts .sent canvas").wait_for()
    page.get_by_role("button", name="Senden").click()
    expect(page.locator(".customer.complete .files canvas")).to_have_count(1)
    assert refused == []


def test_a_warning_lamp_is_chosen_by_keyboard_and_sent_with_what_it_means(
    chat: Page, server: ContractServer
) -> None:
    chat.get_by_role("button", name="Foto oder Warnleuchte").press("Enter")
    chat.locator(".tray").get_by_role("button", name="Warnleuchte").press("Enter")
    sheet = chat.get_by_role("dialog", name="Welche Leuchte sehen Sie?")
    expect(sheet.locator(".tile-lamp")).to_have_count(13)
    expect(sheet.get_by_role("button", name="Zurück zum Chat")).to_be_focused()
    sheet.get_by_role("button", name="Öldruck").press("Enter")
    expect(sheet).to_have_count(0)
    expect(chat.locator(".customer .bubble")).to_have_text("Warnleuchte: Öldruck")
    expect(chat.locator(".customer.complete .lamp.red svg")).to_have_count(1)
    assert server.posted[0]["choice"] == {"kind": "lamp", "value": "oil"}


def test_escape_leaves_the_lamps_and_not_the_chat(chat: Page, server: ContractServer) -> None:
    chat.locator(".greeting").get_by_role("button", name="Warnleuchte").click()
    chat.keyboard.press("Escape")
    expect(chat.locator(".sheet")).to_have_count(0)
    expect(chat.get_by_role("textbox", name="Ihre Nachricht")).to_be_focused()
    assert server.posted == []


def test_what_the_browser_hears_becomes_the_text(page: Page, server: ContractServer) -> None:
    page.add_init_script(RECOGNITION)
    open_chat(page, server)
    page.get_by_role("textbox").fill("Guten Tag.")
    page.get_by_role("button", name="Sprechen statt tippen").click()
    expect(page.get_by_role("textbox")).to_have_value("Guten Tag. Die Bremsen quietschen")
    expect(page.locator(".speaking")).to_be_hidden()
    assert server.spoken == []


@pytest.mark.parametrize("hearing", [NO_RECOGNITION, DEAF])
def test_a_browser_that_writes_nothing_down_sends_the_sound(
    page: Page, server: ContractServer, hearing: str
) -> None:
    page.add_init_script(hearing + MICROPHONE)
    open_chat(page, server)
    page.get_by_role("button", name="Sprechen statt tippen").click()
    expect(page.locator(".speaking")).to_contain_text("0:01")
    page.get_by_role("button", name="Sprachnachricht senden").click()
    expect(page.locator(".customer.complete .voice")).to_have_text("Sprachnachricht")
    (sound,) = server.spoken
    assert sound.startswith(b"\x1a\x45\xdf\xa3")


def test_a_discarded_recording_is_not_sent(page: Page, server: ContractServer) -> None:
    page.add_init_script(NO_RECOGNITION + MICROPHONE)
    open_chat(page, server)
    page.get_by_role("button", name="Sprechen statt tippen").click()
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.locator(".speaking")).to_be_hidden()
    page.wait_for_timeout(200)
    assert server.spoken == []


def test_a_blocked_microphone_is_explained(page: Page, server: ContractServer) -> None:
    page.add_init_script(NO_RECOGNITION + "navigator.mediaDevices.getUserMedia = () => Promise.reject();")
    open_chat(page, server)
    page.get_by_role("button", name="Sprechen statt tippen").click()
    expect(page.locator(".told")).to_contain_text("Das Mikrofon ist nicht freigegeben.")


def test_cards_come_as_soon_as_their_script_can_be_had(page: Page, server: ContractServer) -> None:
    server.refuse_extras = 1
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    page.get_by_role("textbox").fill("Bremsen quietschen")
    page.keyboard.press("Enter")
    expect(page.locator(".slot")).to_have_count(3)


def test_photos_stay_while_the_language_changes(chat: Page, server: ContractServer) -> None:
    choose(chat, DENT)
    expect(chat.locator(".drafts .sent")).to_have_count(1)
    chat.get_by_role("combobox").select_option("en")
    expect(chat.locator(".drafts .sent canvas")).to_have_count(1)
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(chat.locator(".customer.complete .files .picture")).to_have_count(1)
