"""Reports: asked for over the figures, planned, received as a mail with its PDF, stopped by the adviser."""

import io
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import serve
from tests.e2e.people import (
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)
from tests.peers.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.e2e

ADVISER = "kanzlei@steuer.example"


def test_a_report_goes_from_the_figures_to_the_disk_and_by_plan_to_the_adviser(
    browser: Browser, built_frontend: Path, tmp_path: Path, axe: str
) -> None:
    with open_mailbox() as mailbox, serve(tmp_path, CARBOT_SMTP_URL=mailbox.url) as served:
        desk = sign_in(browser, served.url, OWNER)
        _save_one(desk, served.url, axe)
        _plan_one(desk, served.url, axe)
        _say_yes(browser, _address_in(_mail(desk, mailbox, ADVISER, 0)))
        desk.get_by_role("button", name=re.compile("Leistungen jetzt senden")).click()
        mail = _mail(desk, mailbox, ADVISER, 1)
        assert "Leistungen" in mail["Subject"]
        (attached,) = mail.iter_attachments()
        assert attached.get_content_type() == "application/pdf"
        words = PdfReader(io.BytesIO(attached.get_content())).pages[0].extract_text()
        assert "Leistungen" in words
        assert "Kfz-Meisterbetrieb Müller" in words
        archived = desk.locator("[data-report-run=ready]").filter(has_text=ADVISER)
        expect(archived).to_contain_text(f"{ADVISER}: gesendet", timeout=PATIENCE_MS)
        _no_barriers(desk, axe)
        _remove_plan(desk)


def _save_one(desk: Page, url: str, axe: str) -> None:
    """Over the figures, with their days."""
    desk.goto(f"{url}/auswertung/")
    wait_until_alive(desk)
    expect(desk.locator(".cb-kpi").first).to_be_visible(timeout=PATIENCE_MS)
    desk.get_by_role("button", name="Bericht", exact=True).locator("visible=true").click()
    pane = desk.locator("#report-wish[open]")
    expect(pane).to_be_visible(timeout=PATIENCE_MS)
    pane.get_by_role("button", name="Vorschau").click()
    picture = pane.get_by_role("img", name=re.compile("Erste Seite des Berichts Wochenbericht"))
    expect(picture).to_be_visible(timeout=PATIENCE_MS)
    desk.wait_for_function("document.querySelector('#report-wish img').naturalWidth > 700")
    _no_barriers(desk, axe)
    pane.get_by_role("button", name="Bericht erstellen").click()
    file = pane.get_by_role("link", name="Herunterladen")
    expect(file).to_be_visible(timeout=PATIENCE_MS)
    with desk.expect_download() as download:
        file.click()
    assert download.value.suggested_filename.startswith("Wochenbericht ")
    assert len(PdfReader(download.value.path()).pages) >= 1


def _plan_one(desk: Page, url: str, axe: str) -> None:
    """What services bring, to the adviser alone."""
    desk.goto(f"{url}/auswertung/berichte/")
    wait_until_alive(desk)
    expect(desk.locator("[data-report-run=ready]").first).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(desk, axe)
    desk.locator("[data-report-template=services]").get_by_role("button", name=re.compile("Planen")).click()
    pane = desk.locator("#report-plan[open]")
    expect(pane).to_be_visible(timeout=PATIENCE_MS)
    pane.get_by_role("checkbox", checked=True).first.click()
    pane.get_by_label("Weitere Adressen").fill(ADVISER)
    pane.get_by_label("Tag im Monat").select_option("31")
    _no_barriers(desk, axe)
    pane.get_by_role("button", name="Plan speichern").click()
    plan = desk.locator("[data-report-plan]").filter(has_text=ADVISER)
    expect(plan).to_contain_text("noch nicht bestätigt", timeout=PATIENCE_MS)
    expect(plan).to_contain_text("am 31.")


def _say_yes(browser: Browser, address: str) -> None:
    """The adviser, who has no account, presses the button behind the link of the mail."""
    page = browser.new_context(viewport=PHONE, locale="de-DE").new_page()
    page.goto(address)
    expect(page.get_by_role("heading")).to_contain_text("Berichte von")
    page.get_by_role("button", name="Ja, Berichte schicken").click()
    expect(page.get_by_role("button", name="Keine Berichte mehr")).to_be_visible(timeout=PATIENCE_MS)
    page.context.close()


def _remove_plan(desk: Page) -> None:
    plans = desk.locator("[data-report-plan]")
    before = plans.count()
    plans.filter(has_text=ADVISER).get_by_role("button", name=re.compile("Plan löschen")).click()
    desk.locator("dialog[open]").get_by_role("button", name="Plan löschen").click()
    expect(plans).to_have_count(before - 1, timeout=PATIENCE_MS)


def _mail(desk: Page, mailbox: Mailbox, address: str, position: int) -> EmailMessage:
    """A mail to the address, as soon as it has arrived."""

    def arrived() -> list[EmailMessage]:
        return [mail for mail in mailbox.messages if address in mail["To"]]

    for _ in range(2 * PATIENCE_MS // 200):
        if len(arrived()) > position:
            break
        desk.wait_for_timeout(200)
    return arrived()[position]


def _address_in(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(r"http\S+/berichte/\S+", plain.get_content())
    assert found
    return found[0]


def _no_barriers(page: Page, axe: str) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert barriers(page, axe) == []
        assert not scrolls_sideways(page)
