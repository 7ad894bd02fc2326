"""The owner starts a campaign; a customer gets a mail, taps once, and the owner sees the booking."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from carbot_app.bootstrap import build_services
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from tests.e2e.conftest import Served, serve
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive
from tests.peers.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.e2e

_MAIL_MS = 60_000
_WORKING_HOUR = time(10, tzinfo=UTC)
_HOLIDAYS_IN_A_ROW = 10


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def running(built_frontend: Path, tmp_path: Path, mailbox: Mailbox) -> Iterator[Served]:
    with serve(tmp_path, CARBOT_SMTP_URL=mailbox.url) as running:
        yield running


def test_a_tap_in_the_mail_becomes_a_visit_the_owner_sees(
    browser: Browser, running: Served, mailbox: Mailbox
) -> None:
    desk = sign_in(browser, running.url, OWNER)
    _start(desk, running)
    expect(desk.get_by_text("Noch geplant")).to_be_visible(timeout=PATIENCE_MS)
    assert mailbox.messages == []

    _work_next_morning(running, mailbox)
    expect(desk.get_by_role("heading", name="Einladungen", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    letter = _letter(desk, mailbox)

    phone = browser.new_context(viewport=PHONE, locale="de-DE").new_page()  # type: ignore[arg-type]
    phone.goto(_link(letter, "/raeder/"))
    phone.get_by_role("button", name="Passt, Termin anfragen").click()
    phone.wait_for_url(re.compile(r"/t/[\w-]+/"))
    expect(phone.locator("main")).to_contain_text("Räderwechsel", timeout=PATIENCE_MS)

    booked = desk.get_by_role("listitem").filter(has_text="Vorschlag").get_by_text("Gebucht", exact=True)
    expect(booked.locator("visible=true")).to_have_count(1, timeout=PATIENCE_MS)

    phone.goto(_link(letter, "/w/"))
    wait_until_alive(phone)
    expect(phone.locator("[name=plate]")).to_be_visible()


def _start(desk: Page, running: Served) -> None:
    today = datetime.now(UTC).date()
    desk.goto(f"{running.url}/reifenhotel/saison/")
    expect(desk.locator("#season-form")).to_be_visible(timeout=PATIENCE_MS)
    wait_until_alive(desk)
    desk.get_by_label("Einladen ab").fill(today.isoformat())
    desk.get_by_label("Einladen bis").fill((today + timedelta(days=30)).isoformat())
    desk.get_by_label("Einladungen am Tag").fill("1")
    desk.get_by_role("button", name="Starten", exact=True).click()
    dialog = desk.get_by_role("dialog", name="Aktion starten?")
    expect(dialog).to_contain_text("höchstens 1 am Tag", timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="Einladungen starten").click()


def _work_next_morning(running: Served, mailbox: Mailbox) -> None:
    """A worker of the same workshop for which it is ten o'clock on the next day that is no day of rest."""
    database = Database(f"sqlite:///{running.data_dir / 'carbot.db'}")
    settings = Settings(data_dir=running.data_dir, public_url=running.url, smtp_url=mailbox.url)
    clock = ManualClock(datetime.combine(datetime.now(UTC).date(), _WORKING_HOUR))
    waves = build_services(settings, db=database, clock=clock).season_waves
    for _ in range(_HOLIDAYS_IN_A_ROW):
        clock.advance(timedelta(days=1))
        if waves.send_due():
            break
    database.close()


def _letter(desk: Page, mailbox: Mailbox) -> str:
    for _ in range(_MAIL_MS // 500):
        if mailbox.messages:
            break
        desk.wait_for_timeout(500)
    (message,) = mailbox.messages
    return mailbox.letters_to(message["To"])[0]


def _link(letter: str, path: str) -> str:
    found = re.search(rf"http\S+{path}\S+", letter)
    assert found, letter
    return found[0]
