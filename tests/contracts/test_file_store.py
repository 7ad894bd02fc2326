"""The store keeps files whole or not at all, for several processes at once, and says what hinders it."""

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.errors import NotFound, Unavailable
from carbot_app.kit.ids import new_id

WORKSHOP, OTHER = UUID(int=1), UUID(int=2)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
_SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FolderFileStore(folder)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def in_a_process(work: Callable[..., None], *arguments: object) -> int:
    """The exit code of a process of its own."""
    process = _SPAWN.Process(target=work, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode if process.exitcode is not None else -99


def test_a_file_is_there_until_it_is_deleted(store: FileStore) -> None:
    name = str(new_id())
    store.put(WORKSHOP, name, b"first")
    store.put(WORKSHOP, f"{name}.small", b"second")
    assert (store.get(WORKSHOP, name), store.get(WORKSHOP, f"{name}.small")) == (b"first", b"second")
    store.delete(WORKSHOP, name)
    store.delete(WORKSHOP, name)
    with pytest.raises(NotFound):
        store.get(WORKSHOP, name)
    assert store.get(WORKSHOP, f"{name}.small") == b"second"


def test_a_file_belongs_to_its_workshop(store: FileStore) -> None:
    name = str(new_id())
    store.put(WORKSHOP, name, b"ours")
    store.delete(OTHER, name)
    with pytest.raises(NotFound):
        store.get(OTHER, name)
    assert store.get(WORKSHOP, name) == b"ours"


@pytest.mark.parametrize(
    "name", ["", "..", "../../carbot.db", "a/b", "photo.jpg", f"{UUID(int=1)}/../x", "\0"]
)
def test_a_name_that_is_no_id_reaches_nothing(store: FileStore, folder: Path, name: str) -> None:
    with pytest.raises(NotFound):
        store.put(WORKSHOP, name, b"x")
    with pytest.raises(NotFound):
        store.get(WORKSHOP, name)
    assert files_in(folder) == []


def test_old_files_and_remains_of_interrupted_writes_are_found(store: FileStore, folder: Path) -> None:
    name = str(new_id())
    store.put(WORKSHOP, name, b"x")
    (kept,) = files_in(folder)
    remains = kept.with_name(f"{new_id()}.part~")
    remains.write_bytes(b"half")
    assert list(store.list_old(datetime.now(UTC) - timedelta(hours=1))) == []
    assert list(store.list_old(TOMORROW)) == [(WORKSHOP, [name])]
    store.drop_remains(datetime.now(UTC) - timedelta(hours=1))
    assert remains.exists()
    store.drop_remains(TOMORROW)
    assert files_in(folder) == [kept]


def test_an_empty_store_has_nothing_old(store: FileStore) -> None:
    assert list(store.list_old(TOMORROW)) == []
    store.drop_remains(TOMORROW)


def _put_under_a_limit(folder: Path, name: str, code: str) -> None:
    # Files may not grow beyond this, which the kernel answers like a full disk: after a part was written
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        FolderFileStore(folder).put(WORKSHOP, name, b"x" * 100_000)
    except Unavailable as refused:
        raise SystemExit(0 if refused.code == code else 3) from None
    raise SystemExit(4)


def test_a_full_disk_is_said_and_leaves_nothing_behind(store: FileStore, folder: Path) -> None:
    store.put(WORKSHOP, before := str(new_id()), b"kept")
    assert in_a_process(_put_under_a_limit, folder, str(new_id()), "files_full") == 0
    assert [path.name for path in files_in(folder)] == [before]


def test_a_file_that_is_replaced_on_a_full_disk_stays_as_it_was(store: FileStore, folder: Path) -> None:
    name = str(new_id())
    store.put(WORKSHOP, name, b"before")
    assert in_a_process(_put_under_a_limit, folder, name, "files_full") == 0
    assert store.get(WORKSHOP, name) == b"before"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    # A file where the folder should be: permissions would not stop the superuser tests may run as
    (tmp_path / "files").write_bytes(b"in the way")
    store = FolderFileStore(tmp_path / "files")
    with pytest.raises(Unavailable) as refused:
        store.put(WORKSHOP, str(new_id()), b"x")
    assert refused.value.code == "files_unwritable"


def _put_and_read(folder: Path, name: str, turn: int) -> None:
    store = FolderFileStore(folder)
    for _ in range(40):
        store.put(WORKSHOP, name, bytes([turn]) * 50_000)
        content = store.get(WORKSHOP, name)
        if len(content) != 50_000 or len(set(content)) != 1:
            raise SystemExit(5)
    for number in range(20):
        own = str(UUID(int=(turn << 64) + number))
        store.put(WORKSHOP, own, own.encode())


def test_two_processes_never_see_half_of_each_others_files(store: FileStore, folder: Path) -> None:
    name = str(new_id())
    workers = [_SPAWN.Process(target=_put_and_read, args=(folder, name, turn)) for turn in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(files_in(folder)) == 41
    assert all(not path.name.endswith(".part~") for path in files_in(folder))


def test_a_name_shows_a_file_only_when_all_of_it_is_on_the_disk(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, seen = str(new_id()), []

    def note(handle: int) -> None:
        with pytest.raises(NotFound):
            store.get(WORKSHOP, name)
        seen.append(os.fstat(handle).st_size)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda handle: note(handle) if not seen else None)
        store.put(WORKSHOP, name, b"x" * 1000)
    assert seen == [1000]
    assert store.get(WORKSHOP, name) == b"x" * 1000
