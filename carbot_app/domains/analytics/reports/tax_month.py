"""The month for the tax adviser, from the books: every document, tax by rate, money by way, what was spent.

Documents are named by their numbers and no buyer is named: the archive keeps the file longer than a customer
may want to be known. Sums equal those of the accounting page.
"""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from carbot_app.domains.accounting.books import documents_issued, expenses_posted, payments_between
from carbot_app.domains.accounting.issued import Issued
from carbot_app.domains.accounting.lists import OpenItem, open_items
from carbot_app.domains.analytics.reports import templates as kinds
from carbot_app.domains.analytics.reports.schemas import Chart, Column, Grid, Letterhead, Tile, Value
from carbot_app.domains.analytics.reports.words import cell, figure, number_of, text
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.billing.models import Payment
from carbot_app.domains.billing.receivables import MONEY
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.expenses.models import Expense
from carbot_app.kit.i18n import translate


def tax_month(
    session: Session, columns: Sequence[str], span: Span, head: Letterhead
) -> tuple[list[Tile], list[Chart], list[Grid]]:
    """Tiles, charts and tables of the days."""
    documents = documents_issued(session, span.first, span.last)
    paid = [row for row in payments_between(session, span.first, span.last) if row.kind in MONEY]
    spent = expenses_posted(session, span.first, span.last)
    open_by_number = {item.number: item for item in open_items(session, span.last)}
    lines = [_line(one, open_by_number.get(one.number), head) for one in documents]
    sums = {key: _sum(line[key] for line in lines) for key in ("net", "vat", "gross", "paid", "open")}
    figures = {
        **{"documents": (len(documents), kinds.COUNT), "net": (sums["net"], kinds.CENTS)},
        **{"vat": (sums["vat"], kinds.CENTS), "gross": (sums["gross"], kinds.CENTS)},
        "received": (sum(row.amount_cents for row in paid), kinds.CENTS),
        "open_total": (sum(item.open_cents for item in open_by_number.values()), kinds.CENTS),
        "expenses": (sum(row.gross_cents for row in spent), kinds.CENTS),
    }
    tiles = [Tile(text(head, f"column.{key}"), *figure(*value, head)) for key, value in figures.items()]
    money = _by_method(paid, head)
    return (
        tiles,
        [_money_chart(money, head)],
        [
            _documents(columns, lines, sums, head),
            _by_rate(documents, head),
            money,
            _by_category(spent, head),
        ],
    )


def turnover_of(one: Issued) -> tuple[int, int]:
    """Gross and VAT of a document without its deposits and what is only handed on, in cents."""
    vat = sum(group.vat_cents for group in one.own_groups if group.category != "Z")
    return one.gross_cents - one.deposit_cents - one.handed_on_cents, vat


def _line(one: Issued, item: OpenItem | None, head: Letterhead) -> dict[str, Value]:
    gross, vat = turnover_of(one)
    left = item.open_cents if item else 0
    return {
        "number": one.number,
        "issued_on": one.issued_on,
        "supplied_on": one.supplied_on,
        "kind": translate(head.language, f"paper.title.{one.kind}"),
        "net": gross - vat,
        "vat": vat,
        "gross": gross,
        "paid": one.due_cents - left,
        "open": left,
    }


def _documents(
    columns: Sequence[str], lines: Sequence[dict[str, Value]], sums: dict[str, int], head: Letterhead
) -> Grid:
    units = kinds.TEMPLATES[kinds.TAX_MONTH].columns
    total = tuple(sums.get(key) for key in columns)
    if columns[0] not in sums:
        total = (text(head, "total"), *total[1:])
    return Grid(
        "documents",
        text(head, "part.documents"),
        tuple(Column(key, text(head, f"column.{key}"), units[key]) for key in columns),
        tuple(tuple(line[key] for key in columns) for line in lines),
        total if lines else (),
    )


def _by_rate(documents: Iterable[Issued], head: Letterhead) -> Grid:
    """Adds up to the turnover: without the value of old parts, which is taxed but not paid, and what is only
    handed on."""
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for one in documents:
        parts = [
            (group.category, group.rate, group.net_cents - group.old_part_cents, group.vat_cents)
            for group in one.own_groups
            if group.category != "Z"
        ]
        parts += [
            (line.category, line.rate, -line.net_cents, 0) for line in one.lines if line.kind == HANDED_ON
        ]
        for category, rate, net, vat in parts:
            known = sums.get((category, rate), (0, 0))
            sums[category, rate] = (known[0] + net, known[1] + vat)
    rows = tuple(
        (_rate(category, rate, head), net, vat, net + vat)
        for (category, rate), (net, vat) in sorted(sums.items(), key=lambda item: -item[0][1])
        if net or vat
    )
    return _money_grid("rates", "rate", ("net", "vat", "gross"), rows, head)


def _rate(category: str, rate: int, head: Letterhead) -> str:
    if category == "S":
        return cell(f"{rate / 100:g} %".replace(".", ","), kinds.TEXT, head)
    return translate(head.language, f"paper.category.{category}")


def _by_method(paid: Iterable[Payment], head: Letterhead) -> Grid:
    sums: dict[str, list[int]] = {}
    for row in paid:
        sums.setdefault(row.method, []).append(row.amount_cents)
    rows = tuple(
        (translate(head.language, f"invoices.method.{method}"), len(found), sum(found))
        for method, found in sorted(sums.items(), key=lambda item: -sum(item[1]))
    )
    return _money_grid("methods", "method", ("received",), rows, head, counted=True)


def _by_category(spent: Iterable[Expense], head: Letterhead) -> Grid:
    sums: dict[str, list[int]] = {}
    for row in spent:
        sums.setdefault(row.category or "other", []).append(row.gross_cents)
    rows = tuple(
        (translate(head.language, f"accounting.category.{category}"), len(found), sum(found))
        for category, found in sorted(sums.items(), key=lambda item: -sum(item[1]))
    )
    return _money_grid("expenses", "category", ("gross",), rows, head, counted=True)


def _money_grid(
    key: str,
    first: str,
    amounts: Sequence[str],
    rows: tuple[tuple[Value, ...], ...],
    head: Letterhead,
    *,
    counted: bool = False,
) -> Grid:
    columns = (
        Column(first, text(head, f"column.{first}"), kinds.TEXT),
        *([Column("count", text(head, "column.count"), kinds.COUNT)] if counted else []),
        *(Column(amount, text(head, f"column.{amount}"), kinds.CENTS) for amount in amounts),
    )
    sums = (_sum(row[place] for row in rows) for place in range(1, len(columns)))
    total = (text(head, "total"), *sums) if rows else ()
    return Grid(key, text(head, f"part.{key}"), columns, rows, total)


def _money_chart(money: Grid, head: Letterhead) -> Chart:
    words = tuple(cell(row[2], kinds.CENTS, head) for row in money.rows)
    labels = tuple(str(row[0]) for row in money.rows)
    alt = ", ".join(f"{label}: {word}" for label, word in zip(labels, words, strict=True))
    values = tuple(max(number_of(row[2]) or 0.0, 0.0) for row in money.rows)
    return Chart("funnel", money.title, alt or text(head, "alt.nothing"), labels, values, marks=words)


def _sum(values: Iterable[Value]) -> int:
    return round(sum(number_of(value) or 0 for value in values))
