"""The conversation as a visitor has it: sending, streaming, choosing, booking, and what goes wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.widget.contract_scripts import SLOTS
from tests.widget.contract_server import ContractServer, problem

pytestmark = pytest.mark.e2e


@pytest.fixture
def chat(page: Page, server: ContractServer) -> Page:
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    return page


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Ihre Nachricht").fill(text)
    page.keyboard.press("Enter")


def test_a_visitor_goes_from_question_to_confirmed_appointment(chat: Page, server: ContractServer) -> None:
    write(chat, "Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit?")
    expect(chat.locator("strong")).to_have_text("349 bis 429 €")
    chat.get_by_role("button", name="Do, 15. Okt., 8:00 Uhr").click()
    chat.get_by_label("Name").fill("Erika Krause")
    chat.get_by_role("button", name="Kontaktdaten senden").click()
    expect(chat.locator(".field .error").nth(1)).to_have_text("Bitte Telefon oder E-Mail angeben.")
    expect(chat.get_by_label("Telefon")).to_be_focused()
    chat.get_by_label("Telefon").fill("12")
    chat.get_by_role("button", name="Kontaktdaten senden").click()
    expect(chat.locator(".field .error").nth(1)).to_contain_text("Bitte prüfen")
    chat.get_by_label("Telefon").fill("0171 2345678")
    chat.get_by_role("button", name="Kontaktdaten senden").click()

    confirmation = chat.get_by_role("group", name="Termin bestätigt")
    expect(confirmation).to_contain_text("Do, 15. Okt., 8:00 Uhr")
    expect(confirmation.get_by_role("link", name="In den Kalender")).to_have_attribute(
        "href", f"{server.api_origin}/termin/abc.ics"
    )
    assert [body.get("choice") for body in server.posted] == [None, {"kind": "slot", "value": "s2"}, None]
    assert server.posted[-1]["text"] == "Erika Krause, 0171 2345678"
    expect(chat.locator("form.card")).to_have_count(0)


def test_a_chosen_time_stays_marked_and_the_others_can_no_longer_be_chosen(chat: Page) -> None:
    write(chat, "Bremsen quietschen")
    chat.locator(".slot").nth(1).click()
    chat.locator("form.card").wait_for()
    expect(chat.locator(".slot:disabled")).to_have_count(3)
    expect(chat.locator(".slot").nth(1)).to_have_attribute("aria-pressed", "true")


def test_times_stay_on_offer_while_something_else_is_asked(chat: Page) -> None:
    write(chat, "Bremsen quietschen")
    chat.locator(".slot").first.wait_for()
    write(chat, "Habt ihr Parkplätze?")
    expect(chat.locator(".assistant .bubble").last).to_contain_text("Parkplätze")
    expect(chat.locator(".slot:enabled")).to_have_count(3)


def test_a_double_click_chooses_once(chat: Page, server: ContractServer) -> None:
    write(chat, "Bremsen quietschen")
    chat.locator(".slot").nth(1).dblclick()
    chat.locator("form.card").wait_for()
    assert [body["text"] for body in server.posted].count(SLOTS["slots"][1]["label"]) == 1


def test_a_double_click_on_send_sends_once(chat: Page, server: ContractServer) -> None:
    chat.get_by_role("textbox").fill("Hallo")
    chat.get_by_role("button", name="Senden").dblclick()
    expect(chat.locator(".assistant .bubble").last).to_have_text("Sie schrieben: Hallo")
    chat.wait_for_timeout(200)
    assert len(server.posted) == 1


def test_nothing_is_sent_when_nothing_is_written(chat: Page, server: ContractServer) -> None:
    write(chat, "   \n ")
    chat.get_by_role("button", name="Senden").click()
    chat.wait_for_timeout(200)
    assert server.posted == []


def test_messages_written_while_an_answer_runs_wait_their_turn(chat: Page, server: ContractServer) -> None:
    server.reply_pause_s = 0.4
    write(chat, "eins")
    write(chat, "zwei")
    expect(chat.locator(".assistant .bubble").last).to_have_text("Sie schrieben: zwei")
    expect(chat.locator(".log .bubble")).to_have_text(
        ["eins", "Sie schrieben: eins", "zwei", "Sie schrieben: zwei"]
    )


def test_shift_enter_breaks_the_line_and_the_field_grows(chat: Page, server: ContractServer) -> None:
    field = chat.get_by_role("textbox")
    low = field.bounding_box()["height"]
    field.press_sequentially("eins")
    chat.keyboard.press("Shift+Enter")
    field.press_sequentially("zwei")
    assert field.bounding_box()["height"] > low
    chat.keyboard.press("Enter")
    expect(chat.locator(".assistant.complete").last).to_be_visible()
    expect(chat.locator(".customer .bubble")).to_have_text("eins\nzwei", use_inner_text=True)
    assert server.posted[0]["text"] == "eins\nzwei"


def test_a_text_over_the_limit_is_kept_and_counted_but_not_sent(chat: Page, server: ContractServer) -> None:
    write(chat, "ä" * 100_000)
    expect(chat.locator(".counter")).to_have_text("Bitte kürzen: 100.000 / 4.000")
    assert len(chat.get_by_role("textbox").input_value()) == 100_000
    assert server.posted == []
    write(chat, "🚗" * 4_000)
    expect(chat.locator(".assistant .bubble").last).to_contain_text("🚗")
    assert server.posted[0]["text"] == "🚗" * 4_000


def test_an_answer_broken_off_in_the_middle_arrives_complete(chat: Page, server: ContractServer) -> None:
    server.word_pause_s = 0.02
    write(chat, "break")
    expect(chat.get_by_role("status")).to_have_text("Verbindung unterbrochen. Die Antwort kommt nach.")
    expect(chat.locator(".assistant .bubble").last).to_contain_text("Fahren Sie bis dahin vorsichtig.")
    expect(chat.locator(".log .bubble")).to_have_count(2)
    expect(chat.locator(".slot")).to_have_count(3)
    expect(chat.get_by_role("status")).to_have_text("")
    assert len(server.posted) == 1


def test_a_page_reloaded_in_mid_answer_shows_the_whole_answer(chat: Page, server: ContractServer) -> None:
    server.word_pause_s = 0.05
    write(chat, "Bremsen quietschen")
    chat.locator(".streaming").wait_for()
    chat.reload()
    expect(chat.locator(".slot")).to_have_count(3)
    expect(chat.locator(".log .bubble")).to_have_count(2)


def test_a_failed_message_keeps_its_text_and_goes_out_once_on_request(
    chat: Page, server: ContractServer
) -> None:
    chat.route("**/messages", lambda route: route.abort())
    write(chat, "Hallo aus der Tiefgarage")
    expect(chat.locator(".failed")).to_contain_text("Nicht gesendet, der Text bleibt hier.")
    chat.unroute("**/messages")
    chat.get_by_role("button", name="Noch einmal").click()
    expect(chat.locator(".assistant .bubble").last).to_contain_text("Tiefgarage")
    expect(chat.locator(".customer .bubble")).to_have_count(1)
    assert [body["text"] for body in server.posted] == ["Hallo aus der Tiefgarage"]


def test_a_refusal_is_shown_in_the_servers_words(chat: Page, server: ContractServer) -> None:
    detail = "Bitte warten Sie einen Moment, bevor Sie weiterschreiben."
    server.refuse_next = problem(429, "rate_limited", detail, {"Retry-After": "5"})
    write(chat, "schnell")
    expect(chat.locator(".failed")).to_contain_text(detail)


def test_an_expired_conversation_starts_anew_with_the_same_message(
    chat: Page, server: ContractServer
) -> None:
    write(chat, "Hallo")
    chat.locator(".assistant.complete").last.wait_for()
    server.conversations.clear()
    write(chat, "Noch da?")
    expect(chat.locator(".assistant .bubble").last).to_have_text("Sie schrieben: Noch da?")
    assert [message["text"] for message in server.only.messages] == ["Noch da?", "Sie schrieben: Noch da?"]


def test_being_offline_is_said_and_the_text_stays(chat: Page) -> None:
    chat.context.set_offline(True)
    expect(chat.get_by_role("status")).to_have_text("Keine Verbindung. Ihre Texte bleiben hier.")
    write(chat, "Hallo")
    expect(chat.locator(".failed")).to_contain_text("Hallo")
    chat.context.set_offline(False)
    expect(chat.get_by_role("status")).to_have_text("")


def test_a_person_can_be_asked_for_before_anything_is_written(chat: Page, server: ContractServer) -> None:
    chat.get_by_role("button", name="Mit Mensch sprechen").click()
    expect(chat.locator(".system")).to_have_text("Ein Mensch aus dem Team übernimmt.")
    expect(chat.locator("header")).to_contain_text("Wir holen jemanden aus dem Team")
    expect(chat.get_by_role("button", name="Mit Mensch sprechen")).to_be_hidden()
    assert server.only.mode == "human"


def test_staff_is_seen_typing_and_answering_without_a_reload(chat: Page, server: ContractServer) -> None:
    write(chat, "Hallo")
    chat.locator(".assistant.complete").last.wait_for()
    server.staff_types()
    expect(chat.locator(".typing")).to_have_text("Jana Krüger schreibt")
    server.staff_writes("Guten Tag, hier ist Jana.")
    expect(chat.locator(".staff")).to_contain_text("Guten Tag, hier ist Jana.")
    expect(chat.locator("header")).to_contain_text("Sie schreiben mit Jana Krüger")
    expect(chat.locator(".typing")).to_be_hidden()
    chat.wait_for_timeout(200)
    assert server.only.seen == 3


def test_a_minimised_chat_shows_a_dot_when_staff_writes(chat: Page, server: ContractServer) -> None:
    write(chat, "Hallo")
    chat.locator(".assistant.complete").last.wait_for()
    chat.get_by_role("button", name="Chat verkleinern").first.click()
    server.staff_writes("Ihr Auto ist fertig.")
    expect(chat.locator(".dot")).to_be_visible()
    expect(chat.locator(".launch")).to_have_attribute(
        "aria-label", "Chat mit Kfz-Meisterbetrieb Müller öffnen. Neue Nachricht"
    )
    chat.locator(".launch").click()
    expect(chat.locator(".staff .bubble")).to_be_visible()
    expect(chat.locator(".dot")).to_be_hidden()


def test_messages_sent_while_the_live_channel_was_down_are_fetched(
    chat: Page, server: ContractServer
) -> None:
    write(chat, "Hallo")
    chat.locator(".assistant.complete").last.wait_for()
    server.drop_sockets()
    chat.wait_for_timeout(100)
    server.staff_writes("Sind Sie noch da?")
    expect(chat.locator(".staff .bubble")).to_have_text("Sind Sie noch da?")


def test_an_open_chat_is_open_on_the_next_page_of_the_tab_without_taking_the_focus(
    chat: Page, server: ContractServer
) -> None:
    write(chat, "Hallo")
    chat.locator(".assistant.complete").last.wait_for()
    chat.goto(f"{server.host_origin}/page/host")
    expect(chat.locator(".log .bubble")).to_have_count(2)
    assert chat.evaluate("document.activeElement === document.body")


def test_markup_in_any_field_is_only_text_and_no_link_leads_elsewhere(
    chat: Page, server: ContractServer
) -> None:
    chat.on("dialog", lambda dialog: pytest.fail("a script ran"))
    write(chat, "<img src=x onerror=alert(1)>")
    expect(chat.locator(".customer .bubble")).to_have_text("<img src=x onerror=alert(1)>")
    write(chat, "hostile")
    expect(chat.locator(".assistant .bubble").last).to_contain_text("<script>alert(1)</script>")
    expect(chat.locator(".danger")).to_contain_text("<script>alert(1)</script>")
    assert chat.locator("carbot-chat img, carbot-chat script, .log a").count() == 0


def test_quick_replies_are_offered_once(chat: Page, server: ContractServer) -> None:
    write(chat, "replies")
    chat.get_by_role("button", name="Ja, gern").click()
    expect(chat.locator(".assistant .bubble").last).to_have_text("Sie schrieben: Ja, gern")
    expect(chat.get_by_role("button", name="Nein")).to_have_count(0)
    assert server.posted[-1]["choice"] == {"kind": "reply", "value": "yes"}


def test_a_link_part_stays_on_our_host(chat: Page, server: ContractServer) -> None:
    write(chat, "link")
    expect(chat.get_by_role("link", name="Online buchen")).to_have_attribute(
        "href", f"{server.api_origin}/w/mueller-dortmund/termin"
    )


def test_a_danger_is_announced_at_once_with_a_number_to_call(chat: Page) -> None:
    write(chat, "Bremse versagt")
    expect(chat.get_by_role("alert")).to_contain_text("Nicht weiterfahren.")
    expect(chat.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "tel:+492315550177")


def test_the_language_menu_changes_every_text_and_keeps_what_was_written(chat: Page) -> None:
    chat.get_by_role("textbox").fill("Golf 7")
    chat.get_by_role("combobox", name="Sprache").select_option("pl")
    expect(chat.get_by_role("button", name="Wyślij")).to_be_visible()
    expect(chat.get_by_role("note")).to_contain_text("Czatują Państwo")
    expect(chat.get_by_role("textbox")).to_have_value("Golf 7")


def test_the_hosted_page_shows_the_same_conversation_without_a_bubble(
    page: Page, server: ContractServer
) -> None:
    page.goto(f"{server.api_origin}/page/hosted")
    expect(page.get_by_role("note")).to_be_visible()
    expect(page.locator(".launch")).to_have_count(0)
    assert server.conversations == {}
    write(page, "Bremsen quietschen")
    expect(page.locator(".slot")).to_have_count(3)


def test_a_link_from_an_sms_continues_its_thread_and_leaves_no_secret_in_the_address(
    page: Page, server: ContractServer
) -> None:
    page.goto(f"{server.api_origin}/page/hosted")
    write(page, "Bremsen quietschen")
    page.locator(".slot").first.wait_for()
    thread = server.only
    fresh = page.context.browser.new_context(locale="de-DE").new_page()  # pyright: ignore[reportOptionalMemberAccess]
    fresh.goto(f"{server.api_origin}/page/hosted#c={thread.id}.{thread.token}")
    expect(fresh.locator(".slot").first).to_be_visible()
    assert thread.token not in fresh.url
    fresh.context.close()


def test_on_another_website_such_a_link_opens_nothing(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.host_origin}/page/host#c=01a20658-80ff-77c7-871c-90cdcf205920.abcdefghijklmnopqrst")
    page.locator(".launch").wait_for()
    assert page.url.endswith("abcdefghijklmnopqrst")
    assert page.evaluate("sessionStorage.length") == 0
