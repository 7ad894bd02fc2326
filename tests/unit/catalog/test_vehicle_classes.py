"""What price class a car is in."""

import pytest

from carbot_app.domains.catalog.vehicle_classes import class_factors, class_of


def test_the_workshops_own_factor_replaces_the_default() -> None:
    factors = class_factors({"premium": 200})
    assert (factors["premium"], factors["small"]) == (200, 85)


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
