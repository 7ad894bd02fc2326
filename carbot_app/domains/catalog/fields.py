"""What a service may look like: limits and rules, checked for the editor, the import and the API alike."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from carbot_app.domains.catalog.pricing import PACKAGE, PER_UNIT, PRICE_MODELS, RANGE, RATES
from carbot_app.kit.languages import LANGUAGES

CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,15}")
_OWN_CODE = re.compile(r"EIG-(\d{3,9})")
UNITS = (
    "job", "piece", "set", "axle", "wheel", "tyre", "side", "season", "window", "litre", "day", "panel", "km",
    "hour",
)  # fmt: skip
BAYS = (
    "standard", "diagnostic", "tyre", "body", "climate", "reception", "hv", "inspection", "none", "alignment",
    "storage",
)  # fmt: skip
SKILLS = (
    "mechanic", "mechanic_senior", "diagnostic_specialist", "tyre_fitter", "climate_certified",
    "hv_certified", "body_specialist", "service_advisor", "adas_specialist", "inspector_external",
    "tow_driver", "glass_fitter", "painter",
)  # fmt: skip
MAX_PRICE_CENTS = 10_000_000
MAX_MINUTES = 60 * 8 * 30
MAX_LEAD_DAYS = 40
MAX_NAME, MAX_DESCRIPTION, MAX_NOTES = 120, 400, 300


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field; the text is the locale key ``errors.<code>`` filled with ``params``."""

    field: str
    code: str
    params: Mapping[str, Any] = default(default_factory=dict)


def check_service(
    fields: Mapping[str, Any], *, categories: Mapping[str, str], members: Mapping[str, Collection[str]]
) -> list[Problem]:
    """Everything wrong with a complete set of fields of a Service row; empty when it may be stored.

    ``categories``: key → parent of what exists. ``members``: code → codes inside, for every service that
    exists (empty for one that is no package), without this one's own change.
    """
    return [
        *_check_texts(fields),
        *_check_place(fields, categories),
        *_check_price(fields),
        *_check_work(fields),
        *_check_links(fields, members),
    ]


def own_code(number: int) -> str:
    """Code of a service the workshop made itself: ``EIG-001``."""
    return f"EIG-{number:03}"


def next_own_number(codes: Iterable[str]) -> int:
    """One more than the highest number of an own code."""
    return max((int(match[1]) for code in codes if (match := _OWN_CODE.fullmatch(code))), default=0) + 1


def find_circle(code: str, members: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Codes along which a package contains itself, first and last the same; empty when it does not."""

    def walk(at: str, path: tuple[str, ...]) -> tuple[str, ...]:
        for inner in members.get(at, ()):
            if inner == code:
                return (*path, inner)
            if inner not in path and (circle := walk(inner, (*path, inner))):
                return circle
        return ()

    return walk(code, (code,))


def _check_texts(fields: Mapping[str, Any]) -> Iterable[Problem]:
    if not CODE.fullmatch(str(fields.get("code", ""))):
        yield Problem("code", "catalog_code")
    names = fields.get("names", {})
    if not any(str(names.get(language, "")).strip() for language in LANGUAGES):
        yield Problem("names", "catalog_name_missing")
    for name, limit in (("names", MAX_NAME), ("descriptions", MAX_DESCRIPTION)):
        if any(len(text) > limit for text in fields.get(name, {}).values()):
            yield Problem(name, "catalog_text_long", {"limit": limit})
    if len(fields.get("notes", "")) > MAX_NOTES:
        yield Problem("notes", "catalog_text_long", {"limit": MAX_NOTES})
    if len(fields.get("synonyms", ())) > 60 or any(len(word) > 80 for word in fields.get("synonyms", ())):
        yield Problem("synonyms", "catalog_synonyms_long")


def _check_place(fields: Mapping[str, Any], categories: Mapping[str, str]) -> Iterable[Problem]:
    category, subcategory = fields.get("category", ""), fields.get("subcategory", "")
    if categories.get(category) != "":
        yield Problem("category", "catalog_category_unknown", {"name": category})
    elif subcategory and categories.get(subcategory) != category:
        yield Problem("subcategory", "catalog_category_unknown", {"name": subcategory})


def _check_price(fields: Mapping[str, Any]) -> Iterable[Problem]:
    model, low, high = (fields.get(name, 0) for name in ("price_model", "price_min_cents", "price_max_cents"))
    if model not in PRICE_MODELS:
        yield Problem("price_model", "catalog_price_model_unknown", {"name": model})
    for name in ("price_min_cents", "price_max_cents", "parts_cost_cents", "parts_list_cents", "fee_cents"):
        amount = fields.get(name, 0)
        if amount < 0:
            yield Problem(name, "catalog_price_negative")
        elif amount > MAX_PRICE_CENTS:
            yield Problem(name, "catalog_price_high")
    if low > high:
        yield Problem("price_max_cents", "catalog_price_order")
    if fields.get("fee_cents", 0) > low and not fields.get("calculated"):
        yield Problem("fee_cents", "catalog_fee_high")
    if fields.get("calculated") and model in (RANGE, PACKAGE):
        yield Problem("price_model", "catalog_calculated_range")
    if fields.get("calculated") and not (fields.get("labour_seconds") or fields.get("parts_cost_cents")):
        yield Problem("labour_seconds", "catalog_nothing_to_calculate")
    if model == PER_UNIT and fields.get("unit", "job") == "job":
        yield Problem("unit", "catalog_unit_missing")
    if not 0 <= fields.get("discount_percent", 0) <= 90:
        yield Problem("discount_percent", "catalog_discount")


def _check_work(fields: Mapping[str, Any]) -> Iterable[Problem]:
    if not 0 <= fields.get("minutes", 0) <= MAX_MINUTES:
        yield Problem("minutes", "catalog_minutes")
    if not 0 <= fields.get("labour_seconds", 0) <= MAX_MINUTES * 60:
        yield Problem("labour_seconds", "catalog_minutes")
    if not 0 <= fields.get("parts_lead_days", 0) <= MAX_LEAD_DAYS:
        yield Problem("parts_lead_days", "catalog_lead_days", {"days": MAX_LEAD_DAYS})
    known = (("unit", UNITS), ("bay", BAYS), ("skill", SKILLS), ("rate", RATES))
    for name, values in known:
        if name in fields and fields[name] not in values:
            yield Problem(name, "catalog_choice_unknown", {"name": fields[name]})
    for name in ("interval_km", "interval_months"):
        value = fields.get(name)
        if value is not None and not 0 < value <= 1_000_000:
            yield Problem(name, "catalog_interval")


def _check_links(fields: Mapping[str, Any], members: Mapping[str, Collection[str]]) -> Iterable[Problem]:
    code, inside = fields.get("code", ""), fields.get("members", ())
    for name in ("upsells", "members"):
        unknown = [other for other in fields.get(name, ()) if other not in members and other != code]
        if unknown:
            yield Problem(name, "catalog_link_unknown", {"service": unknown[0]})
    is_package = fields.get("price_model") == PACKAGE
    if is_package and len(inside) < 2:
        yield Problem("members", "catalog_package_small")
    if inside and (circle := find_circle(code, {**members, code: inside})):
        yield Problem("members", "catalog_package_circle", {"path": " → ".join(circle)})
