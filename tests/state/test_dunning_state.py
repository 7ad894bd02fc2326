"""The dunning run as a page: choosing, releasing, holding back."""

from datetime import date

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.dunning import DunningState
from carbot_app.state.session import SessionState
from tests.factories.owed import make_billing_terms, make_invoice
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/rechnungen/mahnen/"


async def test_proposals_are_chosen_released_and_listed(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_billing_terms(services.db, workshop)
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000, email="a@example.org")
    make_invoice(services.db, workshop, "RE-2026-00002", 20_000)
    await tab.at(PAGE).call(DunningState.load)
    state = await tab.state(DunningState)
    assert (len(state.proposals), len(state.chosen)) == (2, 2)
    first = state.proposals[0]
    assert (first.level, first.way, first.total) == ("reminder", "mail", "100,00\xa0€")
    assert first.detail == "E-Mail an a@example.org, Frist 30. Nov."
    assert (first.claims[0].number, first.claims[0].late) == ("RE-2026-00001", "8 Tage überfällig")
    await tab.call(DunningState.choose, first.key, False)
    assert state.chosen == [state.proposals[1].key]
    await tab.call(DunningState.choose, "nobody", True)
    assert "0 per E-Mail, 1 als Brief" in words_of(await tab.call(DunningState.release))
    assert (len(state.proposals), state.chosen, state.busy) == (1, [], False)
    (sent,) = state.notices
    assert (sent.numbers, sent.way, sent.total) == ("RE-2026-00002", "letter", "200,00\xa0€")


async def test_an_invoice_is_held_back_with_a_reason_and_let_go(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    row = make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    await tab.at(PAGE).call(DunningState.load)
    await tab.call(DunningState.stop, str(row.invoice_id), "dispute")
    state = await tab.state(DunningState)
    assert (state.proposals, state.chosen) == ([], [])
    assert [(held.number, held.reason, held.can_resume) for held in state.held] == [
        ("RE-2026-00001", "dispute", True)
    ]
    await tab.call(DunningState.resume, str(row.invoice_id))
    assert (len(state.proposals), state.held) == (1, [])
    assert "err" in words_of(await tab.call(DunningState.stop, str(row.invoice_id), "mood"))


async def test_a_missing_base_rate_is_asked_for_and_then_the_letter_can_go(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    row = make_invoice(
        services.db,
        workshop,
        "RE-2026-00001",
        10_000,
        issued_on=date(2026, 9, 1),
        is_business=True,
        dunning_level=1,
        reminded_on=date(2026, 10, 1),
    )
    assert row.dunning_level == 1
    await tab.at(PAGE).call(DunningState.load)
    state = await tab.state(DunningState)
    assert (state.missing_rate, state.missing_day, state.chosen) == ("2026-07-01", "01.07.2026", [])
    assert state.proposals[0].waits
    assert "Prozent" in words_of(await tab.call(DunningState.enter_rate, {"percent": "viel"}))
    await tab.call(DunningState.enter_rate, {"percent": "1,52"})
    assert (state.missing_rate, len(state.chosen)) == ("", 1)
    assert "Mahnkosten" in state.proposals[0].extra


async def test_a_hint_fetches_again_and_who_may_not_look_sees_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.at(PAGE).call(DunningState.load)
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    await tab.call(DunningState.on_live, "bank", "", "bank.entry")
    state = await tab.state(DunningState)
    assert len(state.proposals) == 1
    assert await tab.call(DunningState.on_live, "lead", "", "") == []
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.at(PAGE).call(DunningState.load)
    assert (await technician.state(DunningState)).status == "failed"
