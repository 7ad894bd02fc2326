"""Surcharges and discounts: when they apply and what they come to (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from carbot_app.kit.money import round_half_up

FUELS = ("petrol", "diesel", "electric", "hybrid", "gas")


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of the car, the day and the customer; an empty field is unknown."""

    vehicle_class: str = ""
    age_years: int | None = None
    fuel: str = ""
    on: date | None = None
    """Day of the visit."""
    fleet: bool = False
    quantity: Decimal = Decimal(1)
    """Units of a price per unit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A surcharge, or a discount when negative; every condition that is set must hold."""

    names: Mapping[str, str] = field(default_factory=dict)
    percent: int = 0
    amount_cents: int = 0
    scope: frozenset[str] = frozenset()
    """Categories, subcategories and codes; empty: everything."""
    classes: frozenset[str] = frozenset()
    min_age: int | None = None
    max_age: int | None = None
    fuels: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    season: tuple[str, str] | None = None
    fleet: bool = False

    def amount(self, price_cents: int) -> int:
        """What it comes to for a price before any rule."""
        return self.amount_cents + round_half_up(Decimal(price_cents) * self.percent / 100)

    def covers(self, groups: frozenset[str]) -> bool:
        """Whether a service with this code and these categories is meant."""
        return not self.scope or not self.scope.isdisjoint(groups)

    def applies(self, case: Case) -> bool | None:
        """Whether all conditions hold; None when that depends on something unknown."""
        verdicts = (
            self._member(self.classes, case.vehicle_class),
            self._member(self.fuels, case.fuel),
            self._age(case.age_years),
            self._day(case.on),
            case.fleet or not self.fleet,
        )
        if False in verdicts:
            return False
        return None if None in verdicts else True

    @staticmethod
    def _member(wanted: frozenset[str], value: str) -> bool | None:
        if not wanted:
            return True
        return value in wanted if value else None

    def _age(self, years: int | None) -> bool | None:
        if self.min_age is None and self.max_age is None:
            return True
        if years is None:
            return None
        return (self.min_age or 0) <= years and (self.max_age is None or years <= self.max_age)

    def _day(self, on: date | None) -> bool | None:
        if not self.weekdays and self.season is None:
            return True
        if on is None:
            return None
        return (not self.weekdays or on.isoweekday() in self.weekdays) and in_season(self.season, on)


def in_season(season: tuple[str, str] | None, on: date) -> bool:
    """Whether a day lies between two ``MM-DD``, both included; the season may run over new year."""
    if season is None:
        return True
    first, last = season
    day = f"{on:%m-%d}"
    return first <= day <= last if first <= last else day >= first or day <= last


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A rule from the fields of its table row."""
    conditions = row["conditions"]
    season = conditions.get("season")
    return Rule(
        names=row["names"],
        percent=row["percent"],
        amount_cents=row["amount_cents"],
        scope=frozenset(row["categories"]),
        classes=frozenset(conditions.get("classes", ())),
        min_age=conditions.get("min_age"),
        max_age=conditions.get("max_age"),
        fuels=frozenset(conditions.get("fuels", ())),
        weekdays=frozenset(conditions.get("weekdays", ())),
        season=(season[0], season[1]) if season else None,
        fleet=bool(conditions.get("fleet")),
    )
