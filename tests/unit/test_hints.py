"""Which hints of the live channel a page follows."""

import pytest

from carbot_app.state.hints import is_about


@pytest.mark.parametrize(
    ("topic", "subject", "follows"),
    [
        ("task", "01", True),
        ("conversation", "01", False),
        ("resync", "", True),
        ("resync", "conversation lead", False),
        ("resync", "conversation task", True),
        ("signed_out", "", False),
    ],
)
def test_a_hint_of_several_topics_concerns_who_wants_one_of_them(
    topic: str, subject: str, follows: bool
) -> None:
    assert is_about(topic, subject, {"task"}) is follows


@pytest.mark.parametrize(
    ("topic", "subject", "follows"),
    [
        ("task", "01", True),
        ("task", "02", False),
        ("task", "", True),
        ("resync", "", True),
        ("resync", "conversation task", True),
        ("resync", "conversation", False),
    ],
)
def test_who_shows_one_thing_follows_hints_about_it_and_those_that_may_be(
    topic: str, subject: str, follows: bool
) -> None:
    assert is_about(topic, subject, {"task"}, "01") is follows
