"""Nothing on the wall is cut off, however many people work and however late cars are."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from carbot_app.api.wall_page import wall_page
from carbot_app.domains.wall.schemas import EXPECTED, IN_WORK, WallCar, WallLane, WallScreen
from carbot_app.kit.languages import LANGUAGES
from tests.e2e.views import TELEVISION

pytestmark = pytest.mark.e2e
NOW = WallCar("MKK-WW 8888", "DE", "Bremsscheiben und -beläge ersetzen", "K.", IN_WORK, "8:00", "10:30")
NEXT = WallCar(
    "MKK-WW 8888", "DE", "Hauptuntersuchung inkl. Vorführung", "", EXPECTED, "10:30", "11:30", True
)
CUT_OFF = """() => [...document.querySelectorAll('.lane, .lane .line, .plate')]
    .filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    .map(one => one.textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lanes", [1, 3, 4, 5, 6, 8])
def test_a_lane_shows_all_it_has_to_say(browser: Browser, lanes: int, language: str) -> None:
    people = ("Konstantin Papadopoulos-Schmidt", "Emre Yıldız")
    rows = tuple(
        WallLane(people[at % 2], NOW if at % 3 else None, NEXT if at != 1 else None) for at in range(lanes)
    )
    at = datetime(2026, 11, 30, 8, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    screen = WallScreen("Kfz Müller", language, at, 215, 0.09, rows, (NOW,), (NOW,), (NEXT,), "14:30", False)
    page = browser.new_page(viewport=TELEVISION)  # type: ignore[arg-type]
    page.set_content(wall_page(screen, "tag"))
    assert page.evaluate(CUT_OFF) == []
    page.close()
