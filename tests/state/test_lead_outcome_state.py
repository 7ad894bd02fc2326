"""Saying how a lead ended, beside its thread."""

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.lead_outcome import LeadOutcomeState
from carbot_app.state.session import SessionState
from carbot_app.state.thread import ThreadState
from carbot_app.state.thread_side import ThreadSide
from tests.state.tabs import Tab, make_thread, open_tab, words_of


async def opened(services: Services, workshop: Workshop, tab: Tab, **lead: object) -> ThreadState:
    conversation, _, row = make_thread(services, workshop)
    if lead:
        with services.db.writing(workshop.id) as session:
            for name, value in lead.items():
                setattr(row, name, value)
            session.merge(row)
    await tab.at(f"/posteingang/?c={conversation.id}").call(ThreadState.load)
    return await tab.state(ThreadState)


async def test_a_lost_lead_shows_why_and_can_be_opened_again(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    thread = await opened(services, workshop, tab)
    assert (thread.side.lead_state, thread.side.lost_reason) == ("open", "")
    for handler, arguments, state, reason in (
        (LeadOutcomeState.lose, ["price"], "lost", "Zu teuer"),
        (LeadOutcomeState.reopen, [], "open", ""),
        (LeadOutcomeState.win, [], "won", ""),
    ):
        outcomes = await tab.call(handler, *arguments)
        assert '"ok"' in words_of(outcomes).replace("\\", "")
        await tab.call(ThreadState.open_thread, thread.conversation_id)
        assert (thread.side.lead_state, thread.side.lost_reason) == (state, reason)


async def test_a_made_up_reason_or_no_lead_changes_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    assert '"err"' in words_of(await tab.call(LeadOutcomeState.win)).replace("\\", "")
    thread = await opened(services, workshop, tab)
    assert "Grund" in words_of(await tab.call(LeadOutcomeState.lose, "nonsense"))
    await tab.call(ThreadState.open_thread, thread.conversation_id)
    assert thread.side.lead_state == "open"


async def test_an_accountant_says_nothing_about_leads(services: Services, workshop: Workshop) -> None:
    accountant = open_tab(services, workshop, "accountant")
    await accountant.call(SessionState.load)
    _, _, lead = make_thread(services, workshop)
    (await accountant.state(ThreadState)).side = ThreadSide(lead_id=str(lead.id))
    assert "Berechtigung" in words_of(await accountant.call(LeadOutcomeState.win))


async def test_reasons_carry_their_sign_and_who_found_them(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    reasons = [
        {"code": "no_contact", "points": -18},
        {"code": "value", "points": 4, "params": {"cents": 9900}},
    ]
    thread = await opened(services, workshop, tab, reasons=reasons, model_version=3)
    assert [(line.text, line.points) for line in thread.side.reasons] == [
        ("Keine Kontaktdaten", "−18"),
        ("Auftragswert rund 99,00\u00a0€", "+4"),
    ]
    assert thread.side.scored_by == "Bewertet nach früheren Anfragen (Modell 3)"
