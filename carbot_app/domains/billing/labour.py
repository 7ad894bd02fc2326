"""Labour in units of an hour (AW, ZE): minutes, hours and the line on the invoice.

Makers divide the hour differently: ten units for most, twelve for BMW and Mercedes, a hundred (ZE) for
Volkswagen. The unit price is the hourly rate for as many units as an hour has (BT-149), so that quantity
times price stays exact.
"""

from dataclasses import dataclass
from decimal import Decimal

from carbot_app.domains.billing.lines import LABOUR, Line, LineTax
from carbot_app.domains.catalog.pricing import DIVISIONS
from carbot_app.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Labour:
    """Units of a division of the hour."""

    units: Decimal
    division: int

    def __post_init__(self) -> None:
        if self.division not in DIVISIONS:
            raise Invalid("billing_division_invalid", field="division")

    @property
    def hours(self) -> Decimal:
        """Hours, as exact as decimals are."""
        return Decimal(self.units) / self.division

    @property
    def minutes(self) -> Decimal:
        """Minutes, to a tenth."""
        return (Decimal(self.units) * 60 / self.division).quantize(Decimal("0.1"))

    def in_division(self, division: int) -> "Labour":
        """The same time in units of another make, to a hundredth."""
        units = Decimal(self.units) * division / self.division
        return Labour(units.quantize(Decimal("0.01")), division)


def labour_of_minutes(minutes: Decimal, division: int) -> Labour:
    """Units of a division that make so many minutes, to a hundredth."""
    return Labour((Decimal(minutes) * division / 60).quantize(Decimal("0.01")), division)


def labour_line(
    labour: Labour, hourly_rate: Decimal, tax: LineTax, *, discount_percent: Decimal = Decimal(0)
) -> Line:
    """Line of an invoice: 12 units of ten at 112 an hour are 134.40."""
    return Line(
        LABOUR,
        hourly_rate,
        tax,
        quantity=labour.units,
        base_quantity=labour.division,
        discount_percent=discount_percent,
    )
