"""The settings: who may open what, what is stored, and what never leaves the workshop."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.session import SessionState
from carbot_app.state.settings_devices import DevicesState
from carbot_app.state.settings_keys import KeysState
from carbot_app.state.settings_outbox import OutboxState
from carbot_app.state.settings_place import SECTIONS, SettingsState
from carbot_app.state.settings_profile import ProfileState
from carbot_app.state.settings_reminders import RemindersState
from carbot_app.state.settings_team import TeamState
from carbot_app.state.settings_workshop import WorkshopFormState
from tests.factories import (
    make_api_key,
    make_login_session,
    make_mail,
    make_membership,
    make_person,
    make_workshop,
)
from tests.state.tabs import Tab, open_tab, words_of

MANAGER_LOADERS = (WorkshopFormState.load, TeamState.load, KeysState.load, OutboxState.load)


@pytest.fixture
async def technician(services: Services, workshop: Workshop) -> Tab:
    """A tab of somebody who repairs cars."""
    opened = open_tab(services, workshop, "technician")
    await opened.call(SessionState.load)
    return opened


async def test_an_owner_finds_every_section_and_the_address_opens_one(tab: Tab) -> None:
    outcomes = await tab.at("/einstellungen/?bereich=team").call(SettingsState.load)
    state = await tab.state(SettingsState)
    assert state.sections == list(SECTIONS)
    assert (state.section, state.shown) == ("team", "team")
    assert outcomes == [TeamState.load]


async def test_without_a_section_a_desk_shows_the_first(tab: Tab) -> None:
    await tab.at("/einstellungen/?bereich=%3Cscript%3E").call(SettingsState.load)
    state = await tab.state(SettingsState)
    assert (state.section, state.shown) == ("", "werkstatt")


@pytest.mark.parametrize("section", ["werkstatt", "zeiten", "team", "chat", "api", "ausgang"])
async def test_a_technician_is_refused_and_sees_who_works_when(technician: Tab, section: str) -> None:
    outcomes = await technician.at(f"/einstellungen/?bereich={section}").call(SettingsState.load)
    state = await technician.state(SettingsState)
    assert "Berechtigung" in words_of(outcomes)
    assert (state.sections, state.shown) == (["plaetze", "geraete"], "plaetze")


@pytest.mark.parametrize("loader", MANAGER_LOADERS)
async def test_a_technician_who_calls_a_managers_handler_sees_nothing(
    services: Services, workshop: Workshop, technician: Tab, loader: Any
) -> None:
    make_mail(services.db, workshop, subject="Geheim")
    make_api_key(services.db, workshop, name="Geheim")
    outcomes = await technician.call(loader)
    assert "Berechtigung" in words_of(outcomes)
    for kind in (WorkshopFormState, TeamState, KeysState, OutboxState):
        state = await technician.state(kind)
        shown = {name: getattr(state, name) for name in kind.base_vars}
        assert "Geheim" not in str(shown)
        assert workshop.street not in str(shown)


async def test_a_technician_has_a_profile_but_no_notifications(technician: Tab) -> None:
    await technician.call(ProfileState.load)
    await technician.call(DevicesState.load)
    devices = await technician.state(DevicesState)
    assert (await technician.state(ProfileState)).name == "Jana Krüger"
    assert ([line.current for line in devices.sessions], devices.gets_pushes) == ([True], False)


async def test_facts_hours_and_colour_are_stored_together(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(WorkshopFormState.load)
    await tab.call(WorkshopFormState.remove_span, "1", 0)
    await tab.call(WorkshopFormState.add_span, "7")
    await tab.call(WorkshopFormState.set_time, "7", 0, 0, "09:30")
    await tab.call(WorkshopFormState.pick_colour, 28.0, 0.155)
    form = {"name": "Müller & Töchter", "country": "DE", "region": "DE-BY", "phone": "0231 5550120"}
    outcomes = await tab.call(WorkshopFormState.save, form)
    assert "Gespeichert" in words_of(outcomes)
    stored = services.team.get_workshop((await tab.state(SessionState))._actor)
    assert (stored.name, stored.region, stored.accent_hue) == ("Müller & Töchter", "BY", 28.0)
    assert stored.opening_hours["7"] == [["09:30", "17:00"]]
    assert len(stored.opening_hours.get("1", [])) == max(len(workshop.opening_hours.get("1", [])) - 1, 0)
    assert stored.street == workshop.street


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "   "}, "name"),
        ({"phone": "112"}, "phone"),
        ({"email": "kein at"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"country": "DE", "region": "CH-BE"}, "region"),
        ({"country": "FR"}, "country"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    services: Services, workshop: Workshop, tab: Tab, form: dict[str, str], field: str
) -> None:
    await tab.call(WorkshopFormState.load)
    await tab.call(WorkshopFormState.save, form)
    state = await tab.state(WorkshopFormState)
    assert list(state.problems) == [field]
    assert (state.busy, bool(state.problems[field])) == (False, True)
    assert services.team.get_workshop((await tab.state(SessionState))._actor).name == workshop.name


async def test_overlapping_hours_are_refused_and_stay_on_the_screen(tab: Tab) -> None:
    await tab.call(WorkshopFormState.load)
    while (await tab.state(WorkshopFormState)).hours[6].spans:
        await tab.call(WorkshopFormState.remove_span, "7", 0)
    for start in ("08:00", "09:00"):
        await tab.call(WorkshopFormState.add_span, "7")
        place = len((await tab.state(WorkshopFormState)).hours[6].spans) - 1
        await tab.call(WorkshopFormState.set_time, "7", place, 0, start)
    await tab.call(WorkshopFormState.save, {})
    state = await tab.state(WorkshopFormState)
    assert list(state.problems) == ["opening_hours"]
    assert state.hours[6].spans == [["08:00", "17:00"], ["09:00", "17:00"]]


async def test_a_colour_nobody_could_read_is_refused_and_the_last_one_stays(tab: Tab) -> None:
    await tab.call(WorkshopFormState.load)
    state = await tab.state(WorkshopFormState)
    before = (state.hue, state.chroma, dict(state.preview))
    await tab.call(WorkshopFormState.pick_colour, 90.0, 5.0)
    assert (state.hue, state.chroma, dict(state.preview)) == before
    assert state.problems["accent_hue"]
    await tab.call(WorkshopFormState.pick_colour, 150.0, 0.1)
    assert (state.hue, state.problems) == (150.0, {})


async def test_the_assistant_is_switched_off_at_once(services: Services, tab: Tab) -> None:
    await tab.call(WorkshopFormState.load)
    await tab.call(WorkshopFormState.set_assistant, False)
    assert services.team.get_workshop((await tab.state(SessionState))._actor).assistant_on is False


async def test_somebody_is_invited_and_stands_in_the_list(services: Services, tab: Tab) -> None:
    await tab.call(TeamState.load)
    await tab.call(TeamState.ask_invite)
    await tab.call(TeamState.pick_role, "manager")
    await tab.call(TeamState.invite, {"name": "Emre Kaya", "email": "emre@mueller.de"})
    state = await tab.state(TeamState)
    assert [(line.name, line.role, line.state) for line in state.members] == [
        ("Emre Kaya", "manager", "invited"),
        ("Jana Krüger", "owner", "active"),
    ]
    assert (state.task, state.busy) == ("", False)


async def test_a_refused_invitation_keeps_the_pane_open_with_its_reason(tab: Tab) -> None:
    await tab.call(TeamState.ask_invite)
    await tab.call(TeamState.invite, {"name": "Emre", "email": "kein at"})
    state = await tab.state(TeamState)
    assert (state.task, list(state.problems), state.busy) == ("invite", ["email"], False)


async def test_the_last_owner_stays_owner(tab: Tab) -> None:
    await tab.call(TeamState.load)
    await tab.call(TeamState.open_member, str(tab.person.id))
    await tab.call(TeamState.pick_role, "technician")
    await tab.call(TeamState.save_role)
    state = await tab.state(TeamState)
    assert (state.members[0].role, state.task) == ("owner", "change")
    assert "Inhaber" in state.problem
    await tab.call(TeamState.set_active, False)
    assert state.members[0].state == "active"


async def test_ids_of_another_workshop_are_unknown_everywhere(services: Services, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    stranger = make_person(services.db, name="Geheim Person")
    make_membership(services.db, other, stranger, "technician")
    session = make_login_session(services.db, other, stranger)
    key, mail = make_api_key(services.db, other), make_mail(services.db, other, subject="Geheim")
    for handler, arguments in (
        (TeamState.open_member, [str(stranger.id)]),
        (DevicesState.sign_out, [str(session.id)]),
        (OutboxState.open_mail, [str(mail.id)]),
        (OutboxState.open_mail, ["nonsense"]),
    ):
        assert "gibt es nicht" in words_of(await tab.call(handler, *arguments))
    for loader in (TeamState.load, KeysState.load, OutboxState.load, DevicesState.load):
        await tab.call(loader)
    await tab.call(KeysState.ask_revoke, str(key.id))
    assert "gibt es nicht" in words_of(await tab.call(KeysState.revoke))
    for kind in (TeamState, KeysState, OutboxState, DevicesState):
        state = await tab.state(kind)
        assert "Geheim" not in str({name: getattr(state, name) for name in kind.base_vars})


async def test_a_key_is_shown_once_works_and_is_revoked(services: Services, tab: Tab) -> None:
    await tab.call(KeysState.load)
    await tab.call(KeysState.ask_create)
    await tab.call(KeysState.create, {"name": "Werkstattsoftware", "inbox.read": "on", "team.manage": "on"})
    state = await tab.state(KeysState)
    secret = state.secret
    actor = services.api_keys.resolve_api_key(secret)
    assert actor is not None
    assert actor.permissions == {"inbox.read"}
    await tab.call(KeysState.close)
    assert state.secret == ""
    await tab.call(KeysState.ask_revoke, state.keys[0].id)
    await tab.call(KeysState.revoke)
    assert services.api_keys.resolve_api_key(secret) is None
    assert state.keys[0].revoked == "Heute, 09:00"


async def test_a_key_without_permissions_is_not_made(tab: Tab) -> None:
    await tab.call(KeysState.ask_create)
    await tab.call(KeysState.create, {"name": "Leer"})
    state = await tab.state(KeysState)
    assert (state.task, list(state.problems), state.keys) == ("create", ["scopes"], [])


async def test_name_language_and_quiet_hours_are_kept_apart(tab: Tab) -> None:
    await tab.call(ProfileState.load)
    await tab.call(ProfileState.set_quiet, True)
    await tab.call(ProfileState.save_quiet, {"push_quiet_from": "21:30", "push_quiet_to": "06:00"})
    await tab.call(ProfileState.save_profile, {"name": "Jana K.", "language": "en"})
    state = await tab.state(ProfileState)
    assert (state.name, state.language, state.quiet_from, state.quiet_to) == (
        "Jana K.",
        "en",
        "21:30",
        "06:00",
    )
    await tab.call(ProfileState.save_quiet, {"push_quiet_from": "21:30", "push_quiet_to": ""})
    assert list(state.problems) == ["push_quiet_to"]
    await tab.call(ProfileState.set_quiet, False)
    assert (state.quiet, state.quiet_from, state.name) == (False, "", "Jana K.")


async def test_a_wrong_password_is_said_at_its_field(tab: Tab) -> None:
    await tab.call(ProfileState.change_password, {"old": "falsch", "password": "neue worte ohne sinn"})
    state = await tab.state(ProfileState)
    assert (list(state.problems), state.busy, state.passwords_changed) == (["old"], "", 0)


async def test_the_outbox_says_that_no_server_is_set_and_pages(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for number in range(52):
        make_mail(services.db, workshop, subject=f"Termin {number}", text="x" * 4000, state="held")
    await tab.call(OutboxState.load)
    state = await tab.state(OutboxState)
    assert (len(state.mails), state.has_more, state.has_server) == (50, True, False)
    assert await tab.size(OutboxState) < 16_000
    await tab.call(OutboxState.load_more)
    assert [mail.subject for mail in state.mails] == [f"Termin {number}" for number in reversed(range(52))]
    await tab.call(OutboxState.open_mail, state.mails[0].id)
    assert state.text == "x" * 4000
    await tab.call(OutboxState.close_mail)
    assert state.text == ""


async def test_the_forms_stay_small(tab: Tab) -> None:
    for loader in (WorkshopFormState.load, ProfileState.load, DevicesState.load, TeamState.load):
        await tab.call(loader)
    sizes = [await tab.size(kind) for kind in (WorkshopFormState, ProfileState, DevicesState, TeamState)]
    assert sum(sizes) < 4_000


async def test_reminders_are_set_in_hours_and_wrong_ones_are_named(tab: Tab, services: Services) -> None:
    await tab.call(RemindersState.load)
    reminders = await tab.state(RemindersState)
    assert (reminders.hours, reminders.quiet_from, reminders.quiet_to) == ("48, 3", "21:00", "08:00")
    form = {"reminder_hours": "72; 24,2", "quiet_from": "20:30", "quiet_to": "07:00"}
    await tab.call(RemindersState.save, form)
    assert (reminders.hours, reminders.problems) == ("72, 24, 2", {})
    for changes, field in (
        ({"reminder_hours": "bald"}, "reminder_hours"),
        ({"reminder_hours": "1,2,3,4"}, "reminder_hours"),
        ({"reminder_hours": "0"}, "reminder_hours"),
        ({"quiet_to": "25:00"}, "quiet_to"),
    ):
        await tab.call(RemindersState.save, {**form, **changes})
        assert list(reminders.problems) == [field]
        assert reminders.hours == "72, 24, 2", "nothing is lost"
    await tab.call(RemindersState.save, {**form, "reminder_hours": ""})
    assert reminders.hours == "", "no reminders at all"
