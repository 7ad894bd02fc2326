"""Hints reach a handler that waits for quiet also while they keep coming."""

import re
from pathlib import Path

from carbot_app.components.layout.signed_in import FIGURES_MS

ROOT = Path(__file__).parents[2]


def test_no_handler_waits_longer_for_quiet_than_hints_are_gathered() -> None:
    gathered = re.search(r"GATHER_MS = (\d+)", (ROOT / "assets" / "live.js").read_text("utf-8"))
    assert gathered is not None
    sources = (path.read_text("utf-8") for path in (ROOT / "carbot_app" / "pages").glob("*.py"))
    waits = [int(wait) for text in sources for wait in re.findall(r"on_live\.debounce\((\d+)\)", text)]
    assert waits
    assert max(*waits, FIGURES_MS) < int(gathered[1])
