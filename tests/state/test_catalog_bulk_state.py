"""Many prices at once, as the pane shows them."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlmodel import select

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.team.models import Workshop
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_bulk import FIRST_ROWS, BulkState
from carbot_app.state.session import SessionState
from carbot_app.state.typed import read_decimal
from tests.factories import make_service, make_workshop
from tests.state.tabs import Tab, id_in, open_tab, words_of


@pytest.fixture
def prices(services: Services, workshop: Workshop) -> Callable[[], dict[str, int]]:
    """Two fixed prices of different categories; calling it reads what is stored."""
    for code, category, cents in (("A-1", "safety", 10_000), ("B-1", "tyres", 20_000)):
        make_service(
            services.db,
            workshop,
            code,
            category=category,
            price_model="fixed",
            price_min_cents=cents,
            price_max_cents=cents,
        )

    def read() -> dict[str, int]:
        with services.db.reading(workshop.id) as session:
            return {row.code: row.price_min_cents for row in session.exec(select(Service))}

    return read


async def wish(tab: Tab, **fields: str) -> None:
    """Open the pane and fill in the form."""
    await tab.call(BulkState.start, [], "")
    for name, value in fields.items():
        await tab.call(BulkState.choose, name, value)


async def test_a_percentage_is_shown_before_it_is_stored_and_can_be_undone(
    tab: Tab, prices: Callable[[], dict[str, int]]
) -> None:
    await wish(tab, kind="price_percent", value="4,5")
    state = await tab.state(BulkState)
    first = state.outlook.lines[0]
    assert (first.before, first.after, first.difference) == (
        "100,00\u00a0€",
        "105,00\u00a0€",
        "+\u00a05,00\u00a0€",
    )
    assert (state.outlook.changed, state.outlook.unchanged) == (2, 0)
    assert prices() == {"A-1": 10_000, "B-1": 20_000}
    told = words_of(await tab.call(BulkState.apply))
    assert "2 Preise geändert" in told
    assert (prices(), state.open, state.busy) == ({"A-1": 10_500, "B-1": 20_900}, False, False)
    await tab.call(CatalogState.undo, id_in(told))
    assert prices() == {"A-1": 10_000, "B-1": 20_000}


async def test_a_category_or_a_selection_leaves_the_rest_alone(
    tab: Tab, prices: Callable[[], dict[str, int]]
) -> None:
    await tab.call(BulkState.start, ["B-1"], "")
    await tab.call(BulkState.choose, "kind", "price_cents")
    await tab.call(BulkState.choose, "value", "-10")
    state = await tab.state(BulkState)
    assert [(line.code, line.rises) for line in state.outlook.lines] == [("B-1", False)]
    assert (state.wish.scope, state.outlook.unchanged) == ("selection", 1)
    await tab.call(BulkState.apply)
    assert prices() == {"A-1": 10_000, "B-1": 19_000}


async def test_a_forged_selection_without_services_changes_nothing(
    tab: Tab, prices: Callable[[], dict[str, int]]
) -> None:
    await wish(tab, kind="price_percent", value="10", scope="selection")
    state = await tab.state(BulkState)
    assert (state.outlook.changed, bool(state.outlook.problem)) == (0, True)
    await tab.call(BulkState.apply)
    assert prices() == {"A-1": 10_000, "B-1": 20_000}


@pytest.mark.parametrize("value", ["viel", "900", "1,2,3"])
async def test_a_value_that_makes_no_sense_is_said_at_the_field(tab: Tab, prices: object, value: str) -> None:
    await wish(tab, kind="price_percent", value=value)
    state = await tab.state(BulkState)
    assert "Bitte geben Sie einen Wert" in state.outlook.problem
    assert state.outlook.changed == 0


async def test_prices_changed_meanwhile_are_shown_again(
    services: Services, workshop: Workshop, tab: Tab, prices: Callable[[], dict[str, int]]
) -> None:
    await wish(tab, kind="price_percent", value="10")
    colleague = open_tab(services, workshop)
    await colleague.call(SessionState.load)
    await wish(colleague, kind="price_cents", value="5")
    await colleague.call(BulkState.apply)
    told = words_of(await tab.call(BulkState.apply))
    state = await tab.state(BulkState)
    assert "seit der Vorschau" in told
    assert (state.open, state.outlook.lines[0].before) == (True, "105,00\u00a0€")
    assert prices() == {"A-1": 10_500, "B-1": 20_500}


async def test_a_long_preview_shows_the_first_rows_until_all_are_asked_for(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for number in range(FIRST_ROWS + 7):
        make_service(
            services.db,
            workshop,
            f"X-{number:03}",
            price_model="fixed",
            price_min_cents=10_000,
            price_max_cents=10_000,
        )
    await wish(tab, kind="price_cents", value="1")
    state = await tab.state(BulkState)
    assert (len(state.outlook.lines), state.outlook.hidden) == (FIRST_ROWS, 7)
    await tab.call(BulkState.show_all)
    assert (len(state.outlook.lines), state.outlook.hidden) == (FIRST_ROWS + 7, 0)


async def test_only_who_manages_the_catalogue_changes_prices(
    services: Services, workshop: Workshop, prices: Callable[[], dict[str, int]]
) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await wish(technician, kind="price_percent", value="10")
    assert '"err"' in words_of(await technician.call(BulkState.apply)).replace("\\", "")
    assert prices() == {"A-1": 10_000, "B-1": 20_000}


async def test_another_workshops_prices_are_not_seen(services: Services, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    make_service(services.db, other, "Z-1", price_model="fixed", price_min_cents=5_000, price_max_cents=5_000)
    await wish(tab, kind="price_percent", value="10")
    assert (await tab.state(BulkState)).outlook.lines == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.284,50", "1284.50"),
        ("1.284", "1284"),
        ("-4", "-4"),
        ("\u2212 3,5 %", "-3.5"),
        ("+2.5", "2.5"),
        ("12 €", "12"),
        ("1.234.567,8", "1234567.8"),
    ],
)
def test_figures_are_read_as_people_type_them(text: str, value: str) -> None:
    assert read_decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "1,2,3", "--4", "1.23.456", "9" * 40, "1e9", "NaN"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        read_decimal(text)
