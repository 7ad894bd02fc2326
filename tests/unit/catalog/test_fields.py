"""What a service may look like."""

from typing import Any

import pytest

from carbot_app.domains.catalog.bulk import check_bulk
from carbot_app.domains.catalog.editing_schemas import BulkEdit
from carbot_app.domains.catalog.fields import check_service, find_circle
from carbot_app.domains.catalog.library import library_categories, library_services

CATEGORIES = {row["key"]: row["parent"] for row in library_categories()}
SERVICES = {row["code"]: row for row in library_services()}
MEMBERS: dict[str, list[str]] = {code: [] for code in SERVICES}


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"names": {"de": " "}}, "names", "catalog_name_missing"),
        ({"names": {"de": "x" * 121}}, "names", "catalog_text_long"),
        ({"notes": "x" * 301}, "notes", "catalog_text_long"),
        ({"synonyms": tuple(f"w{n}" for n in range(61))}, "synonyms", "catalog_synonyms_long"),
        ({"category": "moon"}, "category", "catalog_category_unknown"),
        ({"subcategory": "OIL"}, "subcategory", "catalog_category_unknown"),
        ({"price_model": "auction"}, "price_model", "catalog_price_model_unknown"),
        ({"price_model": "range", "price_min_cents": -1}, "price_min_cents", "catalog_price_negative"),
        (
            {"price_model": "range", "price_min_cents": 200, "price_max_cents": 100},
            "price_max_cents",
            "catalog_price_order",
        ),
        (
            {"price_min_cents": 10_000_001, "price_max_cents": 10_000_001},
            "price_min_cents",
            "catalog_price_high",
        ),
        ({"fee_cents": 12_901}, "fee_cents", "catalog_fee_high"),
        ({"price_model": "range", "calculated": True}, "price_model", "catalog_calculated_range"),
        ({"calculated": True, "labour_seconds": 0}, "labour_seconds", "catalog_nothing_to_calculate"),
        ({"price_model": "per_unit", "unit": "job"}, "unit", "catalog_unit_missing"),
        ({"price_model": "package", "members": ("ENG-OIL-001",)}, "members", "catalog_package_small"),
        (
            {"price_model": "package", "members": ("ENG-OIL-001", "SAF-BRK-001")},
            "members",
            "catalog_package_circle",
        ),
        ({"upsells": ("NIX-001",)}, "upsells", "catalog_link_unknown"),
        ({"minutes": -5}, "minutes", "catalog_minutes"),
        ({"labour_seconds": -5}, "labour_seconds", "catalog_minutes"),
        ({"bay": "moon"}, "bay", "catalog_choice_unknown"),
        ({"interval_km": 0}, "interval_km", "catalog_interval"),
        ({"price_model": "package", "discount_percent": 91}, "discount_percent", "catalog_discount"),
    ],
)
def test_what_cannot_be_is_named_with_its_field(fields: dict[str, Any], field: str, code: str) -> None:
    changed = {**SERVICES["SAF-BRK-001"], **fields}
    problems = check_service(changed, categories=CATEGORIES, members=MEMBERS)
    assert (field, code) in {(problem.field, problem.code) for problem in problems}


def test_a_circle_is_found_however_long_and_others_are_none() -> None:
    members = {"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": ["E"], "E": ["B"]}
    assert find_circle("B", members) == ("B", "D", "E", "B")
    assert find_circle("A", members) == ()


@pytest.mark.parametrize(
    "edit",
    [
        BulkEdit("price_percent", 0),
        BulkEdit("price_percent", 20_001),
        BulkEdit("price_percent", -9_001),
        BulkEdit("steal", 100),
        BulkEdit("price_cents", 2_000_000),
        BulkEdit("price_percent", 1, round_to_cents=7),
    ],
)
def test_an_impossible_bulk_edit_is_named(edit: BulkEdit) -> None:
    assert [problem.code for problem in check_bulk(edit)] == ["catalog_bulk_value"]
