"""The build has components read their state by our own store (docs/adr/0031)."""

from importlib.resources import files
from pathlib import Path

import pytest

from carbot_app.build.frontend import draw_in_pieces

_REFLEXS = files("reflex_base") / ".templates" / "web" / "utils" / "context-registry.js"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "utils" / "context-registry.js"
    path.parent.mkdir()
    path.write_text(_REFLEXS.read_text("utf-8"), "utf-8")
    return path


def test_reflexs_module_reads_by_our_store(tmp_path: Path, module: Path) -> None:
    draw_in_pieces(tmp_path)
    text = module.read_text("utf-8")
    assert '"$/public/kit/store"' in text
    assert "  useSyncExternalStore,\n" not in text
    assert "return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);" in text


def test_a_second_build_finds_it_done(tmp_path: Path, module: Path) -> None:
    draw_in_pieces(tmp_path)
    once = module.read_text("utf-8")
    draw_in_pieces(tmp_path)
    assert module.read_text("utf-8") == once


def test_a_module_that_reads_otherwise_fails_the_build(tmp_path: Path, module: Path) -> None:
    module.write_text("export const useStateContext = null;", "utf-8")
    with pytest.raises(RuntimeError, match="no longer reads state"):
        draw_in_pieces(tmp_path)
