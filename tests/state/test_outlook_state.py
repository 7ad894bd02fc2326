"""Score, weeks and services as the pages word them."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.team.models import Workshop
from carbot_app.state.outlook import OutlookState
from carbot_app.state.service_figures import ServiceFiguresState
from carbot_app.state.session import SessionState
from tests.factories.conversations import make_conversation
from tests.factories.leads import make_lead
from tests.factories.saving import save
from tests.state.tabs import Tab, open_tab, words_of


def enquire(services: Services, workshop: Workshop, count: int, **fields) -> None:
    """Enquiries of the last weeks, answered after a minute."""
    for back in range(count):
        at = services.clock() - timedelta(days=1 + back)
        thread = make_conversation(
            services.db, workshop, created_at=at, first_answer_at=at + timedelta(minutes=1)
        )
        make_lead(services.db, thread, created_at=at, state="booked", **fields)
    services.event_collector.collect(workshop.id)


async def test_an_empty_workshop_reads_what_is_missing(tab: Tab) -> None:
    await tab.call(OutlookState.reach_score)
    await tab.call(OutlookState.reach_weeks)
    state = await tab.state(OutlookState)
    assert (state.status, state.score.figure, state.score.points, state.steps) == ("ready", "–", 0, [])
    assert "Noch zu wenig gemessen" in state.score.sentence
    assert [week.title for week in state.weeks][:2] == ["Diese Woche", "30. Nov.\u2009–\u20096. Dez."]
    assert "zwei Wochen" in state.note
    await tab.call(ServiceFiguresState.load)
    figures = await tab.state(ServiceFiguresState)
    assert (figures.status, figures.rows, figures.wishes, figures.advice, figures.note) == (
        "ready",
        [],
        [],
        [],
        "",
    )


async def test_score_and_steps_are_words(services: Services, workshop: Workshop, tab: Tab) -> None:
    enquire(services, workshop, 12)
    today = services.clock().date()
    save(
        services.db,
        DeclinedJob(
            workshop_id=workshop.id,
            title="Stoßdämpfer",
            gross_cents=713_300,
            declined_on=today,
            follow_up_on=today,
        ),
    )
    await tab.call(OutlookState.reach_score)
    state = await tab.state(OutlookState)
    assert state.score.figure == "100"
    assert state.score.sentence.endswith("Dieser Schritt bringt etwas ein:")
    assert "Pünktlichkeit" in state.score.missing
    (step,) = state.steps
    assert (step.title, step.worth) == ("1 abgelehnte Arbeit nachfassen", "+2.140\u00a0€")
    assert step.why == "7.133\u00a0€ offen; 30\u00a0% werden beauftragt (Annahme)"
    assert {row.code: row.measured for row in state.parts}["response"] == "60 Sek."


async def test_weights_are_saved_or_refused_with_a_reason(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(OutlookState.reach_score)
    state = await tab.state(OutlookState)
    assert state.may_weigh
    typed = {row.code: row.weight for row in state.parts}
    assert "Gewichte gespeichert" in words_of(await tab.call(OutlookState.weigh, {**typed, "margin": "40"}))
    assert {row.code: row.weight for row in state.parts}["margin"] == "40"
    for wrong in ("101", "-1", "1.5", "viel", "", None, "9" * 400):
        await tab.call(OutlookState.weigh, {**typed, "margin": wrong})
        assert "0 bis 100" in state.problem
    await tab.call(OutlookState.weigh, dict.fromkeys(typed, "0"))
    assert "Mindestens ein Teil" in state.problem
    await tab.call(OutlookState.weigh, typed)
    assert state.problem == ""


async def test_the_desk_reads_but_does_not_weigh(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "accountant")
    await desk.call(SessionState.load)
    await desk.call(OutlookState.reach_score)
    state = await desk.state(OutlookState)
    assert (state.status, state.may_weigh) == ("ready", False)
    assert "Berechtigung" in words_of(await desk.call(OutlookState.weigh, {"margin": "1"}))


async def test_who_may_not_read_figures_sees_none(services: Services, workshop: Workshop) -> None:
    bench = open_tab(services, workshop, "technician")
    await bench.call(SessionState.load)
    for handler, kind in (
        (OutlookState.reach_score, OutlookState),
        (ServiceFiguresState.load, ServiceFiguresState),
    ):
        assert "Berechtigung" in words_of(await bench.call(handler))
        assert (await bench.state(kind)).status == "failed"


async def test_services_and_wishes_move_with_a_hint(services: Services, workshop: Workshop, tab: Tab) -> None:
    await tab.call(ServiceFiguresState.load)
    state = await tab.state(ServiceFiguresState)
    enquire(services, workshop, 3, wish="Ozonbehandlung", service_codes=[])
    await tab.call(ServiceFiguresState.on_live, "mailbox", "", "x")
    assert state.wishes == []
    await tab.call(ServiceFiguresState.on_live, "analytics", "", "x")
    assert [(wish.words, wish.count) for wish in state.wishes] == [("Ozonbehandlung", "3")]
    (advice,) = state.advice
    assert (advice.title, advice.worth) == ("„Ozonbehandlung“ anbieten", "")
    assert "3 Anfragen" in advice.why


async def test_the_score_moves_with_a_hint(services: Services, workshop: Workshop, tab: Tab) -> None:
    await tab.call(OutlookState.on_live, "analytics", "", "x")
    state = await tab.state(OutlookState)
    assert state.status == "loading"
    await tab.call(OutlookState.reach_score)
    enquire(services, workshop, 12)
    await tab.call(OutlookState.on_live, "analytics", "", "x")
    assert (state.score.figure, state.weeks) == ("100", []), "what nobody has come near to is not read"
    await tab.call(OutlookState.reach_weeks)
    state.weeks = state.weeks[:1]
    await tab.call(OutlookState.on_live, "analytics", "", "x")
    assert len(state.weeks) > 1
