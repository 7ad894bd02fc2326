"""What the build changes in Reflex's own modules: how state is read (ADR 0031), how pages are packed."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from carbot_app.build.frontend import draw_in_pieces, pack_pages_well

_REFLEXS = files("reflex_base") / ".templates" / "web"
STORE, PACKER = "utils/context-registry.js", "compress-static.js"
CHANGES = [(draw_in_pieces, STORE), (pack_pages_well, PACKER)]


@pytest.fixture
def web_dir(tmp_path: Path) -> Path:
    """The two modules as Reflex brings them."""
    for name in (STORE, PACKER):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text((_REFLEXS / name).read_text("utf-8"), "utf-8")
    return tmp_path


def test_state_is_read_by_our_store(web_dir: Path) -> None:
    draw_in_pieces(web_dir)
    text = (web_dir / STORE).read_text("utf-8")
    assert '"$/public/kit/store"' in text
    assert "  useSyncExternalStore,\n" not in text
    assert "return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);" in text


def test_only_pages_are_packed_less_than_best(web_dir: Path) -> None:
    pack_pages_well(web_dir)
    text = (web_dir / PACKER).read_text("utf-8")
    assert text.count('raw[0] === "<".charCodeAt() ? 9 : zlib.constants.BROTLI_MAX_QUALITY') == 1
    assert text.count("BROTLI_MAX_QUALITY") == 1


@pytest.mark.parametrize(("change", "name"), CHANGES)
def test_a_second_build_finds_it_done(web_dir: Path, change: Callable[[Path], None], name: str) -> None:
    change(web_dir)
    once = (web_dir / name).read_text("utf-8")
    change(web_dir)
    assert (web_dir / name).read_text("utf-8") == once


@pytest.mark.parametrize(("change", "name"), CHANGES)
def test_a_module_that_works_otherwise_fails_the_build(
    web_dir: Path, change: Callable[[Path], None], name: str
) -> None:
    (web_dir / name).write_text("export const useStateContext = null;", "utf-8")
    with pytest.raises(RuntimeError, match="no longer contains"):
        change(web_dir)
