"""Lines of an estimate, order or invoice, and what each comes to before tax is put on the sum.

A line is told net or, as catalogue prices for consumers are (§ 3 PAngV), gross. Quantities and unit prices
keep the places they have (EN 16931 BT-129, BT-146); only the amount of the line is rounded (BT-131).
"""

from dataclasses import dataclass
from decimal import Decimal

from carbot_app.domains.billing.rounding import percent_of
from carbot_app.domains.billing.tax import HANDED_ON, Choice
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

LABOUR, PART, LUMP_SUM = "labour", "part", "lump_sum"
LINE_KINDS = (LABOUR, PART, LUMP_SUM, HANDED_ON)
MOST_QUANTITY = Decimal(1_000_000)
MOST_PRICE = Decimal(100_000_000)
MOST_PLACES = 6
MOST_CENTS = 999_999_999_999
"""What a booking row of DATEV can hold: ten digits before the comma."""


@dataclass(frozen=True, slots=True)
class LineTax:
    """Category of EN 16931, rate in hundredths of a percent, and the code of the reason."""

    category: str = "S"
    rate: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One position; ``unit_price`` is in whole currency units for ``base_quantity`` units (BT-149)."""

    kind: str
    unit_price: Decimal
    tax: LineTax
    quantity: Decimal = Decimal(1)
    base_quantity: int = 1
    gross: bool = False
    discount_percent: Decimal = Decimal(0)
    discount_cents: int = 0
    """Taken off after the percentage, for the whole line, told as the price is."""
    exchange: bool = False
    """An exchange part: VAT is owed on the value of the old part besides (UStAE 10.5(3))."""
    list_price: Decimal | None = None
    """Net list price of an exchange part; without it the unit price, which then has to be net."""


@dataclass(frozen=True, slots=True)
class LineAmount:
    """What a line comes to, told as its price is, and what was taken off."""

    cents: int
    discount_cents: int
    list_cents: int
    """Undiscounted net list price of an exchange part, else 0."""


def tax_of_line(choice: Choice, kind: str = LUMP_SUM) -> LineTax:
    """Tax of a line under the choice for its document; what is handed on bears none (§ 10(1) UStG)."""
    if kind == HANDED_ON:
        return LineTax("O" if choice.alone else "E", 0, HANDED_ON)
    return LineTax(choice.category, choice.rate, choice.reason)


def amount_of(line: Line) -> LineAmount:
    """Amount of a line.

    Raises:
        Invalid: ``billing_quantity_invalid``, ``billing_price_invalid`` or ``billing_discount_invalid``.

    """
    _check(line)
    whole = times_quantity(line.unit_price, line)
    off = percent_of(whole, line.discount_percent)
    # A reversed line has a negative quantity, so what was taken off comes back.
    off += line.discount_cents if line.quantity > 0 else -line.discount_cents
    if abs(off) > abs(whole):
        raise Invalid("billing_discount_invalid", field="discount")
    listed = line.unit_price if line.list_price is None else line.list_price
    list_cents = times_quantity(listed, line) if line.exchange else 0
    return LineAmount(whole - off, off, list_cents)


def times_quantity(unit_price: Decimal, line: Line) -> int:
    """Cents of a price for the quantity of a line."""
    return round_half_up(unit_price * 100 * line.quantity / line.base_quantity)


def _check(line: Line) -> None:
    if not (_decent(line.quantity, MOST_QUANTITY) and line.quantity and line.base_quantity > 0):
        raise Invalid("billing_quantity_invalid", field="quantity")
    prices = (line.unit_price,) if line.list_price is None else (line.unit_price, line.list_price)
    # A price is never negative (BR-27); what goes back to the customer has a negative quantity.
    if not all(_decent(price, MOST_PRICE) and price >= 0 for price in prices):
        raise Invalid("billing_price_invalid", field="unit_price")
    if line.exchange and line.gross and line.list_price is None:
        raise Invalid("billing_price_invalid", field="list_price")
    percent = line.discount_percent
    if not (percent.is_finite() and 0 <= percent <= 100) or line.discount_cents < 0:
        raise Invalid("billing_discount_invalid", field="discount")


def _decent(value: Decimal, most: Decimal) -> bool:
    if not value.is_finite() or abs(value) > most:
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MOST_PLACES
