"""A vehicle's main inspection inside the pane of an appointment or a wheel set."""

from datetime import date

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.state.inspection import InspectionState
from carbot_app.state.session import SessionState
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.state.tabs import Tab, open_tab, words_of

FORM = {"kind": "car", "fuel": "diesel", "registered_on": "2020-02-29", "inspected_on": "", "due": ""}


def golf(
    services: Services, workshop: Workshop, *, email: str = "ayse@example.org", due: date | None = None
) -> tuple[Vehicle, Customer]:
    """Ayşe's Golf."""
    customer = make_customer(services.db, workshop, email=email)
    return make_vehicle(services.db, workshop, customer, inspection_due=due), customer


async def opened(tab: Tab, car: Vehicle, customer: Customer) -> InspectionState:
    await tab.call(InspectionState.open, str(car.id), str(customer.id))
    return await tab.state(InspectionState)


async def test_a_due_date_reads_with_its_sticker_and_what_being_late_means(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    car, owner = golf(services, workshop, due=date(2026, 8, 31))
    state = await opened(tab, car, owner)
    assert (state.card.due, state.card.facts) == ("Fällig August 2026", "HU mit AU · Plakette blau")
    assert state.card.late == "Seit 3 Monaten überfällig · Erweiterte Prüfung nötig"


async def test_what_is_saved_is_worked_out_and_shown(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab, *golf(services, workshop))
    assert state.card.due == "Noch kein Termin bekannt."
    await tab.call(InspectionState.save, FORM)
    assert (state.card.due, state.busy) == ("Fällig Februar 2023", False)
    await tab.call(InspectionState.save, {**FORM, "inspected_on": "2026-11-10", "fuel": "electric"})
    assert (state.card.due, state.card.facts) == ("Fällig November 2028", "HU ohne AU · Plakette braun")
    assert state.card.month == "", "a month left in the form would outlive the next inspection"
    await tab.call(InspectionState.save, {**FORM, "due": "2.2028"})
    assert state.card.month == "02/2028"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"registered_on": "2025-02-29"}, "registered_on"),
        ({"inspected_on": "gestern"}, "inspected_on"),
        ({"inspected_on": "2027-01-01"}, "inspected_on"),
        ({"due": "13/2028"}, "due"),
        ({"due": "00/2028"}, "due"),
        ({"due": "1/0000"}, "due"),
        ({"due": "9/9999"}, "due"),
        ({"kind": "boat"}, "kind"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    services: Services, workshop: Workshop, tab: Tab, fields: dict[str, str], field: str
) -> None:
    state = await opened(tab, *golf(services, workshop))
    await tab.call(InspectionState.save, {**FORM, **fields})
    assert (list(state.problems), state.card.due, state.busy) == (
        [field],
        "Noch kein Termin bekannt.",
        False,
    )


async def test_the_tick_notes_a_consent_and_its_absence_withdraws_it(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    car, owner = golf(services, workshop)
    state = await opened(tab, car, owner)
    await tab.call(InspectionState.save, {**FORM, "consent_inspection": "on"})
    assert state.card.agreed
    assert state.card.agreed_text == "Einwilligung vom 23. Nov., eingetragen von Jana Krüger."
    await tab.call(InspectionState.save, FORM)
    assert (state.card.agreed, state.card.agreed_text) == (False, "")
    (kept,) = services.consents.list_consents(staff_of(workshop), owner.id)
    assert kept.withdrawn_at is not None


async def test_without_an_address_there_is_no_consent(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab, *golf(services, workshop, email=""))
    await tab.call(InspectionState.save, {**FORM, "consent_inspection": True})
    assert (list(state.problems), state.card.agreed) == (["consent_inspection"], False)


async def test_a_technician_reads_and_does_not_change(services: Services, workshop: Workshop) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    state = await opened(technician, *golf(services, workshop))
    assert (state.vehicle_id != "", state.may_change) == (True, False)
    assert "Berechtigung" in words_of(await technician.call(InspectionState.save, FORM))


async def test_another_workshops_vehicle_does_not_open(services: Services, tab: Tab) -> None:
    car, owner = golf(services, make_workshop(services.db, slug="other"))
    state = await opened(tab, car, owner)
    assert state.vehicle_id == ""
    await tab.call(InspectionState.open, "nonsense", "")
    assert state.vehicle_id == ""


async def test_the_consent_to_wheel_change_invitations_is_noted_for_itself(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    car, owner = golf(services, workshop)
    state = await opened(tab, car, owner)
    await tab.call(InspectionState.save, {**FORM, "consent_tyres": "on"})
    assert (state.card.agreed, state.card.agreed_tyres) == (False, True)
    assert state.card.agreed_text.startswith("Einwilligung zum Räderwechsel vom")
    await tab.call(InspectionState.save, {**FORM, "consent_inspection": "on", "consent_tyres": "on"})
    assert state.card.agreed_text.count("Einwilligung") == 2
    await tab.call(InspectionState.save, {**FORM, "consent_inspection": "on"})
    assert (state.card.agreed, state.card.agreed_tyres) == (True, False)
