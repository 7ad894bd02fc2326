"""Who was forgotten, as lines of JSON in a file beside the database."""

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from carbot_app.domains.compliance.ports import Forgotten
from carbot_app.kit.errors import Unavailable


class FileErasureList:
    """An ErasureList; several processes may append, a line is written at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, line: Forgotten) -> None:
        """See ErasureList.add."""
        stored = {
            "workshop": str(line.workshop_id),
            "at": line.at.isoformat(),
            "pseudonym": line.pseudonym,
            "fingerprints": list(line.fingerprints),
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab", buffering=0) as file:
                file.write(json.dumps(stored).encode() + b"\n")
                os.fsync(file.fileno())
        except OSError as error:
            raise Unavailable("files_unwritable") from error

    def read(self) -> tuple[Forgotten, ...]:
        """See ErasureList.read; a line cut off by a power cut is passed over."""
        if not self._path.is_file():
            return ()
        lines = self._path.read_text("utf-8").splitlines()
        return tuple(found for line in lines if (found := _parse(line)) is not None)


def _parse(line: str) -> Forgotten | None:
    try:
        stored = json.loads(line)
    except ValueError:
        return None
    return Forgotten(
        UUID(stored["workshop"]),
        datetime.fromisoformat(stored["at"]),
        stored["pseudonym"],
        tuple(stored["fingerprints"]),
    )
