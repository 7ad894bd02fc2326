"""Conditions over facts, and the guard against loops."""

import pytest

from carbot_app.domains.automations.loop_guard import MAX_DEPTH, MAX_PER_HOUR, verdict
from carbot_app.domains.automations.rules import holds, matches
from carbot_app.domains.automations.schemas import Condition

FACTS = {
    "temperature": "hot",
    "score": 82,
    "value": 349.5,
    "time": "21:30",
    "consent": frozenset({"review"}),
    "intent": None,
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("temperature", "is", "hot"), True),
        (("temperature", "is", "warm"), False),
        (("temperature", "is_not", "warm"), True),
        (("temperature", "is_not", "hot"), False),
        (("score", "at_least", "82"), True),
        (("score", "at_least", "83"), False),
        (("score", "at_most", "82"), True),
        (("value", "at_least", "349"), True),
        (("value", "at_most", "349"), False),
        (("time", "after", "21:30"), True),
        (("time", "before", "21:30"), False),
        (("time", "before", "21:31"), True),
        (("consent", "is", "review"), True),
        (("consent", "is", "offers"), False),
        (("consent", "is_not", "offers"), True),
    ],
)
def test_a_condition_asks_one_fact(condition: tuple[str, str, str], expected: bool) -> None:
    assert holds(Condition(*condition), FACTS) is expected


@pytest.mark.parametrize("field", ["intent", "language"])
def test_what_is_not_known_is_nothing_in_particular(field: str) -> None:
    assert not holds(Condition(field, "is", "de"), FACTS)
    assert holds(Condition(field, "is_not", "de"), FACTS)
    assert not holds(Condition(field, "at_least", "1"), FACTS)
    assert not holds(Condition(field, "before", "12:00"), FACTS)


def test_all_conditions_must_hold_and_none_always_do() -> None:
    hot, cheap = Condition("temperature", "is", "hot"), Condition("value", "at_most", "100")
    assert matches((), FACTS)
    assert matches((hot,), FACTS)
    assert not matches((hot, cheap), FACTS)


def test_an_automation_does_not_answer_to_itself() -> None:
    assert verdict(("a", "b"), "a", recent=0) == "echo"
    assert verdict(("b",), "a", recent=0) == ""


def test_a_chain_ends_and_so_does_a_flood() -> None:
    assert verdict([str(n) for n in range(MAX_DEPTH - 1)], "a", recent=MAX_PER_HOUR - 1) == ""
    assert verdict([str(n) for n in range(MAX_DEPTH)], "a", recent=0) == "too_deep"
    assert verdict((), "a", recent=MAX_PER_HOUR) == "crowded"
