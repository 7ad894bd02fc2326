"""How a person wants to be told, on the settings page."""

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.session import SessionState
from carbot_app.state.settings_notices import NoticesState
from carbot_app.state.settings_place import SettingsState
from tests.factories import staff_of
from tests.state.tabs import Tab, open_tab, words_of


async def test_ways_digest_and_escalation_are_stored_at_once(tab: Tab) -> None:
    await tab.call(NoticesState.load)
    state = await tab.state(NoticesState)
    assert {row.kind: (row.push, row.mail, row.sound) for row in state.rows}["lead"] == (True, False, True)
    said = words_of(await tab.call(NoticesState.set_way, "lead", "mail", True))
    assert "carbot:sounds" in said
    await tab.call(NoticesState.set_digest, "07:30")
    await tab.call(NoticesState.set_minutes, "15")
    await tab.call(NoticesState.set_person, str(tab.person.id))
    await tab.call(NoticesState.load)
    assert {row.kind: row.mail for row in state.rows}["lead"] is True
    assert (state.digest_at, state.minutes, state.person) == ("07:30", "15", str(tab.person.id))
    assert ["15", "15 Min."] in state.minute_choices


async def test_what_a_browser_makes_up_is_refused(tab: Tab) -> None:
    await tab.call(NoticesState.load)
    for minutes in ("-5", "many", "9" * 20):
        assert "480" in words_of(await tab.call(NoticesState.set_minutes, minutes))
    await tab.call(NoticesState.set_way, "lead", "person_id", True)
    assert "err" in words_of(await tab.call(NoticesState.set_way, "weather", "push", True))
    assert "err" in words_of(await tab.call(NoticesState.set_person, "nobody"))


async def test_the_desk_sees_its_own_wishes_and_no_escalation(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk").at("/einstellungen/?bereich=hinweise")
    await desk.call(SessionState.load)
    await desk.call(SettingsState.load)
    assert (await desk.state(SettingsState)).shown == "hinweise"
    await desk.call(NoticesState.load)
    state = await desk.state(NoticesState)
    assert (state.may_manage, state.status) == (False, "ready")
    await desk.call(NoticesState.set_minutes, "15")
    assert services.notices.get_escalation(staff_of(workshop)).minutes == 0
