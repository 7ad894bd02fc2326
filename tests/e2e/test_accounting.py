"""The books of a month: a supplier's invoice is dropped, seen and booked, the file for DATEV balances."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.accounting.datev_check import sum_of
from carbot_app.domains.accounting.service import last_month
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)
from tests.factories.accounting import fee, make_invoice, make_payment, work
from tests.factories.supplier_files import OIL, external_entity, pdf_with

pytestmark = pytest.mark.e2e


def _issue(served: Served) -> int:
    """An exchange part and a fee of this month, paid in part; returns what the rows have to come to."""
    database = Database(f"sqlite:///{served.data_dir}/carbot.db")
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    # The page opens with the month before until the tenth
    today = datetime.now(UTC).date()
    day = last_month(today) if today.day <= 10 else today.replace(day=1)
    lines = (work("320.00", kind="part", exchange=True), work("134.40"), fee("154.00"))
    invoice = make_invoice(database, workshop, *lines, number="RE-2026-80001", issued_on=day)
    make_payment(database, invoice, 10_000, day)
    database.close()
    return invoice.gross_cents + 10_000


def _no_barriers(page: Page, axe: str) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert barriers(page, axe) == []
        assert not scrolls_sideways(page)


def test_the_books_of_a_month_from_a_suppliers_invoice_to_the_file_for_datev(
    browser: Browser, served: Served, axe: str, tmp_path: Path
) -> None:
    expected = _issue(served)
    desk = sign_in(browser, served.url, OWNER)
    desk.goto(f"{served.url}/buchhaltung/")
    wait_until_alive(desk)
    expect(desk.get_by_text("Umsatz brutto").first).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(desk, axe)

    desk.get_by_role("button", name="Konten und Nummern").click()
    pane = desk.locator("#accounting-mapping[open]")
    pane.get_by_label("Beraternummer").fill("29098")
    pane.get_by_label("Mandantennummer").fill("55003")
    _no_barriers(desk, axe)
    pane.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_role("button", name="DATEV-Datei laden")).to_be_enabled(timeout=PATIENCE_MS)

    desk.get_by_role("tab", name="Eingangsrechnungen").click()
    hostile, invoice = tmp_path / "bombe.xml", tmp_path / "rechnung.pdf"
    hostile.write_bytes(external_entity())
    invoice.write_bytes(pdf_with(("factur-x.xml", OIL)))
    desk.locator("input[type=file]").set_input_files(hostile)
    expect(desk.locator("#accounting-panel").get_by_role("alert")).to_contain_text(
        "Anweisungen", timeout=PATIENCE_MS
    )
    desk.locator("input[type=file]").set_input_files(invoice)
    pane = desk.locator("#expense[open]")
    expect(pane.get_by_text("ER-", exact=False).first).to_be_visible(timeout=PATIENCE_MS)
    expect(pane.get_by_text("Keine Beanstandung")).to_be_visible()
    _no_barriers(desk, axe)
    pane.get_by_label("Wofür").select_option("goods")
    pane.get_by_role("button", name="Buchen").click()
    expect(pane.get_by_role("button", name="Bezahlt eintragen")).to_be_visible(timeout=PATIENCE_MS)
    pane.get_by_role("button", name="Schließen").last.click()
    expect(desk.get_by_text("Gebucht").last).to_be_visible(timeout=AT_ONCE_MS)
    _no_barriers(desk, axe)

    desk.get_by_role("tab", name="Monat").click()
    with desk.expect_download() as started:
        desk.get_by_role("button", name="DATEV-Datei laden").click()
    content = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename.startswith("EXTF_Buchungsstapel_")
    assert b'"USt auf Altteil"' in content
    assert sum_of(content) >= expected
    expect(desk.get_by_role("button", name="Noch einmal laden")).to_be_visible(timeout=PATIENCE_MS)

    desk.get_by_role("tab", name="Auswertung").click()
    expect(desk.get_by_text("Bremsen vorn").or_(desk.get_by_text("Arbeit")).first).to_be_visible()
    _no_barriers(desk, axe)
    desk.get_by_role("tab", name="Prüfung").click()
    desk.get_by_role("button", name="Jetzt prüfen").click()
    expect(desk.get_by_text("Unversehrt")).to_be_visible(timeout=PATIENCE_MS)
    _no_barriers(desk, axe)
    desk.close()
