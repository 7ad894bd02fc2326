"""Files as workshops send them: what is read, what is refused, and that nothing written is ever alive."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import time
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.catalog.sheets import MAX_BYTES, Sheet, read_sheet, write_csv, write_xlsx
from carbot_app.domains.catalog.workbooks import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED
from carbot_app.kit.errors import AppError, Invalid, TooLarge

HEADER = ("Bezeichnung", "Preis", "AW")
ANY_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffe\uffff"), max_size=40
)


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        fill(book)
    return file.getvalue()


def with_rows(*rows: tuple[object, ...]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Preise")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def edited(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def refused(content: bytes, filename: str = "liste.xlsx") -> AppError:
    with pytest.raises(AppError) as caught:
        read_sheet(content, filename)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_of_every_encoding_and_delimiter_reads_the_same(encoding: str, delimiter: str) -> None:
    rows = [
        HEADER,
        ("Ölwechsel für Öl, Filter; mit Prüfung", "1.284,10 €", "5"),
        ('Bremse "vorne"', "49,90", ""),
    ]
    text = "\r\n".join(
        delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows
    )
    sheet = read_sheet(text.encode(encoding), "liste.csv")
    assert (sheet.header, sheet.rows, sheet.lines) == (HEADER, tuple(rows[1:]), (2, 3))


def test_german_decimals_do_not_make_the_comma_a_delimiter() -> None:
    sheet = read_sheet(b"Leistung;Preis\nRadwechsel;49,90\nInspektion;189,00\n", "x.csv")
    assert sheet.rows == (("Radwechsel", "49,90"), ("Inspektion", "189,00"))


def test_a_delimiter_excel_declares_is_obeyed() -> None:
    assert read_sheet(b"sep=|\nName|Preis\na;b;c|1\nd;e;f|2\n", "x.csv").rows == (
        ("a;b;c", "1"),
        ("d;e;f", "2"),
    )


def test_the_header_is_found_below_titles_and_footers_are_skipped_but_counted() -> None:
    lines = ["Preisliste 2026;;", "", "gültig ab;1.1.2026;", "Bezeichnung;Preis;AW", "Bremsen;;",
             "Bremsbeläge;129,00;12", "", "Scheiben;249,00;18", "Alle Preise inkl. MwSt.;;"]  # fmt: skip
    sheet = read_sheet("\n".join(lines).encode("cp1252"), "x.csv")
    assert sheet.header == HEADER
    assert (sheet.lines, sheet.first_line, sheet.skipped) == ((6, 8), 6, (5, 9))


def test_no_row_is_lost_where_the_search_for_the_header_ends() -> None:
    rows = [(f"Leistung {number}", str(number), "1") for number in range(60)]
    assert read_sheet(write_csv(HEADER, rows), "x").rows == tuple(rows)
    assert read_sheet(write_xlsx(HEADER, rows), "x").rows == tuple(rows)


def test_numbers_times_and_truth_in_a_workbook_become_german_text() -> None:
    content = with_rows(HEADER, ("a", 49.9, 3), ("b", 1284.1, True), ("c", 127.449, 0.125))
    assert [row[1:] for row in read_sheet(content, "x").rows] == [
        ("49,9", "3"), ("1284,1", "ja"), ("127,4490", "0,1250"),
    ]  # fmt: skip

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Name", "Dauer"))
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, time(1, 30), book.add_format({"num_format": "hh:mm"}))

    assert read_sheet(workbook(fill), "x").rows == (("a", "1:30"),)


def test_the_first_visible_sheet_with_something_in_it_is_read() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Leer")
        hidden = book.add_worksheet("Versteckt")
        hidden.write_row(0, 0, ("x", "y"))
        hidden.hide()
        sheet = book.add_worksheet("Preise")
        sheet.write_row(2, 1, ("Name", "Preis"))
        sheet.write_row(3, 1, ("Öl", 89))
        book.worksheets()[2].activate()

    sheet = read_sheet(workbook(fill), "x")
    assert (sheet.name, sheet.header, sheet.rows, sheet.lines) == (
        "Preise", ("", "Name", "Preis"), (("", "Öl", "89"),), (4,),
    )  # fmt: skip
    assert [sheet.title(column) for column in range(3)] == ["A", "Name", "Preis"]


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_identical(cells: list[tuple[str, str]]) -> None:
    rows = [(f"Zeile {number}", *pair, "Ende") for number, pair in enumerate(cells)]
    for write in (write_xlsx, write_csv):
        assert read_sheet(write(("Nr", "Text", "Notiz", "Letzte"), rows), "x").rows == tuple(rows)


LIVE = ["=1+1", "+49 231", "-5", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x", "＝1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", LIVE)
def test_a_text_that_looks_like_a_formula_is_dead_in_both_formats_and_comes_back(text: str) -> None:
    rows = [("a", text)]
    csv, xlsx = write_csv(("Name", "Notiz"), rows), write_xlsx(("Name", "Notiz"), rows)
    assert read_sheet(csv, "x").rows == read_sheet(xlsx, "x").rows == (("a", text),)
    cell = csv.decode("utf-8-sig").split(";")[2].lstrip('"')
    assert cell.startswith("'")
    with zipfile.ZipFile(io.BytesIO(xlsx)) as package:
        assert b"<f" not in package.read("xl/worksheets/sheet1.xml")


def test_numbers_are_numbers_in_the_workbook_and_german_in_csv() -> None:
    rows = [("a", Decimal("1284.10"), 5, 2.5, None)]
    header = ("Name", "Preis", "AW", "Zeit", "Leer")
    assert write_csv(header, rows).decode("utf-8-sig").splitlines()[1] == "a;1284,10;5;2,5;"
    assert write_csv(header, rows).startswith(b"\xef\xbb\xbf")
    with zipfile.ZipFile(io.BytesIO(write_xlsx(header, rows))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b"<v>1284.1</v>" in sheet
    assert b'state="frozen"' in sheet


def test_a_formula_counts_as_what_was_saved_with_it_and_without_a_value_is_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("Öl", 89, 5))
        sheet.write_formula(1, 1, "=2*44.5", None, 89)

    content = workbook(fill)
    assert read_sheet(content, "x").rows == (("Öl", "89", "5"),)
    empty = edited(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>89</v>", b"<v></v>"))
    error = refused(empty)
    assert (error.code, error.params) == ("sheet_formula", {"row": 2, "column": "B"})


def test_merged_cells_are_refused_among_the_rows_and_harmless_above_and_in_headings() -> None:
    def fill(book: xlsxwriter.Workbook, below: bool) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "Preisliste")
        sheet.write_row(1, 0, HEADER)
        sheet.merge_range(2, 0, 2, 2, "Bremsen")
        for line in range(3, 6):
            sheet.write_row(line, 0, ("Beläge", 129, 5))
        if below:
            sheet.merge_range(4, 2, 5, 2, 12)

    assert len(read_sheet(workbook(lambda book: fill(book, False)), "x").rows) == 3
    error = refused(workbook(lambda book: fill(book, True)))
    assert (error.code, error.params) == ("sheet_merged", {"row": 5, "column": "C"})


def test_types_are_told_by_content_and_not_by_name() -> None:
    assert refused(b"MZ\x90\x00\x03" + b"\x00" * 200, "preise.xlsx").code == "sheet_type_unknown"
    assert refused(b"%PDF-1.7 ...", "preise.csv").code == "sheet_type_unknown"
    assert refused(b"abc\x00def", "preise.csv").code == "sheet_type_unknown"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600).code == "sheet_legacy_xls"
    stream = "EncryptedPackage".encode("utf-16-le")
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + stream).code == "sheet_encrypted"
    assert isinstance(read_sheet(write_xlsx(HEADER, [("a", 1, 2)]), "preise.csv"), Sheet)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refused(file.getvalue(), "preise.xlsx").code == "sheet_type_unknown"


def test_empty_files_and_sheets_are_refused() -> None:
    for content in (b"", b"\r\n \r\n", b";;\n;;\n", b"Name;Preis\n", write_xlsx(HEADER, []), with_rows()):
        assert refused(content).code == "sheet_empty"
    assert refused(b"1;2\n3;4\n").code == "sheet_no_header"


def test_large_files_are_refused_before_parsing() -> None:
    error = refused(b"PK\x03\x04" + b"x" * MAX_BYTES)
    assert isinstance(error, TooLarge)
    assert (error.code, error.params) == ("sheet_too_large", {"limit": 10})


def test_a_zip_bomb_is_refused_even_when_it_lies_about_its_size() -> None:
    honest = with_rows(HEADER, ("a", 1, 2))
    bomb = edited(honest, "docProps/app.xml", lambda _: b"<x>" + b" " * (MAX_UNPACKED + 1))
    assert len(bomb) < MAX_BYTES
    assert refused(bomb).code == "sheet_unpacked_too_large"
    stated, small = struct.pack("<I", MAX_UNPACKED + 4), struct.pack("<I", 40)
    assert stated in bomb
    assert refused(bomb.replace(stated, small)).code == "sheet_unpacked_too_large"


def test_a_cell_far_away_is_refused_and_does_not_fill_the_memory() -> None:
    content = with_rows(HEADER, ("a", 1, 2))
    for place, code in ((b"A1048576", "sheet_too_many_rows"), (b"XFD2", "sheet_too_many_columns")):
        far = edited(
            content,
            "xl/worksheets/sheet1.xml",
            lambda xml, place=place: xml.replace(b'r="A2"', b'r="%s"' % place),
        )
        assert refused(far).code == code


def test_too_many_rows_and_columns_are_refused_in_csv() -> None:
    assert refused(b"a;b\n" + b"x;y\n" * (MAX_ROWS + 1)).code == "sheet_too_many_rows"
    assert refused(b";".join([b"a"] * (MAX_COLUMNS + 1)) + b"\nx;y\n").code == "sheet_too_many_columns"
    error = refused(b"a;b\nx;" + b"y" * 40_000 + b"\n")
    assert (error.code, error.params["row"], error.params["column"]) == ("sheet_cell_long", 2, "B")


@pytest.mark.parametrize("cut", [40, 400, 3000])
def test_a_damaged_workbook_is_refused(cut: int) -> None:
    content = with_rows(HEADER, ("a", 1, 2))
    assert refused(content[:-cut]).code == "sheet_damaged"
    broken = edited(content, "xl/worksheets/sheet1.xml", lambda xml: xml[:300])
    with pytest.raises(Invalid):
        read_sheet(broken, "x")


def test_commas_in_a_long_text_do_not_pass_for_the_delimiter() -> None:
    text = "Öl, Filter\r\nDichtring, Altöl\r\nProbefahrt, Reinigung"
    sheet = read_sheet(
        write_csv(("Nummer", "Name", "Beschreibung"), [("A1", "Ölwechsel", text)]), "liste.csv"
    )
    assert sheet.header == ("Nummer", "Name", "Beschreibung")
    assert sheet.rows == (("A1", "Ölwechsel", text),)
