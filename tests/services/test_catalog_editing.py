"""Editing the catalogue on both engines: order, services, packages, categories, history and undo."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.editing import CatalogEditing
from carbot_app.domains.catalog.editing_schemas import BulkEdit, RuleDraft, ServiceDraft
from carbot_app.domains.catalog.models import CatalogChange, Service
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import customer_of, make_workshop, staff_of
from tests.services.catalog_editing import GOLF, NBSP, changed, order, price


def test_the_overview_counts_what_is_offered_and_what_the_library_has(
    editing: CatalogEditing, owner: Actor
) -> None:
    overview = editing.overview(owner)
    assert (overview.active, overview.available, len(overview.services)) == (40, 460, 500)
    brakes = next(row for row in overview.categories if row.key == "BRK")
    assert (brakes.parent, brakes.name, brakes.total, brakes.own) == ("safety", "Bremse", 28, False)
    assert sum(row.total for row in overview.categories if not row.parent) == 500
    card = overview.services[0]
    assert (card.code, card.own, card.active) == ("SAF-HUA-001", False, True)


def test_staff_find_services_as_customers_do_those_not_offered_too(
    editing: CatalogEditing, owner: Actor
) -> None:
    found = editing.overview(owner, search="bremssattel überholen").services
    assert found[0].code == "SAF-BRK-009"
    assert found[0].active is False


def test_a_changed_price_counts_at_once_and_an_old_quote_stays_as_it_was(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    assert price(catalog, owner, "SAF-BRK-001") == "129,00 €"
    before = datetime.now(UTC)
    assert changed(editing, owner, "SAF-BRK-001", price_min_cents=13_900)
    assert price(catalog, owner, "SAF-BRK-001") == "139,00 €"
    assert price(catalog, owner, "SAF-BRK-001", as_of=before) == "129,00 €"
    assert price(catalog, owner, "SAF-BRK-001", as_of=datetime.now(UTC)) == "139,00 €"


def test_old_prices_come_back_through_any_kind_of_change(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    new = ServiceDraft(names={"de": "Duftbaum"}, category="safety", price_min_cents=300, price_max_cents=300)
    editing.save(owner, new)
    editing.save_rule(owner, RuleDraft(names={"de": "Zuschlag"}, percent=10))
    terms = editing.get_terms(owner)
    editing.save_terms(owner, replace(terms, class_factors={**terms.class_factors, "compact": 200}))
    changed(editing, owner, "SAF-BRK-001", price_min_cents=10_000)
    assert price(catalog, owner, "EIG-001") == "3,30 €"
    assert price(catalog, owner, "SAF-BRK-001") == "220,00 €"
    assert price(catalog, owner, "SAF-BRK-001", as_of=before) == "129,00 €"
    with pytest.raises(NotFound):
        price(catalog, owner, "EIG-001", as_of=before)


def test_a_draft_shows_every_class_before_and_after_and_how_it_is_worked_out(
    editing: CatalogEditing, owner: Actor
) -> None:
    draft = replace(
        editing.get_draft(owner, "SAF-BRK-001"),
        calculated=True, labour_seconds=5_400, parts_cost_cents=10_000,
    )  # fmt: skip
    preview = editing.preview(owner, draft)
    rows = {row.vehicle_class: row for row in preview.classes}
    assert len(rows) == preview.changed_prices == 6
    assert rows["compact"].before.replace(NBSP, " ") == "129,00 €"
    assert rows["compact"].after.replace(NBSP, " ") == "355,00 €"
    assert rows["compact"].difference_cents == 22_600
    labels = [line.label.replace(NBSP, " ") for line in preview.lines]
    assert labels[:2] == ["15 AW × 11,20 €", "Teile (+ 30 % auf den Einkauf)"]
    assert (preview.tax_percent, preview.gross.replace(NBSP, " ")) == ("19", "355,00 €")


def test_a_new_service_gets_its_own_code_and_a_place_at_the_end(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor, workshop: Workshop
) -> None:
    draft = ServiceDraft(
        names={"de": "  Innenraum   Ozonbehandlung "}, category="climate", subcategory="FIL",
        price_min_cents=7_900, price_max_cents=7_900, bookable=True, synonyms=("ozon", "ozon", "geruch weg"),
    )  # fmt: skip
    assert editing.save(owner, draft).code == "EIG-001"
    visitor = customer_of(workshop)
    found = catalog.search(visitor, "Ozon", language="de")
    assert (found[0].code, found[0].name) == ("EIG-001", "Innenraum Ozonbehandlung")
    assert catalog.list_services(visitor, language="de", only_bookable=True)[-1].code == "EIG-001"
    assert editing.get_draft(owner, "EIG-001").synonyms == ("ozon", "geruch weg")
    editing.save(owner, replace(draft, names={"de": "Zweite"}))
    assert editing.get_draft(owner, "EIG-002").names == {"de": "Zweite"}


def test_what_cannot_be_is_refused_and_nothing_is_stored(editing: CatalogEditing, owner: Actor) -> None:
    stored = editing.get_draft(owner, "SAF-BRK-001")
    draft = replace(stored, minutes=-5, upsells=("NIX-001",))
    problems = {(problem.field, problem.code) for problem in editing.preview(owner, draft).problems}
    assert problems == {("minutes", "catalog_minutes"), ("upsells", "catalog_link_unknown")}
    with pytest.raises(Invalid) as refused:
        editing.save(owner, draft)
    assert (refused.value.field, refused.value.code) in problems
    assert editing.get_draft(owner, "SAF-BRK-001") == stored


def test_a_circle_of_packages_is_told_with_its_way(editing: CatalogEditing, owner: Actor) -> None:
    package = ServiceDraft(
        names={"de": "Winterpaket"}, category="packages", price_model="package",
        members=("TYR-CHG-001", "TYR-STO-001"), discount_percent=10,
    )  # fmt: skip
    editing.save(owner, package)
    editing.save(owner, replace(package, names={"de": "Groß"}, members=("EIG-001", "SAF-HUA-001")))
    inner = replace(editing.get_draft(owner, "EIG-001"), members=("TYR-CHG-001", "EIG-002"))
    (problem,) = editing.preview(owner, inner).problems
    assert (problem.code, problem.params["path"]) == ("catalog_package_circle", "EIG-001 → EIG-002 → EIG-001")


def test_a_package_costs_and_takes_what_its_services_do(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor, workshop: Workshop
) -> None:
    package = ServiceDraft(
        names={"de": "Winterpaket"}, category="packages", price_model="package", bookable=True,
        members=("TYR-CHG-001", "TYR-BAL-001"), discount_percent=10,
    )  # fmt: skip
    editing.save(owner, package)
    visitor = customer_of(workshop)
    single = [catalog.quote(visitor, code, vehicle=GOLF, language="de") for code in package.members]
    together = catalog.quote(visitor, "EIG-001", vehicle=GOLF, language="de")
    assert together.low_cents == round(sum(quote.low_cents for quote in single) * 0.9)
    assert together.minutes == sum(quote.minutes for quote in single)
    view = catalog.get_service(visitor, "EIG-001", "de")
    assert (view.members, view.minutes) == (package.members, together.minutes)
    assert view.skill == "tyre_fitter"
    changed(editing, owner, "TYR-CHG-001", price_min_cents=10_000, price_max_cents=10_000)
    dearer = catalog.quote(visitor, "EIG-001", vehicle=GOLF, language="de")
    assert dearer.low_cents > together.low_cents


def test_moving_changes_order_and_category_and_only_those_between(
    editing: CatalogEditing, owner: Actor, database: Database
) -> None:
    brakes = order(editing, owner, "BRK")
    moved = brakes[3]
    editing.move(owner, [moved], before=brakes[1])
    assert order(editing, owner, "BRK") == [brakes[0], moved, brakes[1], brakes[2], *brakes[4:]]
    with database.reading(owner.workshop_id) as session:
        change = session.exec(select(CatalogChange).where(CatalogChange.kind == "move")).one()
    assert change.count <= 125
    editing.move(owner, [moved], shelf="STO")
    assert order(editing, owner, "STO")[-1] == moved
    assert moved not in order(editing, owner, "BRK")
    with pytest.raises(Invalid):
        editing.move(owner, [moved], shelf="moon")
    with pytest.raises(NotFound):
        editing.move(owner, ["NIX-001"], shelf="tyres")


def test_several_services_move_as_one_change(editing: CatalogEditing, owner: Actor) -> None:
    codes = order(editing, owner, "BRK")[:3]
    change = editing.move(owner, codes, shelf="STO")
    assert order(editing, owner, "STO")[-3:] == codes
    assert change
    editing.undo(owner, change)
    assert order(editing, owner, "BRK")[:3] == codes
    with pytest.raises(Invalid):
        editing.move(owner, codes, shelf="moon")


def test_the_library_leaves_a_moved_or_renamed_service_alone(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor, database: Database
) -> None:
    editing.move(owner, ["SAF-BRK-001"], shelf="STO")
    changed(editing, owner, "ENG-OIL-001", names={"de": "Öl neu"})
    editing.rename_category(owner, "BRK", "Stopper")
    with database.writing(owner.workshop_id) as session:
        assert catalog.load_library(session, owner.workshop_id) == 0
    overview = editing.overview(owner)
    cards = {card.code: card for card in overview.services}
    assert (cards["SAF-BRK-001"].subcategory, cards["ENG-OIL-001"].name) == ("STO", "Öl neu")
    assert {row.key: row.name for row in overview.categories}["BRK"] == "Stopper"


def test_services_are_offered_and_withdrawn(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor, workshop: Workshop
) -> None:
    editing.set_active(owner, ["ELE-HVE-001", "ELE-HVE-002"], True)
    assert catalog.get_service(customer_of(workshop), "ELE-HVE-001", "de").active
    change = editing.set_active(owner, ["ELE-HVE-001"], False)
    with pytest.raises(NotFound):
        catalog.get_service(customer_of(workshop), "ELE-HVE-001", "de")
    assert editing.set_active(owner, ["ELE-HVE-001"], False) is None
    assert change
    editing.undo(owner, change)
    assert catalog.get_service(customer_of(workshop), "ELE-HVE-001", "de").active
    with pytest.raises(NotFound):
        editing.set_active(owner, ["NIX-001"], True)


def test_categories_of_ones_own_come_and_go(editing: CatalogEditing, owner: Actor) -> None:
    key = editing.add_category(owner, "Wohnmobile", parent="")
    inner = editing.add_category(owner, "Gasprüfung", parent=key)
    editing.move(owner, ["SAF-HUA-008"], shelf=inner)
    view = {row.key: row for row in editing.overview(owner).categories}
    assert (view[key].name, view[key].total, view[key].own, view[inner].parent) == (
        "Wohnmobile",
        1,
        True,
        key,
    )
    for used in (key, inner, "BRK"):
        with pytest.raises(Conflict):
            editing.remove_category(owner, used)
    editing.move(owner, ["SAF-HUA-008"], shelf="HUA")
    editing.remove_category(owner, inner)
    editing.remove_category(owner, key)
    assert key not in {row.key for row in editing.overview(owner).categories}
    with pytest.raises(Invalid):
        editing.add_category(owner, "  ")
    with pytest.raises(Invalid):
        editing.add_category(owner, "Tief", parent="BRK")
    with pytest.raises(NotFound):
        editing.rename_category(owner, key, "Weg")
    with pytest.raises(NotFound):
        editing.remove_category(owner, key)


def test_the_history_tells_who_changed_what_and_takes_it_back(
    editing: CatalogEditing, catalog: CatalogService, owner: Actor
) -> None:
    first = changed(editing, owner, "SAF-BRK-001", price_min_cents=13_900, minutes=75)
    second = changed(editing, owner, "SAF-BRK-001", price_min_cents=14_900)
    editing.set_active(owner, ["ELE-HVE-001", "ELE-HVE-002"], True)
    views = editing.history(owner)
    assert [view.kind for view in views] == ["activate", "edit", "edit"]
    assert (views[0].count, views[0].title) == (2, "")
    assert (views[2].by, views[2].title) == (owner.name, "Bremsbeläge ersetzen (pro Achse)")
    told = {
        row.field: (row.before.replace(NBSP, " "), row.after.replace(NBSP, " ")) for row in views[2].fields
    }
    assert told == {"price_min_cents": ("129,00 €", "139,00 €"), "minutes": ("60", "75")}
    assert len(editing.history(owner, code="SAF-BRK-001")) == 2
    assert first
    assert second
    with pytest.raises(Conflict) as built_upon:
        editing.undo(owner, first)
    assert built_upon.value.code == "catalog_change_built_upon"
    editing.undo(owner, second)
    editing.undo(owner, first)
    assert price(catalog, owner, "SAF-BRK-001") == "129,00 €"
    with pytest.raises(Conflict) as undone:
        editing.undo(owner, first)
    assert undone.value.code == "catalog_change_undone"
    latest = editing.history(owner)
    assert [view.undone for view in latest] == [False, False, False, True, True]
    editing.undo(owner, latest[0].id)
    assert price(catalog, owner, "SAF-BRK-001") == "139,00 €"


def test_of_search_words_the_history_tells_only_what_came_and_went(
    editing: CatalogEditing, owner: Actor
) -> None:
    words = editing.get_draft(owner, "SAF-BRK-001").synonyms
    changed(editing, owner, "SAF-BRK-001", synonyms=(*words[1:], "Bremsklötze neu"))
    (row,) = editing.history(owner)[0].fields
    assert (row.field, row.before, row.after) == ("synonyms", words[0], "Bremsklötze neu")


def test_undoing_a_new_service_removes_it(editing: CatalogEditing, owner: Actor) -> None:
    change = editing.save(owner, ServiceDraft(names={"de": "Test"}, category="safety")).change_id
    assert change
    assert editing.history(owner)[0].title == "Test"
    editing.undo(owner, change)
    with pytest.raises(NotFound):
        editing.get_draft(owner, "EIG-001")


def test_every_write_is_announced_once(editing: CatalogEditing, owner: Actor, database: Database) -> None:
    with database.writing(SYSTEM) as session:
        for event in session.exec(select(OutboxEvent)):
            session.delete(event)
    changed(editing, owner, "SAF-BRK-001", price_min_cents=13_900)
    changed(editing, owner, "SAF-BRK-001", price_min_cents=13_900)
    with database.reading(SYSTEM) as session:
        assert session.exec(select(OutboxEvent.kind)).all() == ["catalog.changed"]


def test_another_workshop_is_never_read_or_written(
    editing: CatalogEditing, owner: Actor, database: Database
) -> None:
    other = make_workshop(database, slug="other")
    stranger = staff_of(other, role="owner")
    mine = changed(editing, owner, "SAF-BRK-001", price_min_cents=13_900)
    editing.save_rule(owner, RuleDraft(names={"de": "Regel"}, percent=10))
    assert mine
    assert editing.overview(stranger).services == ()
    assert editing.history(stranger) == []
    assert editing.list_rules(stranger) == []
    for attempt in (
        lambda: editing.get_draft(stranger, "SAF-BRK-001"),
        lambda: editing.undo(stranger, mine),
        lambda: editing.move(stranger, ["SAF-BRK-001"], shelf="tyres"),
        lambda: editing.set_active(stranger, ["SAF-BRK-001"], False),
    ):
        with pytest.raises(NotFound):
            attempt()
    with database.reading(SYSTEM) as session:
        rows = session.exec(select(Service).where(Service.workshop_id == other.id)).all()
    assert rows == []


def test_only_who_may_manage_the_catalogue_writes(editing: CatalogEditing, workshop: Workshop) -> None:
    desk = staff_of(workshop, role="front_desk")
    assert editing.overview(desk).active == 40
    draft = editing.get_draft(desk, "SAF-BRK-001")
    assert editing.preview(desk, draft).problems == ()
    for attempt in (
        lambda: editing.save(desk, replace(draft, minutes=5)),
        lambda: editing.set_active(desk, ["SAF-BRK-001"], False),
        lambda: editing.apply_bulk(desk, BulkEdit("price_percent", 100), ""),
        lambda: editing.save_terms(desk, editing.get_terms(desk)),
        lambda: editing.remove_rule(desk, new_id()),
        lambda: editing.undo(desk, new_id()),
    ):
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Forbidden):
        editing.overview(customer_of(workshop))
