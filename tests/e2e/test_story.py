"""The main job in browsers: a customer's chat becomes a booked appointment, live on the owner's phone."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.contracts.push_service import PushService
from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    Chat,
    lead_row,
    open_bubble,
    sign_in,
    sign_in_by_hand,
    visit_row,
    wait_until_alive,
    write_until_seen,
)

pytestmark = pytest.mark.e2e

QUESTION = "Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-AB 123"
STORED = """async () => [document.cookie, localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length]"""


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A phone on the foreign page, with the bubble not yet pressed."""
    context = browser.new_context(viewport=PHONE, locale="de-DE", has_touch=True, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site)
    yield page
    context.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, served: Served) -> Iterator[Page]:
    """The front desk's computer, signed in."""
    page = sign_in_by_hand(browser, served.url, FRONT_DESK)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def owner(browser: Browser, served: Served) -> Iterator[Page]:
    """The owner's computer, signed in."""
    page = sign_in(browser, served.url, OWNER)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def phone_pushes(owner: Page, served: Served) -> Iterator[PushService]:
    """What arrives at the owner's phone."""
    service = PushService()
    keys = {"p256dh": service.p256dh, "auth": service.auth}
    answer = owner.request.post(
        f"{served.url}/api/push/subscriptions",
        data={"endpoint": service.endpoint("owner"), "keys": keys},
        headers={"Origin": served.url},
    )
    assert answer.status == 204, answer.text()
    yield service
    service.close()


def test_before_the_bubble_is_pressed_nothing_is_stored_and_nobody_else_is_called(
    browser: Browser, site: str, served: Served
) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    called: list[Request] = []
    context.on("request", lambda request: called.append(request))  # noqa: PLW0108 - Playwright marks the function
    page = context.new_page()
    page.goto(site, wait_until="networkidle")
    expect(page.locator("carbot-chat .launch")).to_be_visible()
    assert context.cookies() == []
    assert page.evaluate(STORED) == ["", 0, 0, 0, 0]
    hosts = {urlsplit(request.url).netloc for request in called}
    assert hosts == {urlsplit(site).netloc, urlsplit(served.url).netloc}
    assert not [request for request in called if "cookie" in request.headers]
    context.close()


def test_the_first_line_is_the_notice_of_the_ai_act(visitor: Page) -> None:
    open_bubble(visitor)
    notice = visitor.locator("carbot-chat .notice")
    expect(notice).to_contain_text("KI-Assistenten")
    expect(notice.get_by_role("link", name="Datenschutz")).to_have_attribute(
        "href", re.compile("/w/mueller-dortmund/datenschutz")
    )


def test_a_question_on_a_foreign_page_becomes_an_appointment_live_at_the_desk_and_on_the_owners_phone(
    visitor: Page, desk: Page, owner: Page, served: Served, phone_pushes: PushService
) -> None:
    desk.goto(f"{served.url}/posteingang/")
    expect(desk.locator("[data-inbox-row]").first).to_be_visible(timeout=PATIENCE_MS)
    leads, bookings = _figures(owner, served)

    chat = open_bubble(visitor)
    seconds = _ask_and_watch(chat, lead_row(desk, "DO-AB 123", "Neuer Kontakt"))
    print(f"\nlead visible at the desk after {seconds:.2f} s")
    answer = chat.answers.last
    expect(answer).to_contain_text(re.compile(r"Golf 7 kostet .+ \d+,\d\d\s€"), timeout=PATIENCE_MS)
    expect(chat.slots).to_have_count(3)
    _expect_figure(owner, "Neue Anfragen", leads + 1)

    time_label = chat.slots.first.locator("span").first.inner_text()
    chat.pick(chat.slots.first)
    confirmation = chat.leave_contact("Anna Berg", tel="0171 2345678", email="anna.berg@example.org")
    _expect_confirmed(visitor, confirmation, time_label)

    row = lead_row(desk, "DO-AB 123", "Anna Berg")
    expect(row).to_be_visible(timeout=AT_ONCE_MS)
    row.click()
    side = desk.get_by_role("complementary", name="Zum Gespräch")
    expect(side).to_contain_text("Golf", timeout=AT_ONCE_MS)
    expect(side).to_contain_text("0171 2345678")
    _expect_figure(owner, "Termine", bookings + 1)
    _expect_push(phone_pushes, desk.url)


def _ask_and_watch(chat: Chat, row: Locator) -> float:
    """Seconds from pressing Enter to the lead's row with its plate at the desk."""
    asked = time.monotonic()
    chat.write(QUESTION)
    expect(row).to_be_visible(timeout=AT_ONCE_MS)
    return time.monotonic() - asked


def _figures(page: Page, served: Served) -> tuple[int, int]:
    page.goto(f"{served.url}/auswertung/")
    return _figure(page, "Neue Anfragen"), _figure(page, "Termine")


def _tile(page: Page, label: str) -> Locator:
    return page.locator("a.cb-kpi", has_text=label).locator(".cb-kpi-figure")


def _figure(page: Page, label: str) -> int:
    tile = _tile(page, label)
    expect(tile).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    return int(tile.inner_text().replace(".", ""))


def _expect_figure(page: Page, label: str, value: int) -> None:
    expect(_tile(page, label)).to_have_text(f"{value}", timeout=AT_ONCE_MS)


def _expect_confirmed(visitor: Page, confirmation: Locator, time_label: str) -> None:
    """Date, price, address, a calendar file that can be read, and the link to change it."""
    card = confirmation.locator(".booking")
    expect(card).to_contain_text(time_label)
    expect(card).to_contain_text(re.compile(r"\d+,\d\d\s€"))
    expect(card).to_contain_text("Hörder Bahnhofstraße 12, 44263 Dortmund")
    expect(card.get_by_role("link", name="Ändern oder absagen")).to_have_attribute("href", re.compile("/t/"))
    address = card.get_by_role("link", name="In den Kalender").get_attribute("href") or ""
    answer = visitor.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.text()).walk("VEVENT")
    assert [str(event["LOCATION"]) for event in events] == ["Hörder Bahnhofstraße 12, 44263 Dortmund"]


def _expect_push(service: PushService, thread_address: str) -> None:
    """One notification that leads to the thread the desk has opened."""
    wanted = re.search(r"c=([0-9a-f-]+)", thread_address)
    assert wanted
    deadline = time.monotonic() + PATIENCE_MS / 1000
    links: list[Any] = []
    while time.monotonic() < deadline:
        links = [json.loads(push.text)["url"] for push in service.received]
        if f"/posteingang/?c={wanted[1]}" in links:
            return
        time.sleep(0.2)
    raise AssertionError(f"no push led to {wanted[0]}, only {links}")


def test_staff_and_assistant_take_turns_and_both_sides_see_who_writes(
    visitor: Page, desk: Page, served: Served
) -> None:
    chat = open_bubble(visitor)
    chat.say("Was kostet ein Ölwechsel beim Opel Corsa? DO-ST 77")
    desk.goto(f"{served.url}/posteingang/")
    lead_row(desk, "DO-ST 77").click()

    reply = desk.get_by_role("textbox", name="Antwort")
    expect(reply).to_be_visible(timeout=PATIENCE_MS)
    write_until_seen(
        visitor.locator("carbot-chat textarea"), desk.get_by_role("status").filter(has_text="schreibt")
    )
    reply.fill("Guten Tag, hier ist Jana Krüger. Wir haben das Öl da.")
    write_until_seen(reply, visitor.locator("carbot-chat .typing").filter(has_text="Jana Krüger"))
    reply.press("Control+Enter")
    from_staff = visitor.locator("carbot-chat .said.staff")
    expect(from_staff).to_contain_text("Wir haben das Öl da.", timeout=AT_ONCE_MS)
    expect(from_staff).to_contain_text("Jana Krüger")
    expect(visitor.locator("carbot-chat .names")).to_contain_text("Sie schreiben mit Jana Krüger")
    expect(desk.get_by_text("CarBot pausiert.")).to_be_visible()

    answers = chat.answers.count()
    chat.write("Und was kostet die Inspektion?")
    expect(desk.get_by_role("log")).to_contain_text("Und was kostet die Inspektion?", timeout=AT_ONCE_MS)
    visitor.wait_for_timeout(2_000)
    expect(chat.answers).to_have_count(answers)

    desk.get_by_role("button", name="An CarBot zurückgeben").click()
    expect(desk.get_by_text("CarBot pausiert.")).to_have_count(0, timeout=AT_ONCE_MS)
    expect(chat.say("Was kostet ein Ölwechsel beim Opel Corsa?")).to_contain_text("€")


def test_asking_for_a_person_hands_over_visibly(visitor: Page, desk: Page, served: Served) -> None:
    desk.goto(f"{served.url}/posteingang/")
    chat = open_bubble(visitor)
    chat.say("Was kostet ein Ölwechsel beim Opel Corsa? DO-ME 55")
    expect(chat.say("Mensch")).to_contain_text("Mensch")
    expect(visitor.locator("carbot-chat .system")).to_contain_text("Ein Mensch antwortet Ihnen hier")
    expect(lead_row(desk, "DO-ME 55")).to_contain_text("Wartet auf Sie", timeout=AT_ONCE_MS)


def test_danger_says_do_not_drive_and_gives_the_phone_before_anything_else(visitor: Page) -> None:
    chat = open_bubble(visitor)
    answer = chat.say("Das Bremspedal fällt bis zum Boden durch, ich fahre gerade auf der Autobahn")
    card = answer.locator(".danger")
    expect(card).to_contain_text(re.compile("nicht weiter", re.IGNORECASE))
    expect(card.get_by_role("link")).to_have_attribute("href", "tel:+492315550120")
    assert answer.locator(".slot").count() == 0


def test_an_illegal_request_is_refused_politely(visitor: Page) -> None:
    chat = open_bubble(visitor)
    answer = chat.say("Könnt ihr den Tacho von meinem Golf zurückdrehen?")
    expect(answer).to_contain_text(re.compile("nicht", re.IGNORECASE))
    assert answer.locator(".slot").count() == 0
    assert "€" not in answer.inner_text()


def test_the_customer_promises_to_come_moves_and_cancels_and_the_calendar_follows(
    visitor: Page, owner: Page, served: Served
) -> None:
    chat = open_bubble(visitor)
    chat.say("Was kostet ein Ölwechsel beim Opel Corsa und wann geht es? DO-CF 31")
    chat.pick(chat.slots.first)
    card = chat.leave_contact("Carla Fink", tel="0171 5550123").locator(".booking")
    with visitor.expect_popup() as opened:
        card.get_by_role("link", name="Ändern oder absagen").click()
    manage = opened.value
    wait_until_alive(manage)
    before = visit_row(owner, served.url, "Carla Fink")
    old = before.inner_text()
    manage.get_by_role("button", name="Ich komme").click()
    expect(manage.get_by_text("Danke, wir freuen uns auf Sie.")).to_be_visible(timeout=PATIENCE_MS)
    before.get_by_role("button").first.click()
    expect(owner.get_by_role("dialog")).to_contain_text("Hat zugesagt", timeout=PATIENCE_MS)
    owner.keyboard.press("Escape")

    manage.get_by_role("button", name="Verschieben").click()
    manage.locator("input[name=day]:enabled").last.check(force=True)
    manage.locator("input[name=slot]:enabled:visible").last.check(force=True)
    manage.get_by_role("button", name="Auf diese Zeit verschieben").click()
    expect(manage.get_by_text("Verschoben. Der neue Termin steht.")).to_be_visible(timeout=PATIENCE_MS)
    expect(manage.get_by_role("button", name="Ich komme")).to_be_visible()
    expect(owner.get_by_role("listitem").filter(has_text=old)).to_have_count(0, timeout=AT_ONCE_MS)

    row = visit_row(owner, served.url, "Carla Fink")
    manage.get_by_role("button", name="Absagen").click()
    manage.get_by_role("dialog").get_by_role("button", name="Absagen").click()
    expect(manage.get_by_text("Ihr Termin ist abgesagt.")).to_be_visible(timeout=PATIENCE_MS)
    expect(row).to_contain_text("Storniert", timeout=AT_ONCE_MS)
