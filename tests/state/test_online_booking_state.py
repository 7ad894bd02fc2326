"""The setting that makes bookings binding, as its owner sees it."""

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.settings_online import OnlineBookingState
from tests.factories import make_workshop
from tests.state.tabs import Tab, open_tab, words_of


async def test_what_is_missing_is_said_and_nothing_is_changed(
    tab: Tab, services: Services, workshop: Workshop
) -> None:
    await tab.call(OnlineBookingState.load)
    await tab.call(OnlineBookingState.choose, "binding")
    state = await tab.state(OnlineBookingState)
    assert (state.status, state.mode, state.version) == ("ready", "request", 1)
    assert "Rechtsform, Vertreten durch" in state.problem


async def test_a_complete_workshop_chooses_with_one_click(services: Services) -> None:
    ready = make_workshop(services.db, slug="ready", legal_form="Ready GmbH", represented_by="Ayşe Kaya")
    tab = open_tab(services, ready)
    assert "Gespeichert" in words_of(await tab.call(OnlineBookingState.choose, "binding"))
    state = await tab.state(OnlineBookingState)
    assert (state.mode, state.problem) == ("binding", "")


async def test_a_technician_is_refused(services: Services, workshop: Workshop) -> None:
    technician = open_tab(services, workshop, "technician")
    assert "Berechtigung" in words_of(await technician.call(OnlineBookingState.choose, "binding"))
    await technician.call(OnlineBookingState.load)
    assert (await technician.state(OnlineBookingState)).status == "failed"
