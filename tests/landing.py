"""What `make test` leaves to `make test-all` (docs/adr/0032): repetition, not subjects.

- A test that runs on SQLite and on PostgreSQL runs on one of them here, always the same one, and
  about a third of all on PostgreSQL. Tests marked `engines` are about the databases themselves and
  run on both.
- Of a test with more than three cases every third case runs. Those of `tests/unit` need no database
  and no counterpart: they cost next to nothing and run all.
- Tests marked `thorough` repeat a thing hundreds of times, wait for long limits or go through what
  another story goes through too.
- In Chromium run the stories below and everything of the chat widget.
- `tests/architecture` is what `make check` runs.
"""

from collections import Counter
from zlib import crc32

import pytest

_SQLITE, _POSTGRES = "sqlite", "postgres"
_FEW_CASES = 3
STORIES = (
    "test_hydration",  # every page comes alive without a complaint
    "test_story_elsewhere",  # the main story on PostgreSQL with two workers
    "test_story",  # a customer's chat becomes an appointment, live at the desk and on the owner's phone
    "test_money_film",  # from a chat to the last cent
    "test_booking_page",  # booking without chat, by keyboard
    "test_diagnosis_film",  # from the plug to a booked slot
    "test_calendar_board",
    "test_coming_alive",
)
"""Modules of ``tests/e2e``; those that take longest first, so that no process ends long before another."""


def leave_the_rest_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is not for ``make test``."""
    cases = Counter(_test_of(item) for item in items if _engine_of(item) in (None, _SQLITE))
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        (kept if runs_at_landing(item, cases[_test_of(item)]) else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=_turn)


def _turn(item: pytest.Item) -> int:
    return STORIES.index(item.path.stem) if item.path.parent.name == "e2e" else -1


def runs_at_landing(item: pytest.Item, cases: int) -> bool:
    """Whether ``make test`` runs it; ``cases``: of the same test, those on one database."""
    folder = item.path.parent.name
    if folder == "architecture" or item.get_closest_marker("thorough"):
        return False
    if item.get_closest_marker("engines"):
        return True
    if folder == "e2e" and item.path.stem not in STORIES:
        return False
    indices: dict[str, int] = item.callspec.indices if hasattr(item, "callspec") else {}
    others = sorted((name, index) for name, index in indices.items() if name != "database_url")
    if cases > _FEW_CASES and "tests/unit/" not in item.nodeid and sum(index for _, index in others) % 3:
        return False
    engine = _engine_of(item)
    chosen = _SQLITE if crc32(f"{_test_of(item)} {others}".encode()) % 3 else _POSTGRES
    return engine in (None, chosen)


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _engine_of(item: pytest.Item) -> str | None:
    return item.callspec.params.get("database_url") if hasattr(item, "callspec") else None
