"""Price lines and changed fields as staff read them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from carbot_app.domains.catalog.catalogue import Catalogue
from carbot_app.domains.catalog.models import Service, ServiceCategory
from carbot_app.domains.catalog.pricing import Priced, Terms, price_service
from carbot_app.domains.catalog.rules import Case, Rule
from carbot_app.domains.catalog.wording import Wording
from carbot_app.kit.ids import new_id
from carbot_app.kit.languages import LANGUAGES

NBSP = "\u00a0"
WORKSHOP = new_id()
BRAKES = Service(
    workshop_id=WORKSHOP, code="SAF-BRK-001", names={"de": "Bremsbeläge", "en": "Brake pads"},
    category="safety", price_model="fixed", price_min_cents=12_900, price_max_cents=12_900, minutes=60,
)  # fmt: skip
SHELF = ServiceCategory(workshop_id=WORKSHOP, key="BRK", parent="safety", names={"de": "Bremse"})
CATALOGUE = Catalogue("EUR", "DE", "Europe/Berlin", Terms(), (BRAKES,), (SHELF,))


def lines(service: Priced, language: str, **known: Any) -> list[str]:
    terms = Terms(
        small_parts_percent=2,
        small_parts_max_cents=900,
        rules=(Rule(names={"de": "Samstag", "en": "Saturday"}, percent=10),),
    )
    quote = price_service(service, terms, Case(**known), today=date(2026, 11, 28))
    wording = Wording(CATALOGUE, language)
    return [wording.line(line).replace(NBSP, " ") for line in quote.lines]


def test_a_calculation_reads_as_a_workshop_would_write_it() -> None:
    service = Priced("X", "per_vehicle_class", labour_seconds=5_400, calculated=True, parts_cost_cents=10_000)
    assert lines(service, "de", vehicle_class="suv") == [
        "15 AW × 11,20 €",
        "Teile (+ 30 % auf den Einkauf)",
        "Kleinteile",
        "Fahrzeugklasse SUV und Van, auf volle Euro",
        "Samstag +10 %",
    ]
    assert lines(service, "de")[3] == "Je nach Fahrzeugklasse"


def test_units_fees_and_packages_have_words_too() -> None:
    tyre = Priced("X", "per_unit", 2_250, 2_250)
    assert lines(tyre, "en", quantity=Decimal(4))[0] == "4 × listed price"
    inspection = Priced("X", "fixed", 15_900, 15_900, fee_cents=14_500)
    assert lines(inspection, "de")[-1] == "Gebühr, ohne MwSt. weitergegeben"
    member = Priced("SAF-BRK-001", "fixed", 12_900, 12_900)
    unknown = Priced("GONE-1", "fixed", 1_000, 1_000)
    package = Priced("P", "package", members=(member, unknown), discount_percent=10)
    assert lines(package, "en") == ["Brake pads", "GONE-1", "Package discount"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_words_in_every_language(language: str) -> None:
    service = Priced(
        "X",
        "per_vehicle_class",
        labour_seconds=5_400,
        calculated=True,
        parts_cost_cents=10_000,
        fee_cents=100,
    )
    for vehicle_class in ("", "small", "compact", "mid", "suv", "van", "premium"):
        assert all(lines(service, language, vehicle_class=vehicle_class))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("price_min_cents", 12_950, "129,50 €"),
        ("parts_cost_cents", 0, "0,00 €"),
        ("calculated", True, "ja"),
        ("lift", False, "nein"),
        ("subcategory", "BRK", "Bremse"),
        ("category", "gone", "gone"),
        ("members", ["SAF-BRK-001", "GONE-1"], "Bremsbeläge, GONE-1"),
        ("price_model", "per_vehicle_class", "Je Klasse"),
        ("labour_seconds", 5_400, "15 AW"),
        ("rates", {"mechanics": 11_200}, "Mechanik 112,00 €"),
        ("rate", "high_voltage", "Hochvolt"),
        ("class_factors", {"small": 85}, "Kleinwagen 85 %"),
        ("vat_regime", "small_business", "Kleinunternehmer"),
        ("skill", "painter", "Lackierer"),
        ("names", {"de": "Öl", "en": "Oil"}, "Öl"),
        ("markups", [[5_000, 40], [20_000, 30]], "≤ 50,00 €: 40 %, ≤ 200,00 €: 30 %"),
        (
            "conditions",
            {"weekdays": [6], "fleet": True, "season": ["11-01", "03-31"], "min_age": 3, "fuels": []},
            "Wochentage: Sa, Nur für Flottenkunden, Zeitraum: 1. Nov. – 31. März, Fahrzeugalter ab: 3",
        ),
        ("minutes", 45, "45"),
        ("interval_km", None, ""),
        ("notes", "", ""),
        ("upsells", [], ""),
    ],
)
def test_values_of_the_history_are_told_as_people_read_them(name: str, value: Any, text: str) -> None:
    assert Wording(CATALOGUE, "de").value(name, value).replace(NBSP, " ") == text
