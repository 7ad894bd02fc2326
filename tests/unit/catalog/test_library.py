"""The shipped library is clean (domain.md 6): counts, codes, names, prices, times, links and search words."""

import json
import re
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from carbot_app.domains.catalog.fields import BAYS, SKILLS, check_service
from carbot_app.domains.catalog.library import (
    CATEGORIES,
    STARTERS,
    library_categories,
    library_rows,
    library_services,
)
from carbot_app.domains.catalog.pricing import PRICE_MODELS
from carbot_app.domains.catalog.search import ServiceIndex
from carbot_app.kit.languages import LANGUAGES

ROWS = list(library_rows())
CODES = {row["code"] for row in ROWS}
SERVICES = library_services()
OFFERED = [service for service in SERVICES if service["active"]]
INDEX = ServiceIndex(
    (service["code"], term)
    for service in OFFERED
    for term in (*service["names"].values(), *service["synonyms"])
)
WHOLE_INDEX = ServiceIndex(
    (service["code"], term)
    for service in SERVICES
    for term in (*service["names"].values(), *service["synonyms"])
)
SUB_COUNTS = json.loads(Path("tests/vectors/library_counts.json").read_text())
_MAKES = re.compile(r"\b(VW|Volkswagen|Golf|BMW|Mercedes|Audi|Opel|Ford|Skoda|Seat|Toyota|Renault|Fiat)\b")
_GERMAN = re.compile(r"\b(und|mit|oder|für|ersetzen|prüfen|wechsel\w*|inkl)\b|[äß]", re.IGNORECASE)


def test_every_subcategory_has_exactly_the_services_it_should() -> None:
    assert Counter(row["code"][:7] for row in ROWS) == SUB_COUNTS
    assert len(CODES) == len(ROWS) == sum(SUB_COUNTS.values()) == 500


def test_a_new_workshop_offers_forty_and_knows_the_rest() -> None:
    assert set(STARTERS) <= CODES
    assert [service["code"] for service in SERVICES[: len(STARTERS)]] == list(STARTERS)
    assert len(OFFERED) == len(STARTERS) == 40
    assert sum(service["bookable"] for service in OFFERED) == 14


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_a_service_is_complete_and_plausible(row: dict[str, str]) -> None:
    assert re.fullmatch(r"(ENG|TRN|TYR|ELE|CLI|SAF)-[A-Z]{3}-\d{3}", row["code"])
    assert (row["category"], row["subcategory"]) == (CATEGORIES[row["code"][:3]], row["code"][4:7])
    assert row["price_model"] in PRICE_MODELS
    assert 0 <= int(row["price_min_euro"]) <= int(row["price_max_euro"]) < 20_000
    assert int(row["minutes"]) >= int(row["aw_10"]) * 6 * 0.5
    assert int(row["minutes"]) % 5 == 0
    assert row["bay"] in BAYS
    assert row["skill"] in SKILLS
    fee = int(row["fee_euro"] or 0)
    assert row["vat_treatment"] == ("mixed_pass_through" if fee else "standard")
    assert fee < int(row["price_min_euro"]) or not fee
    for field in ("lift", "hu_relevant", "altteil_possible", "bookable"):
        assert row[field] in ("yes", "no")
    for language in LANGUAGES:
        assert 3 < len(row[f"name_{language}"]) <= 80
        assert 20 < len(row[f"description_{language}"]) <= 170
        assert row[f"description_{language}"].endswith(".")
        assert "!" not in row[f"description_{language}"]
        assert row[f"synonyms_{language}"], "somebody must be able to find it in this language"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_links_of_a_service_lead_somewhere(row: dict[str, str]) -> None:
    upsells = [code for code in row["upsells"].split("|") if code]
    assert set(upsells) <= CODES - {row["code"]}
    for family in filter(None, row["dtc_families"].split("|")):
        assert re.fullmatch(r"[PCBU][0-3][0-9A-F?*]{0,3}\*?", family), family
        assert fnmatchcase(family.replace("?", "0").replace("*", "0"), family)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_unique_and_no_word_leads_to_two_services(language: str) -> None:
    names = Counter(row[f"name_{language}"].casefold() for row in ROWS)
    assert [name for name, count in names.items() if count > 1] == []
    owners: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        for synonym in row[f"synonyms_{language}"].split("|"):
            owners[synonym.casefold()].add(row["code"])
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}


def test_no_service_is_another_one_for_a_make() -> None:
    assert [row["name_de"] for row in ROWS if _MAKES.search(row["name_de"])] == []


def test_no_german_stands_in_turkish_or_polish_text() -> None:
    for row in ROWS:
        for language in ("tr", "pl"):
            text = f"{row[f'name_{language}']} {row[f'description_{language}']}".replace("TÜV", "")
            assert not _GERMAN.search(text), text


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


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("TÜV", ["SAF-HUA-001"]),
        ("tüf", ["SAF-HUA-001"]),
        ("bremsen quitschen", ["SAF-BRK-001"]),
        ("klima kühlt nicht mehr", ["CLI-SRV-001"]),
        ("Öl service", ["ENG-OIL-001", "ENG-INS-002"]),
        ("balata", ["SAF-BRK-001"]),
        ("wymiana opon", ["TYR-CHG-001", "TYR-MNT-001", "TYR-MNT-007"]),
        ("Kupplung", ["TRN-CLU-001"]),
        ("rozrząd", ["ENG-TIM-001"]),
        ("triger kayışı", ["ENG-TIM-001"]),
        ("Scheibe gesprungen", ["SAF-GLS-001", "SAF-GLS-002"]),
    ],
)
def test_the_whole_library_is_searched_as_well(asked: str, codes: list[str]) -> None:
    assert WHOLE_INDEX.find(asked, 3)[0] in codes


@pytest.mark.parametrize("asked", ["", "   ", "?!", "xyzzy", "Pizza Margherita", "\u202e😀", "ok"])
def test_the_search_finds_nothing_in_nonsense(asked: str) -> None:
    assert INDEX.find(asked, 8) == []


def test_every_category_has_a_name_in_each_language_and_holds_something() -> None:
    rows = library_categories()
    parents = {row["key"]: row["parent"] for row in rows}
    assert len(parents) == len(rows) == 6 + 47 + 1
    for row in rows:
        assert all(3 <= len(row["names"][language]) <= 60 for language in LANGUAGES)
    for service in SERVICES:
        assert parents[service["subcategory"]] == service["category"]
        assert parents[service["category"]] == ""
    for language in LANGUAGES:
        assert len({row["names"][language] for row in rows}) == len(rows)


def test_what_the_library_says_passes_the_checks_of_the_editor() -> None:
    categories = {row["key"]: row["parent"] for row in library_categories()}
    members: dict[str, list[str]] = {service["code"]: [] for service in SERVICES}
    wrong = {
        service["code"]: problems
        for service in SERVICES
        if (problems := check_service(service, categories=categories, members=members))
    }
    assert wrong == {}


@pytest.mark.thorough
def test_every_synonym_leads_to_its_own_service_or_one_that_shares_it() -> None:
    owners: dict[str, set[str]] = {}
    for service in SERVICES:
        for synonym in service["synonyms"]:
            owners.setdefault(synonym.casefold(), set()).add(service["code"])
    found = {synonym: WHOLE_INDEX.find(synonym, 3) for synonym in owners}
    wrong = {synonym: found[synonym] for synonym, codes in owners.items() if not codes & set(found[synonym])}
    assert wrong == {}


def test_the_table_of_the_document_is_up_to_date() -> None:
    from scripts.catalogue_table import DOCUMENT, with_table

    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == with_table(document), "run scripts/catalogue_table.py"
