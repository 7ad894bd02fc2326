"""Headers and cells as workshops write them, and that every cell the export writes is read back the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carbot_app.domains.catalog.column_values import (
    Price,
    Unreadable,
    read_codes,
    read_decimal,
    read_flag,
    read_list,
    read_minutes,
    read_price,
    read_whole,
    write_list,
)
from carbot_app.domains.catalog.columns import (
    BY_KEY,
    EXPORTED,
    guess_columns,
    guess_mapping,
    write_cell,
    write_row,
)
from carbot_app.domains.catalog.fields import BAYS, SKILLS, UNITS
from carbot_app.domains.catalog.library import library_categories, library_services
from carbot_app.domains.catalog.pricing import PRICE_MODELS, RATES
from carbot_app.domains.catalog.sheets import cell_text
from carbot_app.domains.catalog.shelves import Shelf, Shelves


def shelves() -> Shelves:
    return Shelves(Shelf(row["key"], row["parent"], row["names"]) for row in library_categories())


def problem_of(read: Any, text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Bezeichnung", "name_de"), ("Leistung", "name_de"), ("Bezeichung", "name_de"), ("Hizmet", "name_tr"),
        ("Nazwa usługi", "name_pl"), ("Preis brutto", "price_min"), ("VK", "price_min"),
        ("PREIS (€)", "price_min"),
        ("Preis inkl. 19 % MwSt.", "price_min"), ("Fiyat (KDV dahil)", "price_min"),
        ("Cena brutto (zł)", "price_min"),
        ("Price (gross)", "price_min"), ("Preis bis", "price_max"), ("AW", "units"),
        ("Dauer (Min)", "minutes"),
        ("Dauer (Std.)", "hours"), ("Süre (dk)", "minutes"), ("Czas [min]", "minutes"),
        ("Warengruppe", "category"),
        ("Art.-Nr.", "code"), ("EK-Preis", "parts_cost"), ("Bemerkung", "notes"), ("Einheit", "unit"),
        ("Preis netto", None), ("VK netto", None), ("Menge", None), ("MwSt", None), ("Fehler", None),
        ("", None),
    ],
)  # fmt: skip
def test_headers_are_guessed(header: str, column: str | None) -> None:
    assert guess_mapping([header]).get(0) == column


def test_a_column_is_guessed_once_and_the_surer_header_wins() -> None:
    header = ["Preis brutto inkl.", "Bezeichnung", "Preis brutto", "Leistung"]
    assert guess_mapping(header) == {1: "name_de", 2: "price_min"}
    assert [guess.confidence for guess in guess_columns(header)] == [1.0, 1.0]
    (near,) = guess_columns(["Bezeichung"])
    assert 0.8 < near.confidence < 1


def test_the_headers_of_the_export_are_all_known() -> None:
    titles = [column.title for column in EXPORTED]
    assert guess_mapping(titles) == {place: column.key for place, column in enumerate(EXPORTED)}


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1.284,10 €", Price(128_410)), ("49,90", Price(4_990)), ("49.90", Price(4_990)),
        ("1,284.10", Price(128_410)),
        ("1.284", Price(128_400)), ("12.449,5", Price(1_244_950)), ("127,4490", Price(12_745)),
        ("0.5", Price(50)),
        ("CHF 1'284.10", Price(128_410)), ("99,-", Price(9_900)), ("EUR 99,--", Price(9_900)),
        ("-5", Price(-500)),
        ("49–159", Price(4_900, 15_900)), ("49,90 bis 89 €", Price(4_990, 8_900)), ("1 284,10 zł", None),
        ("ab 89,00 €", Price(8_900, None, True)), ("od 89", Price(8_900, None, True)), ("0", Price(0)),
    ],
)  # fmt: skip
def test_prices_are_read(text: str, price: Price | None) -> None:
    assert read_price(text.replace("zł", "")) == (price or Price(128_410))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12,449", "import_number_unclear"), ("auf Anfrage", "import_number"), ("=1+2", "import_number"),
        ("1.2.3", "import_number"), ("12 34,,5", "import_number"), ("", "import_number"),
        ("€", "import_number"),
    ],
)  # fmt: skip
def test_what_is_no_price_is_an_error_and_no_guess(text: str, code: str) -> None:
    assert problem_of(read_price, text) == code


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("90 Min", 90), ("90 Min.", 90), ("1:30", 90), ("1:30 Std.", 90), ("1 Std 30", 90),
        ("1,5 h", 90),
        ("1h30", 90), ("1 Std. 30 Min.", 90), ("1 godz. 30 min", 90), ("1 saat 30 dk", 90), ("2 Tage", 960),
        ("0", 0),
    ],
)  # fmt: skip
def test_durations_are_read(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


def test_a_bare_number_is_in_the_unit_of_its_column() -> None:
    assert [BY_KEY[key].read("1,5") for key in ("minutes", "hours")] == [2, 90]
    assert BY_KEY["hours"].read("45 Min") == 45
    for text in ("drei", "-5", "5 Äpfel", "1:75"):
        assert problem_of(read_minutes, text) == "import_duration"


def test_flags_numbers_and_lists_are_read() -> None:
    assert all(read_flag(text) for text in ("ja", "JA", "x", "1", "yes", "evet", "tak", "✓", "wahr"))
    assert not any(read_flag(text) for text in ("nein", "no", "0", "-", "hayır", "nie", "Falsch"))
    assert problem_of(read_flag, "vielleicht") == "import_flag"
    assert [read_whole(text) for text in ("15.000 km", "24 Monate", "10 %", "30 000")] == [
        15_000,
        24,
        10,
        30_000,
    ]
    assert problem_of(read_whole, "2,5") == "import_number"
    assert [read_decimal(text) for text in ("2,5 AW", "0.125", "3")] == [Decimal("2.5"), Decimal("0.125"), 3]
    assert read_list("Öl, Ölwechsel; Service\nWartung") == ["Öl", "Ölwechsel", "Service", "Wartung"]
    assert read_codes("eng-oil-001, SAF-BRK-001\nX1") == ["ENG-OIL-001", "SAF-BRK-001", "X1"]


WORD = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    lambda text: text == text.strip(" \u00a0")
)


@given(st.lists(WORD, max_size=6))
@example(["\\", "0"])
@example(["a|b", "c\\"])
@example(["a, b"])
def test_every_list_is_read_back_as_it_was_written(words: list[str]) -> None:
    assert read_list(write_list(words)) == words


@given(st.integers(0, 14_400 * 60))
def test_labour_is_read_back_to_the_second(seconds: int) -> None:
    column = BY_KEY["units"]
    assert column.read(cell_text(column.write(seconds))) == seconds


@given(st.integers(0, 10_000_000))
def test_money_is_read_back_to_the_cent(cents: int) -> None:
    column = BY_KEY["price_min"]
    assert column.read(cell_text(column.write(cents))) == Price(cents)


@pytest.mark.parametrize(
    ("column", "values"),
    [("price_model", PRICE_MODELS), ("unit", UNITS), ("bay", BAYS), ("skill", SKILLS), ("rate", RATES)],
)
def test_every_choice_has_a_label_that_means_it(column: str, values: tuple[str, ...]) -> None:
    for value in values:
        label = BY_KEY[column].write(value)
        assert label != value or value in ("km",)
        assert BY_KEY[column].read(str(label)) == BY_KEY[column].read(value) == value


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [("unit", "je Reifen", "tyre"), ("unit", "pro Stk.", "piece"), ("price_model", "Festpries", "fixed"),
     ("price_model", "pauschal", "fixed"), ("unit", "szt.", "piece"), ("skill", "Lackierer", "painter")],
)  # fmt: skip
def test_choices_are_understood_as_people_write_them(column: str, text: str, value: str) -> None:
    assert BY_KEY[column].read(text) == value


def test_an_unknown_choice_is_named() -> None:
    assert problem_of(BY_KEY["unit"].read, "Lichtjahr") == "catalog_choice_unknown"
    assert problem_of(BY_KEY["price_model"].read, "gratis") == "catalog_price_model_unknown"


@pytest.mark.parametrize(
    ("text", "key"),
    [("Bremsen", "BRK"), ("bremse", "BRK"), ("OIL", "OIL"), ("oil", "OIL"), ("Fren", "BRK"),
     ("Hamulce", "BRK"),
     ("Klima", "climate"), ("Reifen", "tyres"), ("Oelwechsel", "OIL"), ("Elektrik", "electrical"),
     ("safety", "safety"),
     ("Reifen und Räder", "tyres"), ("Inspektion", "INS"), ("HU/AU", "HUA")],
)  # fmt: skip
def test_categories_are_found_by_key_name_and_likeness(text: str, key: str) -> None:
    assert shelves().find(text) == key


def test_an_unknown_category_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(Unreadable) as caught:
        shelves().find("Auswuchtung Rad")
    assert (caught.value.code, caught.value.params["suggestion"]) == ("import_category", "Auswuchten")
    assert problem_of(shelves().find, "Qxyz") == "import_category_unknown"


def test_every_category_has_a_label_that_means_it() -> None:
    known = shelves()
    for key, parent in known.parents.items():
        label = known.label(key, parent or None)
        assert known.find(label, parent=parent or None) == key
    assert known.label("BRK", "safety") == "Bremse"
    assert known.label("GONE") == "GONE"


def test_a_row_of_the_export_has_numbers_as_numbers() -> None:
    service = next(row for row in library_services() if row["code"] == "TYR-ALI-001")
    fields = {"calculated": False, "parts_cost_cents": 0, "parts_list_cents": 0, "members": [],
              "discount_percent": 0, "parts_lead_days": 0, **service}  # fmt: skip
    row = dict(zip((column.key for column in EXPORTED), write_row(fields, shelves()), strict=True))
    assert (row["price_min"], row["units"], row["minutes"]) == (Decimal(89), 10, 75)
    assert (row["category"], row["subcategory"], row["price_model"]) == (
        "Reifen und Räder",
        "Achsvermessung",
        "Spanne",
    )
    assert row["name_tr"] == write_cell(BY_KEY["name_tr"], fields, shelves()) == "Rot ayarı"
