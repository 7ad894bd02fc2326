"""Figures of the VAT return with the documents behind each (pure). Not tax advice; nothing is sent anywhere.

Agreed consideration (Soll) counts what was supplied in the period, received consideration (Ist) what was paid
in it, spread over the tax of the document so that all payments together give exactly its tax.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from carbot_app.domains.billing.rounding import share
from carbot_app.domains.billing.totals import TaxGroup
from carbot_app.domains.tax.vat import standard_percent
from carbot_app.kit.money import round_half_up

OUTSIDE_RETURN = frozenset({"handed_on", "damages"})
"""What is no turnover at all."""
UNASSIGNED = ""
GOODS = "goods"


@dataclass(frozen=True, slots=True)
class TaxedPart:
    """What a document, or a payment of it, brings under one category and rate."""

    document: str
    on: date
    category: str
    rate: int
    reason: str
    base_cents: int
    tax_cents: int
    old_part_cents: int = 0
    old_part_tax_cents: int = 0
    kind_of_expense: str = ""
    """Only of an expense."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the form."""

    code: str
    word: str
    """Key of its words."""
    base_cents: int
    tax_cents: int
    documents: tuple[TaxedPart, ...] = ()
    is_input: bool = False
    """Its tax is taken off."""


@dataclass(frozen=True, slots=True)
class VatReturn:
    """A period as the form asks for it."""

    country: str
    first: date
    last: date
    cash_accounting: bool
    figures: tuple[Figure, ...]
    payable_code: str
    payable_cents: int
    old_part_cents: int
    """Value of old parts within the taxed base."""
    old_part_tax_cents: int
    unassigned: tuple[TaxedPart, ...] = ()
    """What no line of the form fits; people have to judge."""


@dataclass(slots=True)
class _Sum:
    word: str
    is_input: bool = False
    base: int = 0
    tax: int = 0
    parts: list[TaxedPart] = field(default_factory=list)


def parts_of_groups(
    document: str,
    on: date,
    groups: Iterable[TaxGroup],
    *,
    after: Decimal = Decimal(1),
    before: Decimal = Decimal(0),
) -> tuple[TaxedPart, ...]:
    """Tax of a document; with shares only what was paid between them, so that shares add up to the whole."""
    found = []
    for group in groups:
        if group.category == "Z":
            continue
        reason = next((one for one in group.reasons if one not in OUTSIDE_RETURN), group.reason)
        figures = (group.net_cents, group.vat_cents, group.old_part_cents, group.old_part_vat_cents)
        base, tax, old, old_tax = (
            round_half_up(Decimal(cents) * after) - round_half_up(Decimal(cents) * before)
            for cents in figures
        )
        if base or tax:
            found.append(TaxedPart(document, on, group.category, group.rate, reason, base, tax, old, old_tax))
    return tuple(found)


def vat_return(
    country: str,
    first: date,
    last: date,
    supplied: Sequence[TaxedPart],
    spent: Sequence[TaxedPart] = (),
    *,
    cash_accounting: bool = False,
) -> VatReturn:
    """The figures of a period; who goes without VAT (§ 19) deducts no input tax."""
    sums: dict[str, _Sum] = {}
    unassigned = []
    for part in supplied:
        if part.reason in OUTSIDE_RETURN:
            continue
        rule = _rule(_rules(country), part)
        if rule is None:
            unassigned.append(part)
        else:
            _add(sums, rule["code"], rule["word"], part, part.tax_cents)
    if not any(part.reason == "small_business" for part in supplied):
        for part in spent:
            _take_input(sums, country, part)
    figures = tuple(
        Figure(code, one.word, one.base, one.tax, tuple(one.parts), one.is_input)
        for code, one in sums.items()
    )
    owed = sum(-figure.tax_cents if figure.is_input else figure.tax_cents for figure in figures)
    return VatReturn(
        country,
        first,
        last,
        cash_accounting,
        tuple(sorted(figures, key=lambda figure: (figure.is_input, _order(country, figure.code)))),
        _table()["totals"].get(country, ""),
        owed,
        sum(part.old_part_cents for part in supplied),
        sum(part.old_part_tax_cents for part in supplied),
        tuple(unassigned),
    )


def _take_input(sums: dict[str, _Sum], country: str, part: TaxedPart) -> None:
    rule = _rule(_rules(f"{country}_in"), part)
    if rule is None:
        return
    if "input" not in rule:
        _add(sums, rule["code"], rule["word"], part, part.tax_cents, is_input=True)
        return
    owed = share(part.base_cents, int(standard_percent(country, part.on) * 100))
    _add(sums, rule["code"], rule["word"], part, owed)
    _add(sums, rule["input"], f"{rule['word']}_input", part, owed, is_input=True)


def _add(
    sums: dict[str, _Sum], code: str, word: str, part: TaxedPart, tax_cents: int, *, is_input: bool = False
) -> None:
    one = sums.setdefault(code, _Sum(word, is_input))
    one.base += part.base_cents
    one.tax += tax_cents
    one.parts.append(part)


def _rule(rules: Sequence[Mapping[str, Any]], part: TaxedPart) -> Mapping[str, Any] | None:
    for rule in rules:
        fits = rule["category"] == part.category and rule.get("rate", part.rate) == part.rate
        goods = not rule.get("goods") or part.kind_of_expense == GOODS
        if fits and goods and rule.get("reason", part.reason) == part.reason:
            return rule
    return None


def _rules(country: str) -> Sequence[Mapping[str, Any]]:
    return _table().get(country, ())


def _order(country: str, code: str) -> int:
    codes = [rule["code"] for rule in (*_rules(country), *_rules(f"{country}_in"))]
    return codes.index(code) if code in codes else len(codes)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("vat_return.toml").read_text(encoding="utf-8"))
