"""Skonto: what may be taken off for paying early, by when, and how VAT shrinks with it (§ 17(1) UStG).

An agreed reduction has to be told on the invoice (§ 14(4) Nr. 7). What was handed on for the customer is not
reduced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from carbot_app.domains.billing.rounding import net_in, percent_of
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.billing.totals import TaxGroup, Totals
from carbot_app.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class CashDiscountTerm:
    """Percent off when paid within days of the invoice."""

    percent: Decimal
    days: int

    def __post_init__(self) -> None:
        if not (self.percent.is_finite() and 0 < self.percent < 100) or not 0 < self.days <= 366:
            raise Invalid("billing_cash_discount_invalid", field="cash_discount")


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """What is taken off until ``until``, with the VAT in it by group."""

    base_cents: int
    """Gross amount it is reckoned from."""
    cents: int
    until: date
    groups: tuple[TaxGroup, ...]

    @property
    def vat_cents(self) -> int:
        """VAT that is owed less when it is taken."""
        return sum(group.vat_cents for group in self.groups)


def cash_discount(totals: Totals, term: CashDiscountTerm, invoiced_on: date) -> CashDiscount:
    """What one term takes off a document."""
    groups = [group for group in totals.groups if group.category != "Z" and HANDED_ON not in group.reasons]
    parts = tuple(_off(group, term.percent) for group in groups)
    base = sum(group.gross_cents - group.old_part_cents for group in groups)
    until = invoiced_on + timedelta(days=term.days)
    return CashDiscount(base, sum(part.gross_cents for part in parts), until, parts)


def best_discount(offers: Sequence[CashDiscount], paid_on: date) -> CashDiscount | None:
    """The largest that is still open on the day of payment."""
    return max((offer for offer in offers if paid_on <= offer.until), key=lambda o: o.cents, default=None)


def _off(group: TaxGroup, percent: Decimal) -> TaxGroup:
    gross = percent_of(group.gross_cents - group.old_part_cents, percent)
    # The value of an old part is no price that could shrink: VAT is taken out at the plain rate.
    net = net_in(gross, group.rate)
    return TaxGroup(group.category, group.rate, net, gross - net, group.reasons)
