"""VAT inside the margin of a used car (§ 25a UStG; § 24 UStG AT): owed by the dealer, never shown.

Taxed is what the sale brings above the purchase, car by car (§ 25a(3)): a loss owes nothing and lowers no
other car's tax. Switzerland has no such scheme for cars since 2018 but a notional input tax (Art. 28a MWSTG).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carbot_app.domains.tax.vat import standard_percent
from carbot_app.kit.money import round_half_up


@dataclass(frozen=True, slots=True)
class Margin:
    """What a resold car brings and what of it is owed as VAT."""

    margin_cents: int
    tax_cents: int


def tax_in_margin(buy_cents: int, sell_cents: int, on: date, country: str = "DE") -> Margin:
    """Margin and the VAT in it: bought at 8000, sold at 9500 owes 239.50."""
    margin = sell_cents - buy_cents
    percent = standard_percent(country, on)
    owed = round_half_up(Decimal(max(margin, 0)) * percent / (100 + percent))
    return Margin(margin, owed)
