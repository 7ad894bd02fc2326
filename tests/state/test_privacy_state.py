"""Privacy in the settings and in a customer's file."""

from datetime import UTC, datetime, timedelta

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_privacy import CustomerPrivacyState
from carbot_app.state.session import SessionState
from carbot_app.state.settings_place import SettingsState
from carbot_app.state.settings_privacy import PrivacySettingsState
from tests.factories import make_appointment, make_conversation, make_customer, make_message, make_resource
from tests.state.tabs import Tab, open_tab, words_of

NAME = "Ayşe Yılmaz"


async def open_file(services: Services, workshop: Workshop, tab: Tab) -> Customer:
    customer = make_customer(services.db, workshop)
    tab.at(f"/kunden/akte/?kunde={customer.id}")
    await tab.call(CustomerFileState.load)
    return customer


def deliver(services: Services) -> None:
    consumers = {"disclosures": services.privacy.exports.on_event}
    OutboxWorker(services.db, services.clock, quick={}, slow=consumers).drain()


async def test_the_owner_reads_what_is_kept_how_long_and_why(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(PrivacySettingsState.load)
    state = await tab.state(PrivacySettingsState)
    assert state.status == "ready"
    lines = {line.kind: line for line in state.periods}
    assert (lines["chat"].period, lines["order"].period, lines["export"].period) == (
        "30 Tage",
        "6 Jahre",
        "7 Tage",
    )
    assert "§\N{NO-BREAK SPACE}147 AO" in lines["order"].ground
    assert [line.kind for line in state.periods if not line.can_change] == ["invoice", "export", "proof"]
    assert (state.next_run, state.last_run, state.runs) == ("Morgen, 03:00", "", [])
    make_conversation(services.db, workshop, last_message_at=services.clock() - timedelta(days=40))
    services.privacy.retention.run_due()
    await tab.call(PrivacySettingsState.load)
    assert [(run.at, run.counts) for run in state.runs] == [("Heute, 09:00", "1 Chat")]
    assert await tab.size(PrivacySettingsState) < 8_000


async def test_a_period_is_changed_within_the_law(tab: Tab) -> None:
    await tab.call(PrivacySettingsState.load)
    state = await tab.state(PrivacySettingsState)
    await tab.call(PrivacySettingsState.ask, "order")
    assert (state.chosen.count, state.chosen.bounds) == ("6", "Erlaubt sind 6 Jahre bis 10 Jahre.")
    for typed, told in (
        ("5", "6 bis 10"),
        ("viel", "ganze Zahl"),
        ("", "ganze Zahl"),
        ("99999", "ganze Zahl"),
    ):
        await tab.call(PrivacySettingsState.save, {"period": typed})
        assert told in state.problem
        assert state.chosen.kind == "order"
    assert "nächsten Nacht" in words_of(await tab.call(PrivacySettingsState.save, {"period": " 8 "}))
    assert (state.chosen.kind, state.problem, state.busy) == ("", "", False)
    line = next(line for line in state.periods if line.kind == "order")
    assert (line.period, line.usual) == ("8 Jahre", "üblich: 6 Jahre")


async def test_the_section_is_the_owners(services: Services, workshop: Workshop) -> None:
    manager = open_tab(services, workshop, "manager").at("/einstellungen/?bereich=datenschutz")
    await manager.call(SessionState.load)
    assert "Berechtigung" in words_of(await manager.call(SettingsState.load))
    assert "datenschutz" not in (await manager.state(SettingsState)).sections
    assert "Berechtigung" in words_of(await manager.call(PrivacySettingsState.load))
    owner = open_tab(services, workshop).at("/einstellungen/?bereich=datenschutz")
    await owner.call(SessionState.load)
    await owner.call(SettingsState.load)
    assert (await owner.state(SettingsState)).shown == "datenschutz"


async def test_a_disclosure_is_asked_for_watched_and_its_link_shown_once(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await open_file(services, workshop, tab)
    state = await tab.state(CustomerPrivacyState)
    await tab.call(CustomerPrivacyState.open_export)
    assert (state.task, state.exports) == ("export", [])
    await tab.call(CustomerPrivacyState.request, {})
    assert "geprüft" in state.problems["checked_by"]
    await tab.call(CustomerPrivacyState.request, {"checked_by": "known"})
    assert [(line.state, line.title) for line in state.exports] == [("queued", "Wird erstellt: 0 %")]
    deliver(services)
    await tab.call(CustomerPrivacyState.on_live, "privacy", "", "disclosure.changed")
    (line,) = state.exports
    assert (line.state, line.title) == ("ready", "Bereit bis Mo., 30. Nov., 09:00")
    assert line.href == f"/api/privacy/exports/{line.id}.zip"
    await tab.call(CustomerPrivacyState.make_link, line.id)
    assert "/api/privacy/disclosures/" in state.link
    assert (state.link_of, state.exports[0].has_link) == (line.id, True)
    await tab.call(CustomerPrivacyState.close)
    assert (state.task, state.link) == ("", "")


async def test_somebody_is_forgotten_after_a_look_and_a_typed_name(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    customer = await open_file(services, workshop, tab)
    thread = make_conversation(services.db, workshop, customer_id=customer.id)
    make_message(services.db, thread)
    technician, bay = make_resource(services.db, workshop), make_resource(services.db, workshop, "bay")
    at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    make_appointment(services.db, workshop, customer, technician, bay, starts_at=at, state="done")
    state = await tab.state(CustomerPrivacyState)
    await tab.call(CustomerPrivacyState.open_erase)
    assert (state.name, state.goes) == (NAME, ["1 Gespräch", "1 Nachricht"])
    assert [line.text for line in state.stays] == ["1 Termin (bis 1. Jan. 2033)"]
    for form, field in (({"typed": NAME}, "checked_by"), ({"typed": "Ayşe", "checked_by": "known"}, "typed")):
        await tab.call(CustomerPrivacyState.erase, form)
        assert list(state.problems) == [field]
    told = words_of(await tab.call(CustomerPrivacyState.erase, {"typed": NAME, "checked_by": "known"}))
    assert "gelöscht" in told
    assert "/kunden/" in told
    assert (state.task, state.busy) == ("", False)
    with services.db.reading(SYSTEM) as session:
        assert session.get_one(Customer, customer.id).name.startswith("Anonym")
    await tab.call(PrivacySettingsState.load)
    (line,) = (await tab.state(PrivacySettingsState)).erasures
    assert line.meta == "Heute, 09:00 · Jana Krüger · Persönlich bekannt"
    assert line.counts == "2 gelöscht, 1 ohne Namen aufbewahrt"


async def test_an_open_order_is_named_instead_of_a_button(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    customer = await open_file(services, workshop, tab)
    technician, bay = make_resource(services.db, workshop), make_resource(services.db, workshop, "bay")
    make_appointment(services.db, workshop, customer, technician, bay, state="confirmed")
    await tab.call(CustomerPrivacyState.open_erase)
    state = await tab.state(CustomerPrivacyState)
    assert state.obstacles == ["Termin Morgen, 09:00: Bremsbeläge ersetzen (pro Achse)"]
    told = words_of(await tab.call(CustomerPrivacyState.erase, {"typed": NAME, "checked_by": "known"}))
    assert "Auftrag" in told
    assert state.task == "erase"


async def test_nobody_else_opens_the_pane(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk")
    await desk.call(SessionState.load)
    customer = await open_file(services, workshop, desk)
    for handler in (CustomerPrivacyState.open_export, CustomerPrivacyState.open_erase):
        assert "Berechtigung" in words_of(await desk.call(handler))
    forms = {"checked_by": "known", "typed": NAME}
    assert "Berechtigung" in words_of(await desk.call(CustomerPrivacyState.erase, forms))
    assert (await desk.state(CustomerPrivacyState)).task == ""
    with services.db.reading(SYSTEM) as session:
        assert session.get_one(Customer, customer.id).name == NAME
