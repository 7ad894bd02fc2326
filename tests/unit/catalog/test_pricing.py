"""Prices by model and class, and what class a car is in."""

import pytest

from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import (
    CLASS_FACTORS,
    VEHICLE_CLASSES,
    Price,
    class_factors,
    class_of,
    class_price_cents,
    price_of,
    total_of,
)


def test_a_class_price_is_rounded_up_to_the_full_euro_as_in_domain_md() -> None:
    assert class_price_cents(8_900, 115) == 10_300


@pytest.mark.parametrize("vehicle_class", VEHICLE_CLASSES)
def test_a_known_class_gives_one_price_inside_the_range_of_the_unknown_car(vehicle_class: str) -> None:
    unknown = price_of("per_vehicle_class", 12_900, 27_900, factors=CLASS_FACTORS)
    known = price_of("per_vehicle_class", 12_900, 27_900, vehicle_class=vehicle_class, factors=CLASS_FACTORS)
    assert known.exact
    assert known.low_cents == known.high_cents
    assert unknown.low_cents <= known.low_cents <= unknown.high_cents
    assert unknown.style == "range"


def test_the_workshops_own_factor_replaces_the_default() -> None:
    factors = class_factors({"premium": 200})
    assert (
        price_of("per_vehicle_class", 10_000, 0, vehicle_class="premium", factors=factors).low_cents == 20_000
    )
    assert factors["small"] == 85


@pytest.mark.parametrize(
    ("model", "low", "high", "expected"),
    [
        ("fixed", 3_900, 3_900, Price(3_900, 3_900, "exact")),
        ("range", 4_900, 15_900, Price(4_900, 15_900, "range")),
        ("per_unit", 2_200, 4_500, Price(2_200, 4_500, "range")),
        ("hourly_aw", 18_900, 89_900, Price(18_900, 89_900, "from")),
        ("hourly_aw", 0, 14_900, Price(0, 14_900, "range")),
        ("fixed", 5_000, 0, Price(5_000, 5_000, "exact")),
    ],
)
def test_each_price_model_says_what_it_knows(model: str, low: int, high: int, expected: Price) -> None:
    assert price_of(model, low, high, vehicle_class="compact", factors=CLASS_FACTORS) == expected


def test_a_total_is_exact_only_when_every_part_is() -> None:
    exact, between, open_end = Price(1_000, 1_000, "exact"), Price(500, 900, "range"), Price(100, 300, "from")
    assert total_of([exact, exact]) == Price(2_000, 2_000, "exact")
    assert total_of([exact, between]) == Price(1_500, 1_900, "range")
    assert total_of([between, open_end]) == Price(600, 1_200, "from")


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("VW", "Golf 7 Variant", "compact"),
        ("Volkswagen", "VW Golf", "compact"),
        ("", "Golf7", "compact"),
        ("", "VW Polo", "small"),
        ("BMW", "320d Touring", "mid"),
        ("BMW", "520", "premium"),
        ("Mercedes-Benz", "C 220 d", "mid"),
        ("Mercedes", "E-Klasse", "premium"),
        ("Škoda", "Octavia III", "compact"),
        ("VW", "ID.3 Pro", "compact"),
        ("vw", "t-roc", "suv"),
        ("Mazda", "CX-5", "suv"),
        ("Mazda", "3", "compact"),
        ("Ford", "Transit Custom", "van"),
        ("Renault", "Mégane", "compact"),
        ("", "3", ""),
        ("Trabant", "601", ""),
        ("", "", ""),
        ("Polestar", "3 Long Range", "premium"),
    ],
)
def test_the_class_follows_from_the_names_people_use(make: str, model: str, expected: str) -> None:
    assert class_of(make, model) == expected


NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "price", "text"),
    [
        ("de", Price(34_900, 42_900, "range"), "349 bis 429 €"),
        ("en", Price(34_900, 42_900, "range"), "€349 to €429"),
        ("tr", Price(34_900, 42_900, "range"), "349 – 429 €"),
        ("pl", Price(34_900, 42_900, "range"), "349–429 €"),
        ("de", Price(15_900, 15_900, "from"), "ab 159,00 €"),
        ("en", Price(15_900, 15_900, "from"), "from €159.00"),
        ("tr", Price(15_900, 15_900, "from"), "159,00 € ve üzeri"),
        ("pl", Price(15_900, 15_900, "from"), "od 159,00 €"),
        ("de", Price(128_410, 128_410, "exact"), "1.284,10 €"),
        ("en", Price(128_410, 128_410, "exact"), "€1,284.10"),
        ("de", Price(0, 14_900, "range"), "bis 149 €"),
        ("de", Price(34_950, 42_900, "range"), "349,50 bis 429,00 €"),
        ("de", Price(0, 0, "exact"), "kostenlos"),
        ("pl", Price(0, 0, "exact"), "bezpłatnie"),
        ("fr", Price(15_900, 15_900, "exact"), "159,00 €"),
    ],
)
def test_prices_read_naturally_in_each_language(language: str, price: Price, text: str) -> None:
    assert price_text(price, language=language).replace(NBSP, " ") == text


def test_swiss_prices_put_the_currency_first_and_group_with_an_apostrophe() -> None:
    text = price_text(Price(34_900, 142_900, "range"), currency="CHF", country="CH")
    assert text.replace(NBSP, " ") == "CHF 349 bis 1’429"


def test_the_amount_and_its_sign_never_part_at_a_line_end() -> None:
    assert price_text(Price(15_900, 15_900, "exact")) == f"159,00{NBSP}€"


def test_a_price_for_one_of_several_says_so() -> None:
    text = price_text(Price(2_200, 4_500, "range"), unit="tyre")
    assert text.replace(NBSP, " ") == "22 bis 45 € je Reifen"
