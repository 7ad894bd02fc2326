"""What stylesheets may not ask."""

import re
from pathlib import Path

_STYLES = Path(__file__).resolve().parents[2] / "assets" / "styles"
_FRAME_HOLDS = re.compile(r"\.cb-shell[^\s,{>+~]*:has\(")


def test_no_rule_asks_what_the_frame_holds() -> None:
    """Chromium then styles everything in it anew whenever something is put into the page."""
    found = {file.name for file in _STYLES.glob("*.css") if _FRAME_HOLDS.search(file.read_text())}
    assert list(_STYLES.glob("*.css"))
    assert found == set()
