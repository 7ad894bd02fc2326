"""Deposits and what a final invoice still asks for (§ 14(5) UStG; § 11(1) Nr. 3 UStG AT).

A deposit is taxed when it is received, with the rate of that day. The final invoice shows the whole supply
with the rate of the day it was made (§ 27(1)) and takes off what the deposits brought and the VAT told in
them, both, rate by rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from carbot_app.domains.billing.rounding import allocate, net_in
from carbot_app.domains.billing.totals import TaxGroup, Totals
from carbot_app.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Deposit:
    """An issued and paid deposit invoice with its tax as it was told."""

    number: str
    issued_on: date
    groups: tuple[TaxGroup, ...]
    currency: str = "EUR"

    @property
    def net_cents(self) -> int:
        """What it brought without VAT."""
        return sum(group.net_cents for group in self.groups)

    @property
    def vat_cents(self) -> int:
        """VAT told in it."""
        return sum(group.vat_cents for group in self.groups)

    @property
    def gross_cents(self) -> int:
        """What was paid."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class Settlement:
    """A final invoice after its deposits.

    ``rest`` is what remains by category and rate, below zero where too much was paid.
    """

    deposit_net_cents: int
    deposit_vat_cents: int
    rest: tuple[TaxGroup, ...]
    payable_cents: int

    @property
    def deposit_cents(self) -> int:
        """What was paid before (BT-113)."""
        return self.deposit_net_cents + self.deposit_vat_cents

    @property
    def refund_cents(self) -> int:
        """What goes back when the deposits were more than the bill."""
        return max(-self.payable_cents, 0)


def settle(totals: Totals, deposits: Sequence[Deposit], *, currency: str = "EUR") -> Settlement:
    """Take deposits off the totals of the final invoice.

    Raises:
        Invalid: ``billing_currency_differs``, or ``billing_deposit_twice`` when one is named twice.

    """
    if any(deposit.currency != currency for deposit in deposits):
        raise Invalid("billing_currency_differs", field="deposits")
    if len({deposit.number for deposit in deposits}) < len(deposits):
        raise Invalid("billing_deposit_twice", field="deposits")
    told = [group for deposit in deposits for group in deposit.groups]
    net, vat = sum(group.net_cents for group in told), sum(group.vat_cents for group in told)
    return Settlement(net, vat, _rest(totals.groups, told), totals.gross_cents - net - vat)


def deposit_groups(totals: Totals, gross_cents: int) -> tuple[TaxGroup, ...]:
    """Tax of a deposit on a document: spread over its groups as they weigh, each share told gross.

    500.00 on a document with 19 % alone are 420.17 and 79.83. What is handed on gets its share without VAT;
    the old part is taxed with the final invoice, when it changes hands.

    Raises:
        Invalid: ``billing_deposit_invalid`` for nothing or for more than the document comes to.

    """
    if not 0 < gross_cents <= totals.gross_cents:
        raise Invalid("billing_deposit_invalid", field="amount")
    groups = [group for group in totals.groups if group.category != "Z"]
    paid = [group.gross_cents - group.old_part_cents for group in groups]
    return tuple(
        _taxed(group, part) for group, part in zip(groups, allocate(gross_cents, paid), strict=True) if part
    )


def _taxed(group: TaxGroup, gross: int) -> TaxGroup:
    net = net_in(gross, group.rate)
    return TaxGroup(group.category, group.rate, net, gross - net, group.reasons)


def _rest(groups: Sequence[TaxGroup], told: Sequence[TaxGroup]) -> tuple[TaxGroup, ...]:
    rest: dict[tuple[str, int], TaxGroup] = {(group.category, group.rate): group for group in groups}
    for group in told:
        key = (group.category, group.rate)
        known = rest.get(key, TaxGroup(*key, 0, 0, group.reasons))
        rest[key] = TaxGroup(
            *key,
            known.net_cents - group.net_cents,
            known.vat_cents - group.vat_cents,
            known.reasons,
            known.old_part_cents,
        )
    return tuple(rest.values())
