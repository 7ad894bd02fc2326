"""The Heute page."""

from datetime import UTC, datetime, timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.session import SessionState
from carbot_app.state.today import TodayState
from tests.factories import make_appointment, make_customer, make_resource
from tests.state.tabs import Tab, foreign_thread, make_thread, open_tab, words_of

TODAY_AT_NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)


async def test_the_hottest_lead_comes_first_with_its_proposal(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop, name="Sabine Krause", score=60, temperature="warm")
    conversation, customer, _ = make_thread(services, workshop, name="Mehmet Demir", score=92)
    technician, bay = (make_resource(services.db, workshop, kind) for kind in ("technician", "bay"))
    make_appointment(services.db, workshop, customer, technician, bay, conversation_id=conversation.id)
    await tab.call(TodayState.load)
    state = await tab.state(TodayState)
    assert (state.status, state.part_of_day, state.first_name) == ("ready", "morning", "Jana")
    assert (state.hottest.name, state.hottest.score, state.waiting) == ("Mehmet Demir", 92, 2)
    assert (state.hottest.visit.badge, state.hottest.visit.can_confirm) == ("requested", True)
    assert [lead.name for lead in state.others] == ["Sabine Krause"]
    outcomes = await tab.call(TodayState.confirm)
    assert "Termin bestätigt" in words_of(outcomes)
    assert state.hottest.visit.can_confirm is False


async def test_an_emergency_goes_before_every_score(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_thread(services, workshop, name="Mehmet Demir", score=99)
    make_thread(services, workshop, name="Jürgen Schäfer", score=80, urgency="emergency")
    await tab.call(TodayState.load)
    state = await tab.state(TodayState)
    assert (state.hottest.name, state.hottest.alarm) == ("Jürgen Schäfer", True)


async def test_the_day_lists_what_is_still_to_come(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    customer = make_customer(services.db, workshop)
    technician, bay = (make_resource(services.db, workshop, kind) for kind in ("technician", "bay"))
    for hours, appointment_state in ((-1, "confirmed"), (1, "confirmed"), (2, "cancelled"), (-3, "in_work")):
        make_appointment(
            services.db, workshop, customer, technician, bay,
            starts_at=TODAY_AT_NINE + timedelta(hours=hours), state=appointment_state,
        )  # fmt: skip
    clock.advance(timedelta(minutes=5))
    await tab.call(TodayState.load)
    state = await tab.state(TodayState)
    assert [(visit.starts, visit.badge) for visit in state.visits] == [
        ("06:00", "progress"),
        ("10:00", "confirmed"),
    ]
    assert (state.figures.appointments, state.figures.arrived) == ("3", 1)


async def test_nothing_of_another_workshop_is_counted_or_shown(services: Services, tab: Tab) -> None:
    foreign_thread(services)
    await tab.call(TodayState.load)
    state = await tab.state(TodayState)
    assert (state.waiting, state.hottest.id, state.visits) == (0, "", [])


async def test_a_technician_sees_the_day_without_the_inbox(services: Services, workshop: Workshop) -> None:
    make_thread(services, workshop)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    assert await technician.call(TodayState.load) == []
    state = await technician.state(TodayState)
    assert (state.sees_inbox, state.waiting, state.can_confirm) == (False, 0, False)
