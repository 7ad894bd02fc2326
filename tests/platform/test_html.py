"""The build's HTML paints first and hydrates afterwards; the bundle talks to the address it came from."""

import re
from pathlib import Path

import pytest

from carbot_app.build.html import defer_hydration
from carbot_app.build.plugin import use_own_origin

_PAGE = (
    '<html><head><link as="style" href="/assets/a.css" rel="preload"/>'
    '<link rel="modulepreload" href="/assets/entry.client-1.js"/>'
    '<link rel="modulepreload" href="/assets/x.js"/>'
    '<link rel="modulepreload" href="/assets/base.js"/><title>T</title>'
    '<link href="/assets/a.css" rel="stylesheet" type="text/css"/></head>'
    '<body><p>1</p><script type="module" async="">import "/assets/x.js";</script></body></html>'
)
_FILES = {
    "/assets/x.js": 'import{a}from"./base.js";import"./else.js";',
    "/assets/entry.client-1.js": 'import{a as b}from"./base.js"',
    "/assets/base.js": "",
    "/assets/a.css": "/* of a */",
}


def test_nothing_blocks_or_competes_with_the_first_paint() -> None:
    page = defer_hydration(_PAGE, _FILES.__getitem__)
    assert '<link rel="modulepreload"' not in page
    assert '<link as="style" href="/assets/a.css" rel="preload" media="not all"/>' in page
    assert "<style>/* of a */</style>" in page
    assert 'type="module"' not in page


def test_the_elements_react_hydrates_stay() -> None:
    page = defer_hydration(_PAGE, lambda _: "")
    assert '<link href="/assets/a.css" rel="stylesheet" type="text/css" disabled=""/>' in page
    assert re.search(r'data-defer="[^"]*">import "/assets/x.js";</script>', page)
    assert "<title>T</title>" in page


def test_modules_are_named_in_the_order_they_need_each_other_and_the_app_starts_last() -> None:
    page = defer_hydration(_PAGE, _FILES.__getitem__)
    assert 'data-defer="/assets/base.js /assets/x.js /assets/entry.client-1.js"' in page


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
