"""Since when a thread waits, and how long that is in opening hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.messaging.escalation import Said, open_minutes, waiting_since

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
RULES = OpeningRules(
    hours={"1": [["08:00", "12:00"], ["13:00", "17:00"]], "2": [["08:00", "12:00"]]},
    zone=ZoneInfo("Europe/Berlin"),
    country="DE",
    region="NW",
    closures=[],
)


def thread(*authors: str) -> list[Said]:
    return [
        Said(number, author.removesuffix("!"), AT, author.endswith("!"))
        for number, author in enumerate(authors, start=1)
    ]


@pytest.mark.parametrize(
    ("authors", "human", "seq"),
    [
        (("customer", "assistant"), False, None),
        (("customer", "assistant", "customer", "customer"), False, 3),
        (("customer", "staff"), True, None),
        (("customer", "assistant", "system!"), True, 3),
        (("customer", "assistant", "system!", "customer"), True, 3),
        (("customer", "system!", "staff", "customer", "customer"), True, 4),
        (("customer", "assistant"), True, 1),
        ((), False, None),
    ],
)
def test_a_thread_waits_since_the_first_thing_nobody_answered(
    authors: tuple[str, ...], human: bool, seq: int | None
) -> None:
    found = waiting_since(thread(*authors), human=human)
    assert (found.seq if found else None) == seq


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ((23, 9, 0), (23, 9, 20), 20),
        ((23, 11, 50), (23, 13, 10), 20),
        ((23, 16, 50), (24, 8, 10), 20),
        ((22, 9, 0), (22, 18, 0), 0),
        ((24, 13, 0), (29, 8, 0), 0),
    ],
)
def test_only_opening_hours_count(
    start: tuple[int, int, int], end: tuple[int, int, int], minutes: int
) -> None:
    first, last = (datetime(2026, 11, *at, tzinfo=RULES.zone).astimezone(UTC) for at in (start, end))
    assert open_minutes(RULES, first, last) == minutes
