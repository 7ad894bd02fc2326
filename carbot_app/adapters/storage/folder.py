"""Files that stay, in a folder of this machine: ``<folder>/<workshop>/<two digits>/<name>``.

Several workers may share the folder. A file appears under its name only when it is complete and on the disk.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from carbot_app.kit.errors import NotFound, Unavailable
from carbot_app.kit.ids import new_id

_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z]{1,8})?")
_PART = ".part~"
"""Not part of any name."""
_UUID_LENGTH = 36
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FolderFileStore:
    """A FileStore on the local disk. Names are an id, and perhaps a suffix: ``<uuid>.small``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, workshop_id: UUID, name: str, content: bytes) -> None:
        """Keep a file; see FileStore."""
        file = self._file(workshop_id, name)
        part = file.with_name(f"{new_id()}{_PART}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_through(part, content)
            part.replace(file)
            _sync_folder(file.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise Unavailable("files_full" if error.errno in _FULL else "files_unwritable") from error

    def get(self, workshop_id: UUID, name: str) -> bytes:
        """The content; see FileStore."""
        try:
            return self._file(workshop_id, name).read_bytes()
        except FileNotFoundError:
            raise NotFound from None
        except OSError as error:
            raise Unavailable("files_unreadable") from error

    def delete(self, workshop_id: UUID, name: str) -> None:
        """Remove a file; see FileStore."""
        try:
            self._file(workshop_id, name).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable("files_unwritable") from error

    def list_old(self, before: datetime) -> Iterator[tuple[UUID, list[str]]]:
        """Workshop by workshop the names of files last written before then."""
        for folder in self._workshops():
            names = [entry.name for entry in _old(folder, before) if _NAME.fullmatch(entry.name)]
            if names:
                yield UUID(folder.name), names

    def drop_remains(self, before: datetime) -> None:
        """Remove what interrupted writes left before then."""
        for folder in self._workshops():
            for entry in _old(folder, before):
                if entry.name.endswith(_PART):
                    Path(entry.path).unlink(missing_ok=True)

    def _workshops(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (folder for folder in sorted(self._folder.iterdir()) if _NAME.fullmatch(folder.name))

    def _file(self, workshop_id: UUID, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound
        # The last digits of an id are random, the first ones are the time
        return self._folder / str(workshop_id) / name[_UUID_LENGTH - 2 : _UUID_LENGTH] / name


def _write_through(part: Path, content: bytes) -> None:
    with part.open("xb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _sync_folder(folder: Path) -> None:
    # Only Windows cannot open a folder; there the rename is as durable as it gets
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _old(folder: Path, before: datetime) -> Iterator[os.DirEntry[str]]:
    for shard in folder.iterdir():
        if not shard.is_dir():
            continue
        with os.scandir(shard) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if entry.stat().st_mtime < before.timestamp():
                        yield entry
