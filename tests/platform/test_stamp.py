"""A build step is skipped exactly when nothing it reads has changed."""

from pathlib import Path

from carbot_app.build.stamp import Stamp, content_hash, list_inputs


def _fingerprint(root: Path) -> str:
    return content_hash(root, list_inputs(root, ("src/**/*.py", "lock")))


def _sources(root: Path) -> None:
    (root / "src").mkdir()
    (root / "src" / "a.py").write_text("a = 1")
    (root / "lock").write_text("x==1")


def test_the_same_content_gives_the_same_hash_whatever_its_times(tmp_path: Path) -> None:
    _sources(tmp_path)
    before = _fingerprint(tmp_path)
    (tmp_path / "src" / "a.py").write_text("a = 1")
    assert _fingerprint(tmp_path) == before


def test_a_changed_added_or_renamed_file_changes_the_hash(tmp_path: Path) -> None:
    _sources(tmp_path)
    seen = {_fingerprint(tmp_path)}
    (tmp_path / "src" / "a.py").write_text("a = 2")
    seen.add(_fingerprint(tmp_path))
    (tmp_path / "src" / "b.py").write_text("")
    seen.add(_fingerprint(tmp_path))
    (tmp_path / "src" / "b.py").rename(tmp_path / "src" / "c.py")
    seen.add(_fingerprint(tmp_path))
    assert len(seen) == 4


def test_caches_and_installed_packages_do_not_count(tmp_path: Path) -> None:
    _sources(tmp_path)
    before = _fingerprint(tmp_path)
    for folder in ("__pycache__", "node_modules"):
        (tmp_path / "src" / folder).mkdir()
        (tmp_path / "src" / folder / "x.py").write_text("noise")
    assert _fingerprint(tmp_path) == before


def test_a_stamp_matches_only_after_success_was_written(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / ".build" / "step.stamp")
    assert not stamp.matches("one")
    stamp.write("one")
    assert stamp.matches("one")
    assert not stamp.matches("two")
    stamp.clear()
    assert not stamp.matches("one")
