"""Tables as files (pure): reading what workshops have, writing what they can open.

Cells are texts in German notation: numbers of a workbook become ``49,9``, true ``ja``, times ``1:30``. No
formula is ever evaluated; a formula counts as the value the program that wrote the file saved with it.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice

import xlsxwriter

from carbot_app.domains.catalog.workbooks import MAX_CELL, MAX_COLUMNS, MAX_ROWS, column_letter, read_workbook
from carbot_app.kit.errors import Invalid, TooLarge

MAX_BYTES = 10 * 1024 * 1024
_SEARCHED = 20
"""Lines within which the header must be."""
_DELIMITERS = ";\t,"
_SAMPLE = 64 * 1024
_LIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""Texts a spreadsheet would take for a formula, or that look like one made harmless."""
_NUMBER = re.compile(r"[-+]?[\d.,' ]*\d[\d.,' ]*\s*[€%]?")

Cell = str | int | float | Decimal | None
"""What may be written: numbers as numbers (Decimal is shown with two digits), None leaves the cell empty."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as people see it: every row is as wide as the header."""

    name: str
    """Of the sheet in a workbook; empty for csv."""
    header: tuple[str, ...]
    """Empty where a column has no name."""
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    """Line of each row as a spreadsheet counts, from 1."""
    skipped: tuple[int, ...] = ()
    """Lines with a single text below the header, such as headings and footers."""

    @property
    def first_line(self) -> int:
        """Line of the first row."""
        return self.lines[0]

    def title(self, column: int) -> str:
        """What people call a column: its header, else its letter."""
        return self.header[column] or column_letter(column)


def read_sheet(content: bytes, filename: str) -> Sheet:
    """The first sheet with something in it, of an xlsx or csv file told by its content.

    Raises:
        TooLarge: ``sheet_too_large``. Invalid: ``sheet_type_unknown``, ``sheet_legacy_xls``,
        ``sheet_encrypted``, ``sheet_damaged``, ``sheet_encoding``, ``sheet_empty``, ``sheet_no_header``,
        ``sheet_too_many_rows``, ``sheet_too_many_columns``, ``sheet_unpacked_too_large``; with ``row`` and
        ``column`` also ``sheet_cell_long``, ``sheet_formula`` and ``sheet_merged``.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("sheet_too_large", limit=MAX_BYTES // 1024 // 1024)
    _refuse_other_types(content, filename)
    if not content.startswith(b"PK\x03\x04"):
        return _build("", _csv_rows(_decoded(content)), ())
    workbook = read_workbook(content)
    return _build(workbook.name, workbook.rows, workbook.merged)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "CarBot") -> bytes:
    """A workbook of one sheet; texts are never formulas, whatever they start with."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet(name)
        bold, money = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(header):
            sheet.set_column(column, column, min(44, max(10, len(title) + 3)))
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(line, column, cell)
                elif isinstance(cell, Decimal):
                    sheet.write_number(line, column, float(cell), money)
                elif cell is not None:
                    sheet.write_number(line, column, cell)
    return file.getvalue()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM, semicolons, German decimals: what Excel opens by double click.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; ``read_sheet`` takes it
    off again.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(title) for title in header])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell_text(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def cell_text(cell: Cell) -> str:
    """A cell as German text: ``1284,10``, ``2,5``, ``7``."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(cell)


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _LIVE.match(text) else text


def _refuse_other_types(content: bytes, filename: str) -> None:
    if not content.strip():
        raise Invalid("sheet_empty")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Invalid("sheet_encrypted" if encrypted else "sheet_legacy_xls")
    if content.startswith(b"PK\x03\x04") or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    foreign = content.startswith((b"MZ", b"PK", b"%PDF", b"{\\rtf", b"\x7fELF", b"<?xml", b"<html", b"<!DOC"))
    if foreign or b"\x00" in content:
        raise Invalid("sheet_type_unknown", name=filename[:60])


def _decoded(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("sheet_encoding")


def _csv_rows(text: str) -> Iterator[list[str]]:
    declared = re.match(r"sep=(.)\r?\n", text)
    delimiter = declared[1] if declared else max(_DELIMITERS, key=lambda one: _fit(text, one))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(lines, None)
        except csv.Error as error:
            raise Invalid("sheet_cell_long", row=number, column="A", limit=MAX_CELL) from error
        if row is None:
            return
        if number == 1 and declared:
            yield []
            continue
        yield [cell[1:] if cell[:1] == "'" and _LIVE.match(cell) else cell for cell in row]


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter cuts the beginning of a text: share of lines of the usual width, that width."""
    sample = io.StringIO(text[:_SAMPLE], newline="")
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0, 0
    cut = {width: lines for width, lines in widths.items() if width > 1}
    if not cut:
        return 0.0, 0
    width, lines = max(cut.items(), key=lambda item: (item[1], item[0]))
    return lines / widths.total(), width


def _build(name: str, raw: Iterable[Sequence[str]], merged: Sequence[tuple[int, int, int, int]]) -> Sheet:
    lines = iter(raw)
    first = list(islice(lines, _SEARCHED))
    at = _header_row(first)
    header = _header(first[at])
    width = len(header)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    skipped: list[int] = []
    for number, row in enumerate(chain(first[at + 1 :], lines), start=at + 2):
        filled = sum(1 for cell in row[:width] if cell and not cell.isspace())
        if not filled or (filled == 1 and width > 1):
            if filled:
                skipped.append(number)
            continue
        if len(rows) == MAX_ROWS:
            raise Invalid("sheet_too_many_rows", limit=MAX_ROWS)
        if any(len(cell) > MAX_CELL for cell in row):
            column = next(place for place, cell in enumerate(row) if len(cell) > MAX_CELL)
            raise Invalid("sheet_cell_long", row=number, column=column_letter(column), limit=MAX_CELL)
        texts = (*row[:width], *[""] * (width - len(row)))
        rows.append(tuple(cell.replace("\0", "") for cell in texts) if "\0" in "".join(texts) else texts)
        numbers.append(number)
    if not rows:
        raise Invalid("sheet_empty")
    _refuse_merged(merged, at, set(numbers))
    return Sheet(name, header, tuple(rows), tuple(numbers), tuple(skipped))


def _header_row(first: Sequence[Sequence[str]]) -> int:
    """The first row with two texts that is at least half as wide as the widest one near it."""
    texts = [sum(1 for cell in row if cell.strip() and not _NUMBER.fullmatch(cell.strip())) for row in first]
    filled = [sum(1 for cell in row if cell.strip()) for row in first]
    if not any(filled):
        raise Invalid("sheet_empty")
    for at, count in enumerate(texts):
        if count >= 2 and count * 2 >= max(filled):
            return at
    raise Invalid("sheet_no_header", limit=_SEARCHED)


def _header(row: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in row]
    while not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise Invalid("sheet_too_many_columns", limit=MAX_COLUMNS)
    return tuple(names)


def _refuse_merged(merged: Sequence[tuple[int, int, int, int]], header: int, rows: set[int]) -> None:
    for top, left, bottom, _ in merged:
        if top == header or any(line + 1 in rows for line in range(max(top, header), bottom + 1)):
            raise Invalid("sheet_merged", row=top + 1, column=column_letter(left))
