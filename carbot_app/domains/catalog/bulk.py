"""Many prices at once: what an edit of labour or prices makes of a catalogue (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from carbot_app.domains.catalog.catalogue import Catalogue
from carbot_app.domains.catalog.editing_schemas import BulkEdit
from carbot_app.domains.catalog.fields import Problem
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.pricing import PACKAGE, labour_cents
from carbot_app.domains.tax.vat import SMALL_BUSINESS
from carbot_app.kit.money import round_half_up

LABOUR, PERCENT, AMOUNT = "labour_percent", "price_percent", "price_cents"
STEPS = (1, 10, 100)
_STATED = ("price_min_cents", "price_max_cents")


def check_bulk(edit: BulkEdit) -> list[Problem]:
    """What is wrong with the edit itself."""
    allowed = range(-1_000_000, 1_000_001) if edit.kind == AMOUNT else range(-9_000, 20_001)
    known = edit.kind in (LABOUR, PERCENT, AMOUNT) and edit.round_to_cents in STEPS
    return [] if known and edit.value in allowed and edit.value else [Problem("value", "catalog_bulk_value")]


def stated_prices(catalogue: Catalogue, edit: BulkEdit, vat_percent: Decimal) -> dict[str, dict[str, int]]:
    """Code → new stated prices, for every service of the edit whose price changes by it.

    Calculated prices and packages without a price of their own follow what they are made of.
    """
    changed = {}
    for service in _meant(catalogue, edit):
        if service.calculated:
            continue
        news = {
            name: _new_price(getattr(service, name), service, catalogue, edit, vat_percent)
            for name in _STATED
        }
        news["price_max_cents"] = max(news.values())
        if any(getattr(service, name) != value for name, value in news.items()):
            changed[service.code] = news
    return changed


def new_rates(catalogue: Catalogue, edit: BulkEdit) -> dict[str, int] | None:
    """Hourly rates after the edit; None where it leaves them alone."""
    whole = not edit.codes and not edit.category
    if edit.kind != LABOUR or not edit.raise_rates or not whole:
        return None
    return {
        name: round_half_up(Decimal(cents) * (10_000 + edit.value) / 10_000)
        for name, cents in catalogue.terms.rates.items()
    }


def edited(
    catalogue: Catalogue, prices: Mapping[str, Mapping[str, Any]], rates: Mapping[str, int] | None
) -> Catalogue:
    """The catalogue as it would be; nothing of the given one changes."""
    services = tuple(
        Service(**{**service.model_dump(), **prices[service.code]}) if service.code in prices else service
        for service in catalogue.services
    )
    terms = replace(catalogue.terms, rates=rates) if rates else catalogue.terms
    return Catalogue(catalogue.currency, catalogue.country, catalogue.timezone, terms, services)


def _meant(catalogue: Catalogue, edit: BulkEdit) -> Iterable[Service]:
    codes = frozenset(edit.codes)
    for service in catalogue.services:
        by_code = not codes or service.code in codes
        by_category = edit.category in ("", service.category, service.subcategory)
        if by_code and by_category and (service.active or not edit.only_active):
            yield service


def _new_price(
    cents: int, service: Service, catalogue: Catalogue, edit: BulkEdit, vat_percent: Decimal
) -> int:
    own = cents - service.fee_cents
    if cents == 0 or own <= 0:
        return cents
    if edit.kind == AMOUNT:
        more = Decimal(edit.value)
    elif edit.kind == PERCENT or service.price_model == PACKAGE:
        more = Decimal(own) * edit.value / 10_000 if edit.kind == PERCENT else Decimal(0)
    else:
        rate = catalogue.terms.rates.get(service.rate, 0)
        taxed = 0 if catalogue.terms.regime == SMALL_BUSINESS else vat_percent
        labour = Decimal(labour_cents(service.labour_seconds, rate)) * (100 + taxed) / 100
        more = min(labour, Decimal(own)) * edit.value / 10_000
    if more == 0:
        return cents
    step = edit.round_to_cents
    return max(round_half_up((cents + more) / step) * step, service.fee_cents, 0)
