"""Names of browsers."""

import pytest

from carbot_app.kit.browsers import describe_browser, is_handheld

SAFARI = "Version/18.0 Mobile/15E148 Safari/604.1"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name", "handheld"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome · Windows", False),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/140.0", "Edge · Windows", False),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {SAFARI}", "Safari · iPhone", True),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROME}", "Chrome · Android", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux", False),
        ("curl/8.5.0", "", False),
        ("", "", False),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str, name: str, handheld: bool) -> None:
    assert (describe_browser(user_agent), is_handheld(user_agent)) == (name, handheld)
