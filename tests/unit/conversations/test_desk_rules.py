"""Whom a note calls, what a canned reply says, and what a search looks for."""

import pytest

from carbot_app.domains.conversations.canned import fill, unknown_variables
from carbot_app.domains.conversations.desk_schemas import Colleague
from carbot_app.domains.conversations.mentions import mentioned
from carbot_app.domains.conversations.search import read_words
from carbot_app.kit.ids import new_id
from carbot_app.kit.text import fold

JANA, EMRE, ANNA, ANNA_LENA, ISIK = (
    Colleague(new_id(), name)
    for name in ("Jana Krüger", "Emre Yıldız", "Anna Groß", "Anna-Lena Groß", "Işık Öz")
)
TEAM = (JANA, EMRE, ANNA, ANNA_LENA, ISIK)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Jana Krüger bitte zurückrufen", [JANA]),
        ("Bitte @jana, und du @Emre auch", [JANA, EMRE]),
        ("@emre yildiz: Teile da", [EMRE]),
        ("@Anna-Lena Groß", [ANNA_LENA]),
        ("@Anna Groß und @Anna Groß", [ANNA]),
        ("(@Isik)", [ISIK]),
        ("@IŞIK ÖZ!", [ISIK]),
        ("@Janas Auto", []),
        ("kunde@jana.example", []),
        ("@ Jana", []),
        ("@niemand", []),
        ("", []),
    ],
)
def test_a_name_behind_an_at_calls_its_bearer(text: str, called: list[Colleague]) -> None:
    assert mentioned(text, TEAM) == tuple(person.id for person in called)


def test_a_first_name_two_people_bear_calls_nobody() -> None:
    twins = (Colleague(new_id(), "Ali Kaya"), Colleague(new_id(), "Ali Demir"))
    assert mentioned("@Ali schau mal", twins) == ()
    assert mentioned("@Ali Demir schau mal", twins) == (twins[1].id,)


def test_variables_are_filled_in_and_holes_are_seen() -> None:
    text = "Guten Tag {{name}}, Ihr {{ plate }} ist fertig. {{me}}"
    filled = fill(text, {"name": "Frau Krause", "plate": "", "me": "Jana"}, {"plate": "Kennzeichen"})
    assert filled == "Guten Tag Frau Krause, Ihr [Kennzeichen] ist fertig. Jana"


def test_a_customers_braces_are_not_filled_in_twice() -> None:
    assert fill("{{name}}", {"name": "{{me}}", "me": "Jana"}, {}) == "{{me}}"


def test_unknown_variables_are_named_in_order() -> None:
    assert unknown_variables("{{kennzeichen}} {{name}} {{kennzeichen}} {{x}}") == ("kennzeichen", "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [("İĞNE", "iğne"), ("ışık", "IŞIK"), ("Łódź", "lodz"), ("Größe", "GROSSE"), ("Müller", "Mu\u0308ller")],
)
def test_folded_words_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("Krause", [("krause",)]),
        ("Müller", [("muller", "mueller")]),
        ("mueller", [("mueller", "muller")]),
        ("Öl!", [("ol", "oel")]),
        ("DO-AB 123", [("do",), ("ab",), ("123",)]),
        ("0171 555-0142", [("1715550142",)]),
        ("+49 (171) 5550142", [("491715550142",)]),
        ("2015", [("2015",)]),
        ("%_'\"*", []),
        ("a b c d e f g h", [("a",), ("b",), ("c",), ("d",), ("e",), ("f",)]),
    ],
)
def test_a_search_is_read_as_words(search: str, words: list[tuple[str, ...]]) -> None:
    assert read_words(search) == words
