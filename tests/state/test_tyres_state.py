"""The tyre hotel's page: finding, storing, measuring and giving out sets."""

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.state.session import SessionState
from carbot_app.state.tyres import TyresState
from tests.factories import make_customer, make_vehicle, make_wheel_set, make_workshop
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/reifenhotel/"
FORM = {
    "plate": "do ab 123",
    "season": "winter",
    "location": "r1 1",
    "phone": "0171 5550142",
    "name": "Ayşe Yılmaz",
    "fee": "39,50",
    "brand_FL": "Continental",
    "dot_FL": "2319",
    "tread_FL": "6,5 mm",
    "tread_RR": "1.2",
}


def wheels(services: Services, workshop: Workshop, **fields: object) -> WheelSet:
    """A set of Ayşe's Golf."""
    car = make_vehicle(services.db, workshop, make_customer(services.db, workshop))
    return make_wheel_set(services.db, workshop, car, **fields)


async def test_a_set_is_a_row_with_plate_place_and_its_worst_tyre(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    worn = [{"position": "FL", "brand": "", "dot": "2319", "tread": 15}]
    wheels(services, workshop, tyres=worn)
    await tab.at(PAGE).call(TyresState.load)
    state = await tab.state(TyresState)
    (line,) = state.sets
    assert (line.location, line.plate.city, line.name) == ("R1-1", "DO", "Ayşe Yılmaz")
    assert (line.title, line.sign, state.stored, state.status) == (
        "Winter 205/55 R16",
        "critical",
        1,
        "ready",
    )


async def test_a_stored_set_opens_with_its_label_and_what_was_typed(tab: Tab) -> None:
    await tab.at(PAGE).call(TyresState.load)
    await tab.call(TyresState.ask_store)
    state = await tab.state(TyresState)
    assert (state.task, state.places[0]) == ("store", "R1-1")
    outcomes = await tab.call(TyresState.store, FORM)
    assert "R00001 liegt auf R1-1" in words_of(outcomes)
    assert (state.task, state.chosen.line.code, state.busy) == ("set", "R00001", False)
    front, *_, rear = state.chosen.tyres
    assert (front.tread, front.made, front.notes) == ("6,5 mm", "23/2019", ("Gut", "Über 6 Jahre"))
    assert (rear.typed, rear.sign) == ("1,2", "critical")
    assert ("Gebühr je Saison", "39,50\u00a0€") in state.chosen.facts


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"plate": "nein"}, "plate"),
        ({"location": "Keller"}, "location"),
        ({"phone": ""}, "phone"),
        ({"tread_FL": "viel"}, "tread_FL"),
        ({"tread_FL": "25"}, "tread_FL"),
        ({"dot_FL": "9999"}, "dot_FL"),
        ({"fee": "umsonst"}, "fee"),
        ({"remarks": "x" * 501}, "remarks"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_the_form_stays(
    tab: Tab, fields: dict[str, str], field: str
) -> None:
    await tab.at(PAGE).call(TyresState.load)
    await tab.call(TyresState.ask_store)
    await tab.call(TyresState.store, {**FORM, **fields})
    state = await tab.state(TyresState)
    assert list(state.problems) == [field]
    assert (state.task, state.sets, state.busy) == ("store", [], False)


async def test_the_code_on_a_label_opens_its_set(services: Services, workshop: Workshop, tab: Tab) -> None:
    wheels(services, workshop, code="R00042")
    await tab.at(f"{PAGE}?satz=R00042").call(TyresState.load)
    state = await tab.state(TyresState)
    assert (state.task, state.chosen.line.code) == ("set", "R00042")
    await tab.at(f"{PAGE}?satz=R00043").call(TyresState.load)
    assert (state.task, state.status) == ("", "ready")


async def test_search_and_filters_narrow_the_list(services: Services, workshop: Workshop, tab: Tab) -> None:
    wheels(services, workshop)
    await tab.at(PAGE).call(TyresState.load)
    state = await tab.state(TyresState)
    for handler, value, found in (
        (TyresState.find, "xyz", 0),
        (TyresState.find, "do-ab", 1),
        (TyresState.choose_season, "summer", 0),
        (TyresState.choose_season, "nonsense", 1),
        (TyresState.choose_view, "out", 0),
    ):
        await tab.call(handler, value)
        assert len(state.sets) == found


async def test_a_set_goes_out_after_a_question(services: Services, workshop: Workshop, tab: Tab) -> None:
    row = wheels(services, workshop)
    await tab.at(PAGE).call(TyresState.load)
    await tab.call(TyresState.open_set, str(row.id))
    await tab.call(TyresState.ask, "out")
    state = await tab.state(TyresState)
    assert (state.task, state.chosen.line.location) == ("out", "R1-1")
    assert "ausgelagert" in words_of(await tab.call(TyresState.take_out))
    assert (state.sets, state.task, state.stored) == ([], "", 0)


async def test_a_technician_enters_treads_and_nothing_else(services: Services, workshop: Workshop) -> None:
    row = wheels(services, workshop)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.at(PAGE).call(TyresState.load)
    state = await technician.state(TyresState)
    assert (state.may_measure, state.may_manage) == (True, False)
    await technician.call(TyresState.open_set, str(row.id))
    await technician.call(TyresState.ask, "measure")
    await technician.call(TyresState.measure, {"tread_FL": "3,9", "tread_FR": ""})
    assert [tyre.tread for tyre in state.chosen.tyres][:2] == ["3,9 mm", ""]
    assert "Berechtigung" in words_of(await technician.call(TyresState.take_out))
    assert "Berechtigung" in words_of(await technician.call(TyresState.store, {**FORM, "location": "R2-1"}))


async def test_an_accountant_sees_nothing(services: Services, workshop: Workshop) -> None:
    wheels(services, workshop)
    accountant = open_tab(services, workshop, "accountant")
    await accountant.call(SessionState.load)
    outcomes = await accountant.at(PAGE).call(TyresState.load)
    state = await accountant.state(TyresState)
    assert "Berechtigung" in words_of(outcomes)
    assert (state.sets, state.status) == ([], "failed")


async def test_another_workshops_set_does_not_exist(services: Services, tab: Tab) -> None:
    foreign = wheels(services, make_workshop(services.db, slug="other"), code="R00042")
    await tab.at(f"{PAGE}?satz=R00042").call(TyresState.load)
    state = await tab.state(TyresState)
    assert (state.sets, state.task) == ([], "")
    for wrong in (str(foreign.id), "nonsense"):
        assert '"err"' in words_of(await tab.call(TyresState.open_set, wrong)).replace("\\", "")


async def test_two_hundred_sets_stay_small(services: Services, workshop: Workshop, tab: Tab) -> None:
    car = make_vehicle(services.db, workshop, make_customer(services.db, workshop))
    for number in range(200):
        make_wheel_set(
            services.db, workshop, car, code=f"R{number:05d}", location=f"R{number // 9}-{number % 9 + 1}"
        )
    await tab.at(PAGE).call(TyresState.load)
    assert await tab.size(TyresState) < 80_000
