"""Which article answers a question, in four languages, and when none does."""

from datetime import UTC, datetime

import pytest

from carbot_app.domains.knowledge.bargaining import lowered
from carbot_app.domains.knowledge.ranking import best_answer, question_key
from carbot_app.domains.knowledge.schemas import ArticleView
from carbot_app.domains.knowledge.starters import starter_articles
from carbot_app.kit.ids import new_id

ARTICLES = [
    ArticleView(
        new_id(), one.title, one.body, one.language, one.tags, True, datetime(2026, 11, 23, tzinfo=UTC)
    )
    for one in starter_articles()
]


@pytest.mark.parametrize(
    ("question", "language", "title"),
    [
        ("Habt ihr einen Leihwagen?", "de", "Leihwagen"),
        ("bekomme ich während der Reparatur ein Ersatzauto", "de", "Leihwagen"),
        ("Kann man mit Kreditkarte zahlen?", "de", "Bezahlen"),
        ("gibts WLAN zum Warten", "de", "Warten in der Werkstatt"),
        ("verliere ich die Garantie?", "de", "Herstellergarantie"),
        ("do you have a courtesy car", "en", "Courtesy car"),
        ("can I pay by card?", "en", "Payment"),
        ("can my brother collect the car for me", "en", "Dropping off and collecting"),
        ("yedek araç veriyor musunuz", "tr", "Yedek araç"),
        ("kredi kartı geçiyor mu", "tr", "Ödeme"),
        ("macie auto zastępcze?", "pl", "Auto zastępcze"),
        ("czy można zapłacić kartą", "pl", "Płatność"),
    ],
)
def test_a_question_finds_its_article(question: str, language: str, title: str) -> None:
    found = best_answer(question, ARTICLES, language)
    assert found is not None
    assert (found.title, found.language) == (title, language)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Was kostet ein Ölwechsel?",
        "Macht ihr auch Wohnmobile?",
        "do you repair motorbikes",
        "fren balatası ne kadar",
        "ile kosztuje rozrząd",
    ],
)
def test_what_nobody_wrote_down_is_not_answered(question: str) -> None:
    assert best_answer(question, ARTICLES, "de") is None


def test_two_wordings_of_a_question_are_counted_as_one() -> None:
    assert question_key("Macht ihr auch Wohnmobile?") == question_key("macht ihr WOHNMOBILE")
    assert question_key("Macht ihr auch Wohnmobile?") != question_key("Macht ihr auch Motorräder?")
    assert question_key("und ihr?") == ""


@pytest.mark.parametrize(
    ("cents", "percent", "expected"),
    [(30000, 5, 28500), (12800, 5, 12200), (9999, 10, 9000), (10000, 0, 10000), (0, 5, 0)],
)
def test_a_lowered_price_never_gives_away_more_than_allowed(cents: int, percent: int, expected: int) -> None:
    assert lowered(cents, percent) == expected
    assert lowered(cents, percent) * 100 >= cents * (100 - percent)
