"""The report of services says what the page of services says: asked, missing, decided, left, suggested."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from tests.factories.catalog import make_service
from tests.services.analysis_desk import AnalysisDesk, open_analysis_desk
from tests.services.outlook_bay import BRAKES, Bay, open_bay

COLUMNS = ("name", "asked", "accepted", "declined", "acceptance")
DECIDED = 40


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    """Brakes: asked for five times, almost always agreed to; a wish of three and one of a single customer."""
    made = open_bay(database, clock)
    make_service(database, made.workshop, BRAKES)
    made.leads(5)
    made.leads(3, wish="Ozonbehandlung", service_codes=[])
    made.leads(1, wish="Standheizung für Frau Krause", service_codes=[])
    for number in range(DECIDED):
        made.job(f"A{number}", decision="declined" if number == 0 else "approved")
    made.collect()
    return made


@pytest.fixture
def desk(bay: Bay, database: Database, clock: ManualClock, tmp_path: Path) -> AnalysisDesk:
    return open_analysis_desk(database, clock, tmp_path, workshop=bay.workshop)


def ask(desk: AnalysisDesk, form: str, last: date | None = None) -> io.BytesIO:
    last = last or desk.clock().date()
    run_id = desk.request(
        template="services", columns=COLUMNS, form=form, first=last - timedelta(days=29), last=last
    )
    return io.BytesIO(desk.runs.read(desk.owner, run_id).content)


def tables(desk: AnalysisDesk, last: date | None = None) -> list[list[list[str]]]:
    """The tables of the CSV: the first begins with its heads, the others with their title."""
    lines = csv.reader(io.StringIO(ask(desk, "csv", last).read().decode("utf-8-sig")), delimiter=";")
    found: list[list[list[str]]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        else:
            found.append([])
    return found


def test_the_csv_has_what_was_asked_missed_decided_and_suggested(desk: AnalysisDesk, bay: Bay) -> None:
    services, wishes, prices, advice = tables(desk)
    assert services[0] == ["Leistung", "Gefragt", "Zugesagt", "Abgelehnt", "Zusagen (%)"]
    (brakes,) = bay.outlook.services(bay.actor).figures
    assert services[1] == [brakes.name, "5", "39", "1", "97,5"]
    assert services[2] == ["Summe", "5", "39", "1", "97,5"]
    assert wishes[:3] == [
        ["Gefragt, aber nicht im Katalog"],
        ["Wunsch", "Gefragt"],
        ["Ozonbehandlung", "3"],
    ]
    assert prices[2][:4] == [brakes.name, f"{brakes.price_cents / 100:.2f}".replace(".", ","), "40", "97,5"]
    assert prices[2][-1] == "75,0"
    assert len(advice[2:]) == len(bay.outlook.services(bay.actor).suggestions) > 0


def test_words_of_a_single_customer_do_not_leave_the_house(desk: AnalysisDesk) -> None:
    content = ask(desk, "csv").read().decode("utf-8-sig")
    assert "Krause" not in content
    assert tables(desk)[1][3] == ["Nur einmal gefragt, zusammen", "1"]


def test_workbook_and_paper_have_every_part(desk: AnalysisDesk) -> None:
    book = CalamineWorkbook.from_filelike(ask(desk, "xlsx"))
    assert [name[:20] for name in book.sheet_names] == [
        "Überblick",
        "Alle Leistungen",
        "Gefragt, aber nicht ",
        "Preise und Zusagen i",
        "Vorschläge aus 12 Mo",
    ]
    paper = " ".join(page.extract_text() for page in PdfReader(ask(desk, "pdf")).pages)
    for part in (
        "Meistgefragte Leistungen",
        "Gefragt, aber nicht im Katalog",
        "Ozonbehandlung",
        "Preise und Zusagen",
        "Vorschläge",
    ):
        assert part in paper


def test_what_was_asked_is_of_the_days_and_prices_are_of_the_year_before_them(desk: AnalysisDesk) -> None:
    later = desk.clock().date() + timedelta(days=90)
    services, prices, _ = tables(desk, later)
    assert services[1:] == []
    assert prices[2][2] == "40"
