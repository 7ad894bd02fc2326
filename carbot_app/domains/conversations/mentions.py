"""Who a note calls with ``@Name`` (pure)."""

import re
from collections.abc import Sequence
from uuid import UUID

from carbot_app.domains.conversations.desk_schemas import Colleague
from carbot_app.kit.text import fold

_CALL = re.compile(r"(?<![\w@])@(?=\w)")


def mentioned(text: str, people: Sequence[Colleague]) -> tuple[UUID, ...]:
    """Ids in the order of the text: the longest name after each ``@``, or a first name only one bears."""
    named = sorted(_names(people).items(), key=lambda pair: -len(pair[0]))
    found: dict[UUID, None] = {}
    for call in _CALL.finditer(text):
        rest = fold(text[call.end() :])
        person = next((person for name, person in named if _begins(rest, name)), None)
        if person is not None:
            found[person] = None
    return tuple(found)


def _names(people: Sequence[Colleague]) -> dict[str, UUID]:
    names: dict[str, UUID] = {}
    firsts: dict[str, list[UUID]] = {}
    for person in people:
        whole = fold(" ".join(person.name.split()))
        if whole:
            names[whole] = person.id
            firsts.setdefault(whole.split()[0], []).append(person.id)
    only = {first: ids[0] for first, ids in firsts.items() if len(ids) == 1}
    return {**only, **names}


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
