"""Stamps: a build step is skipped when the content of everything it reads is unchanged."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

_IGNORED = {"__pycache__", "node_modules"}


def list_inputs(root: Path, patterns: Sequence[str]) -> list[Path]:
    """Files under ``root`` matching any glob, sorted; caches and installed packages are left out."""
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not _IGNORED & set(path.relative_to(root).parts))


def content_hash(root: Path, files: Iterable[Path], *extra: str) -> str:
    """SHA-256 over relative names and contents, so a moved or renamed file counts as a change."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in files:
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Stamp:
    """Remembers the content hash of the last successful run of one step."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def matches(self, fingerprint: str) -> bool:
        """True when the step last finished with exactly this fingerprint."""
        try:
            return self._path.read_text(encoding="utf-8") == fingerprint
        except OSError:
            return False

    def write(self, fingerprint: str) -> None:
        """Record success; call it last, so that an interrupted step runs again."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(fingerprint, encoding="utf-8")

    def clear(self) -> None:
        """Forget the last run, before a step that leaves nothing usable behind when it fails."""
        self._path.unlink(missing_ok=True)
