"""Importing and exporting a catalogue, on both engines: nothing by half, nothing by surprise."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import Database
from carbot_app.domains.catalog.changes import undo_change
from carbot_app.domains.catalog.import_schemas import ImportPreview
from carbot_app.domains.catalog.imports import CatalogImport, problem_text
from carbot_app.domains.catalog.models import CatalogChange, ServiceCategory
from carbot_app.domains.catalog.sheets import write_csv
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from tests.factories import make_workshop, staff_of
from tests.services.catalog_imports import preview_of, rows_of

MESSY = Path(__file__).parents[1] / "vectors" / "price_list_messy.csv"


def imported(imports: CatalogImport, actor: Actor, content: bytes) -> ImportPreview:
    draft = imports.read(actor, content, "liste")
    preview = imports.preview(actor, draft, draft.mapping)
    imports.apply(actor, preview)
    return preview


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_exporting_and_importing_the_whole_library_changes_nothing(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport, form: str
) -> None:
    before = rows_of(database, workshop)
    draft = imports.read(owner, imports.export(owner, form=form), f"katalog.{form}")
    preview = imports.preview(owner, draft, draft.mapping)
    assert (preview.new, preview.changed, preview.unchanged, preview.errors) == (0, 0, 500, 0)
    assert imports.apply(owner, preview) is None
    assert rows_of(database, workshop) == before


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_catalogue_moves_to_another_workshop_as_it_is(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport, form: str
) -> None:
    second = make_workshop(database, "zweite")
    with database.writing(second.id) as session:
        for row in _categories(database, workshop):
            session.add(ServiceCategory(workshop_id=second.id, **row))
    preview = imported(imports, staff_of(second), imports.export(owner, form=form))
    assert (preview.new, preview.errors) == (500, 0)
    assert imports.export(staff_of(second), form="csv") == imports.export(owner, form="csv")
    moved, original = rows_of(database, second), rows_of(database, workshop)
    assert moved.keys() == original.keys()
    for code, fields in moved.items():
        assert {**fields, "sort_order": 0} == {**original[code], "sort_order": 0}


def _categories(database: Database, workshop: Workshop) -> list[dict[str, Any]]:
    with database.reading(workshop.id) as session:
        query = select(ServiceCategory).where(ServiceCategory.workshop_id == workshop.id)
        return [row.model_dump(exclude={"id", "created_at", "workshop_id"}) for row in session.exec(query)]


def messy_workbook() -> bytes:
    """The messy list as somebody keeps it in Excel: title merged, prices as numbers where they are."""
    text = MESSY.read_bytes().decode("cp1252")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Preise")
        sheet.merge_range(0, 0, 0, 6, "KFZ-Meisterbetrieb Yilmaz")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                plain = cell.replace(",", ".", 1)
                if place > 2 and plain.replace(".", "", 1).isdigit():
                    sheet.write_number(line, place, float(plain))
                elif line and cell:
                    sheet.write_string(line, place, cell)
    return file.getvalue()


@pytest.mark.parametrize("content", [MESSY.read_bytes(), messy_workbook()], ids=["csv", "xlsx"])
def test_a_messy_price_list_is_understood(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport, content: bytes
) -> None:
    draft = imports.read(owner, content, "Preise.csv")
    assert draft.sheet.skipped == (5, 9, 13, 16)
    assert draft.mapping == {
        0: "code", 1: "name_de", 2: "category", 3: "price_min", 4: "units", 5: "hours", 6: "notes",
    }  # fmt: skip
    preview = imports.preview(owner, draft, draft.mapping)
    assert [problem_text(row, "de") for row in preview.rows if row.problems] == []
    assert (preview.new, preview.changed, preview.unchanged, preview.errors) == (7, 0, 0, 0)
    told = {change.column: change.after for change in preview.rows[0].changes}
    assert (told["subcategory"], told["price_min"], told["minutes"]) == ("Bremse", "149,00", "75")
    change_id = imports.apply(owner, preview)
    rows = rows_of(database, workshop)
    facts = {
        code: (row["price_model"], row["price_min_cents"], row["price_max_cents"], row["minutes"],
               row["labour_seconds"] // 360, row["category"], row["subcategory"])
        for code, row in rows.items() if code in ("1001", "1002", "2001", "2002", "EIG-001", "3001", "3002")
    }  # fmt: skip
    assert facts == {
        "1001": ("fixed", 14_900, 14_900, 75, 12, "safety", "BRK"),
        "1002": ("fixed", 128_410, 128_410, 150, 25, "safety", "BRK"),
        "2001": ("hourly_aw", 8_900, 8_900, 45, 5, "engine", "OIL"),
        "2002": ("fixed", 24_990, 24_990, 90, 25, "engine", "INS"),
        "EIG-001": ("fixed", 0, 0, 30, 0, "electrical", "LIG"),
        "3001": ("range", 4_900, 8_900, 36, 6, "tyres", ""),
        "3002": ("fixed", 1_250, 1_250, 15, 2, "tyres", "BAL"),
    }
    assert rows["3001"]["notes"] == "=je nach Größe"
    assert (rows["3001"]["active"], rows["3001"]["bookable"]) == (True, False)
    assert rows["EIG-001"]["notes"].split() == ["kostenlos;", "nur", "bei", "Wartung"]
    with database.reading(workshop.id) as session:
        change = session.get_one(CatalogChange, change_id)
        assert (change.kind, change.count, change.actor_name) == ("import", 7, owner.name)
        assert "catalog.changed" in session.exec(select(OutboxEvent.kind)).all()
    again = imports.preview(owner, draft, draft.mapping)
    assert (again.new, again.changed, again.unchanged, again.errors) == (0, 0, 7, 0)


def test_an_import_can_be_taken_back_as_a_whole(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    before = rows_of(database, workshop)
    preview = preview_of(imports, owner, [("SAF-BRK-001", "Neu", "", "199"), ("", "Eigene", "Bremse", "5")])
    change_id = imports.apply(owner, preview)
    assert change_id is not None
    assert rows_of(database, workshop) != before
    with database.writing(workshop.id) as session:
        undo_change(session, owner, change_id)
    after = rows_of(database, workshop)
    owned = {code: {**row, "own_fields": []} for code, row in after.items()}
    assert owned == {code: {**row, "own_fields": []} for code, row in before.items()}


def test_only_mapped_columns_change_and_the_preview_says_what(
    database: Database, workshop: Workshop, owner: Actor, imports: CatalogImport
) -> None:
    before = rows_of(database, workshop)["ENG-OIL-001"]
    preview = preview_of(imports, owner, [("eng-oil-001", "999,50")], ("Artikelnr.", "Preis bis"))
    (row,) = preview.rows
    assert (row.line, row.code, row.status, row.name) == (2, "ENG-OIL-001", "changed", before["names"]["de"])
    assert [(one.column, one.title, one.after) for one in row.changes] == [
        ("price_max", "Preis bis", "999,50")
    ]
    assert row.changes[0].before == f"{before['price_max_cents'] / 100:.2f}".replace(".", ",")
    draft = imports.read(owner, write_csv(("Nummer", "Minuten"), [("ENG-OIL-001", "50")]), "x")
    imports.apply(owner, imports.preview(owner, draft, draft.mapping))
    after = rows_of(database, workshop)["ENG-OIL-001"]
    assert {name for name in after if after[name] != before[name]} == {"minutes", "own_fields"}
    assert (after["minutes"], after["own_fields"]) == (50, ["minutes"])
