"""What `make test` leaves to `make test-all` (docs/adr/0032): repetition, not subjects.

- A test that runs on SQLite and on PostgreSQL runs on one of them here, always the same one, and
  about half of all on each. Tests marked `engines` are about the databases themselves and run on both.
- Tests marked `thorough` repeat a thing hundreds of times or wait for long limits.
- In Chromium run the stories below and everything of the chat widget.
"""

from zlib import crc32

import pytest

_ENGINES = ("sqlite", "postgres")
STORIES = (
    "test_hydration",  # every page comes alive without a complaint
    "test_story_elsewhere",  # the main story with a model, and on PostgreSQL with two workers
    "test_story",  # a customer's chat becomes an appointment, live at the desk and on the owner's phone
    "test_money_film",  # from a chat to the last cent
    "test_booking_page",  # booking without chat, by keyboard, in four languages
    "test_calendar_board",
    "test_inbox_desk",
    "test_diagnosis_film",  # from the plug to a booked slot
    "test_coming_alive",
)
"""Modules of ``tests/e2e``; those that take longest first, so that no process ends long before another."""


def leave_the_rest_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what is not for ``make test``."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        (kept if runs_at_landing(item) else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=_turn)


def _turn(item: pytest.Item) -> int:
    return STORIES.index(item.path.stem) if item.path.parent.name == "e2e" else -1


def runs_at_landing(item: pytest.Item) -> bool:
    """Whether ``make test`` runs it."""
    if item.get_closest_marker("thorough"):
        return False
    if item.path.parent.name == "e2e":
        return item.path.stem in STORIES
    callspec = getattr(item, "callspec", None)
    engine = callspec.params.get("database_url") if callspec else None
    if callspec is None or engine is None or item.get_closest_marker("engines"):
        return True
    others = sorted((name, index) for name, index in callspec.indices.items() if name != "database_url")
    either = f"{item.nodeid.partition('[')[0]} {others}"
    return engine == _ENGINES[crc32(either.encode()) % len(_ENGINES)]
