"""Reading xlsx (pure): bombs, encrypted files and formulas without a value are found before parsing."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

import python_calamine as calamine

from carbot_app.kit.errors import Invalid

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""Characters; more does not fit in a cell of Excel."""
MAX_UNPACKED = 120 * 1024 * 1024
_MAX_PARTS = 2_000
_ENDLESS = 2**48
_PIECE = 256 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The first sheet of a workbook with something in it."""

    name: str
    rows: Iterator[list[str]]
    """From line 1, empty ones included."""
    merged: Sequence[tuple[int, int, int, int]]
    """Top, left, bottom, right of merged cells, from 0."""


def read_workbook(content: bytes) -> Workbook:
    """Open an xlsx file; errors as ``sheets.read_sheet``."""
    _inspect(content)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        for place in book.sheets_metadata:
            visible = place.visible == calamine.SheetVisibleEnum.Visible
            if place.typ != calamine.SheetTypeEnum.WorkSheet or not visible:
                continue
            sheet = book.get_sheet_by_name(place.name)
            if sheet.end is not None:
                merged = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
                return Workbook(place.name, _rows(sheet), merged)
    except calamine.PasswordError as error:
        raise Invalid("sheet_encrypted") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Invalid("sheet_damaged") from error
    raise Invalid("sheet_empty")


def column_letter(column: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _rows(sheet: calamine.CalamineSheet) -> Iterator[list[str]]:
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield [*left, *(cell if type(cell) is str else _text(cell) for cell in row)]


def _text(cell: Any) -> str:
    """German notation; money with three digits gets a fourth, or it would read like thousands."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, int | float):
        digits = f"{cell:.4f}".rstrip("0").rstrip(".")
        whole, dot, rest = digits.partition(".")
        return f"{whole},{rest}{'0' if len(rest) == 3 else ''}" if dot else whole
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(cell, time):
        return f"{cell.hour}:{cell.minute:02}"
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    return str(cell)


def _inspect(content: bytes) -> None:
    """Unpack every part once, piece by piece and within the limit, and look at what the sheets hold."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names or len(parts) > _MAX_PARTS:
                raise Invalid("sheet_type_unknown", name="")
            for part in parts:
                # The stated size may be a lie: read until the data itself ends.
                part.file_size = _ENDLESS
                scan = _Scan()
                with packed.open(part) as stream:
                    while piece := stream.read(_PIECE):
                        unpacked += len(piece)
                        if unpacked > MAX_UNPACKED:
                            raise Invalid("sheet_unpacked_too_large", limit=MAX_UNPACKED // 1024 // 1024)
                        scan.feed(piece)
                scan.close()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid("sheet_damaged") from error


class _Scan:
    """Walks through a part; refuses cells far outside, and formulas that nobody has worked out."""

    def __init__(self) -> None:
        self._parser: Any = None
        self._began = False
        self._row, self._column = 0, 0
        self._open_formula: tuple[int, int] | None = None

    def feed(self, piece: bytes) -> None:
        """The next bytes; anything that is no XML is left alone, no sheet can be made of it."""
        if not self._began:
            self._began = True
            if piece.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00")[:1] == b"<":
                self._parser = expat.ParserCreate()
                self._parser.StartElementHandler = self._start
        if self._parser is not None:
            try:
                self._parser.Parse(piece, False)
            except expat.ExpatError as error:
                raise Invalid("sheet_damaged") from error

    def close(self) -> None:
        """The end of the part."""
        self._finish_cell()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._finish_cell()
            self._column += 1
            if reference := attributes.get("r"):
                self._place(reference)
        elif name == "row":
            self._finish_cell()
            stated = attributes.get("r", "")
            self._row = int(stated) if stated.isdigit() else self._row + 1
            self._column = 0
        elif name == "f" and self._column:
            self._open_formula = (self._row, self._column)
        elif name in ("v", "is"):
            self._check()
            if self._open_formula:
                self._parser.CharacterDataHandler = self._value

    def _place(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise Invalid("sheet_damaged")
        letters, digits = match.groups()
        self._row, self._column = int(digits), 0
        for letter in letters:
            self._column = self._column * 26 + ord(letter) - 64

    def _check(self) -> None:
        if self._row > MAX_ROWS + 100:
            raise Invalid("sheet_too_many_rows", limit=MAX_ROWS)
        if self._column > MAX_COLUMNS:
            raise Invalid("sheet_too_many_columns", limit=MAX_COLUMNS)

    def _value(self, text: str) -> None:
        if text.strip():
            self._open_formula = None
            self._parser.CharacterDataHandler = None

    def _finish_cell(self) -> None:
        if self._open_formula is not None:
            row, column = self._open_formula
            raise Invalid("sheet_formula", row=row, column=column_letter(max(0, column - 1)))
