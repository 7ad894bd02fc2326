"""The services every workshop starts with, from ``library.csv``."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from carbot_app.kit.languages import LANGUAGES


@cache
def library_services() -> tuple[dict[str, Any], ...]:
    """Field values of Service rows, in the order of the file; treat them as read-only."""
    with Path(__file__).with_name("library.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_fields(row, number) for number, row in enumerate(csv.DictReader(file)))


def _fields(row: dict[str, str], number: int) -> dict[str, Any]:
    return {
        "code": row["code"],
        "names": {language: row[f"name_{language}"] for language in LANGUAGES},
        "descriptions": {language: row[f"description_{language}"] for language in LANGUAGES},
        "category": row["category"],
        "price_model": row["price_model"],
        "price_min_cents": int(row["price_min_euro"]) * 100,
        "price_max_cents": int(row["price_max_euro"]) * 100,
        "unit": row["unit"],
        "minutes": int(row["minutes"]),
        "bay": row["bay"],
        "skill": row["skill"],
        "synonyms": row["synonyms"].split("|"),
        "sort_order": number,
        "bookable": row["bookable"] == "yes",
    }
