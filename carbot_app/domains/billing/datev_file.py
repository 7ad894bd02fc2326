"""The EXTF file DATEV reads by position: a header, the names of 125 columns, then the bookings of one month.

Windows-1252, semicolons, CRLF; texts quoted with quotes doubled, decimal comma, amounts always positive
(developer.datev.de, format 700, category 21, version 13).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from carbot_app.domains.billing.accounts import columns
from carbot_app.domains.billing.datev_rows import BookingRow
from carbot_app.domains.billing.lines import MOST_CENTS
from carbot_app.kit.errors import Invalid

_ENCODING = "cp1252"
_MOST_LABEL, _MOST_TEXT, _MOST_DOCUMENT = 30, 60, 36
_WITHOUT_MARKS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "İ": "I", "đ": "d", "Đ": "D", "\u2212": "-"})
_SUPPLIED_COLUMN = 115


@dataclass(frozen=True, slots=True)
class Batch:
    """Whose bookings of which month; consultant and client are the numbers the tax adviser gave."""

    consultant: int
    client: int
    first: date
    last: date
    created: datetime
    """As the clock of the workshop shows it."""
    year_start: date
    label: str
    chart: str = "03"
    account_length: int = 4
    fixed: bool = False
    """Whether the bookings are final when imported (Festschreibung)."""
    currency: str = "EUR"


def write_batch(batch: Batch, rows: Sequence[BookingRow]) -> bytes:
    """File of a month.

    Raises:
        Invalid: ``datev_client_invalid``, ``datev_period_invalid``, ``datev_date_outside``,
            ``datev_document_invalid`` or ``datev_amount_invalid``.
    """
    _check(batch)
    lines = [_header(batch), ";".join(columns()), *(_row(row, batch) for row in rows)]
    return "".join(f"{line}\r\n" for line in lines).encode(_ENCODING)


def file_name(batch: Batch) -> str:
    """Name by which DATEV finds it."""
    return f"EXTF_Buchungsstapel_{batch.first:%Y-%m}.csv"


def plain_text(text: str, most: int) -> str:
    """Text in the letters of Windows-1252 without line breaks, cut to ``most`` characters."""
    one_line = " ".join(text.split())
    return "".join(_letter(char) for char in one_line)[:most].rstrip()


def document_text(number: str) -> str:
    """Document number in the characters the field allows.

    Raises:
        Invalid: ``datev_document_invalid`` when it is too long or nothing is left of it.

    """
    kept = re.sub(r"[^A-Za-z0-9$&%*+\-/]", "", plain_text(number, len(number) + 1))
    if not 0 < len(kept) <= _MOST_DOCUMENT:
        raise Invalid("datev_document_invalid", document=number)
    return kept


def _check(batch: Batch) -> None:
    if not (1001 <= batch.consultant <= 9_999_999 and 1 <= batch.client <= 99_999):
        raise Invalid("datev_client_invalid", field="client")
    one_month = (batch.first.year, batch.first.month) == (batch.last.year, batch.last.month)
    if not one_month or batch.first > batch.last or not 4 <= batch.account_length <= 8:
        raise Invalid("datev_period_invalid", field="period")


def _header(batch: Batch) -> str:
    created = f"{batch.created:%Y%m%d%H%M%S}{batch.created.microsecond // 1000:03d}"
    fields = [
        '"EXTF"', "700", "21", '"Buchungsstapel"', "13", created, "", '"RE"', '""', '""',
        str(batch.consultant), str(batch.client), f"{batch.year_start:%Y%m%d}", str(batch.account_length),
        f"{batch.first:%Y%m%d}", f"{batch.last:%Y%m%d}", _quoted(batch.label, _MOST_LABEL), '""', "1", "0",
        str(int(batch.fixed)), _quoted(batch.currency, 3), "", '""', "", "", _quoted(batch.chart, 2), "", "",
        '""', '""',
    ]  # fmt: skip
    return ";".join(fields)


def _row(row: BookingRow, batch: Batch) -> str:
    if not batch.first <= row.booked_on <= batch.last:
        raise Invalid("datev_date_outside", document=row.document)
    if not 0 < row.cents <= MOST_CENTS:
        raise Invalid("datev_amount_invalid", document=row.document)
    fields = [""] * len(columns())
    fields[0] = f"{row.cents // 100},{row.cents % 100:02d}"
    fields[1], fields[2] = _quoted(row.side, 1), _quoted(row.currency, 3)
    fields[6], fields[7], fields[8] = str(row.account), str(row.contra), _quoted(row.key, 4)
    fields[9] = f"{row.booked_on:%d%m}"
    fields[10], fields[11] = f'"{document_text(row.document)}"', '""'
    fields[13] = _quoted(row.text, _MOST_TEXT)
    if row.supplied_on:
        fields[_SUPPLIED_COLUMN - 1] = f"{row.supplied_on:%d%m%Y}"
    return ";".join(fields)


def _quoted(text: str, most: int) -> str:
    return '"' + plain_text(text, most).replace('"', '""') + '"'


def _letter(char: str) -> str:
    """The character itself, else without its marks, else a question mark."""
    for candidate in (char, char.translate(_WITHOUT_MARKS), unicodedata.normalize("NFKD", char)[:1]):
        try:
            candidate.encode(_ENCODING)
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"
