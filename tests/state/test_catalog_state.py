"""The catalogue's page: shelves, order, the opened service, selection and history."""

import re
from decimal import Decimal

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.editing_schemas import ServiceDraft
from carbot_app.domains.team.models import Workshop
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_form import fill_form, parse_cents, parse_number, read_form
from carbot_app.state.catalog_history import HistoryState
from carbot_app.state.catalog_links import LinksState
from carbot_app.state.catalog_selection import SelectionState
from carbot_app.state.catalog_shelves import ShelfState
from carbot_app.state.session import SessionState
from tests.factories import make_workshop
from tests.state.tabs import Tab, open_tab, words_of

BRAKES = "/leistungen/?kategorie=BRK&zeige=all"
PADS = "SAF-BRK-001"
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def library(services: Services, workshop: Workshop) -> None:
    with services.db.writing(workshop.id) as session:
        services.catalog.load_library(session, workshop.id)


@pytest.fixture
async def page(tab: Tab) -> Tab:
    await tab.at(BRAKES).call(CatalogState.load)
    return tab


async def opened(page: Tab, code: str = PADS) -> EditorState:
    await page.call(EditorState.open, code)
    return await page.state(EditorState)


def typed(editor: EditorState, **fields: str) -> dict[str, str]:
    """The whole form as the browser sends it: boxes that are not ticked are missing."""
    return {name: text for name, text in (dict(editor.form) | fields).items() if text or name not in CHECKS}


CHECKS = ("calculated", "lift", "hu_relevant", "exchange_part", "bookable")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.284,10", 128410), ("49,90", 4990), ("49.90", 4990), ("1284", 128400), ("1.284", 128400),
        ("1,284.10", 128410), ("12.345.678", 1234567800), ("0,5", 50), (" 49,9 € ", 4990), ("", 0),
        ("1'284.10", 128410), (",50", 50),
    ],
)  # fmt: skip
def test_money_is_read_as_people_type_it(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize("text", ["abc", "1,2,3", "-5", "49,905", "1e5", "٣", "12 a"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_cents(text)


def test_a_form_nobody_touched_changes_nothing() -> None:
    draft = ServiceDraft(code="A", names={"de": "Öl"}, labour_seconds=2850, price_min_cents=12905, notes="x")
    shown = fill_form(draft, 10, "de")
    assert (shown["labour"], shown["price"]) == ("7,92", "129,05")
    assert read_form(draft, shown, shown, units_per_hour=10, parents={}) == (draft, {})
    other, wrong = read_form(draft, {**shown, "labour": "15"}, shown, units_per_hour=10, parents={})
    assert (other.labour_seconds, wrong) == (5400, {})
    assert parse_number("7,92") == Decimal("7.92")


async def test_the_page_shows_a_category_in_the_workshops_order(page: Tab) -> None:
    state = await page.state(CatalogState)
    assert (state.status, state.title, state.active, state.available) == ("ready", "Bremse", 40, 460)
    assert (len(state.cards), state.codes[:2]) == (28, [PADS, "SAF-BRK-002"])
    brakes = next(shelf for shelf in state.shelves if shelf.key == "BRK")
    assert (brakes.parent, brakes.count, brakes.current, brakes.hidden) == ("safety", 28, True, False)
    assert next(shelf for shelf in state.shelves if shelf.key == "safety").open
    assert await page.size(CatalogState) < 40_000


async def test_filters_and_search_are_in_the_address(page: Tab) -> None:
    state = await page.state(CatalogState)
    outcomes = await page.call(CatalogState.filter, "library")
    assert "library" in words_of(outcomes)
    assert not any(card.active for card in state.cards)
    outcomes = await page.call(CatalogState.find, "bremssattel überholen")
    assert "bremssattel" in words_of(outcomes)
    assert state.codes[0] == "SAF-BRK-009"
    await page.call(CatalogState.filter, "nonsense")
    assert state.show == "active"


async def test_folding_hides_what_is_inside(page: Tab) -> None:
    state = await page.state(CatalogState)
    await page.call(CatalogState.fold, "safety")
    assert next(shelf for shelf in state.shelves if shelf.key == "BRK").hidden
    await page.call(CatalogState.fold, "safety")
    assert not next(shelf for shelf in state.shelves if shelf.key == "BRK").hidden


async def test_a_dropped_card_stays_where_it_was_dropped_and_can_be_taken_back(page: Tab) -> None:
    state = await page.state(CatalogState)
    before = list(state.codes)
    outcomes = await page.call(CatalogState.drop, before[0], before[3], "")
    assert state.codes[:4] == [before[1], before[2], before[0], before[3]]
    assert "verschoben" in words_of(outcomes)
    (change,) = (await page.state(HistoryState)).lines or [None]
    assert change is None
    await page.call(HistoryState.show, before[0], "")
    line = (await page.state(HistoryState)).lines[0]
    assert (line.kind, line.can_undo, line.by) == ("move", True, "Jana Krüger")
    await page.call(CatalogState.undo, line.id)
    assert state.codes == before


async def test_a_drop_on_a_category_moves_the_service_there(page: Tab) -> None:
    state = await page.state(CatalogState)
    outcomes = await page.call(CatalogState.drop, PADS, "", "HUA")
    assert PADS not in state.codes
    assert "HU und AU" in words_of(outcomes)
    await page.call(CatalogState.choose, "HUA")
    assert state.codes[-1] == PADS


async def test_a_drop_that_fails_takes_the_list_back(page: Tab) -> None:
    state = await page.state(CatalogState)
    before = list(state.codes)
    outcomes = await page.call(CatalogState.drop, PADS, "", "no-such-shelf")
    assert (state.revision, state.codes) == (1, before)
    assert "no-such-shelf" in words_of(outcomes)


async def test_the_menu_moves_one_place_without_dragging(page: Tab) -> None:
    state = await page.state(CatalogState)
    before = list(state.codes)
    await page.call(CatalogState.nudge, before[0], 1)
    assert state.codes[:2] == [before[1], before[0]]
    await page.call(CatalogState.nudge, before[0], -1)
    assert state.codes == before
    await page.call(CatalogState.nudge, before[0], -1)
    await page.call(CatalogState.nudge, before[-1], 1)
    assert state.codes == before


async def test_the_switch_offers_a_service(page: Tab) -> None:
    state = await page.state(CatalogState)
    code = next(card.code for card in state.cards if not card.active)
    await page.call(CatalogState.switch, code, True)
    assert next(card for card in state.cards if card.code == code).active
    assert state.active == 41


async def test_several_are_offered_at_once(page: Tab) -> None:
    state, selection = await page.state(CatalogState), await page.state(SelectionState)
    await page.call(CatalogState.filter, "library")
    chosen = state.codes[:2]
    for code in chosen:
        await page.call(SelectionState.toggle, code)
    await page.call(SelectionState.activate, True)
    assert (state.active, selection.selected) == (42, [])
    assert not set(chosen) & set(state.codes)


async def test_several_move_together(page: Tab) -> None:
    state = await page.state(CatalogState)
    chosen = state.codes[:3]
    for code in chosen:
        await page.call(SelectionState.toggle, code)
    await page.call(SelectionState.ask_move, "")
    assert (await page.state(SelectionState)).moving.codes == tuple(chosen)
    await page.call(SelectionState.move, {"shelf": "HUA"})
    await page.call(CatalogState.choose, "HUA")
    assert state.codes[-3:] == chosen


async def test_prices_follow_the_fields_before_anything_is_stored(page: Tab) -> None:
    editor = await opened(page)
    assert (editor.form["price"], editor.form["labour"], editor.dirty) == ("129,00", "8", False)
    await page.call(EditorState.edit, typed(editor, price="149,00"))
    compact = next(line for line in editor.preview.classes if line.vehicle_class == "compact")
    assert (compact.before, compact.after) == (f"129,00{NBSP}€", f"149,00{NBSP}€")
    assert (compact.difference, compact.dearer) == (f"+{NBSP}20{NBSP}€", True)
    assert (editor.preview.changed, editor.dirty) == (6, True)
    await page.call(EditorState.discard)
    assert (editor.form["price"], editor.dirty, editor.preview.changed) == ("129,00", False, 0)


async def test_what_is_wrong_stands_under_its_field_and_is_not_stored(page: Tab) -> None:
    editor = await opened(page)
    await page.call(EditorState.edit, typed(editor, price="viel"))
    assert editor.errors == {"price": "Bitte einen Betrag wie 49,90 eingeben."}
    await page.call(
        EditorState.edit, typed(editor, price="129", name_de="", name_en="", name_tr="", name_pl="")
    )
    assert editor.errors == {"name_de": "Bitte geben Sie der Leistung einen Namen."}
    outcomes = await page.call(
        EditorState.save, typed(editor, price_model="range", price="90", price_to="50")
    )
    assert set(editor.errors) >= {"price_to"}
    assert "aria-invalid" in words_of(outcomes)
    assert not editor.busy


async def test_saving_is_one_change_with_a_way_back(page: Tab) -> None:
    editor, catalog = await opened(page), await page.state(CatalogState)
    outcomes = await page.call(EditorState.save, typed(editor, price="149,00", minutes="75"))
    assert "gespeichert" in words_of(outcomes)
    assert (editor.dirty, editor.form["price"]) == (False, "149,00")
    card = next(card for card in catalog.cards if card.code == PADS)
    assert card.minutes == 75
    await page.call(HistoryState.show, PADS, "")
    line = (await page.state(HistoryState)).lines[0]
    assert {one.field for one in line.fields} == {"price_min_cents", "minutes"}
    await page.call(HistoryState.undo, line.id)
    assert next(card for card in catalog.cards if card.code == PADS).minutes == 60


async def test_a_switch_used_meanwhile_survives_saving(page: Tab) -> None:
    editor, catalog = await opened(page), await page.state(CatalogState)
    await page.call(CatalogState.switch, PADS, False)
    await page.call(EditorState.save, typed(editor, minutes="75"))
    assert not next(card for card in catalog.cards if card.code == PADS).active


async def test_a_new_service_lands_in_the_open_category(page: Tab) -> None:
    editor = await opened(page, "new")
    assert editor.errors == {}
    form = typed(editor, name_de="Bremsstaub entfernen", price="19,90", minutes="15")
    outcomes = await page.call(EditorState.save, form)
    catalog = await page.state(CatalogState)
    card = next(card for card in catalog.cards if card.name == "Bremsstaub entfernen")
    assert (card.own, card.active, card.code) == (True, True, editor.opened)
    assert editor.opened in words_of(outcomes)


async def test_leaving_with_unsaved_changes_asks(page: Tab) -> None:
    editor = await opened(page)
    await page.call(EditorState.edit, typed(editor, price="149"))
    await page.call(EditorState.open, "SAF-BRK-002")
    assert (editor.opened, editor.leaving) == (PADS, "open:SAF-BRK-002")
    await page.call(EditorState.stay)
    assert (editor.opened, editor.leaving, editor.dirty) == (PADS, "", True)
    await page.call(EditorState.leave, "/kalender/")
    outcomes = await page.call(EditorState.leave_now)
    assert (editor.opened, editor.dirty) == ("", False)
    assert "/kalender/" in words_of(outcomes)


async def test_leaving_never_leads_to_another_site(page: Tab) -> None:
    editor = await opened(page)
    await page.call(EditorState.edit, typed(editor, price="149"))
    await page.call(EditorState.leave, "//evil.example/")
    assert "evil" not in words_of(await page.call(EditorState.leave_now))
    assert "evil" not in words_of(await page.call(EditorState.leave, "https://evil.example/"))


async def test_a_package_is_made_from_chips(page: Tab) -> None:
    editor, links = await opened(page, "new"), await page.state(LinksState)
    await page.call(
        EditorState.edit, typed(editor, name_de="Bremsenpaket", price_model="package", discount="10")
    )
    assert "members" in editor.errors
    for words in ("Bremsbeläge", "Bremsflüssigkeit"):
        await page.call(LinksState.search, "members", "new", words)
        await page.call(LinksState.add, "members", links.hits[0].code)
        await page.call(EditorState.recheck)
    assert editor.errors == {}
    assert [line[0] for line in editor.preview.lines][-1].startswith("Paketvorteil")
    second = links.members[1].code
    await page.call(LinksState.shift, second, -1)
    await page.call(EditorState.save, typed(editor))
    stored = await page.state(EditorState)
    assert stored._stored.members[0] == second


async def test_categories_of_ones_own_come_and_go(page: Tab) -> None:
    catalog = await page.state(CatalogState)
    await page.call(ShelfState.ask_add, "safety")
    await page.call(ShelfState.submit, {"name": " "})
    shelf = await page.state(ShelfState)
    assert (shelf.task.kind, shelf.error != "") == ("add", True)
    await page.call(ShelfState.submit, {"name": "Oldtimer"})
    own = next(row for row in catalog.shelves if row.name == "Oldtimer")
    assert (own.own, own.current, own.parent, shelf.task.kind) == (True, True, "safety", "")
    await page.call(ShelfState.ask_rename, own.key)
    await page.call(ShelfState.submit, {"name": "Klassiker"})
    assert any(row.name == "Klassiker" for row in catalog.shelves)
    await page.call(ShelfState.remove, own.key)
    assert not any(row.key == own.key for row in catalog.shelves)


async def test_a_technician_sees_everything_and_changes_nothing(
    services: Services, workshop: Workshop
) -> None:
    tab = open_tab(services, workshop, "technician")
    await tab.call(SessionState.load)
    await tab.at(BRAKES).call(CatalogState.load)
    editor, state = await opened(tab), await tab.state(CatalogState)
    assert (editor.opened, len(state.cards)) == (PADS, 28)
    before = list(state.codes)
    for handler, arguments in (
        (CatalogState.drop, (PADS, "", "HUA")),
        (CatalogState.switch, (PADS, False)),
        (EditorState.save, (typed(editor, price="1"),)),
        (ShelfState.remove, ("BRK",)),
    ):
        assert "carbotToast" in words_of(await tab.call(handler, *arguments)), handler
    await tab.call(CatalogState.load)
    assert state.codes == before
    assert services.catalog_editing.get_draft(await actor_of(tab), PADS).price_min_cents == 12900


async def actor_of(tab: Tab):
    return await (await tab.state(SessionState))._require_actor()


async def test_another_workshops_service_does_not_exist(services: Services, page: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    stranger = open_tab(services, other)
    await stranger.call(SessionState.load)
    await stranger.at(f"/leistungen/?leistung={PADS}").call(CatalogState.load)
    outcomes = await stranger.call(EditorState.load)
    editor = await stranger.state(EditorState)
    assert (editor.opened, "gibt es" in words_of(outcomes)) == ("", True)


async def test_a_hint_fetches_again(services: Services, page: Tab) -> None:
    state = await page.state(CatalogState)
    services.catalog_editing.set_active(await actor_of(page), [PADS], False)
    await page.call(CatalogState.on_live, "lead", "", "")
    assert state.active == 40
    await page.call(CatalogState.on_live, "settings", "", "catalog.changed")
    assert state.active == 39
