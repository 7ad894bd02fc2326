"""The settings' section about the scoring of leads."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.leads.models import LeadModel
from carbot_app.domains.team.models import Workshop
from carbot_app.state.session import SessionState
from carbot_app.state.settings_scoring import ScoringState
from tests.factories.saving import save
from tests.state.tabs import Tab, open_tab, words_of


async def test_a_new_workshop_reads_what_is_missing(tab: Tab) -> None:
    await tab.call(ScoringState.load)
    state = await tab.state(ScoringState)
    assert (state.status, state.decision, state.version, state.brier) == ("ready", "few_outcomes", 0, "")
    assert "150 abgeschlossene Anfragen" in state.missing
    assert "Modell 1" in words_of(await tab.call(ScoringState.retrain))
    assert "nichts Neues" in words_of(await tab.call(ScoringState.retrain))
    assert (state.version, state.busy) == (1, False)


async def test_a_model_is_told_in_words(services: Services, workshop: Workshop, tab: Tab) -> None:
    save(
        services.db,
        LeadModel(
            workshop_id=workshop.id,
            version=4,
            trained_at=services.clock() - timedelta(hours=1),
            decision="used",
            outcomes_digest="x",
            sample_size=260,
            won=150,
            held_back=28,
            brier=0.1488,
            rules_brier=0.1978,
            base_brier=0.25,
            bins=[{"expected": 0.2, "won": 11, "count": 14}, {"expected": 0.82, "won": 12, "count": 14}],
        ),
    )
    await tab.call(ScoringState.load)
    state = await tab.state(ScoringState)
    assert (state.brier, state.rules_brier, state.base_brier) == ("0,149", "0,198", "0,250")
    assert [(line.expected, line.said, line.close) for line in state.lines] == [
        ("82\u00a0%", "12 von 14 wurden zu Aufträgen.", True),
        ("20\u00a0%", "11 von 14 wurden zu Aufträgen.", False),
    ]


async def test_only_managers_train(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk")
    await desk.call(SessionState.load)
    assert "Berechtigung" in words_of(await desk.call(ScoringState.retrain))
    assert (await desk.state(ScoringState)).busy is False
