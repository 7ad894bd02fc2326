"""Rates as people of each language write them."""

from decimal import Decimal

import pytest

from carbot_app.kit.money import format_rate


@pytest.mark.parametrize(
    ("language", "written"),
    [("de", "7,7\N{NO-BREAK SPACE}%"), ("en", "7.7%"), ("tr", "%7,7"), ("pl", "7,7%")],
)
def test_a_rate_is_written_as_its_language_does(language: str, written: str) -> None:
    assert format_rate(Decimal("7.70"), language) == written


def test_a_rate_of_whole_percents_has_no_decimals() -> None:
    assert format_rate(Decimal(19)) == "19\N{NO-BREAK SPACE}%"
