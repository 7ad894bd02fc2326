"""Hints are gathered in one place, and no handler drops one that another follows closely."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_handler_waits_for_quiet_and_hears_only_the_last_of_several_hints() -> None:
    waiting = [
        path.name
        for path in (ROOT / "carbot_app").rglob("*.py")
        if re.search(r"on_live\.(debounce|throttle)\(", path.read_text("utf-8"))
    ]
    assert waiting == []
