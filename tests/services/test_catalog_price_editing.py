"""Moving many prices on both engines: bulk edits, terms, surcharges and discounts."""

from dataclasses import replace
from typing import Any

import pytest

from carbot_app.domains.catalog.editing import CatalogEditing
from carbot_app.domains.catalog.editing_schemas import BulkEdit, RuleDraft
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError, Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.services.catalog_editing import NBSP, changed, price


def test_labour_goes_up_by_four_percent_after_a_preview(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    changed(editing, owner, "SAF-BRK-002", calculated=True, labour_seconds=5_400)
    edit = BulkEdit("labour_percent", 400, round_to_cents=10)
    preview = editing.preview_bulk(owner, edit)
    rows = {row.code: row for row in preview.rows}
    assert 20 < len(rows) <= 40
    assert len(rows) + preview.unchanged == 40
    # Ten units at 11.20 are more than the lowest price, so four percent of all of it: 92.56
    alignment = next(row for row in preview.rows if row.code == "TYR-ALI-001")
    assert (alignment.before.replace(NBSP, " "), alignment.difference_cents) == ("89 bis 179 €", 360)
    assert "SAF-BRK-002" in rows
    change = editing.apply_bulk(owner, edit, preview.token)
    assert editing.get_terms(owner).rates["mechanics"] == 11_648
    assert change
    assert editing.preview_bulk(owner, edit).token != preview.token
    with pytest.raises(Conflict) as outdated:
        editing.apply_bulk(owner, edit, preview.token)
    assert outdated.value.code == "catalog_preview_outdated"
    editing.undo(owner, change)
    assert editing.get_terms(owner).rates["mechanics"] == 11_200
    assert editing.preview_bulk(owner, edit).token == preview.token


def test_a_bulk_edit_keeps_to_its_selection_and_never_touches_fees(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    percent = BulkEdit("price_percent", 1_000, category="HUA", round_to_cents=1)
    preview = editing.preview_bulk(owner, percent)
    assert {row.code[:7] for row in preview.rows} == {"SAF-HUA"}
    editing.apply_bulk(owner, percent, preview.token)
    assert price(catalog, owner, "SAF-HUA-001") == "160,40 €"
    some = BulkEdit("price_cents", -500, codes=("TYR-CHG-001",), round_to_cents=1)
    shown = editing.preview_bulk(owner, some)
    assert [(row.code, row.difference_cents) for row in shown.rows] == [("TYR-CHG-001", -500)]


def test_an_impossible_bulk_edit_is_refused(editing: CatalogEditing, owner: Actor) -> None:
    edit = BulkEdit("price_percent", 0)
    assert editing.preview_bulk(owner, edit).problems[0].code == "catalog_bulk_value"
    with pytest.raises(Invalid):
        editing.apply_bulk(owner, edit, "")


def test_terms_are_checked_and_move_calculated_prices(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    changed(
        editing, owner, "ENG-OIL-001",
        price_model="fixed", calculated=True, labour_seconds=3_600, parts_cost_cents=0,
    )  # fmt: skip
    terms = editing.get_terms(owner)
    assert price(catalog, owner, "ENG-OIL-001") == "133,28 €"
    assert editing.save_terms(owner, terms) is None
    editing.save_terms(owner, replace(terms, rates={**terms.rates, "mechanics": 10_000}))
    assert price(catalog, owner, "ENG-OIL-001") == "119,00 €"
    editing.save_terms(owner, replace(editing.get_terms(owner), vat_regime="small_business"))
    assert price(catalog, owner, "ENG-OIL-001") == "100,00 €"
    for wrong, field in (
        ({"rates": {**terms.rates, "mechanics": 0}}, "rates"),
        ({"units_per_hour": 60}, "units_per_hour"),
        ({"markups": ((500, 10), (100, 20))}, "markups"),
        ({"small_parts_min_cents": 500, "small_parts_max_cents": 100}, "small_parts_percent"),
        ({"class_factors": {"compact": 100}}, "class_factors"),
        ({"vat_regime": "none"}, "vat_regime"),
    ):
        with pytest.raises(Invalid) as refused:
            editing.save_terms(owner, replace(terms, **wrong))
        assert refused.value.field == field


def test_rules_are_stored_listed_switched_off_and_removed(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    rule = RuleDraft(
        names={"de": "Samstag"}, percent=10, categories=("tyres",), weekdays=(6,), season=("11-01", "03-31"),
        min_age=3, fuels=("diesel",), classes=("suv",),
    )  # fmt: skip
    editing.save_rule(owner, rule)
    (stored,) = editing.list_rules(owner)
    assert replace(stored, id=None) == rule
    simple = replace(stored, weekdays=(), season=None, min_age=None, fuels=(), classes=())
    editing.save_rule(owner, simple)
    assert price(catalog, owner, "TYR-CHG-001") == "42,90 €"
    editing.save_rule(owner, replace(simple, active=False))
    assert price(catalog, owner, "TYR-CHG-001") == "39,00 €"
    assert stored.id
    removed = editing.remove_rule(owner, stored.id)
    assert editing.list_rules(owner) == []
    assert removed
    editing.undo(owner, removed)
    (back,) = editing.list_rules(owner)
    assert (back.names, back.active) == ({"de": "Samstag"}, False)


def test_an_impossible_rule_is_refused(editing: CatalogEditing, owner: Actor) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"names": {}}, "names"),
        ({"names": {"de": "x" * 61}}, "names"),
        ({"percent": 0}, "percent"),
        ({"amount_cents": 100}, "percent"),
        ({"percent": -91}, "percent"),
        ({"categories": ("moon",)}, "categories"),
        ({"weekdays": (8,)}, "weekdays"),
        ({"fuels": ("steam",)}, "fuels"),
        ({"classes": ("tank",)}, "classes"),
        ({"min_age": 9, "max_age": 3}, "min_age"),
        ({"season": ("11-31x", "03-31")}, "season"),
    ]
    for fields, field in wrong:
        with pytest.raises(AppError) as refused:
            editing.save_rule(owner, replace(RuleDraft(names={"de": "Regel"}, percent=10), **fields))
        assert refused.value.field == field, fields
    assert editing.list_rules(owner) == []


def test_an_unknown_rule_is_not_made_by_saving_it(editing: CatalogEditing, owner: Actor) -> None:
    with pytest.raises(NotFound):
        editing.save_rule(owner, RuleDraft(id=new_id(), names={"de": "Regel"}, percent=10))
