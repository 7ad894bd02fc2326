"""Reports as files to open elsewhere (pure): CSV and workbooks.

Numbers are numbers and dates are dates. Texts are never formulas, whatever they start with. Seconds are told
in minutes and minutes in hours, as their headings say.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import xlsxwriter

from carbot_app.domains.analytics.reports import templates as units
from carbot_app.domains.analytics.reports.schemas import Column, Grid, Letterhead, Report, Value
from carbot_app.domains.analytics.reports.words import days, text
from carbot_app.domains.catalog.sheets import harmless

_DIGITS = {units.PERCENT: 1, units.SECONDS: 1, units.MINUTES: 2, units.CENTS: 2, units.STARS: 1}
_DIVISOR = {units.SECONDS: 60, units.MINUTES: 60, units.CENTS: 100}
_NARROWEST, _WIDEST = 10, 48
_SHEET_NAME = 31
"""Letters a workbook allows."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_COLOURS = {"ink": "#1b242b", "line": "#d5d8db"}


def write_csv(report: Report) -> bytes:
    """The main table: UTF-8 with BOM; semicolons and decimal commas but for English.

    Listed tables follow, each after an empty line and its title: who reads the main one stops there.
    """
    head = report.head
    english = head.language == "en"
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="," if english else ";", lineterminator="\r\n")
    _write_rows(writer, report.grids[0], head, "." if english else ",")
    for grid in report.grids[1:]:
        if grid.listed and grid.rows:
            writer.writerows([[], [harmless(grid.title)]])
            _write_rows(writer, grid, head, "." if english else ",")
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(report: Report) -> bytes:
    """A sheet of headlines, and one for each table."""
    file = io.BytesIO()
    options = {
        **{"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": report.title, "author": report.head.workshop})
        book.set_calc_mode("auto")
        formats = _Formats(book, report.head)
        _overview(book, report, formats)
        names: set[str] = {text(report.head, "part.overview").lower()}
        for grid in report.grids:
            _sheet(book.add_worksheet(_sheet_name(grid.title, names)), grid, report.head, formats)
    return file.getvalue()


def heading(column: Column, head: Letterhead) -> str:
    """Title of a column with what its numbers are: ``Umsatz (€)``, ``Erste Antwort (Min.)``."""
    if column.unit == units.CENTS:
        return f"{column.title} ({head.currency})"
    unit = {
        units.PERCENT: "%",
        units.SECONDS: text(head, "unit.minutes"),
        units.MINUTES: text(head, "unit.hours"),
    }.get(column.unit, "")
    return f"{column.title} ({unit})" if unit else column.title


def _write_rows(writer: Any, grid: Grid, head: Letterhead, point: str) -> None:
    writer.writerow([harmless(heading(column, head)) for column in grid.columns])
    for row in (*grid.rows, *([grid.total] if grid.total else [])):
        cells = zip(row, grid.columns, strict=True)
        writer.writerow([_written(value, column.unit, point) for value, column in cells])


def _number(value: float, unit: str) -> Decimal:
    exact = Decimal(repr(value)) / _DIVISOR.get(unit, 1)
    return exact.quantize(Decimal(1).scaleb(-_DIGITS.get(unit, 0)), rounding=ROUND_HALF_UP)


def _written(value: Value, unit: str, point: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}" if point == "," else value.isoformat()
    return str(_number(value, unit)).replace(".", point)


class _Formats:
    """Looks of cells, each made once."""

    def __init__(self, book: Any, head: Letterhead) -> None:
        self._book, self._accent = book, head.accent
        self._made: dict[tuple[str, bool], Any] = {}
        line = {"bottom": 1, "bottom_color": _COLOURS["line"]}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": head.accent})
        self.quiet = book.add_format({"font_color": "#5b6570"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", **line})
        self.head_end = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "align": "right", **line}
        )

    def of(self, unit: str, *, total: bool) -> Any:
        """Of a value."""
        if (unit, total) not in self._made:
            shown = {units.DAY: "dd.mm.yyyy", units.CENTS: "#,##0.00;[Red]-#,##0.00", units.TEXT: "@"}
            digits = _DIGITS.get(unit, 0)
            plain = "#,##0" + ("." + "0" * digits if digits else "")
            look = {"num_format": shown.get(unit, plain)}
            if total:
                look |= {"bold": True, "top": 1, "top_color": _COLOURS["ink"]}  # type: ignore[dict-item]
            self._made[unit, total] = self._book.add_format(look)
        return self._made[unit, total]


def _overview(book: Any, report: Report, formats: _Formats) -> None:
    head = report.head
    sheet = book.add_worksheet(text(head, "part.overview")[:_SHEET_NAME])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 20)
    sheet.write_string(0, 0, report.title, formats.title)
    sheet.write_string(1, 0, days(report.span, head.language), formats.quiet)
    sheet.write_string(2, 0, head.workshop, formats.quiet)
    sheet.write_string(3, 0, report.scope, formats.quiet)
    for line, tile in enumerate(report.tiles, 5):
        sheet.write_string(line, 0, tile.label)
        sheet.write_string(line, 1, " ".join(filter(None, (tile.figure, tile.unit))), formats.head_end)
        sign = {"up": "↑ ", "down": "↓ "}.get(tile.direction, "")
        sheet.write_string(line, 2, f"{sign}{tile.delta}", formats.quiet)
    sheet.write_string(len(report.tiles) + 6, 0, report.note, formats.quiet)


def _sheet(sheet: Any, grid: Grid, head: Letterhead, formats: _Formats) -> None:
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(grid.columns):
        title = heading(column, head)
        is_text = column.unit in {units.TEXT, units.DAY}
        sheet.set_column(place, place, _width(title, column, [row[place] for row in grid.rows]))
        sheet.write_string(0, place, title, formats.head if is_text else formats.head_end)
        for line, row in enumerate(grid.rows, 1):
            _put(sheet, line, place, row[place], formats.of(column.unit, total=False), column.unit)
        if grid.total:
            style = formats.of(column.unit, total=True)
            _put(sheet, len(grid.rows) + 1, place, grid.total[place], style, column.unit)
    if grid.rows:
        sheet.autofilter(0, 0, len(grid.rows), len(grid.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _put(sheet: Any, line: int, place: int, value: Value, style: Any, unit: str) -> None:
    if value is None:
        sheet.write_blank(line, place, None, style)
    elif isinstance(value, str):
        sheet.write_string(line, place, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
    else:
        sheet.write_number(line, place, float(_number(value, unit)), style)


def _width(title: str, column: Column, values: Sequence[Value]) -> int:
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    words = max((len(word) for word in title.split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2, words + 3, 12 if column.unit == units.CENTS else 0))


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name a workbook takes, each once."""
    plain = title.translate(_FORBIDDEN).strip("' ")[:_SHEET_NAME] or "–"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain[: _SHEET_NAME - 3]} {number}", number + 1
    taken.add(name.lower())
    return name
