"""Licence plates of DE, AT and CH: normal form, clear errors, and finding them in free text."""

import json
from pathlib import Path

import pytest

from carbot_app.domains.customers.plates import (
    UNKNOWN_DISTRICT,
    AmbiguousPlateError,
    PlateError,
    districts,
    find_plates,
    normalise_plate,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "plates_and_vins.json").read_text(encoding="utf-8")
)
PLATE_VECTORS = [vector for vector in VECTORS if vector["area"] == "plate.valid_de"]


@pytest.mark.parametrize("vector", PLATE_VECTORS, ids=[vector["id"] for vector in PLATE_VECTORS])
def test_german_plate_vectors_of_the_domain_are_judged_as_published(vector):
    if vector["expected"]:
        assert normalise_plate(vector["input"]).country == "DE"
    else:
        with pytest.raises(PlateError):
            normalise_plate(vector["input"])


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("DO-AB 123", "DO-AB 123"),
        ("do ab 123", "DO-AB 123"),
        ("doab123", "DO-AB 123"),
        ("DO·AB·123", "DO-AB 123"),
        ("b mw1234", "B-MW 1234"),
        ("M-AB 123E", "M-AB 123E"),
        ("hh xy 7 h", "HH-XY 7H"),
        ("WUE-AB 12", "WÜ-AB 12"),
        ("tü-ro 55", "TÜ-RO 55"),
        ("M-AB 12 04-10", "M-AB 12"),
        ("Y-123456", "Y-123456"),
        ("B 1234", "B-1234"),
        ("DO-06123", "DO-06123"),
        ("DO-04123", "DO-04123"),
    ],
)
def test_german_spellings_lead_to_one_normal_form(typed, text):
    assert normalise_plate(typed).text == text


def test_parts_of_a_plate_are_named():
    plate = normalise_plate("un-xy 77h")
    assert (plate.district, plate.letters, plate.number, plate.suffix) == ("UN", "XY", "77", "H")
    assert plate.warning is None


def test_season_is_kept_apart_from_the_plate():
    assert normalise_plate("M-AB 12 04/10").season == "04-10"


def test_ambiguous_letters_name_both_readings():
    with pytest.raises(AmbiguousPlateError) as error:
        normalise_plate("BMW1234")
    assert error.value.candidates == ("B-MW 1234", "BM-W 1234")
    assert isinstance(error.value, ValueError)
    assert error.value.code == "plate.ambiguous"


def test_unknown_district_is_a_warning_not_an_error():
    plate = normalise_plate("XQ-AB 1")
    assert plate.text == "XQ-AB 1"
    assert plate.warning == UNKNOWN_DISTRICT


@pytest.mark.parametrize(
    "typed", ["", "   ", "hello", "DO-AB", "12345", "DO-AB 0123", "DO-ABC 1", "x" * 500, "Ü-ÄÖ 1"]
)
def test_other_text_is_refused_with_a_stable_code(typed):
    with pytest.raises(PlateError) as error:
        normalise_plate(typed)
    assert error.value.code.startswith("plate.")


@pytest.mark.parametrize(
    ("typed", "country", "text"),
    [
        ("W-12345A", "AT", "W-12345A"),
        ("gu 345 ab", "AT", "GU-345AB"),
        ("zh 123456", "CH", "ZH 123456"),
        ("BE-4711", "CH", "BE 4711"),
    ],
)
def test_austrian_and_swiss_plates(typed, country, text):
    plate = normalise_plate(typed, country)
    assert (plate.country, plate.text, plate.warning) == (country, text, None)


def test_unknown_country_is_refused():
    with pytest.raises(PlateError, match="not supported"):
        normalise_plate("DO-AB 123", "PL")


def test_district_list_is_complete_enough():
    assert len(districts("DE")) > 650
    assert {"DO", "B", "WÜ", "MSH", "LRO", "AÖ", "ZZ", "HSK"} <= districts("DE")


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("Golf 7 BJ 2015 DO-AB 123", ["DO-AB 123"]),
        ("kennzeichen do kl 4711", ["DO-KL 4711"]),
        ("doab123 bitte", ["DO-AB 123"]),
        ("Plaka: DO KM 4523", ["DO-KM 4523"]),
        ("rej do nb 7703", ["DO-NB 7703"]),
        ("Flotte: MK-XY 1 und DO-AB 12", ["MK-XY 1", "DO-AB 12"]),
        ("bo:tt 123", ["BO-TT 123"]),
        ("K-FZ 99 E", ["K-FZ 99E"]),
        ("Skoda Fabia EN JK 908", ["EN-JK 908"]),
        ("W-12345A bitte", ["W-12345A"]),
        ("Kontrollschild ZH 123456", ["ZH 123456"]),
        ("mo ab 14 uhr", []),
        ("Di ab 16 Uhr", []),
        ("in my 2015 golf", []),
        ("GLC 220 und TDI 140 PS", []),
        ("Reifen 205/55 R 16", []),
        ("Rechnung RE-2026-00041", []),
        ("bei so 1000 km", []),
        ("HU 2026, ab 2015, Clio 2015", []),
        ("A 4 oder E-Klasse 2019", []),
        ("GLA-DB 55: bitte umbuchen", ["GLA-DB 55"]),
        ("RS-CK 190", ["RS-CK 190"]),
        ("Ihr KVA 2026-887", []),
        ("Jaguar XF 2011", []),
        ("honda hr-v 2019", []),
    ],
)
def test_plates_are_found_in_free_text_and_nothing_else(text, plates):
    assert [plate.text for plate in find_plates(text)] == plates


def test_free_text_of_any_length_stays_fast():
    assert find_plates("DO AB " * 20_000) == ()
