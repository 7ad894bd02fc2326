"""Lists as tables to save, in the language of the reader (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carbot_app.domains.accounting.lists import CashEntry, OpenItem
from carbot_app.domains.accounting.schemas import FORMS, XLSX, HandedOut, RevenueLine
from carbot_app.domains.accounting.vat_return import VatReturn
from carbot_app.domains.catalog.sheets import Cell, write_csv, write_xlsx
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV_TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list with the names of its columns."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def hand_out(table: ListTable, form: str, stem: str) -> HandedOut:
    """The table as csv or xlsx. Raises NotFound for another form."""
    if form not in FORMS:
        raise NotFound
    write = write_xlsx if form == XLSX else write_csv
    media_type = _XLSX_TYPE if form == XLSX else _CSV_TYPE
    return HandedOut(f"{stem}.{form}", media_type, write(table.header, table.rows))


def open_items_table(items: Sequence[OpenItem], language: str) -> ListTable:
    """What is open, with its sum."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(item.number, item.buyer_name, _day(item.issued_on), _day(item.due_on)),
            *(_money(item.due_cents), _money(item.settled_cents), _money(item.open_cents)),
            *(item.days_late, item.dunning_level),
        )
        for item in items
    ]
    open_cents = sum(item.open_cents for item in items)
    rows.append((translate(language, "accounting.column.sum"), *[None] * 5, _money(open_cents), None, None))
    columns = ("number", "buyer", "issued_on", "due_on", "due", "settled", "open", "days_late", "level")
    return ListTable("open_items", _header(language, columns), rows)


def cash_table(entries: Sequence[CashEntry], language: str) -> ListTable:
    """Cash as it was noted; the last line names the rule for tills."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(_day(entry.on), entry.document, entry.text, entry.reference),
            *(_money(entry.in_cents), _money(entry.out_cents), _money(entry.balance_cents)),
        )
        for entry in entries
    ]
    rows.append((translate(language, "accounting.cash_rule"), *[None] * 6))
    columns = ("on", "document", "text", "reference", "cash_in", "cash_out", "balance")
    return ListTable("cash_book", _header(language, columns), rows)


def revenue_table(lines: Sequence[RevenueLine], language: str, *, of: str) -> ListTable:
    """Revenue without VAT; the margin only where the cost is known."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        margin = line.margin_cents
        rows.append(
            (
                *(line.key if of == "service" else "", revenue_name(line, language, of=of)),
                *(line.positions, Decimal(line.minutes) / 60, _money(line.net_cents)),
                *(_money(line.cost_cents) if line.cost_cents else None,),
                *(None if margin is None else _money(margin),),
            )
        )
    columns = ("code", of, "positions", "hours", "net", "cost", "margin")
    return ListTable("revenue", _header(language, columns), rows)


def revenue_name(line: RevenueLine, language: str, *, of: str) -> str:
    """What a line is called where it has no name of its own."""
    if line.name:
        return line.name
    if of == "technician":
        return translate(language, "accounting.nobody")
    return translate(language, f"accounting.group.{line.key.lstrip('.')}")


def vat_table(found: VatReturn, language: str) -> ListTable:
    """Every figure, each followed by the documents behind it."""
    rows: list[tuple[Cell, ...]] = []
    for figure in found.figures:
        word = translate(language, f"accounting.figure.{figure.word}")
        rows.append((figure.code, word, None, _money(figure.base_cents), _money(figure.tax_cents)))
        rows += [
            (figure.code, part.document, _day(part.on), _money(part.base_cents), _money(part.tax_cents))
            for part in figure.documents
        ]
    rows += [
        ("?", part.document, _day(part.on), _money(part.base_cents), _money(part.tax_cents))
        for part in found.unassigned
    ]
    payable = translate(language, "accounting.figure.payable")
    rows.append((found.payable_code, payable, None, None, _money(found.payable_cents)))
    return ListTable("vat", _header(language, ("figure", "document", "on", "base", "tax")), rows)


def statement_table(rows: Sequence[tuple[str, str, str, int]], language: str) -> ListTable:
    """Buyers elsewhere in the EU."""
    return ListTable(
        "statement",
        _header(language, ("vat_id", "buyer", "kind", "net")),
        [
            (vat_id, name, translate(language, f"accounting.statement.{kind}"), _money(cents))
            for vat_id, kind, name, cents in rows
        ],
    )


def _header(language: str, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(translate(language, f"accounting.column.{column}") for column in columns)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _money(cents: int) -> Decimal:
    return Decimal(cents) / 100
