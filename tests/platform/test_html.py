"""The build's HTML paints first and hydrates afterwards; the bundle talks to the address it came from."""

from pathlib import Path

import pytest

from carbot_app.build.html import defer_hydration
from carbot_app.build.plugin import use_own_origin

_PAGE = (
    '<html><head><link as="style" href="/assets/a.css" rel="preload"/>'
    '<link rel="modulepreload" href="/assets/x.js"/><title>T</title>'
    '<link href="/assets/a.css" rel="stylesheet" type="text/css"/></head>'
    '<body><p>1</p><script type="module" async="">import "/assets/x.js";</script></body></html>'
)


def test_nothing_blocks_or_competes_with_the_first_paint() -> None:
    page = defer_hydration(_PAGE, lambda address: f"/* {address} */")
    assert "modulepreload" not in page
    assert '<link as="style" href="/assets/a.css" rel="preload" media="not all"/>' in page
    assert "<style>/* /assets/a.css */</style>" in page
    assert 'type="module"' not in page


def test_the_elements_react_hydrates_stay() -> None:
    page = defer_hydration(_PAGE, lambda _: "")
    assert '<link href="/assets/a.css" rel="stylesheet" type="text/css" disabled=""/>' in page
    assert 'data-defer="">import "/assets/x.js";</script>' in page
    assert "<title>T</title>" in page


def test_rewriting_twice_changes_nothing_more() -> None:
    once = defer_hydration(_PAGE, lambda _: "")
    assert defer_hydration(once, lambda _: "x") == once


def test_addresses_in_the_bundle_become_the_pages_own(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    chunk = tmp_path / "assets" / "reflex-env-abc.js"
    chunk.write_text("var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};")
    use_own_origin(tmp_path)
    assert chunk.read_text() == (
        "var e={PING:(location.origin+`/ping`),EVENT:(location.origin.replace(/^http/,`ws`)+`/_event`)};"
    )


def test_a_bundle_without_addresses_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no backend address"):
        use_own_origin(tmp_path)
