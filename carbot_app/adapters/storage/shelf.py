"""Files that are needed for an hour: uploads on their way into the catalogue, results to download.

They lie in a folder, so that every worker of a machine finds what another one put there.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import new_id

KEPT_SECONDS = 3600
MAX_FILES = 20
"""Per workshop; the oldest make room."""
_MAX_NAME = 120


class FileShelf:
    """Short-lived files, each of one workshop."""

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def put(self, workshop_id: UUID, name: str, content: bytes) -> UUID:
        """Keep a file for an hour; its id."""
        folder = self._folder / str(workshop_id)
        folder.mkdir(parents=True, exist_ok=True)
        self._make_room(folder)
        file_id = new_id()
        head = json.dumps(Path(name.replace("\\", "/")).name[-_MAX_NAME:]).encode()
        part = folder / f"{file_id}.part"
        part.write_bytes(head + b"\n" + content)
        part.rename(folder / str(file_id))
        return file_id

    def get(self, workshop_id: UUID, file_id: UUID) -> tuple[str, bytes]:
        """Name and content.

        Raises:
            NotFound: ``import_unknown``; it never existed, is another workshop's or is too old.
        """
        file = self._folder / str(workshop_id) / str(file_id)
        try:
            if self._now() - file.stat().st_mtime > KEPT_SECONDS:
                raise NotFound("import_unknown")
            head, _, content = file.read_bytes().partition(b"\n")
        except OSError:
            raise NotFound("import_unknown") from None
        return json.loads(head), content

    def _make_room(self, folder: Path) -> None:
        ages = []
        with os.scandir(folder) as entries:
            for entry in entries:
                ages.append((entry.stat().st_mtime, entry.path))
        newest_first = sorted(ages, reverse=True)
        for place, (changed_at, path) in enumerate(newest_first):
            if place >= MAX_FILES - 1 or self._now() - changed_at > KEPT_SECONDS:
                Path(path).unlink(missing_ok=True)
