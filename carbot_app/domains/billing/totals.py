"""Totals of a document: VAT once per category and rate on the summed net (EN 16931 BR-CO-17, BR-S-08).

What was told gross stays what the customer was told; its net is worked out on the sum. The value of an old
part is taxed with the standard rate and taken out again at zero percent, so that it bears tax without being
paid (KoSIT case 03.06, UStAE 10.5(3)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing.figures import figure
from carbot_app.domains.billing.lines import MOST_CENTS, Line, LineAmount, amount_of
from carbot_app.domains.billing.rounding import WHOLE_RATE, allocate, percent_of, round_to_sum, share
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

OLD_PART = "old_part"
_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """What falls under one category and rate (BG-23)."""

    category: str
    rate: int
    """Hundredths of a percent."""
    net_cents: int
    """Taxable amount; the value of old parts included."""
    vat_cents: int
    reasons: tuple[str, ...] = ()
    old_part_cents: int = 0
    """Value of old parts within the taxable amount."""

    @property
    def reason(self) -> str:
        """Why it is taxed like this; the first where several come together."""
        return self.reasons[0] if self.reasons else ""

    @property
    def old_part_vat_cents(self) -> int:
        """VAT on old parts alone: what is left of the VAT after that on the price."""
        if not self.old_part_cents or not self.rate:
            return 0
        return self.vat_cents - share(self.net_cents - self.old_part_cents, self.rate)

    @property
    def gross_cents(self) -> int:
        """Taxable amount and its VAT."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line in the totals. ``discount_cents`` is told as the price of the line is, net or gross."""

    net_cents: int
    discount_cents: int = 0
    old_part_cents: int = 0
    """Value of the old part on which VAT is owed besides."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Part of a discount on the document that falls on one category and rate (BG-20)."""

    category: str
    rate: int
    net_cents: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Discount:
    """Taken off the whole document, but never off what is handed on: a percentage, then an amount."""

    percent: Decimal = Decimal(0)
    cents: int = 0
    """Told as the lines are."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a document: net (BT-109) + VAT (BT-110) = gross (BT-112)."""

    lines: tuple[LineSum, ...]
    groups: tuple[TaxGroup, ...]
    allowances: tuple[Allowance, ...] = ()

    @property
    def line_cents(self) -> int:
        """Sum of the line nets (BT-106)."""
        return sum(line.net_cents for line in self.lines)

    @property
    def allowance_cents(self) -> int:
        """Sum of the discounts on the document, net (BT-107)."""
        return sum(allowance.net_cents for allowance in self.allowances)

    @property
    def net_cents(self) -> int:
        """Sum without VAT."""
        return self.line_cents - self.allowance_cents

    @property
    def vat_cents(self) -> int:
        """VAT of all groups."""
        return sum(group.vat_cents for group in self.groups)

    @property
    def gross_cents(self) -> int:
        """Sum with VAT."""
        return self.net_cents + self.vat_cents

    @property
    def old_part_vat_cents(self) -> int:
        """VAT on old parts alone, of all groups."""
        return sum(group.old_part_vat_cents for group in self.groups)


@dataclass(slots=True)
class _Sum:
    """A group while it is summed; gross lines stay apart until their net is worked out on the sum."""

    net: int = 0
    gross: int = 0
    old_net: int = 0
    old_gross: int = 0
    off_net: int = 0
    off_gross: int = 0
    free_net: int = 0
    free_gross: int = 0
    """What no discount touches."""
    reasons: dict[str, None] = field(default_factory=dict)

    def net_in(self, gross: int, rate: int) -> int:
        """Net in a gross sum; the VAT on old parts is inside it too."""
        return round_half_up(
            (Decimal(gross) * WHOLE_RATE - Decimal(self.old_gross) * rate) / (WHOLE_RATE + rate)
        )


def total(
    lines: Sequence[Line], on: date, *, country: str = "DE", discount: Discount | None = None
) -> Totals:
    """Totals of a document supplied on that day.

    Raises:
        Invalid: ``billing_outside_mixed``, ``billing_discount_invalid``, ``billing_amount_too_large`` or what
            ``amount_of`` says of a line.

    """
    amounts = [amount_of(line) for line in lines]
    old_parts = [_old_part(line, amount, on, country) for line, amount in zip(lines, amounts, strict=True)]
    sums = _sum(lines, amounts, old_parts)
    _refuse_mixture(sums)
    _take_off(sums, discount or Discount())
    nets = _line_nets(lines, amounts, old_parts, sums)
    result = Totals(
        tuple(
            LineSum(net, amount.discount_cents, old)
            for net, amount, old in zip(nets, amounts, old_parts, strict=True)
        ),
        _groups(sums),
        _allowances(sums),
    )
    if abs(result.gross_cents) > MOST_CENTS:
        raise Invalid("billing_amount_too_large")
    return result


def is_small_amount(gross_cents: int, country: str, on: date, *, categories: Iterable[str] = ()) -> bool:
    """Whether a simplified invoice will do: 250.00 in Germany yes, 250.01 no (figures.toml).

    Never with a reverse charge or a delivery to another member state (§ 33 sentence 3 UStDV).
    """
    if not {"AE", "K"}.isdisjoint(categories):
        return False
    return gross_cents <= figure("small_amount", on, country)["cents"]


def cash_rounding(gross_cents: int, country: str, on: date) -> int:
    """What is added when paid in cash, outside the VAT (BT-114): 133.47 CHF gets −0.02."""
    step = figure("cash_step", on, country)["cents"]
    return round_half_up(Decimal(gross_cents) / step) * step - gross_cents


def _old_part(line: Line, amount: LineAmount, on: date, country: str) -> int:
    # Only Germany taxes the old part by this rule, and only where VAT is charged at all.
    if not line.exchange or line.tax.category != "S" or country != "DE":
        return 0
    return percent_of(amount.list_cents, Decimal(figure("old_part", on, country)["percent"]))


def _sum(lines: Sequence[Line], amounts: Sequence[LineAmount], old_parts: Sequence[int]) -> dict[_Key, _Sum]:
    sums: dict[_Key, _Sum] = {}
    for line, amount, old in zip(lines, amounts, old_parts, strict=True):
        group = sums.setdefault((line.tax.category, line.tax.rate), _Sum())
        free = amount.cents if line.kind == HANDED_ON else 0
        if line.gross:
            group.gross += amount.cents
            group.old_gross += old
            group.free_gross += free
        else:
            group.net += amount.cents
            group.old_net += old
            group.free_net += free
        if line.tax.reason:
            group.reasons[line.tax.reason] = None
    return sums


def _refuse_mixture(sums: dict[_Key, _Sum]) -> None:
    categories = {category for category, _ in sums}
    if "O" in categories and len(categories) > 1:
        raise Invalid("billing_outside_mixed")


def _take_off(sums: dict[_Key, _Sum], discount: Discount) -> None:
    if not (discount.percent.is_finite() and 0 <= discount.percent <= 100) or discount.cents < 0:
        raise Invalid("billing_discount_invalid", field="discount")
    for group in sums.values():
        group.off_net = percent_of(group.net - group.free_net, discount.percent)
        group.off_gross = percent_of(group.gross - group.free_gross, discount.percent)
    if not discount.cents:
        return
    ordered = [sums[key] for key in sorted(sums)]
    left = [
        amount
        for group in ordered
        for amount in (
            group.net - group.free_net - group.off_net,
            group.gross - group.free_gross - group.off_gross,
        )
    ]
    # Reversing a document gives back what was taken off.
    amount = discount.cents if sum(left) >= 0 else -discount.cents
    if abs(amount) > abs(sum(left)):
        raise Invalid("billing_discount_invalid", field="discount")
    spread = iter(allocate(amount, left))
    for group in ordered:
        group.off_net += next(spread)
        group.off_gross += next(spread)


def _line_nets(
    lines: Sequence[Line], amounts: Sequence[LineAmount], old_parts: Sequence[int], sums: dict[_Key, _Sum]
) -> list[int]:
    nets = [amount.cents for amount in amounts]
    told_gross: dict[_Key, list[int]] = {}
    for at, line in enumerate(lines):
        if line.gross:
            told_gross.setdefault((line.tax.category, line.tax.rate), []).append(at)
    for (category, rate), places in told_gross.items():
        group = sums[category, rate]
        exact = [
            (Decimal(amounts[at].cents) * WHOLE_RATE - Decimal(old_parts[at]) * rate) / (WHOLE_RATE + rate)
            for at in places
        ]
        # A price told gross holds the VAT on its old part, so it cannot be less than that.
        if any(net * lines[at].quantity < 0 for at, net in zip(places, exact, strict=True)):
            raise Invalid("billing_price_invalid", field="unit_price")
        rounded = round_to_sum(exact, group.net_in(group.gross, rate))
        for at, net in zip(places, rounded, strict=True):
            nets[at] = net
    return nets


def _groups(sums: dict[_Key, _Sum]) -> tuple[TaxGroup, ...]:
    groups, old_parts = [], 0
    for category, rate in sorted(sums, key=lambda key: (key[0] != "S", key[0], -key[1])):
        group = sums[category, rate]
        net, gross = group.net - group.off_net, group.gross - group.off_gross
        inside = group.net_in(gross, rate)
        old = group.old_net + group.old_gross
        vat = share(net + group.old_net, rate) + gross - inside
        groups.append(TaxGroup(category, rate, net + inside + old, vat, tuple(group.reasons), old))
        old_parts += old
    if old_parts:
        groups.append(TaxGroup("Z", 0, -old_parts, 0, (OLD_PART,)))
    return tuple(groups)


def _allowances(sums: dict[_Key, _Sum]) -> tuple[Allowance, ...]:
    found = []
    for (category, rate), group in sorted(sums.items()):
        inside = group.net_in(group.gross, rate) - group.net_in(group.gross - group.off_gross, rate)
        if off := group.off_net + inside:
            found.append(Allowance(category, rate, off, next(iter(group.reasons), "")))
    return tuple(found)
