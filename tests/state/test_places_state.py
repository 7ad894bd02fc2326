"""The settings of technicians, bays, loaners, absences and times, as handlers of a signed-in tab."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.team.models import Workshop
from carbot_app.state.session import SessionState
from carbot_app.state.settings_absences import AbsenceState
from carbot_app.state.settings_days import DaysState
from carbot_app.state.settings_place_pane import PlacePaneState
from carbot_app.state.settings_places import PlacesState
from carbot_app.state.settings_terms import TermsState
from tests.factories import make_customer, make_resource, make_workshop
from tests.factories.booking import make_appointment, make_claim
from tests.state.tabs import Tab, open_tab, words_of

TUESDAY = "2026-11-24"


@pytest.fixture
def emre(services: Services, workshop: Workshop) -> Resource:
    return make_resource(services.db, workshop, name="Emre Yıldız", remark="HV")


@pytest.fixture
def visit(services: Services, workshop: Workshop, emre: Resource) -> Appointment:
    """An hour of Emre on Tuesday."""
    customer = make_customer(services.db, workshop, name="Ayşe Yılmaz")
    bay = make_resource(services.db, workshop, "bay", name="Bühne 1")
    made = make_appointment(services.db, workshop, customer, emre, bay, state="confirmed")
    make_claim(services.db, made, emre)
    return made


def state_of(services: Services, visit: Appointment) -> str:
    with services.db.reading(visit.workshop_id) as session:
        return session.get_one(Appointment, visit.id).state


async def test_an_apprentice_is_entered_with_own_hours(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(PlacePaneState.ask_add, "technician")
    for skill in ("tyre_fitter", "mechanic", "painter", "painter"):
        await tab.call(PlacePaneState.toggle_ability, skill)
    await tab.call(PlacePaneState.set_own_hours, True)
    pane = await tab.state(PlacePaneState)
    assert pane.week[0].begins == workshop.opening_hours["1"][0][0], "the workshop's week to start from"
    form = {"name": "Tim Hoffmann", "remark": "Azubi", "begins-1": "07:30", "ends-1": "16:00"}
    outcomes = await tab.call(PlacePaneState.save, form)
    assert "Tim Hoffmann" in words_of(outcomes)
    await tab.call(PlacesState.load)
    places = await tab.state(PlacesState)
    line = places.technicians[0]
    assert (line.name, line.abilities, line.own_hours) == ("Tim Hoffmann", ["mechanic", "tyre_fitter"], True)
    assert (pane.task, pane.busy, places.may_edit) == ("", False, True)
    stored = services.resources.list_resources((await tab.state(SessionState))._actor)[0]
    assert stored.hours == {"1": [["07:30", "16:00"]]}


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("technician", {"name": "Ohne Können"}, "abilities"),
        ("loaner", {"name": "Polo", "plate": "???"}, "plate"),
        ("loaner", {"name": " "}, "name"),
        ("technician", {"name": "T", "last_on": "30.02.2026"}, "last_on"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    tab: Tab, kind: str, form: dict[str, str], field: str
) -> None:
    await tab.call(PlacePaneState.ask_add, kind)
    await tab.call(PlacePaneState.save, form)
    pane = await tab.state(PlacePaneState)
    assert (list(pane.problems), pane.task, pane.busy) == ([field], "edit", False)


async def test_sick_leave_asks_about_the_visit_and_leaving_it_changes_nothing(
    services: Services, tab: Tab, emre: Resource, visit: Appointment
) -> None:
    await tab.call(AbsenceState.open_absences, str(emre.id))
    await tab.call(AbsenceState.pick_reason, "sick")
    await tab.call(AbsenceState.save, {"starts_on": TUESDAY, "ends_on": ""})
    pane = await tab.state(AbsenceState)
    assert (pane.task, [line.customer for line in pane.affected]) == ("affected", ["Ayşe Yılmaz"])
    await tab.call(AbsenceState.leave_visits)
    assert (pane.task, state_of(services, visit)) == ("", "confirmed")
    await tab.call(PlacesState.load)
    line = (await tab.state(PlacesState)).technicians[0]
    assert (line.reason, line.absent, line.absences) == ("sick", False, 1)


async def test_visits_of_somebody_sick_go_to_the_list_to_plan(
    services: Services, tab: Tab, emre: Resource, visit: Appointment
) -> None:
    await tab.call(AbsenceState.open_absences, str(emre.id))
    await tab.call(AbsenceState.save, {"starts_on": TUESDAY, "ends_on": TUESDAY})
    outcomes = await tab.call(AbsenceState.unplan_visits)
    assert "1 Termin wartet" in words_of(outcomes)
    assert state_of(services, visit) == "unplanned"


async def test_an_absence_is_changed_and_removed(services: Services, tab: Tab, emre: Resource) -> None:
    await tab.call(AbsenceState.open_absences, str(emre.id))
    await tab.call(AbsenceState.set_whole_days, False)
    form = {"starts_on": TUESDAY, "ends_on": TUESDAY, "starts_at": "13:00", "ends_at": "16:30"}
    await tab.call(AbsenceState.save, {**form, "note": "Zahnarzt"})
    await tab.call(AbsenceState.open_absences, str(emre.id))
    pane = await tab.state(AbsenceState)
    await tab.call(AbsenceState.edit, pane.lines[0].id)
    assert pane.texts == {**form, "note": "Zahnarzt"}
    assert (pane.whole_days, pane.reason) == (False, "vacation")
    await tab.call(AbsenceState.save, {**form, "ends_at": "12:00"})
    assert list(pane.problems) == ["ends_at"]
    await tab.call(AbsenceState.remove, pane.lines[0].id)
    assert pane.lines == []


async def test_who_has_left_is_retired_after_their_visits_are_moved(
    services: Services, tab: Tab, emre: Resource, visit: Appointment
) -> None:
    await tab.call(PlacePaneState.open_resource, str(emre.id))
    await tab.call(PlacePaneState.ask_retire)
    pane = await tab.state(PlacePaneState)
    assert (pane.task, len(pane.affected)) == ("retire", 1)
    await tab.call(PlacePaneState.retire)
    await tab.call(PlacesState.load)
    places = await tab.state(PlacesState)
    assert (places.technicians, [line.name for line in places.retired]) == ([], ["Emre Yıldız"])
    assert state_of(services, visit) == "unplanned"
    await tab.call(PlacesState.restore, places.retired[0].id)
    assert [line.name for line in places.technicians] == ["Emre Yıldız"]


async def test_a_closure_is_entered_and_the_same_one_again_is_told(tab: Tab, visit: Appointment) -> None:
    await tab.call(DaysState.load)
    await tab.call(DaysState.ask_add)
    form = {"starts_on": TUESDAY, "ends_on": TUESDAY, "reason": "Inventur"}
    await tab.call(DaysState.save, form)
    days = await tab.state(DaysState)
    assert (days.task, len(days.affected), days.lines[0].reason) == ("affected", 1, "Inventur")
    await tab.call(DaysState.ask_add)
    await tab.call(DaysState.save, form)
    assert (list(days.problems), len(days.lines)) == (["starts_on"], 1)
    await tab.call(DaysState.remove, days.lines[0].id)
    assert days.lines == []


async def test_holidays_turn_with_the_year(tab: Tab) -> None:
    await tab.call(DaysState.load)
    days = await tab.state(DaysState)
    assert (days.year, days.holidays[0].past) == (2026, True)
    await tab.call(DaysState.turn, 1)
    assert (days.year, days.holidays[0].past) == (2027, False)


async def test_a_season_is_entered_with_the_29th_of_february(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    bay = make_resource(services.db, workshop, "bay", name="Reifenplatz", abilities=["tyre"])
    await tab.call(TermsState.load)
    await tab.call(TermsState.add_season)
    for name, value in (("last_day", "30"), ("last_month", "02"), ("__class__", "x")):
        await tab.call(TermsState.set_season, 0, name, value)
    terms = await tab.state(TermsState)
    form = {"buffer_minutes": "15", "waiting_limit_minutes": "60"}
    await tab.call(TermsState.save, form)
    assert list(terms.problems) == ["seasons"]
    await tab.call(TermsState.set_season, 0, "last_day", "29")
    await tab.call(TermsState.toggle_reserved, 0, str(bay.id))
    await tab.call(TermsState.toggle_reserved, 0, "unknown")
    await tab.call(TermsState.save, form)
    assert terms.problems == {}
    stored = services.hours.get_terms((await tab.state(SessionState))._actor)
    assert (stored.buffer_minutes, stored.waiting_limit_minutes) == (15, 60)
    assert [(one.first, one.last, one.resources) for one in stored.seasons] == [("10-01", "02-29", (bay.id,))]


@pytest.mark.parametrize("minutes", ["", "-15", "7", "9999999999999999", "²"])
async def test_odd_minutes_are_refused(tab: Tab, minutes: str) -> None:
    await tab.call(TermsState.load)
    await tab.call(TermsState.save, {"buffer_minutes": minutes, "waiting_limit_minutes": "90"})
    assert list((await tab.state(TermsState)).problems) == ["buffer_minutes"]


async def test_a_technician_reads_the_lists_and_opens_no_form(
    services: Services, workshop: Workshop, emre: Resource
) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.call(PlacesState.load)
    places = await technician.state(PlacesState)
    assert ([line.name for line in places.technicians], places.may_edit) == (["Emre Yıldız"], False)
    for handler, arguments in (
        (PlacePaneState.ask_add, ("bay",)),
        (PlacePaneState.open_resource, (str(emre.id),)),
        (PlacePaneState.retire, ()),
        (TermsState.load, ()),
        (DaysState.save, ({"starts_on": TUESDAY},)),
    ):
        assert "Berechtigung" in words_of(await technician.call(handler, *arguments))
    await technician.call(AbsenceState.open_absences, str(emre.id))
    assert (await technician.state(AbsenceState)).may_plan is False
    assert "Berechtigung" in words_of(await technician.call(AbsenceState.save, {"starts_on": TUESDAY}))


@pytest.mark.parametrize("handler", [PlacePaneState.open_resource, AbsenceState.open_absences])
async def test_a_resource_of_another_workshop_does_not_exist(
    services: Services, tab: Tab, handler: Any
) -> None:
    foreign = make_resource(services.db, make_workshop(services.db, slug="other"), name="Fremd")
    for id_ in (str(foreign.id), "kein id"):
        await tab.call(handler, id_)
    for kind in (PlacePaneState, AbsenceState):
        state = await tab.state(kind)
        assert state.task == ""
        assert "Fremd" not in str({name: getattr(state, name) for name in kind.base_vars})
