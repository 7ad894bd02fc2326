"""Every page can be put together, and is a page a screen reader finds its way in."""

import json
from pathlib import Path

import pytest

from carbot_app.config import get_settings


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Route → its component as Reflex renders it, in JSON."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CARBOT_DATA_DIR", str(tmp_path_factory.mktemp("pages")))
        get_settings.cache_clear()
        from carbot_app.carbot_app import app
    get_settings.cache_clear()
    return {
        route: json.dumps(page.component().render(), default=str)
        for route, page in app._unevaluated_pages.items()
    }


def test_every_page_module_is_a_route(pages: dict[str, str]) -> None:
    modules = {path.stem for path in Path("carbot_app/pages").glob("*.py")} - {"__init__"}
    assert len(pages) == len(modules)


DRAWN_IN_THE_BROWSER = {"freigabe/[token]"}
"""Its own script draws heading and main part (assets/approval); tests/e2e/test_approval.py looks at them."""


def test_every_page_has_one_heading_and_one_main_part(pages: dict[str, str]) -> None:
    for route, rendered in pages.items():
        if route in DRAWN_IN_THE_BROWSER:
            continue
        assert rendered.count('"name": "\\"h1\\""') >= 1, route
        assert rendered.count('"name": "\\"main\\""') == 1, route
