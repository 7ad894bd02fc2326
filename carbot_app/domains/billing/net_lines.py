"""Lines as an EN 16931 document shows them: net, with a unit price that explains the amount (BT-131, BT-146).

An exchange part is followed by the value of its old part, taxed, and by the same amount taken out again at
zero percent (KoSIT case 03.06). Quantity times price less discount is the line net (Peppol rule R120).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carbot_app.domains.billing.lines import MOST_PLACES, Line, LineTax, times_quantity
from carbot_app.domains.billing.rounding import net_in
from carbot_app.domains.billing.totals import OLD_PART, LineSum, Totals


@dataclass(frozen=True, slots=True)
class NetLine:
    """One line of a document; ``position`` is the line it stems from, beginning with zero."""

    position: int
    kind: str
    """That of the line, or old_part."""
    quantity: Decimal
    unit_price: Decimal
    """In whole currency units, for ``base_quantity`` units."""
    tax: LineTax
    net_cents: int
    discount_cents: int = 0
    base_quantity: int = 1


def net_lines(lines: Sequence[Line], totals: Totals) -> tuple[NetLine, ...]:
    """Lines of the document whose totals these are; their nets are the sum of its lines."""
    found: list[NetLine] = []
    for at, (line, amount) in enumerate(zip(lines, totals.lines, strict=True)):
        found.append(_net_of_gross(at, line, amount) if line.gross else _net(at, line, amount))
        found.extend(_old_part(at, line, amount))
    return tuple(found)


def _net(at: int, line: Line, amount: LineSum) -> NetLine:
    return NetLine(
        at,
        line.kind,
        line.quantity,
        line.unit_price,
        line.tax,
        amount.net_cents,
        amount.discount_cents,
        line.base_quantity,
    )


def _net_of_gross(at: int, line: Line, amount: LineSum) -> NetLine:
    """The price is worked back from the net, because a net of every unit would not meet what was told."""
    off = net_in(amount.discount_cents, line.tax.rate)
    exact = Decimal(amount.net_cents + off) * line.base_quantity / (100 * line.quantity)
    price = exact.quantize(Decimal(1).scaleb(-MOST_PLACES))
    # What the price lost in its last place is put into the discount, so that the line still adds up.
    shown = times_quantity(price, line)
    return NetLine(
        at,
        line.kind,
        line.quantity,
        price,
        line.tax,
        amount.net_cents,
        shown - amount.net_cents,
        line.base_quantity,
    )


def _old_part(at: int, line: Line, amount: LineSum) -> Iterator[NetLine]:
    value = amount.old_part_cents
    if not value:
        return
    sign, price = Decimal(1 if value > 0 else -1), Decimal(abs(value)) / 100
    yield NetLine(at, OLD_PART, sign, price, line.tax, value)
    yield NetLine(at, OLD_PART, -sign, price, LineTax("Z", 0, OLD_PART), -value)
