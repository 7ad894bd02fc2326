"""The settings page on what the assistant answers from."""

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.settings_knowledge import KnowledgeState
from tests.factories import staff_of
from tests.state.tabs import Tab, words_of


async def test_an_open_question_is_answered_from_the_list(
    tab: Tab, services: Services, workshop: Workshop
) -> None:
    system = services.team.system_actor(workshop.id)
    services.knowledge.note_gap(system, "Macht ihr Wohnmobile?", language="de")
    await tab.call(KnowledgeState.load)
    state = await tab.state(KnowledgeState)
    assert (state.status, [line.question for line in state.gaps]) == ("ready", ["Macht ihr Wohnmobile?"])
    await tab.call(KnowledgeState.answer, state.gaps[0].id)
    state = await tab.state(KnowledgeState)
    assert (state.open, state.form.question, state.form.tags) == (
        True,
        "Macht ihr Wohnmobile?",
        "Macht ihr Wohnmobile?",
    )
    form = {"title": "Wohnmobile", "body": "Ja.", "tags": "Camper", "language": "de", "active": "on"}
    outcomes = await tab.call(KnowledgeState.save, form)
    state = await tab.state(KnowledgeState)
    assert "Gespeichert" in words_of(outcomes)
    assert (state.open, state.gaps) == (False, [])
    assert [(line.title, line.active) for line in state.articles] == [("Wohnmobile", True)]


async def test_a_missing_answer_is_told_at_its_field_and_the_pane_stays(tab: Tab) -> None:
    await tab.call(KnowledgeState.load)
    await tab.call(KnowledgeState.ask_add)
    await tab.call(KnowledgeState.save, {"title": "Leihwagen", "body": " ", "language": "de"})
    state = await tab.state(KnowledgeState)
    assert state.open
    assert list(state.problems) == ["body"]


async def test_an_article_is_opened_and_removed(tab: Tab, services: Services, workshop: Workshop) -> None:
    await tab.call(KnowledgeState.ask_add)
    await tab.call(KnowledgeState.save, {"title": "A", "body": "B", "language": "en", "active": "on"})
    state = await tab.state(KnowledgeState)
    await tab.call(KnowledgeState.edit, state.articles[0].id)
    state = await tab.state(KnowledgeState)
    assert (state.form.title, state.form.language) == ("A", "en")
    await tab.call(KnowledgeState.remove)
    assert services.knowledge.list_articles(staff_of(workshop)) == []


async def test_the_rule_for_discounts_is_stored_in_euros_and_nonsense_is_named(tab: Tab) -> None:
    await tab.call(KnowledgeState.save_terms, {"percent": "5", "from_amount": "300"})
    await tab.call(KnowledgeState.load)
    state = await tab.state(KnowledgeState)
    assert (state.percent, state.from_amount) == ("5", "300")
    await tab.call(KnowledgeState.save_terms, {"percent": "viel", "from_amount": "300"})
    assert list((await tab.state(KnowledgeState)).problems) == ["percent"]
