"""What an agent keeps on disk outlives it, within the same bound, and finds its place after a restart."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from carbot_app.adapters.obd import journal as journal_module
from carbot_app.adapters.obd.backlog import Backlog
from carbot_app.adapters.obd.journal import Journal
from carbot_app.domains.diagnostics.wire import Samples, Start, State

GOLF = Start("golf", "WVWZZZ1KZAW000001", (0x0C,))
ADAPTER = "/dev/ttyUSB0"
Open = Callable[[], Journal]


@pytest.fixture
def reopen(tmp_path: Path) -> Open:
    """The journal as the next run of the agent finds it."""
    opened: list[Journal] = []

    def again() -> Journal:
        for one in opened:
            one.close()
        opened.append(Journal(tmp_path / "agent.db", pytest.fail))
        return opened[-1]

    return again


def filled(journal: Journal, batches: int, most_bytes: int = 10_000_000) -> Backlog:
    backlog = Backlog(most_bytes, journal)
    backlog.add(GOLF, ADAPTER)
    for seq in range(1, batches + 1):
        backlog.add(Samples("golf", seq, 10_000_000 + 100 * seq, ((0, 0x0C, 800.0),)), ADAPTER)
    return backlog


def drain(backlog: Backlog) -> list[tuple[str, str, int]]:
    said = []
    while (frame := backlog.next()) is not None:
        message = orjson.loads(frame)
        said.append((message["t"], message["car"], message.get("seq", 0)))
        if message["t"] == "start":
            backlog.confirm(message["car"], 0)
    return said


def restored(journal: Journal, *resumed: str, most_bytes: int = 10_000_000) -> Backlog:
    backlog = Backlog(most_bytes, journal)
    backlog.restore(journal.load(), resumed)
    return backlog


def test_the_next_run_says_what_this_one_could_not(reopen: Open) -> None:
    backlog = filled(reopen(), 3)
    drain(backlog)
    backlog.confirm("golf", 1)
    (saved,) = reopen().load()
    assert (saved.start, saved.address, saved.seq, saved.is_fresh) == (GOLF, ADAPTER, 3, True)
    assert drain(restored(reopen(), "golf")) == [
        ("start", "golf", 0), ("samples", "golf", 2), ("samples", "golf", 3),
    ]  # fmt: skip


def test_what_is_confirmed_is_kept_nowhere(reopen: Open) -> None:
    backlog = filled(reopen(), 3)
    drain(backlog)
    backlog.confirm("golf", 3)
    assert [one.entries for one in reopen().load()] == [()]


def test_a_car_that_is_gone_is_finished_before_the_next_one_is_said(reopen: Open) -> None:
    filled(reopen(), 2)
    backlog = restored(reopen())
    backlog.add(Start("polo", "WVWZZZ6RZBY000002"), ADAPTER)
    backlog.add(Samples("polo", 1, 5, ((0, 0x0C, 700.0),)), ADAPTER)
    assert drain(backlog)[:4] == [
        ("start", "golf", 0), ("samples", "golf", 1), ("samples", "golf", 2), ("state", "golf", 0),
    ]  # fmt: skip
    assert drain(backlog) == []
    backlog.confirm("golf", 2)
    assert drain(backlog) == [("start", "polo", 0), ("samples", "polo", 1)]
    assert [one.start.car for one in reopen().load()] == ["polo"]


def test_a_car_without_anything_to_say_is_forgotten(reopen: Open) -> None:
    backlog = filled(reopen(), 1)
    drain(backlog)
    backlog.confirm("golf", 1)
    restored(reopen())
    assert reopen().load() == []


def test_the_bound_holds_on_disk_too_and_the_server_hears_what_was_lost(reopen: Open) -> None:
    filled(reopen(), 100, most_bytes=2000)
    (saved,) = reopen().load()
    assert sum(len(frame) for _, frame in saved.entries) <= 2000
    assert saved.lost == saved.entries[0][0] - 1 > 0
    assert drain(restored(reopen(), "golf"))[1] == ("lost", "golf", saved.lost)


def test_a_smaller_bound_than_before_gives_up_the_oldest_at_the_start(reopen: Open) -> None:
    filled(reopen(), 100)
    backlog = restored(reopen(), "golf", most_bytes=2000)
    assert (backlog.size <= 2000, backlog.lost > 0) == (True, True)


def test_messages_that_are_no_batches_are_said_once(reopen: Open) -> None:
    backlog = filled(reopen(), 1)
    backlog.add(State("golf", "ignition_off"), ADAPTER)
    drain(backlog)
    assert [seq for seq, _ in reopen().load()[0].entries] == [1]


def test_a_car_the_server_has_stopped_leaves_nothing_behind(reopen: Open) -> None:
    backlog = filled(reopen(), 3)
    drain(backlog)
    backlog.add(State("golf", "ended", "by_staff"), ADAPTER)
    backlog.finish("golf")
    drain(backlog)
    assert reopen().load() == []


def test_readings_keep_their_moment_when_the_machine_was_started_anew(
    reopen: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(reopen(), 2)
    clock, wall = journal_module.now_ms(), journal_module._wall_ms()
    monkeypatch.setattr(journal_module, "_BOOT", Path("/nowhere"))
    monkeypatch.setattr(journal_module, "now_ms", lambda: clock - 3_600_000)  # its clock begins anew
    monkeypatch.setattr(journal_module, "_wall_ms", lambda: wall + 60_000)
    for _ in range(2):  # also when that is broken off as well
        (saved,) = reopen().load()
        times = [orjson.loads(frame)["base_ms"] for _, frame in saved.entries]
        assert [round((at - 10_000_000) / 10_000) for at in times] == [-366, -366]


def test_after_a_long_time_it_is_another_recording(reopen: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(reopen(), 1)
    later = journal_module._wall_ms() + 3_600_000
    monkeypatch.setattr(journal_module, "_wall_ms", lambda: later)
    assert [one.is_fresh for one in reopen().load()] == [False]


def test_a_disk_that_fails_is_said_once_and_costs_nothing_else(tmp_path: Path) -> None:
    said: list[str] = []
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    backlog = filled(Journal(blocked / "agent.db", said.append), 3)
    assert drain(backlog)[1:] == [("samples", "golf", seq) for seq in (1, 2, 3)]
    assert len(said) == 1
    assert "in memory only" in said[0]
