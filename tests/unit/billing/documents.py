"""Short ways to say what a document consists of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing.lines import LUMP_SUM, PART, Line, LineTax
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import Discount, Totals, total

DAY = date(2026, 11, 20)
TAXED = LineTax("S", 1900, "domestic")
EXEMPT = LineTax("E", 0, "small_business")
FEE = LineTax("E", 0, HANDED_ON)


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def euros(amount: int) -> str:
    return f"{Decimal(amount) / 100:.2f}"


def line(price: str, quantity: str = "1", tax: LineTax = TAXED, **more: object) -> Line:
    plain = Line(LUMP_SUM, Decimal(price), tax, Decimal(quantity))
    return replace(plain, **more)  # type: ignore[arg-type]


def exchange_part(price: str, list_price: str | None = None, **more: object) -> Line:
    listed = Decimal(list_price) if list_price else None
    return line(price, kind=PART, exchange=True, list_price=listed, **more)


def fee(price: str) -> Line:
    return line(price, tax=FEE, kind=HANDED_ON)


def document(*lines: Line, discount: Discount | None = None, country: str = "DE") -> Totals:
    return total(lines, DAY, country=country, discount=discount)


def reversed_lines(lines: Sequence[Line]) -> list[Line]:
    return [replace(entry, quantity=-entry.quantity) for entry in lines]


def told(totals: Totals) -> dict[str, str]:
    return {
        "net": euros(totals.net_cents),
        "vat": euros(totals.vat_cents),
        "gross": euros(totals.gross_cents),
    }
