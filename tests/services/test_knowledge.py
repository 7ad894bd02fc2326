"""What a workshop writes down, what the assistant makes of it, and how far prices go down."""

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.knowledge.schemas import ArticleDraft, Terms
from carbot_app.domains.knowledge.service import BODY_LIMIT, KnowledgeService
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.services.assistant_desk import AssistantDesk, open_assistant_desk

LOANER = ArticleDraft(
    "Leihwagen",
    "Ein Leihwagen kostet 25 Euro am Tag. Bringen Sie ihn bis 18 Uhr zurück.",
    "de",
    ("Ersatzwagen",),
)


@pytest.fixture
def knowledge(database: Database, clock: ManualClock) -> KnowledgeService:
    return KnowledgeService(db=database, clock=clock)


@pytest.fixture
def owner(database: Database) -> Actor:
    return staff_of(make_workshop(database))


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, monkeypatch: pytest.MonkeyPatch
) -> AssistantDesk:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    return open_assistant_desk(database, clock, analyser)


def customer_of(owner: Actor) -> Actor:
    return Actor(kind="customer", workshop_id=owner.workshop_id, permissions=frozenset({"public.chat"}))


def test_an_article_is_stored_changed_and_removed(knowledge: KnowledgeService, owner: Actor) -> None:
    made = knowledge.save_article(owner, LOANER)
    changed = knowledge.save_article(
        owner,
        ArticleDraft("  Leihwagen \n", "Nur  mittwochs.", "de", ("", " Ersatzwagen ")),
        article_id=made.id,
    )
    assert (changed.id, changed.title, changed.body, changed.tags) == (
        made.id,
        "Leihwagen",
        "Nur mittwochs.",
        ("Ersatzwagen",),
    )
    assert knowledge.list_articles(owner) == [changed]
    knowledge.remove_article(owner, made.id)
    assert knowledge.list_articles(owner) == []
    with pytest.raises(NotFound, match="article_unknown"):
        knowledge.remove_article(owner, made.id)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (ArticleDraft(" ", "x"), "article_title_missing"),
        (ArticleDraft("x", "\x00 "), "article_body_missing"),
        (ArticleDraft("x", "y" * (BODY_LIMIT + 1)), "article_body_too_long"),
        (ArticleDraft("x", "y", "fr"), "article_language_unknown"),
        (ArticleDraft("x", "y", "de", tuple(f"tag {n}" for n in range(21))), "article_tags_limit"),
    ],
)
def test_what_cannot_be_stored_says_why(
    knowledge: KnowledgeService, owner: Actor, draft: ArticleDraft, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        knowledge.save_article(owner, draft)


def test_the_same_heading_twice_is_refused(knowledge: KnowledgeService, owner: Actor) -> None:
    knowledge.save_article(owner, LOANER)
    with pytest.raises(Conflict, match="article_known"):
        knowledge.save_article(owner, ArticleDraft("leihwagen", "Anders.", "de"))
    knowledge.save_article(owner, ArticleDraft("Leihwagen", "Other.", "en"))


def test_questions_are_counted_and_go_when_they_are_answered(
    knowledge: KnowledgeService, owner: Actor
) -> None:
    customer = customer_of(owner)
    for question in ("Macht ihr Wohnmobile?", "macht ihr auch Wohnmobile", "Habt ihr eine Waschanlage?"):
        knowledge.note_gap(customer, question, language="de")
    first, second = knowledge.list_gaps(owner)
    assert (first.count, first.question, second.count) == (2, "macht ihr auch Wohnmobile", 1)
    knowledge.save_article(owner, ArticleDraft("Wohnmobile", "Ja, bis sieben Meter.", "de"), gap_id=first.id)
    assert [gap.id for gap in knowledge.list_gaps(owner)] == [second.id]
    knowledge.remove_gap(owner, second.id)
    assert knowledge.list_gaps(owner) == []
    found = knowledge.find_answer(customer, "Macht ihr Wohnmobile?", language="de")
    assert found
    assert found.body == "Ja, bis sieben Meter."


def test_another_workshop_sees_and_changes_nothing(
    knowledge: KnowledgeService, owner: Actor, database: Database
) -> None:
    other = staff_of(make_workshop(database, "anderswo"))
    made = knowledge.save_article(owner, LOANER)
    knowledge.note_gap(customer_of(owner), "Macht ihr Wohnmobile?", language="de")
    (gap,) = knowledge.list_gaps(owner)
    assert knowledge.list_articles(other) == []
    assert knowledge.list_gaps(other) == []
    assert knowledge.find_answer(customer_of(other), "Leihwagen?", language="de") is None
    with pytest.raises(NotFound):
        knowledge.save_article(other, LOANER, article_id=made.id)
    with pytest.raises(NotFound):
        knowledge.remove_gap(other, gap.id)


def test_only_who_manages_settings_may_edit(knowledge: KnowledgeService, owner: Actor) -> None:
    customer = customer_of(owner)
    for refused in (
        lambda: knowledge.list_articles(customer),
        lambda: knowledge.save_article(customer, LOANER),
        lambda: knowledge.remove_article(customer, new_id()),
        lambda: knowledge.list_gaps(customer),
        lambda: knowledge.remove_gap(customer, new_id()),
        lambda: knowledge.set_terms(customer, Terms(5, 0)),
    ):
        with pytest.raises(Forbidden):
            refused()


@pytest.mark.parametrize("terms", [Terms(31, 0), Terms(-1, 0), Terms(5, -1)])
def test_a_rule_nobody_can_mean_is_refused(knowledge: KnowledgeService, owner: Actor, terms: Terms) -> None:
    with pytest.raises(Invalid):
        knowledge.set_terms(owner, terms)
    assert knowledge.get_terms(owner) == Terms()


def test_the_assistant_quotes_figures_the_workshop_wrote_itself(desk: AssistantDesk) -> None:
    desk.knowledge.save_article(desk.owner, LOANER)
    chat = desk.open_chat()
    answer = chat.ask("Habt ihr einen Leihwagen?")
    assert answer
    assert answer.text == f"{LOANER.body} (Quelle: Leihwagen)"
    thread = chat.thread()
    assert thread.mode == "assistant"


def test_an_article_that_is_off_is_not_used(desk: AssistantDesk) -> None:
    desk.knowledge.save_article(desk.owner, ArticleDraft(LOANER.title, LOANER.body, "de", (), active=False))
    answer = desk.open_chat().ask("Habt ihr einen Leihwagen?")
    assert answer
    assert "25 Euro" not in answer.text


def test_a_question_nobody_wrote_about_becomes_a_gap_unless_it_names_a_person(desk: AssistantDesk) -> None:
    desk.open_chat().ask("Wie lange gibt es Ihren Betrieb schon?")
    desk.open_chat().ask("Sind Sie Innungsbetrieb? Grüße, Petra Maier, petra.maier@mail.example")
    assert [gap.question for gap in desk.knowledge.list_gaps(desk.owner)] == [
        "Wie lange gibt es Ihren Betrieb schon?"
    ]


def test_haggling_goes_as_far_as_the_owner_allows_and_no_further(desk: AssistantDesk) -> None:
    desk.knowledge.set_terms(desk.owner, Terms(percent=5, from_cents=5000))
    chat = desk.open_chat()
    chat.ask("Was kostet ein Ölwechsel beim Golf 7?")
    first = chat.ask("Geht da noch was am Preis?")
    assert first
    assert "85,00" in first.text  # 89 euros less 5 %, up to the full euro
    again = chat.ask("Und noch ein bisschen mehr Rabatt?")
    assert again
    assert "85,00" not in again.text
    assert "84" not in again.text


@pytest.mark.parametrize("terms", [Terms(), Terms(percent=5, from_cents=50_000)])
def test_without_a_rule_that_fits_nothing_is_promised(desk: AssistantDesk, terms: Terms) -> None:
    desk.knowledge.set_terms(desk.owner, terms)
    chat = desk.open_chat()
    chat.ask("Was kostet ein Ölwechsel beim Golf 7?")
    answer = chat.ask("Geht da noch was am Preis?")
    assert answer
    assert "%" not in answer.text


def test_an_accident_is_asked_about_one_question_at_a_time_and_then_handed_over(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    first = chat.ask("Ich hatte einen Unfall, regelt ihr das mit der Versicherung?")
    assert first
    assert first.text.count("?") == 1
    second = chat.ask("der andere fahrer hat schuld")
    assert second
    assert second.text.endswith("Ist das Auto noch fahrbereit?")
    assert chat.thread().mode == "assistant"
    chat.ask("ja, fährt noch")
    assert chat.thread().mode == "human"
