"""Reports as CSV, workbook and PDF."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import load_workbook

from carbot_app.adapters.documents.chart_svg import draw
from carbot_app.adapters.documents.typst_analysis import TypstAnalysisPrinter
from carbot_app.domains.analytics.reports.schemas import Chart, Grid, Letterhead, Tile
from carbot_app.domains.analytics.reports.sheets import write_csv, write_xlsx
from carbot_app.domains.analytics.reports.words import cell, figure, headline, tile
from carbot_app.domains.analytics.schemas import Kpi
from carbot_app.domains.catalog.sheets import read_sheet
from tests.unit.analytics.reports import make_report

DE = Letterhead("Müller")
CH = Letterhead("Garage Zürich", country="CH", currency="CHF")


def lines(content: bytes, delimiter: str = ";") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_a_german_csv_opens_in_excel_with_commas_and_semicolons() -> None:
    head, first, second, total = lines(write_csv(make_report()))
    assert head[2:] == ["Anzahl", "Anteil (%)", "Erste Antwort (Min.)", "Stunden (Std.)", "Wert (EUR)"]
    assert first[1:] == ["30.11.2026", "3", "12,3", "1,5", "1,58", "1284,10"]
    assert second == ["Öl für Ayşe Łódź GmbH & Co. KG", "", "", "", "", "", "-123,45"]
    assert total[0] == "Summe"


def test_an_english_csv_has_points_and_commas() -> None:
    _, first, *_ = lines(write_csv(make_report(head=Letterhead("Müller", language="en"))), ",")
    assert first[1:] == ["2026-11-30", "3", "12.3", "1.5", "1.58", "1284.10"]


def test_a_text_is_never_a_formula() -> None:
    report = make_report()
    assert lines(write_csv(report))[1][0].startswith("'=HYPERLINK")
    book = load_workbook(io.BytesIO(write_xlsx(report)))
    assert book.get_sheet_by_index(1).to_python()[1][0] == '=HYPERLINK("http://evil.example")'
    assert b"<f>" not in _inside(write_xlsx(report), "xl/worksheets/sheet2.xml")


def test_a_workbook_has_real_numbers_and_dates_and_a_sheet_for_each_table() -> None:
    book = load_workbook(io.BytesIO(write_xlsx(make_report())))
    assert book.sheet_names == ["Überblick", "Tag für Tag", "Andere   Liste  mit   und einem"]
    head, first, second, total = book.get_sheet_by_index(1).to_python()
    assert head[6] == "Wert (EUR)"
    assert first[1:] == [date(2026, 11, 30), 3, 12.3, 1.5, 1.58, 1284.1]
    assert second[6] == -123.45
    assert total[0] == "Summe"


def test_a_workbook_freezes_its_header_and_is_wide_enough() -> None:
    sheet = _inside(write_xlsx(make_report()), "xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert 'ySplit="1"' in sheet
    assert "<autoFilter" in sheet


def test_a_written_csv_is_read_back() -> None:
    sheet = read_sheet(write_csv(make_report()), "bericht.csv")
    assert sheet.rows[0][0] == '=HYPERLINK("http://evil.example")'


def test_a_pdf_is_tagged_titled_and_says_everything() -> None:
    pdf = PdfReader(io.BytesIO(TypstAnalysisPrinter().print_report(make_report())))
    assert pdf.metadata
    assert pdf.metadata.title == "Wochenbericht, 23.–29. Nov. 2026"
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    words = " ".join(page.extract_text() for page in pdf.pages).replace("\xa0", " ")
    for said in ("Wochenbericht", "12.345 €", "Nicht erschienen", "1.284,10 €", "Öl für Ayşe Łódź", "Summe"):
        assert said in words
    # Texts are data: what looks like markup is printed as it was written
    assert "#strong[nicht]" in words


def test_charts_of_a_pdf_are_said_in_words_for_who_cannot_see_them() -> None:
    pdf = PdfReader(io.BytesIO(TypstAnalysisPrinter().print_report(make_report())))
    root: Any = pdf.trailer["/Root"]
    said = set(_alternatives(root["/StructTreeRoot"]))
    assert {"Umsatz: höchstens 5 €", "Weg: Angefragt: 9", "Andrang: Mo um 9"} <= said


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl"])
def test_a_pdf_is_printed_in_every_language(language: str) -> None:
    pdf = TypstAnalysisPrinter().print_report(make_report(head=Letterhead("Müller", language=language)))
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"] == language


def test_a_report_of_nothing_is_still_a_page() -> None:
    report = make_report(tiles=(), charts=(), grids=make_report().grids[1:])
    words = PdfReader(io.BytesIO(TypstAnalysisPrinter().print_report(report))).pages[0].extract_text()
    assert "In diesem Zeitraum gibt es nichts." in words


def test_the_first_page_is_a_picture_whatever_follows() -> None:
    long = make_report(grids=(Grid("none", "Nichts", (), ()), *make_report().grids * 9))
    assert TypstAnalysisPrinter().draw_first_page(long).startswith(b"\x89PNG")


def test_charts_stand_nothing_zero_and_huge_numbers() -> None:
    for values in ((), (0.0,), (None, None), (1e15, -1e15), (float(10**18),)):
        chart = Chart("bars", "T", "A", ("<x>",) * len(values), values, top="&")
        drawn = draw(chart, "#17616f", 239)
        assert "nan" not in drawn
        assert "<x>" not in drawn


def test_labels_of_bars_stay_inside_the_picture() -> None:
    labels = tuple(f"{day}. Nov." for day in range(1, 31))
    drawn = draw(Chart("bars", "T", "A", labels, (1.0,) * 30), "#17616f", 239)
    middles = [float(x) for x in re.findall(r'x="([\d.]+)"[^>]*text-anchor="middle"', drawn)]
    assert len(middles) > 5
    assert all(10 <= x <= 229 for x in middles)


def test_a_long_name_has_more_of_the_room() -> None:
    name = "Räderwechsel inkl. Auswuchten"
    drawn = draw(Chart("funnel", "T", "A", (name,), (1.0,), marks=("1",)), "#17616f", 239)
    assert name in drawn


@pytest.mark.parametrize(
    ("value", "unit", "head", "shown"),
    [
        (1_284_10, "cents", DE, ("1.284 €", "")),
        (99_999, "cents", DE, ("999,99 €", "")),
        (123_456_789_012, "cents", CH, ("CHF 1’234’567’890", "")),
        (12.5, "percent", DE, ("13", "%")),
        (30.4, "seconds", DE, ("30", "Sek.")),
        (600, "seconds", DE, ("10", "Min.")),
        (9_000, "seconds", DE, ("2,5", "Std.")),
        (95, "minutes", DE, ("1,6", "Std.")),
        (4.56, "stars", DE, ("4,6", "von 5")),
        (None, "percent", DE, ("–", "")),
        (float("nan"), "percent", DE, ("–", "")),
    ],
)
def test_headlines(value: float | None, unit: str, head: Letterhead, shown: tuple[str, str]) -> None:
    assert tuple(part.replace("\xa0", " ") for part in figure(value, unit, head)) == shown


@pytest.mark.parametrize(
    ("kpi", "delta", "direction", "verdict"),
    [
        (Kpi("revenue", "cents", 110, 100, "up", ()), "10 %", "up", "good"),
        (Kpi("no_show", "percent", 6, 4, "down", ()), "2 Pkt.", "up", "bad"),
        (Kpi("first_response", "seconds", 60, 90, "down", ()), "30 Sek.", "down", "good"),
        (Kpi("rating", "stars", 4.5, 4.5, "up", ()), "unverändert", "flat", "neutral"),
        (Kpi("bookings", "count", 5, 0, "up", ()), "", "flat", "neutral"),
        (Kpi("bookings", "count", None, 3, "up", ()), "", "flat", "neutral"),
    ],
)
def test_changes(kpi: Kpi, delta: str, direction: str, verdict: str) -> None:
    told = tile(kpi, "Name", DE)
    assert (told.delta, told.direction, told.verdict) == (delta, direction, verdict)


def test_a_headline_is_a_line_of_the_mail() -> None:
    assert headline(Tile("Umsatz", "12 €", "", "8 %", "up")) == "Umsatz: 12 € (↑ 8 %)"
    assert headline(Tile("Auslastung", "43", "%", "unverändert")) == "Auslastung: 43 % (unverändert)"
    assert headline(Tile("Bewertung", "–")) == "Bewertung: –"


def test_swiss_amounts_in_tables_have_their_own_marks() -> None:
    assert cell(128_410, "cents", CH).replace("\xa0", " ") == "CHF 1’284.10"


def _inside(book: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def _alternatives(tag: Any) -> Iterator[str]:
    """What pictures are said to show, in the structure of a PDF."""
    if "/Alt" in tag:
        yield str(tag["/Alt"])
    parts = tag.get("/K", [])
    for part in parts if isinstance(parts, list) else [parts]:
        inner = part.get_object()
        if isinstance(inner, dict) and "/S" in inner:
            yield from _alternatives(inner)
