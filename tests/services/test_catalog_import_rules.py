"""What an import does with single rows, what it refuses, and who may do it; on both engines."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.catalog.fields import MAX_DESCRIPTION, MAX_NAME, MAX_NOTES
from carbot_app.domains.catalog.imports import CatalogImport
from carbot_app.domains.catalog.models import CatalogChange, Service, ServiceCategory
from carbot_app.domains.catalog.sheets import read_sheet, write_csv
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import customer_of, make_service, make_workshop, staff_of
from tests.services.catalog_imports import HEADER, preview_of, problems, rows_of

WITH_LINKS = ("Nummer", "Name", "Kategorie", "Preis", "Preisart", "Paketinhalt")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("A1", "Öl", "Ölwechsel", "-5"), ("Preis", "catalog_price_negative")),
        (("A1", "Öl", "Ölwechsel", "12,449"), ("Preis", "import_number_unclear")),
        (("A1", "Öl", "Ölwechsel", "=1+2"), ("Preis", "import_number")),
        (("A1", "Öl", "Ölwechsel", "159-49"), ("Preis bis", "catalog_price_order")),
        (("A1", "Öl", "Ölwechsel", ""), ("Preis", "import_price_missing")),
        (("A1", "Öl", "Ölwechsel", "999999"), ("Preis", "catalog_price_high")),
        (("A1", "Öl", "Qxyz", "5"), ("Kategorie", "import_category_unknown")),
        (("A1", "Öl", "Auswuchtung Rad", "5"), ("Kategorie", "import_category")),
        (("A1", "Öl", "", "5"), ("Kategorie", "import_category_missing")),
        (("A1", "", "Bremse", "5"), ("Name", "catalog_name_missing")),
        (("A1", "x" * 121, "Bremse", "5"), ("Name", "catalog_text_long")),
        (("A 1/2", "Öl", "Bremse", "5"), ("Nummer", "catalog_code")),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column_and_nothing_is_written(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport, row: Any, problem: Any
) -> None:
    before = rows_of(database, workshop)
    preview = preview_of(imports, owner, [("GUT", "Gut", "Bremse", "5"), row])
    good, bad = preview.rows
    assert (good.status, bad.status, bad.line) == ("new", "error", 3)
    assert problems(bad) == [problem]
    with pytest.raises(Invalid) as caught:
        imports.apply(owner, preview)
    assert (caught.value.code, caught.value.params) == ("import_has_errors", {"rows": 1})
    assert rows_of(database, workshop) == before
    with database.reading(workshop.id) as session:
        assert session.exec(select(CatalogChange)).all() == []


def test_numbers_and_names_that_come_twice_are_refused(owner: Actor, imports: CatalogImport) -> None:
    rows = [("A1", "Eins", "Bremse", "5"), ("a1", "Zwei", "Bremse", "5"), ("", "Drei", "Bremse", "5"),
            ("", " DREI ", "Bremse", "6")]  # fmt: skip
    preview = preview_of(imports, owner, rows)
    assert [problems(row) for row in preview.rows] == [
        [], [("Nummer", "import_duplicate")], [], [("Nummer", "import_duplicate")],
    ]  # fmt: skip
    assert [dict(preview.rows[at].problems[0].params) for at in (1, 3)] == [
        {"code": "A1", "row": 2}, {"code": "EIG-001", "row": 4},
    ]  # fmt: skip


def test_packages_that_contain_themselves_or_what_is_unknown_are_refused(
    owner: Actor, imports: CatalogImport
) -> None:
    rows = [("P1", "Paket 1", "Pakete", "", "Paket", "P2, SAF-BRK-001"),
            ("P2", "Paket 2", "Pakete", "", "Paket", "P1, SAF-BRK-001"),
            ("P3", "Paket 3", "Pakete", "", "Paket", "SAF-BRK-001|NIX-1"),
            ("P4", "Paket 4", "Pakete", "", "Paket", "SAF-BRK-001"),
            ("P5", "Paket 5", "Pakete", "", "", "SAF-BRK-001;SAF-BRK-002")]  # fmt: skip
    preview = preview_of(imports, owner, rows, WITH_LINKS)
    assert [problems(row) for row in preview.rows] == [
        [("Paketinhalt", "catalog_package_circle")], [("Paketinhalt", "catalog_package_circle")],
        [("Paketinhalt", "catalog_link_unknown")], [("Paketinhalt", "catalog_package_small")], [],
    ]  # fmt: skip
    assert preview.rows[0].problems[0].params["path"] == "P1 → P2 → P1"


def test_rows_without_a_number_find_the_service_by_name_or_get_a_number_of_their_own(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    make_service(database, workshop, "EIG-007", names={"de": "Altes Eigenes"})
    make_service(database, workshop, "ZWEI-1", names={"de": "Doppelt"})
    make_service(database, workshop, "ZWEI-2", names={"de": "doppelt"})
    preview = preview_of(imports, owner, [
        ("", "REPLACE CLUTCH KIT", "", "900"), ("", "Ganz Neues", "Bremse", "5"),
        ("EIG-009", "Neun", "Bremse", "5"),
        ("", "Noch Neueres", "Bremse", "5"), ("", "Doppelt", "Bremse", "5"),
    ])  # fmt: skip
    assert [(row.code, row.status) for row in preview.rows[:4]] == [
        ("TRN-CLU-001", "changed"), ("EIG-008", "new"), ("EIG-009", "new"), ("EIG-010", "new"),
    ]  # fmt: skip
    assert {change.column for change in preview.rows[0].changes} == {"price_min", "price_max"}
    assert problems(preview.rows[4]) == [("Name", "import_name_ambiguous")]


@pytest.mark.parametrize(
    ("fields", "cell", "expected"),
    [
        (
            {"price_model": "fixed", "price_min_cents": 5_000, "price_max_cents": 5_000},
            "59",
            ("fixed", 5_900, 5_900),
        ),
        (
            {"price_model": "range", "price_min_cents": 4_900, "price_max_cents": 15_900},
            "59",
            ("range", 5_900, 16_900),
        ),
        ({"price_model": "per_vehicle_class"}, "139", ("per_vehicle_class", 13_900, 28_900)),
        (
            {"price_model": "fixed", "price_min_cents": 5_000, "price_max_cents": 5_000},
            "59–79",
            ("range", 5_900, 7_900),
        ),
        (
            {"price_model": "range", "price_min_cents": 4_900, "price_max_cents": 15_900},
            "60-70",
            ("range", 6_000, 7_000),
        ),
    ],
)
def test_one_price_for_a_service_that_has_two_keeps_their_distance(
    database: Database,
    workshop: Workshop,
    owner: Actor,
    imports: CatalogImport,
    fields: Any,
    cell: str,
    expected: Any,
) -> None:
    make_service(database, workshop, "X1", **fields)
    imports.apply(owner, preview_of(imports, owner, [("X1", cell)], ("Nummer", "Preis")))
    row = rows_of(database, workshop)["X1"]
    assert (row["price_model"], row["price_min_cents"], row["price_max_cents"]) == expected


def test_a_price_of_ones_own_ends_the_calculation_unless_the_file_says_otherwise(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    for code in ("X1", "X2", "X3"):
        prices = {"price_model": "fixed", "price_min_cents": 5_000, "price_max_cents": 5_000}
        make_service(database, workshop, code, calculated=True, labour_seconds=3_600, **prices)
    imports.apply(owner, preview_of(imports, owner, [("X1", "59"), ("X2", "50,00")], ("Nummer", "Preis")))
    rows = [("X3", "59", "ja")]
    imports.apply(owner, preview_of(imports, owner, rows, ("Nummer", "Preis", "Berechnet")))
    stored = rows_of(database, workshop)
    assert [stored[code]["calculated"] for code in ("X1", "X2", "X3")] == [False, True, True]


def test_defaults_fill_new_services_only_and_empty_cells_clear_what_may_be_empty(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    make_service(database, workshop, "X1", notes="alt", synonyms=["a"], interval_km=5, category="safety")
    header = ("Nummer", "Name", "Kategorie", "Preis", "Notiz", "Suchwörter", "Intervall km", "Minuten")
    rows = [("X1", "Bremsbeläge ersetzen (pro Achse)", "", "", "", "", "", ""),
            ("N1", "Neu", "", "5", "", "", "", "")]  # fmt: skip
    defaults = {"category": "Reifenmontage", "minutes": "45"}
    preview = preview_of(imports, owner, rows, header, defaults=defaults)
    imports.apply(owner, preview)
    stored = rows_of(database, workshop)
    old, new = stored["X1"], stored["N1"]
    assert (old["notes"], old["synonyms"], old["interval_km"]) == ("", [], None)
    assert (old["category"], old["price_min_cents"], old["minutes"]) == ("safety", 12_900, 60)
    assert (new["category"], new["subcategory"], new["minutes"]) == ("tyres", "MNT", 45)


def test_a_mapping_that_makes_no_sense_is_refused(owner: Actor, imports: CatalogImport) -> None:
    draft = imports.read(owner, write_csv(HEADER, [("A1", "Öl", "Bremse", "5")]), "x")
    for mapping in ({0: "code", 1: "code"}, {0: "nothing"}, {9: "code"}, {0: "minutes", 1: "hours"}):
        with pytest.raises(Invalid) as caught:
            imports.preview(owner, draft, mapping)
        assert caught.value.code == "import_mapping"
    with pytest.raises(Invalid) as caught:
        imports.preview(owner, draft, {3: "price_min"})
    assert caught.value.code == "import_mapping_identity"


def test_what_changed_since_the_preview_is_not_overwritten(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    price_changed = preview_of(imports, owner, [("SAF-BRK-001", "", "", "77")])
    code_taken = preview_of(imports, owner, [("N1", "Neu", "Bremse", "5")])
    shelf_gone = preview_of(imports, owner, [("N2", "Neu", "Pakete", "5")])
    link_gone = preview_of(
        imports, owner, [("N3", "Neu", "Bremse", "5", "ELE-HVE-001")], (*HEADER, "Passt dazu")
    )
    assert [one.errors for one in (price_changed, code_taken, shelf_gone, link_gone)] == [0, 0, 0, 0]
    make_service(database, workshop, "N1")
    with database.writing(workshop.id) as session:
        session.exec(select(Service).where(Service.code == "SAF-BRK-001")).one().notes = "dazwischen"
        session.delete(session.exec(select(Service).where(Service.code == "ELE-HVE-001")).one())
        session.delete(session.exec(select(ServiceCategory).where(ServiceCategory.key == "packages")).one())
    before = rows_of(database, workshop)
    for outdated, thing in (
        (price_changed, "SAF-BRK-001"), (code_taken, "N1"), (shelf_gone, "packages"),
        (link_gone, "ELE-HVE-001"),
    ):  # fmt: skip
        with pytest.raises(Conflict) as caught:
            imports.apply(owner, outdated)
        assert (caught.value.code, caught.value.params) == ("import_outdated", {"thing": thing})
    assert rows_of(database, workshop) == before


def test_what_did_not_change_does_not_stand_in_the_way(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    preview = preview_of(imports, owner, [("SAF-BRK-001", "", "", "77")])
    with database.writing(workshop.id) as session:
        session.exec(select(Service).where(Service.code == "SAF-BRK-002")).one().notes = "anderes"
    assert imports.apply(owner, preview) is not None
    with pytest.raises(Conflict):
        imports.apply(owner, preview)


def test_the_error_file_holds_every_row_and_says_what_is_wrong_in_the_readers_language(
    workshop: Workshop, imports: CatalogImport
) -> None:
    rows = [("A1", "=Gut", "Bremse", "5"), ("A2", "Schlecht", "Qxyz", "viel")]
    turkish = staff_of(workshop, language="tr")
    sheet = read_sheet(imports.error_file(turkish, preview_of(imports, turkish, rows)), "fehler.xlsx")
    assert sheet.header == (*HEADER, "Hatalar")
    assert [row[:4] for row in sheet.rows] == rows
    assert sheet.rows[0][4] == ""
    assert "Preis: “viel” bir sayı değil." in sheet.rows[1][4]
    assert "Kategorie: “Qxyz” kategorisi yok." in sheet.rows[1][4]
    draft = imports.read(turkish, imports.error_file(turkish, preview_of(imports, turkish, rows)), "x")
    assert set(draft.mapping) == {0, 1, 2, 3}


def test_a_second_workshop_is_neither_read_nor_touched(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    other = make_workshop(database, "andere")
    make_service(database, other, "GEHEIM-1", names={"de": "Geheimes"})
    before = rows_of(database, other)
    preview = preview_of(
        imports, owner, [("GEHEIM-1", "Meins", "Bremse", "5"), ("", "Geheimes", "Bremse", "5")]
    )
    assert [row.status for row in preview.rows] == ["new", "new"]
    for forbidden in (imports.apply, imports.error_file):
        with pytest.raises(NotFound):
            forbidden(staff_of(other), preview)
    imports.apply(owner, preview)
    assert rows_of(database, other) == before
    assert b"GEHEIM" not in imports.export(staff_of(make_workshop(database, "dritte")), form="csv")


def test_reading_and_writing_need_their_permissions(
    workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    preview = preview_of(imports, staff_of(workshop, TECHNICIAN), [("A1", "Öl", "Bremse", "5")])
    with pytest.raises(Forbidden):
        imports.apply(staff_of(workshop, TECHNICIAN), preview)
    visitor = customer_of(workshop)
    draft = imports.read(owner, write_csv(HEADER, [("A1", "Öl", "Bremse", "5")]), "x")
    for attempt in (
        lambda: imports.read(visitor, b"", "x"), lambda: imports.preview(visitor, draft, draft.mapping),
        lambda: imports.export(visitor), lambda: imports.error_file(visitor, preview),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Invalid):
        imports.export(owner, form="pdf")


def test_progress_is_told_for_long_files(owner: Actor, imports: CatalogImport) -> None:
    told: list[tuple[int, int]] = []
    rows = [(f"A{number}", f"Leistung {number}", "Bremse", "5") for number in range(1_200)]
    preview_of(imports, owner, rows, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1_200), (1_000, 1_200), (1_200, 1_200)]


SPECIAL = (
    "=1+1", "'=x", "\ta", "@b", "-c", "a|b", "a;b,c", 'q"', "x\r\ny", "1:30", "_x0041_", "\\|", " a ",
)  # fmt: skip


def any_text(limit: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffe\uffff")
    special = st.sampled_from(
        ["=1+1", "'=x", "\ta", "@b", "-c", "a|b", "a;b,c", 'q"', "x\r\ny", "1:30", "_x0041_", "\\|"]
    )
    return st.one_of(special, st.text(letters, max_size=min(limit, 30)))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_any_text_in_any_field_survives_export_and_import(
    database: Database, imports: CatalogImport, form: str
) -> None:
    home = make_workshop(database)
    owner = staff_of(home)
    with database.writing(home.id) as session:
        session.add(ServiceCategory(workshop_id=home.id, key="k", names={"de": "=Kategorie; |"}))
    make_service(database, home, "T1", category="k")

    @given(
        any_text(MAX_NAME), any_text(MAX_DESCRIPTION), any_text(MAX_NOTES), st.lists(any_text(80), max_size=3)
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def survives(name: str, description: str, notes: str, synonyms: list[str]) -> None:
        with database.writing(home.id) as session:
            row = session.exec(select(Service).where(col(Service.code) == "T1")).one()
            row.names = {"de": "Name", "en": name, "pl": name}
            row.descriptions, row.notes, row.synonyms = {"de": description}, notes, synonyms
        draft = imports.read(owner, imports.export(owner, form=form), "x")
        preview = imports.preview(owner, draft, draft.mapping)
        assert preview.unchanged == 1, preview.rows
        assert imports.apply(owner, preview) is None

    survives()
