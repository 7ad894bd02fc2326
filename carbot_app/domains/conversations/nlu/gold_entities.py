"""Entities as comparable (kind, value) items, tolerant to how a labelled file spells them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .contacts import find_phone
from .schemas import DesiredDate, Entities
from .text import fold, strip_marks, tokens
from .vehicles import find_vehicle

NOT_SCORED = frozenset({"fuel", "name", "phone", "email", "vin", "money"})
_KEYS = {
    "plate": "plate", "plates": "plate", "license_plate": "plate", "licence_plate": "plate",
    "kennzeichen": "plate", "services": "services", "service": "services", "service_codes": "services",
    "make": "make", "brand": "make", "manufacturer": "make", "model": "model", "vehicle_model": "model",
    "year": "year", "build_year": "year", "model_year": "year", "first_registration": "year",
    "baujahr": "year", "km": "km", "mileage": "km", "mileage_km": "km", "odometer": "km",
    "odometer_km": "km", "kilometers": "km", "desired_date": "date", "date": "date",
    "desired_dates": "date", "appointment_date": "date", "fuel": "fuel", "fuel_type": "fuel",
    "vin": "vin", "name": "name", "customer_name": "name", "email": "email", "e_mail": "email",
    "phone": "phone", "phone_number": "phone", "tel": "phone", "money": "money", "money_cents": "money",
}  # fmt: skip
_NESTED = frozenset({"vehicle", "car", "contact", "customer", "vehicles"})


def entity_items(entities: Mapping[str, Any], reference: datetime) -> set[tuple[str, Any]]:
    """The labelled entities as items. Unknown keys are left out; null and empty values mean "none"."""
    items: set[tuple[str, Any]] = set()
    for key, value in entities.items():
        if key in _NESTED:
            for nested in value if isinstance(value, list) else [value]:
                if isinstance(nested, Mapping):
                    items |= entity_items(nested, reference)
            continue
        kind = _KEYS.get(key.lower())
        if kind is None or value in (None, "", [], {}):
            continue
        if kind == "date":
            items |= _date_items(value, reference)
            continue
        for single in value if isinstance(value, list | tuple) else [value]:
            items.add((kind, _comparable(kind, single)))
    return items


def predicted_items(entities: Entities, expected: Iterable[tuple[str, Any]]) -> set[tuple[str, Any]]:
    """The analyser's entities as items.

    Of several plates only as many count as the file labels, but the first one always.
    """
    expected_plates = [value for kind, value in expected if kind == "plate"]
    plates = entities.plates[: max(1, len(expected_plates))]
    values: dict[str, Iterable[Any]] = {
        "plate": plates,
        "services": entities.services,
        "make": [entities.make],
        "model": [entities.model],
        "year": [entities.year],
        "km": [entities.km],
        "fuel": [entities.fuel],
        "vin": [entities.vin],
        "name": [entities.name],
        "email": [entities.email],
        "phone": [entities.phone],
    }
    items = {
        (kind, _comparable(kind, value))
        for kind, found in values.items()
        for value in found
        if value is not None
    }
    if entities.desired_date is not None:
        items.add(("date", _predicted_date(entities.desired_date)))
    return items


def _comparable(kind: str, value: Any) -> Any:
    text = str(value).strip()
    if kind == "plate":
        return re.sub(r"[^A-ZÄÖÜ0-9]", "", text.upper())
    if kind == "services":
        return "-".join(text.upper().split("-")[:2])
    if kind in ("year", "km", "money"):
        digits = re.sub(r"\D", "", text.split("-")[0] if kind == "year" else re.sub(r"\.0$", "", text))
        return int(digits[:4] if kind == "year" else digits) if digits else text
    if kind == "make":
        return (find_vehicle(text).make or text).lower()
    if kind == "phone":
        return find_phone(text) or re.sub(r"\D", "", text)
    if kind == "model":
        return _comparable_model(text)
    if kind == "fuel":
        plain = strip_marks(text)
        return {
            "gasoline": "petrol",
            "benzin": "petrol",
            "benziner": "petrol",
            "elektro": "electric",
            "ev": "electric",
        }.get(plain, plain)
    return " ".join(tokens(fold(text)))


def _comparable_model(text: str) -> str:
    """ "VW Golf 7", "golf vii" and "Golf-7" are one model."""
    make = find_vehicle(text).make
    plain = strip_marks(text)
    if make:
        plain = re.sub(rf"^(?:{strip_marks(make)}|volkswagen|mercedes[- ]benz)\s+", "", plain)
    roman = {" vii": " 7", " viii": " 8", " vi": " 6", " iv": " 4", " iii": " 3", " ii": " 2", " v": " 5"}
    for numeral, number in roman.items():
        if plain.endswith(numeral):
            plain = plain.removesuffix(numeral) + number
    return re.sub(r"[^a-z0-9]", "", plain.replace("klasse", "class"))


def _date_items(value: Any, reference: datetime) -> set[tuple[str, Any]]:
    """Dates compare by day: (from, to). A missing end equals the start unless it is explicitly null."""
    items: set[tuple[str, Any]] = set()
    for single in value if isinstance(value, list) else [value]:
        if isinstance(single, str):
            items.add(("date", (single[:10], single[:10])))
        elif isinstance(single, Mapping):
            start = single.get("from") or single.get("from_") or single.get("start") or single.get("date")
            end = single.get("to", single.get("end", start))
            if start is None and end is None:
                continue
            first = str(start)[:10] if start else reference.date().isoformat()
            items.add(("date", (first, str(end)[:10] if end else None)))
    return items


def _predicted_date(desired: DesiredDate) -> tuple[str, str | None]:
    return desired.from_.date().isoformat(), desired.to.date().isoformat() if desired.to else None
