"""The list of invoices as a table to open elsewhere."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from carbot_app.domains.billing.listing_schemas import InvoiceRow
from carbot_app.domains.catalog.sheets import write_csv, write_xlsx
from carbot_app.kit.i18n import translate

COLUMNS = ("number", "date", "due", "name", "plate", "state", "open", "gross")


def write_list(rows: Iterable[InvoiceRow], language: str, kind: str) -> bytes:
    """The rows as csv or xlsx, with a header in the reader's language."""
    header = [translate(language, f"invoices.column.{name}") for name in COLUMNS]
    return (write_csv if kind == "csv" else write_xlsx)(header, _cells(rows, language))


def _cells(rows: Iterable[InvoiceRow], language: str) -> Iterator[list[str | Decimal]]:
    for row in rows:
        yield [
            row.number,
            f"{row.issued_on:%d.%m.%Y}" if row.issued_on else "",
            f"{row.due_on:%d.%m.%Y}" if row.due_on else "",
            row.name,
            row.plate,
            translate(language, f"invoices.standing.{row.standing}"),
            Decimal(row.open_cents) / 100,
            Decimal(row.gross_cents) / 100,
        ]
