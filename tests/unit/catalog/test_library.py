"""The shipped catalogue is clean: codes, names, prices, times and synonyms."""

import re
from collections import Counter

import pytest

from carbot_app.domains.catalog.library import library_services
from carbot_app.domains.catalog.pricing import PRICE_MODELS
from carbot_app.domains.catalog.search import ServiceIndex
from carbot_app.kit.languages import LANGUAGES

SERVICES = library_services()
INDEX = ServiceIndex(
    (service["code"], term)
    for service in SERVICES
    for term in (*service["names"].values(), *service["synonyms"])
)


def test_there_are_forty_services_with_unique_codes_and_about_a_third_is_bookable() -> None:
    assert len({service["code"] for service in SERVICES}) == len(SERVICES) == 40
    assert sum(service["bookable"] for service in SERVICES) == 14


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service["code"])
def test_a_library_service_is_complete(service: dict) -> None:
    assert re.fullmatch(r"(ENG|TRN|TYR|ELE|CLI|SAF)-[A-Z]{3}-\d{3}", service["code"])
    assert service["price_model"] in PRICE_MODELS
    assert 0 <= service["price_min_cents"] <= service["price_max_cents"]
    assert (service["price_model"] == "fixed") == (service["price_min_cents"] == service["price_max_cents"])
    assert 10 <= service["minutes"] <= 600
    for language in LANGUAGES:
        assert 3 < len(service["names"][language]) <= 80
        assert 10 < len(service["descriptions"][language]) <= 130
        assert service["descriptions"][language].endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_descriptions_are_unique_in_each_language(language: str) -> None:
    for field in ("names", "descriptions"):
        counts = Counter(service[field][language] for service in SERVICES)
        assert [text for text, count in counts.items() if count > 1] == []


def test_no_german_stands_in_turkish_or_polish_text() -> None:
    german = re.compile(r"\b(und|mit|oder|für|ersetzen|prüfen|wechsel\w*|inkl)\b|[äß]", re.IGNORECASE)
    for service in SERVICES:
        for language in ("tr", "pl"):
            text = f"{service['names'][language]} {service['descriptions'][language]}".replace("TÜV", "")
            assert not german.search(text), text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("TÜV", "SAF-HUA-001"),
        ("tuv", "SAF-HUA-001"),
        ("HU AU", "SAF-HUA-001"),
        ("Kupplung", "TRN-CLU-001"),
        ("kuplung", "TRN-CLU-001"),
        ("Ölwechsel", "ENG-OIL-001"),
        ("Oelwechsel", "ENG-OIL-001"),
        ("ölwexel", "ENG-OIL-001"),
        ("Bremsen quietschen", "SAF-BRK-001"),
        ("Bremsflüssigkeit wechseln", "SAF-BRK-010"),
        ("Zahnrimen", "ENG-TIM-001"),
        ("Reifenwechsel bitte", "TYR-CHG-001"),
        ("Klimaanlage Service", "CLI-SRV-001"),
        ("oil change", "ENG-OIL-001"),
        ("brake pads", "SAF-BRK-001"),
        ("timing belt", "ENG-TIM-001"),
        ("fren balatası", "SAF-BRK-001"),
        ("lastik değişimi", "TYR-CHG-001"),
        ("yag degisimi", "ENG-OIL-001"),
        ("wymiana oleju", "ENG-OIL-001"),
        ("klocki hamulcowe", "SAF-BRK-001"),
        ("sprzęgło", "TRN-CLU-001"),
        ("Wann kann ich zum Ölwechsel kommen?", "ENG-OIL-001"),
        ("meine Batterie ist leer", "ELE-BAT-002"),
        ("Achsvermesung", "TYR-ALI-001"),
    ],
)
def test_the_search_finds_what_customers_mean(asked: str, code: str) -> None:
    assert INDEX.find(asked, 3)[:1] == [code]


@pytest.mark.parametrize("asked", ["", "   ", "?!", "xyzzy", "Pizza Margherita", "\u202e😀", "ok"])
def test_the_search_finds_nothing_in_nonsense(asked: str) -> None:
    assert INDEX.find(asked, 8) == []


def test_every_synonym_leads_to_its_own_service_or_one_that_shares_it() -> None:
    owners: dict[str, set[str]] = {}
    for service in SERVICES:
        for synonym in service["synonyms"]:
            owners.setdefault(synonym.casefold(), set()).add(service["code"])
    wrong = {s: INDEX.find(s, 3) for s, codes in owners.items() if not codes & set(INDEX.find(s, 3))}
    assert wrong == {}
