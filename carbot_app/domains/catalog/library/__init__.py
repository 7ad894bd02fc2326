"""The services CarBot knows, one CSV file per category, told in docs/catalogue.md."""

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from carbot_app.kit.languages import LANGUAGES

CATEGORIES = {
    "ENG": "engine",
    "TRN": "drivetrain",
    "TYR": "tyres",
    "ELE": "electrical",
    "CLI": "climate",
    "SAF": "safety",
}
"""First part of a code → category, which is also the name of its file."""

STARTERS = (
    "SAF-HUA-001", "ENG-OIL-001", "ENG-INS-002", "TYR-CHG-001", "SAF-BRK-001", "SAF-BRK-002", "SAF-CHK-001",
    "ENG-DIA-001", "SAF-HUA-002", "SAF-BRK-010", "CLI-SRV-001", "ELE-BAT-001", "ELE-BAT-002", "TYR-ALI-001",
    "ENG-TIM-001", "ENG-IGN-001", "ENG-FUE-003", "ENG-AIR-002", "ENG-AIR-006", "ENG-EXH-002", "ENG-EXH-005",
    "ENG-EXH-007", "ENG-EXH-009", "ENG-COO-002", "TRN-MAN-001", "TRN-CLU-001", "TRN-AUT-001", "TRN-DIF-001",
    "TRN-SHA-001", "TYR-MNT-001", "TYR-BAL-001", "TYR-STO-001", "ELE-ALT-001", "ELE-ECU-001", "ELE-SEN-001",
    "ELE-LIG-001", "CLI-REF-001", "CLI-HEA-001", "SAF-BRK-015", "SAF-BOD-001",
)  # fmt: skip
"""What a new workshop offers at once, most asked for first; the rest waits until the owner activates it."""

SECONDS_A_UNIT = 360
"""The files give labour in units (AW) of six minutes."""

_RATES = {
    "diagnostic_specialist": "diagnosis",
    "adas_specialist": "diagnosis",
    "body_specialist": "body",
    "glass_fitter": "body",
    "painter": "paint",
    "hv_certified": "high_voltage",
}
_FOLDER = Path(__file__).parent


@cache
def library_services() -> tuple[dict[str, Any], ...]:
    """Field values of Service rows: the starters, then the others by code; treat them as read-only."""
    services = {row["code"]: _fields(row) for row in library_rows()}
    rest = sorted(services.keys() - set(STARTERS))
    for number, code in enumerate((*STARTERS, *rest)):
        services[code] |= {"sort_order": number, "active": code in STARTERS}
    return tuple(services[code] for code in (*STARTERS, *rest))


def library_rows() -> Iterator[dict[str, str]]:
    """The rows of the files as they are written."""
    for name in CATEGORIES.values():
        with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


@cache
def library_categories() -> tuple[dict[str, Any], ...]:
    """Field values of ServiceCategory rows in the order of the file; treat them as read-only."""
    with (_FOLDER / "categories.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            {
                "key": row["key"],
                "parent": row["parent"],
                "names": {language: row[f"name_{language}"] for language in LANGUAGES},
                "sort_order": number,
            }
            for number, row in enumerate(csv.DictReader(file))
        )


@cache
def library_version() -> str:
    """Changes whenever a file changes."""
    digest = hashlib.sha256(" ".join(STARTERS).encode())
    for name in (*CATEGORIES.values(), "categories"):
        digest.update((_FOLDER / f"{name}.csv").read_bytes())
    return digest.hexdigest()[:16]


def _fields(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "names": {language: row[f"name_{language}"] for language in LANGUAGES},
        "descriptions": {language: row[f"description_{language}"] for language in LANGUAGES},
        "category": row["category"],
        "subcategory": row["subcategory"],
        "price_model": row["price_model"],
        "price_min_cents": int(row["price_min_euro"]) * 100,
        "price_max_cents": int(row["price_max_euro"]) * 100,
        "unit": row["unit"],
        "minutes": int(row["minutes"]),
        "labour_seconds": int(row["aw_10"]) * SECONDS_A_UNIT,
        "rate": _RATES.get(row["skill"], "mechanics"),
        "bay": row["bay"],
        "lift": row["lift"] == "yes",
        "skill": row["skill"],
        "interval_km": int(row["interval_km"]) if row["interval_km"] else None,
        "interval_months": int(row["interval_months"]) if row["interval_months"] else None,
        "hu_relevant": row["hu_relevant"] == "yes",
        "dtc_families": _listed(row["dtc_families"]),
        "fee_cents": int(row["fee_euro"] or 0) * 100,
        "exchange_part": row["altteil_possible"] == "yes",
        "upsells": _listed(row["upsells"]),
        "synonyms": list(
            dict.fromkeys(word for language in LANGUAGES for word in _listed(row[f"synonyms_{language}"]))
        ),
        "bookable": row["bookable"] == "yes",
        "notes": row["notes"],
    }


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
