"""A statement is dropped on the page, a suggestion confirmed, the invoice paid; a letter is released."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.billing.models import BillingTerms, Receivable
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served
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
from tests.factories.owed import make_billing_terms, make_invoice
from tests.factories.statements import a_statement, an_entry

pytestmark = pytest.mark.e2e

TODAY = datetime.now(UTC).date()
SURE, SHORT, LATE = "RE-2026-90001", "RE-2026-90002", "RE-2026-90003"


@pytest.fixture
def books(served: Served) -> Iterator[Database]:
    """Three invoices of the demo workshop: two that are paid now, one long overdue."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    with database.writing(workshop.id) as session:
        for terms in session.exec(select(BillingTerms)):
            session.delete(terms)
    make_billing_terms(database, workshop)
    for number, cents, age in ((SURE, 20_313, 5), (SHORT, 54_682, 5), (LATE, 31_200, 20)):
        make_invoice(database, workshop, number, cents, issued_on=TODAY - timedelta(days=age))
    yield database
    database.close()


def state_of(books: Database, number: str) -> str:
    with books.reading(SYSTEM) as session:
        return session.exec(select(Receivable.state).where(Receivable.number == number)).one()


def seen(page: Page, axe: str) -> list[str]:
    page.wait_for_timeout(400)
    return barriers(page, axe)


def test_money_that_came_pays_its_invoices_and_what_is_late_is_reminded(
    browser: Browser, served: Served, books: Database, tmp_path: Path, axe: str
) -> None:
    statement = tmp_path / "auszug.xml"
    day = TODAY.isoformat()
    statement.write_bytes(
        a_statement(
            an_entry("203.13", f"Rechn. {SURE}", ref="A", on=day),
            an_entry("543.63", f"{SHORT} abzgl. Skonto", ref="B", on=day, name="Max Mustermann"),
            an_entry("80.00", "Miete Stellplatz", ref="C", on=day, name="Nachbar", credit=False),
        )
    )
    desk = sign_in(browser, served.url, OWNER)
    desk.goto(f"{served.url}/rechnungen/bank/")
    wait_until_alive(desk)
    expect(desk.get_by_text("Kontoauszug hierher ziehen")).to_be_visible(timeout=PATIENCE_MS)
    assert seen(desk, axe) == []
    desk.locator("input[type=file]").set_input_files(statement)
    expect(desk.get_by_text("3 Umsätze gelesen: 1 zugeordnet, 1 Vorschläge")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert (state_of(books, SURE), state_of(books, SHORT)) == ("paid", "open")
    row = desk.get_by_role("listitem").filter(has_text="Max Mustermann")
    expect(row).to_contain_text("es fehlen 3,19")
    assert seen(desk, axe) == []

    row.get_by_role("button", name="Andere Rechnung").click()
    pane = desk.get_by_role("dialog", name="Rechnung zuordnen")
    expect(pane).to_contain_text(SHORT, timeout=PATIENCE_MS)
    pane.get_by_text("Skonto", exact=True).click()
    assert seen(desk, axe) == []
    pane.get_by_role("button", name="1 Rechnung zuordnen").click()
    expect(desk.get_by_text(f"Zugeordnet: {SHORT}")).to_be_visible(timeout=PATIENCE_MS)
    assert state_of(books, SHORT) == "paid"
    rent = desk.get_by_role("listitem").filter(has_text="Nachbar")
    rent.get_by_role("button", name="Ignorieren").click()
    expect(rent).to_have_count(0, timeout=PATIENCE_MS)

    _remind(desk, served.url, books, axe)
    for size, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
        desk.set_viewport_size(size)  # type: ignore[arg-type]
        assert not scrolls_sideways(desk), name


def _remind(desk: Page, url: str, books: Database, axe: str) -> None:
    desk.goto(f"{url}/rechnungen/mahnen/")
    wait_until_alive(desk)
    expect(desk.get_by_text(LATE, exact=True)).to_be_visible(timeout=PATIENCE_MS)
    assert seen(desk, axe) == []
    # The demo has late invoices of its own: all of them go out
    desk.get_by_role("button", name="freigeben").click()
    desk.get_by_role("dialog", name="freigeben?").get_by_role("button", name="Freigeben").click()
    expect(desk.get_by_text("Freigegeben:").first).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.get_by_role("heading", name="Versandt")).to_be_visible()
    with books.reading(SYSTEM) as session:
        late = session.exec(select(Receivable).where(Receivable.number == LATE)).one()
    assert late.dunning_level == 1
