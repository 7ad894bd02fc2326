"""Vehicle, mileage, year, contact data and money in free text."""

import json
from pathlib import Path

import pytest

from carbot_app.domains.conversations.nlu.contacts import (
    find_email,
    find_money_cents,
    find_name,
    find_phone,
    find_vin,
)
from carbot_app.domains.conversations.nlu.vehicles import (
    find_fuel,
    find_mileage,
    find_vehicle,
    find_year,
    make_of,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "plates_and_vins.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("text", "make", "model"),
    [
        ("Golf 7 BJ 2015", None, "Golf 7"),
        ("mein Passat B8", None, "Passat B8"),
        ("VW Tiguan 2.0 TDI", "VW", "Tiguan"),
        ("Skoda Fabia", "Skoda", "Fabia"),
        ("škoda octavia combi", "Skoda", "octavia combi"),
        ("opel astra k", "Opel", "astra k"),
        ("Opel Astra K", "Opel", "Astra K"),
        ("Mercedes E-Klasse", "Mercedes", "E-Klasse"),
        ("BMW 320d", "BMW", "320d"),
        ("Dreier BMW", "BMW", "Dreier"),
        ("Peugeot 308 HDI", "Peugeot", "308"),
        ("Mazda CX-5", "Mazda", "CX-5"),
        ("Golf'un balataları", None, "Golf"),
        ("mojej Škody Fabii", "Skoda", "Fabia"),
        ("mam Toyotę Auris", "Toyota", "Auris"),
        ("Fiat Seicento", "Fiat", "Seicento"),
        ("dös mach i glei", None, None),
        ("do golfa 6", None, "golf"),
        ("VW Golf 2 Reifen", "VW", "Golf"),
        ("stehe auf der A2 km 420", None, None),
        ("1000 km Merci", None, None),
        ("Kratzer am Auto", None, None),
    ],
)
def test_make_and_model_as_mentioned(text, make, model):
    vehicle = find_vehicle(text)
    assert (vehicle.make, vehicle.model) == (make, model)


def test_the_make_of_a_model_is_known():
    assert make_of("Golf 7") == "VW"
    assert make_of("Fabia") == "Skoda"
    assert make_of("Zeppelin") is None


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("120.000 km", 120_000),
        ("120tkm", 120_000),
        ("ca 120 tkm", 120_000),
        ("130tsd runter", 130_000),
        ("120 bin km", 120_000),
        ("190bin km", 190_000),
        ("120 tys. km", 120_000),
        ("214 tys km", 214_000),
        ("km-Stand 98500", 98_500),
        ("Kilometerstand: 98.500", 98_500),
        ("98 400 km", 98_400),
        ("118,400 km", 118_400),
        ("przebieg 287 400", 287_400),
        ("mileage 88000", 88_000),
        ("mit hundertzwanzigtausend auf der uhr", 120_000),
        ("hat fünfundachtzigtausend drauf", 85_000),
        ("a hundred and thirty-two thousand kilometres", 132_000),
        ("dwieście czterdzieści pięć tysięcy", 245_000),
        ("triger seksen binde", 80_000),
        ("fiat doblo 210binde", 210_000),
        ("mazda cx-5, 2018, 71k", 71_000),
        ("Opel Zafira, 220 tys.", 220_000),
        ("BOT-HF 1200\nKilometerstand 93250", 93_250),
        ("Baujahr zweitausendsechzehn", None),
        ("iki bin on sekiz model", None),
        ("für 50k Euro", None),
        ("alle 15.000 km", None),
        ("her 10.000 km", None),
        ("noch 2000 km bis zum Service", None),
        ("10 km entfernt", None),
        ("1 Liter auf 1000 km", None),
        ("0171 5550142", None),
    ],
)
def test_mileage(text, km):
    assert find_mileage(text) == km


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Golf BJ 2015", 2015),
        ("Bj. 15", 2015),
        ("EZ 11/15", 2015),
        ("EZ 03/2018", 2018),
        ("2015er Golf", 2015),
        ("2019 model Passat", 2019),
        ("rocznik 2014", 2014),
        ("z 2014 r.", 2014),
        ("Corsa 2016", 2016),
        ("TÜV bis 2027", None),
        ("im Mai 2024 gekauft", None),
        ("2000 km", None),
    ],
)
def test_year_of_construction(text, year):
    assert find_year(text, has_vehicle=True, latest=2027) == year


def test_a_bare_year_needs_a_vehicle():
    assert find_year("seit Jahren 2015", has_vehicle=False, latest=2027) is None


@pytest.mark.parametrize(
    ("text", "fuel"),
    [
        ("Diesel", "diesel"),
        ("2.0 TDI", "diesel"),
        ("benziner", "petrol"),
        ("hybryda", "hybrid"),
        ("elektrikli", "electric"),
        ("lpg'li", "lpg"),
        ("Golf", None),
    ],
)
def test_fuel(text, fuel):
    assert find_fuel(text) == fuel


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Tel. 0231 5550187", "+492315550187"),
        ("0171/5550142", "+491715550142"),
        ("+49 (0) 171 5550142", "+491715550142"),
        ("+48 501 234 567", "+48501234567"),
        ("120.000 km, 450 €", None),
    ],
)
def test_phone_numbers_become_e164(text, phone):
    assert find_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("120 €", 12_000),
        ("1.890 €", 189_000),
        ("120,50 EUR", 12_050),
        ("€99", 9_900),
        ("450 euro", 45_000),
        ("450 km", None),
    ],
)
def test_money_is_integer_cents(text, cents):
    assert find_money_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ich heiße Hannelore Brinkmann", "Hannelore Brinkmann"),
        ("Mein Name ist Lackner.", "Lackner"),
        ("My name is Priya Nair", "Priya Nair"),
        ("adım Zeynep Kaya", "Zeynep Kaya"),
        ("nazywam się Anna Nowak", "Anna Nowak"),
        ("Termin bitte.\nMit freundlichen Grüßen\nJens Oldehaver\nTel. 0231 5550187", "Jens Oldehaver"),
        ("Saygılarımla, Hakan Yıldız", "Hakan Yıldız"),
        ("Pozdrawiam, Jerzy Nowak", "Jerzy Nowak"),
        ("Kind regards, Eleanor Whitcombe", "Eleanor Whitcombe"),
        ("Golf 7 quietscht", None),
        ("Danke Leute!", None),
    ],
)
def test_names(text, name):
    assert find_name(text) == name


def test_email_is_lower_case():
    assert find_email("an Lena.B@Example.com bitte") == "lena.b@example.com"
    assert find_email("kein at zeichen") is None


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v["area"] == "vin.valid"], ids=lambda vector: vector["id"]
)
def test_vin_vectors_of_the_domain(vector):
    assert (find_vin(f"VIN {vector['input']} bitte") is not None) is vector["expected"]
