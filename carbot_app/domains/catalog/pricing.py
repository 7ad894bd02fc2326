"""What a service costs: price models, labour and parts, vehicle classes, rules, packages and VAT (pure).

Prices are whole cents. Stated prices are gross (PAngV § 3); labour rates and parts are net, as workshops
calculate. A quote has a lower and an upper end, equal when everything that matters is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from carbot_app.domains.catalog.rules import Case, Rule
from carbot_app.domains.catalog.vehicle_classes import CLASS_FACTORS
from carbot_app.domains.tax import vat
from carbot_app.kit.money import round_half_up

FIXED = "fixed"
RANGE = "range"
PER_VEHICLE_CLASS = "per_vehicle_class"
PER_UNIT = "per_unit"
HOURLY = "hourly_aw"
PACKAGE = "package"
PRICE_MODELS = (FIXED, RANGE, PER_VEHICLE_CLASS, PER_UNIT, HOURLY, PACKAGE)

DEFAULT_RATES: Mapping[str, int] = {
    "mechanics": 11_200,
    "diagnosis": 12_800,
    "body": 11_800,
    "paint": 12_400,
    "high_voltage": 14_500,
}
"""Hourly rates (domain.md 5) → net cents, until the workshop sets its own."""
RATES = tuple(DEFAULT_RATES)
DEFAULT_MARKUPS: tuple[tuple[int, int], ...] = ((5_000, 40), (20_000, 30), (100_000, 20))
"""(Net cost up to, percent); the last one counts for all above."""
DIVISIONS = (10, 12, 100)
"""Labour units an hour: most makes, BMW and Mercedes, VW (domain.md 5)."""

_Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Price:
    """A price in gross cents. ``style`` says how it is told: exact, range or from."""

    low_cents: int
    high_cents: int
    style: str

    @property
    def exact(self) -> bool:
        """Whether there is just one price."""
        return self.style == "exact"


@dataclass(frozen=True, slots=True)
class Terms:
    """What every price of a workshop rests on."""

    country: str = "DE"
    regime: str = vat.STANDARD
    rates: Mapping[str, int] = field(default_factory=lambda: DEFAULT_RATES)
    units_per_hour: int = 10
    markups: Sequence[tuple[int, int]] = DEFAULT_MARKUPS
    small_parts_percent: int = 0
    small_parts_min_cents: int = 0
    small_parts_max_cents: int = 0
    factors: Mapping[str, int] = field(default_factory=lambda: CLASS_FACTORS)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """What must be known of a service; fields as in the table ``Service``."""

    code: str
    price_model: str
    price_min_cents: int = 0
    price_max_cents: int = 0
    name: str = ""
    labour_seconds: int = 0
    rate: str = "mechanics"
    calculated: bool = False
    parts_cost_cents: int = 0
    parts_list_cents: int = 0
    fee_cents: int = 0
    exchange_part: bool = False
    groups: frozenset[str] = frozenset()
    """Its code and categories, for the scope of rules."""
    members: tuple["Priced", ...] = ()
    discount_percent: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of a price with its net amount at both ends; all lines together are the net of the quote."""

    kind: str
    """labour, parts, small_parts, list_price, class, rule, package, package_discount or fee."""
    low_cents: int
    high_cents: int
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """A price with its lines, net, tax by rate and gross, at both ends."""

    lines: tuple[Line, ...]
    low: vat.Totals
    high: vat.Totals
    style: str
    tax_note: str = ""
    """Why no VAT is charged (``Tax.note``)."""
    old_part_cents: int = 0
    """Value of the old part on which VAT is owed besides."""

    @property
    def price(self) -> Price:
        """Both gross ends."""
        return Price(self.low.gross_cents, self.high.gross_cents, self.style)


def labour_cents(seconds: int, rate_cents: int) -> int:
    """Net labour: 12 units of six minutes at 112 €/h are 134.40 €."""
    return round_half_up(Decimal(seconds) * rate_cents / 3600)


def seconds_of(units: Decimal, units_per_hour: int) -> int:
    """Labour units (AW) of a division as seconds."""
    return round_half_up(units * 3600 / units_per_hour)


def units_of(seconds: int, units_per_hour: int) -> Decimal:
    """Seconds as labour units of a division, to a tenth."""
    return (Decimal(seconds) * units_per_hour / 3600).quantize(Decimal("0.1")).normalize()


def class_price_cents(base_cents: int, percent: int) -> int:
    """Base price times factor, rounded up to a full euro: 89 € × 1.15 → 103 €."""
    return -(-base_cents * percent // 10_000) * 100


def price_service(service: Priced, terms: Terms, case: Case, *, today: date) -> PriceQuote:
    """Price of one service for one case; unknown facts widen the price to a range or a "from" price.

    ``today`` decides the VAT rate where the day of the visit is unknown.

    Raises:
        Invalid: ``tax_country_unknown``.
    """
    day = case.on or today
    tax = vat.tax_at_home(terms.country, day, regime=terms.regime)
    draft = _draft(service, terms, case, tax.percent)
    low, high = (_totals(draft, end, tax) for end in (0, 1))
    return PriceQuote(
        lines=_net_lines(draft, tax.percent, low, high),
        low=low,
        high=high,
        style=draft.style(),
        tax_note=tax.note,
        old_part_cents=draft.old_on_net + draft.old_in_gross,
    )


def total_of(quotes: Iterable[PriceQuote]) -> PriceQuote:
    """Services of one visit as one quote; one "from" makes the sum a "from"."""
    parts = tuple(quotes)
    low, high = vat.add(*(part.low for part in parts)), vat.add(*(part.high for part in parts))
    open_end = any(part.style == "from" for part in parts)
    return PriceQuote(
        lines=tuple(line for part in parts for line in part.lines),
        low=low,
        high=high,
        style="from" if open_end else _style(low.gross_cents, high.gross_cents),
        tax_note=next((part.tax_note for part in parts if part.tax_note), ""),
        old_part_cents=sum(part.old_part_cents for part in parts),
    )


@dataclass(slots=True)
class _Item:
    kind: str
    ends: _Ends
    gross: bool
    params: Mapping[str, Any]


@dataclass(slots=True)
class _Draft:
    """A price being put together; ``home`` VAT is inside gross items and on top of net ones."""

    home: Decimal
    items: list[_Item] = field(default_factory=list)
    old_on_net: int = 0
    old_in_gross: int = 0
    fee: int = 0
    open_end: bool = False
    uncertain: bool = False

    def add(self, kind: str, low: int, high: int, *, gross: bool, **params: Any) -> None:
        if low or high:
            self.items.append(_Item(kind, (low, high), gross, params))

    def part(self, end: int, *, gross: bool) -> int:
        return sum(item.ends[end] for item in self.items if item.gross is gross)

    def own(self) -> _Ends:
        """Gross price of the workshop's own work at both ends, without handed-on fees."""
        low, high = (
            self.part(end, gross=True)
            + (net := self.part(end, gross=False))
            + vat.tax_of(net + self.old_on_net, self.home)
            for end in (0, 1)
        )
        return low, high

    def style(self) -> str:
        low, high = self.own()
        if self.open_end or (self.uncertain and low < high):
            return "from"
        return _style(low, high)


def _draft(service: Priced, terms: Terms, case: Case, home: Decimal) -> _Draft:
    draft = _Draft(home)
    if service.price_model == PACKAGE:
        _add_members(draft, service, terms, case)
        _add_rules(draft, service, [rule for rule in terms.rules if rule.scope], case)
        return draft
    quantity = case.quantity if service.price_model == PER_UNIT else Decimal(1)
    if service.calculated:
        _add_calculation(draft, service, terms, quantity)
    else:
        _add_stated(draft, service, quantity)
    draft.fee = service.fee_cents
    if service.price_model == PER_VEHICLE_CLASS:
        _add_class(draft, terms, case)
    _add_rules(draft, service, terms.rules, case)
    return draft


def _add_stated(draft: _Draft, service: Priced, quantity: Decimal) -> None:
    low = service.price_min_cents
    high = low if service.price_model == PER_VEHICLE_CLASS else max(low, service.price_max_cents)
    draft.open_end = service.price_model == HOURLY and low > 0
    ends = [round_half_up(cents * quantity) - service.fee_cents for cents in (low, high)]
    draft.add("list_price", *ends, gross=True, quantity=quantity)
    if service.exchange_part and service.parts_list_cents:
        draft.old_in_gross = round_half_up(vat.old_part_cents(service.parts_list_cents) * quantity)


def _add_calculation(draft: _Draft, service: Priced, terms: Terms, quantity: Decimal) -> None:
    rate = terms.rates.get(service.rate, DEFAULT_RATES["mechanics"])
    labour = round_half_up(labour_cents(service.labour_seconds, rate) * quantity)
    units = units_of(service.labour_seconds, terms.units_per_hour) * quantity
    draft.add(
        "labour", labour, labour, gross=False,
        units=units, unit_cents=round_half_up(Decimal(rate) / terms.units_per_hour), rate=service.rate,
    )  # fmt: skip
    markup = markup_percent(service.parts_cost_cents, terms.markups)
    sale = round_half_up(Decimal(service.parts_cost_cents) * (100 + markup) / 100 * quantity)
    draft.add("parts", sale, sale, gross=False, markup=markup)
    if sale:
        small = round_half_up(Decimal(sale) * terms.small_parts_percent / 100)
        small = min(max(small, terms.small_parts_min_cents), terms.small_parts_max_cents)
        draft.add("small_parts", small, small, gross=False)
    if service.exchange_part:
        listed = round_half_up(service.parts_list_cents * quantity) or sale
        draft.old_on_net = vat.old_part_cents(listed)
    draft.open_end = service.price_model == HOURLY


def markup_percent(cost_cents: int, markups: Sequence[tuple[int, int]]) -> int:
    """Markup on a part that costs the workshop this much; the last band counts for all above."""
    for up_to, percent in markups:
        if cost_cents <= up_to:
            return percent
    return markups[-1][1] if markups else 0


def _add_class(draft: _Draft, terms: Terms, case: Case) -> None:
    low, high = draft.own()
    if case.vehicle_class in terms.factors:
        wanted = [class_price_cents(low, terms.factors[case.vehicle_class])] * 2
    else:
        prices = [class_price_cents(low, percent) for percent in terms.factors.values()]
        wanted = [min(prices), max(prices)]
    draft.add(
        "class", wanted[0] - low, wanted[1] - high, gross=True,
        vehicle_class=case.vehicle_class, percent=terms.factors.get(case.vehicle_class),
    )  # fmt: skip


def _add_rules(draft: _Draft, service: Priced, rules: Sequence[Rule], case: Case) -> None:
    low, high = draft.own()
    left_low, left_high = low, high
    for rule in rules:
        verdict = rule.applies(case) if rule.covers(service.groups) else False
        if verdict is False:
            continue
        ends = rule.amount(low), rule.amount(high)
        if verdict is None:
            ends = min(0, ends[0]), max(0, ends[1])
            draft.uncertain = True
        # A discount takes nothing below zero, and no upper end below the lower one.
        at_low = max(ends[0], -left_low)
        left_low += at_low
        at_high = max(ends[1], left_low - left_high)
        left_high += at_high
        sure = verdict is True
        draft.add("rule", at_low, at_high, gross=True, names=rule.names, percent=rule.percent, sure=sure)


def _add_members(draft: _Draft, service: Priced, terms: Terms, case: Case) -> None:
    for member in service.members:
        inner = _draft(member, terms, case, draft.home)
        draft.add("package", *inner.own(), gross=True, code=member.code, name=member.name)
        draft.fee += inner.fee
        draft.old_in_gross += inner.old_on_net + inner.old_in_gross
        draft.open_end |= inner.open_end
        draft.uncertain |= inner.uncertain
    low, high = draft.own()
    if service.price_min_cents:
        wanted = max(service.price_min_cents - draft.fee, 0)
        draft.open_end = draft.uncertain = False
        ends = wanted - low, wanted - high
    else:
        ends = (
            -round_half_up(Decimal(low) * service.discount_percent / 100),
            -round_half_up(Decimal(high) * service.discount_percent / 100),
        )
    draft.add("package_discount", *ends, gross=True, percent=service.discount_percent)


def _totals(draft: _Draft, end: int, tax: vat.Tax) -> vat.Totals:
    net, gross = draft.part(end, gross=False), draft.part(end, gross=True)
    if tax.percent:
        # There is no tax in nothing, where a fee or a discount is the whole price
        told = vat.total_of_gross(tax, gross, old_parts_cents=draft.old_in_gross if gross else 0)
        worked_out = vat.total(tax, (net,), old_parts_cents=draft.old_on_net, handed_on_cents=draft.fee)
        return vat.add(told, worked_out)
    return vat.total(tax, (net, gross), handed_on_cents=draft.fee)


def _net_lines(draft: _Draft, home: Decimal, low: vat.Totals, high: vat.Totals) -> tuple[Line, ...]:
    """Items with net amounts; what rounding leaves over goes to the last gross one."""
    rows = [
        [item, *(vat.net_of(cents, home) if item.gross else cents for cents in item.ends)]
        for item in draft.items
    ]
    last = next((row for row in reversed(rows) if row[0].gross), None)
    if last is not None:
        for end, totals in ((1, low), (2, high)):
            last[end] += totals.net_cents - draft.fee - sum(row[end] for row in rows)
    lines = [Line(item.kind, first, second, item.params) for item, first, second in rows]
    if draft.fee:
        lines.append(Line("fee", draft.fee, draft.fee))
    return tuple(lines)


def _style(low: int, high: int) -> str:
    return "range" if high > low else "exact"
