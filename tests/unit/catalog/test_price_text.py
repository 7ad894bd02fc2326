"""Prices as people read them."""

import pytest

from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import Price

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
