"""The import wizard: file, columns, preview, result."""

from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.models import ServiceCategory
from carbot_app.domains.team.models import Workshop
from carbot_app.state import import_previews
from carbot_app.state.catalog_import import DONE, FILE, FIRST_ROWS, MAPPING, PREVIEW, ImportState
from carbot_app.state.session import SessionState
from tests.factories import make_service, make_workshop
from tests.factories.saving import save
from tests.state.tabs import Tab, open_tab, words_of

HEADER = "Art.-Nr.;Bezeichnung;Preis brutto;Lagerort\n"
GOOD = HEADER + "A-1;Bremsen vorn;119,00;A3\nA-2;Bremsen hinten;99,00;\n"
BAD = HEADER + "A-1;Bremsen vorn;zwei;A3\nA-2;Bremsen hinten;89,00;\n"


@pytest.fixture(autouse=True)
def two_services(services: Services, workshop: Workshop) -> None:
    """What the files are about: 100 € and 99 €."""
    save(services.db, ServiceCategory(workshop_id=workshop.id, key="safety", names={"de": "Bremse"}))
    for code, name, cents in (("A-1", "Bremsen vorn", 10_000), ("A-2", "Bremsen hinten", 9_900)):
        make_service(
            services.db,
            workshop,
            code,
            names={"de": name},
            price_model="fixed",
            price_min_cents=cents,
            price_max_cents=cents,
        )


async def price(services: Services, tab: Tab, code: str = "A-1") -> int:
    actor = await (await tab.state(SessionState))._require_actor()
    return services.catalog_editing.get_draft(actor, code).price_min_cents


async def read(services: Services, tab: Tab, text: str) -> Any:
    """Upload a file and read it; the state."""
    await tab.call(ImportState.start)
    kept = services.files.put(tab.workshop.id, "liste.csv", text.encode())
    await tab.call(ImportState.read, str(kept))
    return await tab.state(ImportState)


async def test_columns_are_guessed_with_samples_and_can_be_changed(services: Services, tab: Tab) -> None:
    state = await read(services, tab, GOOD)
    assert (state.step, state.file.rows, state.busy) == (MAPPING, 2, False)
    assert [line.column for line in state.columns] == ["code", "name_de", "price_min", ""]
    assert state.columns[2].sample == "119,00 · 99,00"
    await tab.call(ImportState.assign, 3, "price_min")
    assert [(line.column, line.guess) for line in state.columns[2:]] == [("", ""), ("price_min", "")]
    await tab.call(ImportState.assign, 3, "workshop_id")
    assert state.columns[3].column == "price_min"


async def test_an_import_is_previewed_stored_and_undone(services: Services, tab: Tab) -> None:
    state = await read(services, tab, GOOD)
    await tab.call(ImportState.look)
    assert (state.step, state.facts.changed, state.facts.unchanged, state.facts.taken) == (PREVIEW, 1, 1, 1)
    assert await price(services, tab) == 10_000
    await tab.call(ImportState.show, "changed", False)
    (row,) = state.rows
    assert (row.line, row.code, row.status) == (2, "A-1", "changed")
    assert row.changes[0].startswith("Preis von: 100")
    await tab.call(ImportState.apply)
    assert (state.step, state.taken, await price(services, tab)) == (DONE, 1, 11_900)
    await tab.call(ImportState.undo)
    assert (state.change, await price(services, tab)) == ("", 10_000)


async def test_one_error_keeps_everything_out_and_names_row_and_column(services: Services, tab: Tab) -> None:
    state = await read(services, tab, BAD)
    await tab.call(ImportState.look)
    (row,) = state.rows
    assert (state.shown, state.facts.errors, row.line) == ("error", 1, 2)
    assert row.problems[0].startswith("Preis brutto: „zwei“")
    await tab.call(ImportState.apply)
    assert (state.step, bool(state.problem)) == (PREVIEW, True)
    assert await price(services, tab, "A-2") == 9_900
    told = words_of(await tab.call(ImportState.download_errors))
    file_id = UUID(told.split("/api/catalog/files/")[1][:36])
    name, content = services.files.get(tab.workshop.id, file_id)
    assert (name, content[:2]) == ("liste-Fehler.xlsx", b"PK")


@pytest.mark.parametrize("changed_meanwhile", [False, True])
async def test_another_process_works_the_preview_out_again(
    services: Services, workshop: Workshop, tab: Tab, changed_meanwhile: bool
) -> None:
    state = await read(services, tab, GOOD)
    await tab.call(ImportState.look)
    import_previews._kept.clear()
    if changed_meanwhile:
        colleague = open_tab(services, workshop)
        await colleague.call(SessionState.load)
        await read(services, colleague, HEADER + "A-1;Bremsen vorn;105,00;\n")
        await colleague.call(ImportState.look)
        await colleague.call(ImportState.apply)
        import_previews._kept.clear()
    await tab.call(ImportState.apply)
    if changed_meanwhile:
        assert (state.step, await price(services, tab)) == (PREVIEW, 10_500)
        assert "seit der Vorschau" in state.problem
    else:
        assert (state.step, await price(services, tab)) == (DONE, 11_900)


async def test_a_long_file_shows_its_first_rows(services: Services, tab: Tab) -> None:
    rows = "".join(f"N-{number};Leistung {number};10,00;\n" for number in range(FIRST_ROWS + 5))
    state = await read(services, tab, HEADER + rows)
    await tab.call(ImportState.set_category, "Bremse")
    await tab.call(ImportState.look)
    assert (len(state.rows), state.facts.wanted, state.facts.new) == (FIRST_ROWS, FIRST_ROWS + 5, 55)
    await tab.call(ImportState.show, "all", True)
    assert len(state.rows) == FIRST_ROWS + 5


async def test_a_file_of_another_workshop_does_not_exist(services: Services, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    foreign = services.files.put(other.id, "geheim.csv", GOOD.encode())
    await tab.call(ImportState.start)
    await tab.call(ImportState.read, str(foreign))
    state = await tab.state(ImportState)
    assert (state.step, state.columns) == (FILE, [])
    assert "gibt es nicht" in state.problem


async def test_who_may_not_manage_the_catalogue_gets_no_dialog(
    services: Services, workshop: Workshop
) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    assert '"err"' in words_of(await technician.call(ImportState.start)).replace("\\", "")
    assert (await technician.state(ImportState)).open is False
    kept = services.files.put(workshop.id, "liste.csv", GOOD.encode())
    await technician.call(ImportState.read, str(kept))
    await technician.call(ImportState.look)
    await technician.call(ImportState.apply)
    assert await price(services, technician) == 10_000
