"""Prices, their lines and changed fields as staff read them, in four languages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from carbot_app.domains.catalog.catalogue import Catalogue, in_language
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import Line, Price
from carbot_app.kit.i18n import translate
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.money import format_cents

_MONEY = "_cents"
_CHOICES = {
    "skill": "catalog.skills",
    "bay": "catalog.bays",
    "unit": "catalog.units",
    "rate": "catalog.rates",
    "vat_regime": "quote.regimes",
}
_TABLES = frozenset({"conditions", "markups", "rates", "class_factors"})


class Wording:
    """How one reader reads one catalogue."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self._language = language

    def price(self, price: Price, unit: str = "") -> str:
        """``ab 159,00 €``."""
        return price_text(
            price,
            currency=self._catalogue.currency,
            language=self._language,
            country=self._catalogue.country,
            unit=unit,
        )

    def money(self, cents: int) -> str:
        """``159,00 €``, also negative."""
        return format_cents(cents, self._catalogue.currency, self._language, self._catalogue.country)

    def ends(self, low: int, high: int) -> str:
        """Both ends of an amount, once when they are equal."""
        return self.money(low) if low == high else f"{self.money(low)} – {self.money(high)}"

    def number(self, value: Decimal | int) -> str:
        """``1,5``."""
        return format_decimal(value, locale=self._language)

    def line(self, line: Line) -> str:
        """Why a line is there: ``15 AW × 11,20 €``, ``Teile (+ 30 %)``."""
        params: dict[str, Any] = dict(line.params)
        if line.kind == "rule":
            sign = f" {params['percent']:+d} %" if params["percent"] else ""
            return f"{in_language(params['names'], self._language)}{sign}"
        if line.kind == "package":
            return self.service(params["code"])
        if line.kind == "labour":
            params["units"] = self.number(params["units"])
            params["price"] = self.money(params["unit_cents"])
        if line.kind == "list_price":
            many = params["quantity"] != 1
            params = {"quantity": self.number(params["quantity"])}
            return translate(
                self._language, "quote.list_price_each" if many else "quote.list_price", **params
            )
        if line.kind == "class":
            known = params["vehicle_class"]
            return translate(
                self._language,
                "quote.class" if known else "quote.class_unknown",
                name=translate(self._language, f"quote.classes.{known}") if known else "",
            )
        return translate(self._language, f"quote.{line.kind}", **params)

    def own(self, kind: str) -> str:
        """Label of a line that is not one of the engine's."""
        return translate(self._language, f"quote.{kind}")

    def service(self, code: str) -> str:
        """Name of a service, its code when it is gone."""
        service = self._catalogue.by_code.get(code)
        return in_language(service.names, self._language) if service else code

    def category(self, key: str) -> str:
        """Name of a category, its key when it is gone."""
        found = next((row for row in self._catalogue.categories if row.key == key), None)
        return in_language(found.names, self._language) if found else key

    def value(self, name: str, value: Any) -> str:
        """A field's value in the history; empty for nothing."""
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return translate(self._language, "quote.yes" if value else "quote.no")
        if name.endswith(_MONEY):
            return self.money(value)
        if name in ("category", "subcategory"):
            return self.category(value)
        if name in ("members", "upsells", "categories"):
            return ", ".join(self.service(code) for code in value)
        if name == "price_model":
            return translate(self._language, f"catalog.model.{value}")
        if name == "labour_seconds":
            per_hour = self._catalogue.terms.units_per_hour
            return f"{self.number((Decimal(value) * per_hour / 3600).quantize(Decimal('0.1')))} AW"
        if name in _CHOICES:
            return translate(self._language, f"{_CHOICES[name]}.{value}")
        if name in _TABLES:
            return self._table(name, value)
        return self._plain(value)

    def _table(self, name: str, value: Any) -> str:
        if name == "conditions":
            said = (self._condition(key, inner) for key, inner in value.items() if inner)
        elif name == "markups":
            said = (f"≤ {self.money(up_to)}: {percent} %" for up_to, percent in value)
        elif name == "rates":
            said = (f"{self._choice('rates', key)} {self.money(cents)}" for key, cents in value.items())
        else:
            said = (f"{self._choice('class', key)} {percent} %" for key, percent in value.items())
        return ", ".join(said)

    def _condition(self, name: str, value: Any) -> str:
        if name == "season":
            first, last = (date.fromisoformat(f"2000-{day}") for day in value)
            days = (format_skeleton("MMMd", day, locale=self._language) for day in (first, last))
            return f"{translate(self._language, 'quote.season')}: {' – '.join(days)}"
        label = translate(self._language, f"pricing.rules.{name}")
        if value is True:
            return label
        words = {"weekdays": "pricing.day", "fuels": "pricing.fuels", "classes": "catalog.class"}
        if name in words:
            return f"{label}: {'/'.join(translate(self._language, f'{words[name]}.{one}') for one in value)}"
        return f"{label}: {value}"

    def _choice(self, kind: str, key: str) -> str:
        return translate(self._language, f"catalog.{kind}.{key}")

    def _plain(self, value: Any) -> str:
        if isinstance(value, Mapping):
            if value.keys() <= set(LANGUAGES):
                return in_language(value, self._language)
            return ", ".join(f"{key}: {self._plain(inner)}" for key, inner in value.items() if inner)
        if isinstance(value, list | tuple):
            return ", ".join(self._plain(inner) for inner in value)
        return str(value)
