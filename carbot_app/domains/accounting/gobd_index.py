"""The description an auditor's program reads beside the files (pure).

Beschreibungsstandard für die Datenträgerüberlassung, ``gdpdu-01-09-2004.dtd``: order and names of the
elements are those of the DTD, which auditors have themselves; it is referred to and not copied.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

DTD = "gdpdu-01-09-2004.dtd"
TEXT, NUMBER, MONEY, DATE = "text", "number", "money", "date"
_ACCURACY = {NUMBER: "0", MONEY: "2"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. ``name`` stays the same in every language: programs of auditors know it."""

    name: str
    kind: str = TEXT
    description: str = ""
    is_key: bool = False
    refers_to: str = ""
    """Name of the table whose key it holds."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its columns; the columns of the key come first."""

    name: str
    description: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[object]]

    @property
    def file(self) -> str:
        """Its name in the archive."""
        return f"{self.name}.csv"


def index_xml(
    tables: Iterable[Table], first: date, last: date, *, supplier: str, place: str, comment: str
) -> bytes:
    """``index.xml`` of the archive."""
    root = ET.Element("DataSet")
    _put(root, "Version", "1.0")
    owner = ET.SubElement(root, "DataSupplier")
    for name, text in (("Name", supplier), ("Location", place), ("Comment", comment)):
        _put(owner, name, text)
    media = ET.SubElement(root, "Media")
    _put(media, "Name", f"CarBot {first:%d.%m.%Y} - {last:%d.%m.%Y}")
    for table in tables:
        _table(media, table, first, last)
    ET.indent(root)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE DataSet SYSTEM "{DTD}">\n'
    # A parser would make a line feed of the line break itself.
    body = ET.tostring(root, encoding="unicode").replace("\r\n", "&#13;&#10;")
    return f"{head}{body}\n".encode()


def table_csv(table: Table) -> bytes:
    """The file of a table as the description says: UTF-8, semicolons, decimal comma, DD.MM.YYYY."""
    lines = [";".join(_quoted(column.name) for column in table.columns)]
    lines += [
        ";".join(_cell(value, column) for value, column in zip(row, table.columns, strict=True))
        for row in table.rows
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _table(media: ET.Element, table: Table, first: date, last: date) -> None:
    element = ET.SubElement(media, "Table")
    for name, text in (("URL", table.file), ("Name", table.name), ("Description", table.description)):
        _put(element, name, text)
    validity = ET.SubElement(element, "Validity")
    span = ET.SubElement(validity, "Range")
    _put(span, "From", f"{first:%d.%m.%Y}")
    _put(span, "To", f"{last:%d.%m.%Y}")
    _put(validity, "Format", "DD.MM.YYYY")
    ET.SubElement(element, "UTF8")
    _put(element, "DecimalSymbol", ",")
    _put(element, "DigitGroupingSymbol", ".")
    # The first line holds the names of the columns.
    _put(ET.SubElement(element, "Range"), "From", "2")
    form = ET.SubElement(element, "VariableLength")
    _put(form, "ColumnDelimiter", ";")
    _put(form, "RecordDelimiter", "\r\n")
    _put(form, "TextEncapsulator", '"')
    for column in table.columns:
        _column(form, column)
    for column in table.columns:
        if column.refers_to:
            key = ET.SubElement(form, "ForeignKey")
            _put(key, "Name", column.name)
            _put(key, "References", column.refers_to)


def _column(form: ET.Element, column: Column) -> None:
    element = ET.SubElement(form, "VariablePrimaryKey" if column.is_key else "VariableColumn")
    _put(element, "Name", column.name)
    if column.description:
        _put(element, "Description", column.description)
    if column.kind == TEXT:
        ET.SubElement(element, "AlphaNumeric")
    elif column.kind == DATE:
        _put(ET.SubElement(element, "Date"), "Format", "DD.MM.YYYY")
    else:
        _put(ET.SubElement(element, "Numeric"), "Accuracy", _ACCURACY[column.kind])


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = "".join(char for char in text if char.isprintable() or char in "\r\n")


def _cell(value: object, column: Column) -> str:
    if value is None:
        return ""
    if column.kind == DATE:
        return f"{value:%d.%m.%Y}"
    if column.kind == MONEY:
        cents = int(str(value))
        return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"
    if column.kind == NUMBER:
        return str(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """Text in quotes, on one line: a record ends where its line ends."""
    return '"' + " ".join(text.split()).replace('"', '""') + '"'
