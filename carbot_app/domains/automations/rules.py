"""Whether conditions hold for a flat dictionary of facts (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from carbot_app.domains.automations.schemas import Condition

Facts = Mapping[str, Any]
"""Field → a text, a number, ``HH:MM``, or a set of texts; absent or None: not known."""


def matches(conditions: Sequence[Condition], facts: Facts) -> bool:
    """Whether all hold; no conditions always do. What is not known is nothing in particular: only
    ``is_not`` holds for it."""
    return all(holds(condition, facts) for condition in conditions)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether one condition does."""
    known = facts.get(condition.field)
    if condition.op == "is_not":
        return not _is(known, condition.value)
    if known is None:
        return False
    if condition.op == "is":
        return _is(known, condition.value)
    if condition.op in {"at_least", "at_most"}:
        limit = float(condition.value)
        return known >= limit if condition.op == "at_least" else known <= limit
    if condition.op in {"after", "before"}:
        return known >= condition.value if condition.op == "after" else known < condition.value
    return False


def _is(known: Any, value: str) -> bool:
    if isinstance(known, (set, frozenset)):
        return value in known
    return known == value
