"""Vehicle identification numbers as they stand in registration papers of Europe and America."""

import json
from pathlib import Path

import pytest

from carbot_app.domains.customers.vin import has_check_digit, is_vin, normalise_vin

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "plates_and_vins.json").read_text(encoding="utf-8")
)
VALID = [vector for vector in VECTORS if vector["area"] == "vin.valid"]
CHECKED = [vector for vector in VECTORS if vector["area"] == "vin.check_digit"]


@pytest.mark.parametrize("vector", VALID, ids=[vector["id"] for vector in VALID])
def test_vin_vectors_of_the_domain_are_judged_as_published(vector):
    assert is_vin(vector["input"]) is vector["expected"]


@pytest.mark.parametrize("vector", CHECKED, ids=[vector["id"] for vector in CHECKED])
def test_check_digit_vectors_of_the_domain_are_judged_as_published(vector):
    assert [has_check_digit(vin) for vin in vector["input"]] == vector["expected"]


def test_a_wrong_check_digit_does_not_make_a_vin_wrong():
    assert is_vin("WVWZZZ1KZAW000001")
    assert not has_check_digit("WVWZZZ1KZAW000001")


@pytest.mark.parametrize("typed", ["wvwzzz1kzaw000001", " WVW ZZZ 1KZ AW 000001 ", "WVW-ZZZ-1KZ-AW-000001"])
def test_spellings_lead_to_one_normal_form(typed):
    assert normalise_vin(typed) == "WVWZZZ1KZAW000001"


@pytest.mark.parametrize(
    "typed", ["", "WVW", "WVWZZZ1KZAW0000012", "WVWZZZ1KZAW00000Ü", "x" * 5000, "１" * 17]
)
def test_anything_else_is_no_vin(typed):
    assert not is_vin(typed)
    assert not has_check_digit(typed)
