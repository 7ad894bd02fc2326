"""Readings are stored once and in order, come back exactly, and leave as files. Both engines."""

import csv
import io
from datetime import UTC, timedelta

import arro3.io
import pytest

from carbot_app.db.session import Database
from carbot_app.domains.diagnostics import recordings
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, TooLarge
from tests.factories import make_customer, make_vehicle
from tests.services.diagnostics_bay import GOLF, POLO, Bay, open_bay

ROWS = [(0, 0x0C, 812.25), (100, 0x0C, 815.0), (100, 0x05, 83.0), (9_900, 0x0114, 0.455)]


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    bay = open_bay(database, clock)
    make_vehicle(database, bay.workshop, make_customer(database, bay.workshop), vin=GOLF)
    return bay


def test_a_batch_is_stored_once_however_often_it_comes(bay: Bay) -> None:
    session_id = bay.start().session_id
    assert bay.record(session_id, 1, ROWS)
    assert not bay.record(session_id, 1, ROWS)
    assert not bay.record(session_id, 3, ROWS)
    assert bay.record(session_id, 2, ROWS, bay.clock() + timedelta(seconds=10))
    found = bay.sessions.get_session(bay.staff, session_id)
    assert found.sample_count == 2 * len(ROWS)
    assert len(bay.recordings.list_pieces(bay.staff, session_id)) == 2


def test_readings_come_back_exactly_and_from_any_moment(bay: Bay) -> None:
    session_id = bay.start().session_id
    began = bay.clock()
    for number in range(5):
        bay.record(session_id, number + 1, ROWS, began + timedelta(seconds=10 * number))
    pieces = bay.recordings.list_pieces(bay.staff, session_id)
    assert [piece.starts_at for piece in pieces] == [began + timedelta(seconds=10 * n) for n in range(5)]
    assert sorted(pieces[0].rows) == sorted(ROWS)
    later = bay.recordings.list_pieces(bay.staff, session_id, start=began + timedelta(seconds=35))
    assert [piece.starts_at for piece in later] == [began + timedelta(seconds=n) for n in (30, 40)]
    assert bay.recordings.list_pieces(bay.staff, session_id, start=began + timedelta(minutes=5)) == []


def test_a_session_leaves_as_csv_and_as_parquet(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.record(session_id, 1, ROWS)
    lines = list(csv.DictReader(io.StringIO(bay.recordings.export(bay.staff, session_id, "csv").decode())))
    assert len(lines) == len(ROWS)
    assert lines[0] == {
        "time": "2026-11-23T08:00:00.000+00:00", "pid": "000C", "signal": "engine_speed", "unit": "rpm",
        "value": "812.25",
    }  # fmt: skip
    file = bay.recordings.export(bay.staff, session_id, "parquet")
    table = arro3.io.read_parquet(io.BytesIO(file)).read_all()
    assert table.column_names == ["time", "pid", "signal", "unit", "value"]
    assert table.column("value").to_pylist() == [float(line["value"]) for line in lines]
    assert table.column("time")[3].as_py() == bay.clock().astimezone(UTC) + timedelta(milliseconds=9_900)
    assert table.column("pid").to_pylist() == [int(line["pid"], 16) for line in lines]


def test_a_session_without_readings_leaves_as_an_empty_file(bay: Bay) -> None:
    session_id = bay.start().session_id
    assert bay.recordings.export(bay.staff, session_id, "csv") == b"time,pid,signal,unit,value\r\n"
    file = bay.recordings.export(bay.staff, session_id, "parquet")
    assert arro3.io.read_parquet(io.BytesIO(file)).read_all().num_rows == 0


def test_a_recording_beyond_reason_is_not_put_in_a_file(bay: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = bay.start().session_id
    bay.record(session_id, 1, ROWS)
    monkeypatch.setattr(recordings, "EXPORT_LIMIT", 3)
    with pytest.raises(TooLarge, match="recording_large"):
        bay.recordings.export(bay.staff, session_id, "csv")


def test_a_session_is_compared_with_an_earlier_one_of_the_same_car(bay: Bay) -> None:
    before = bay.start(car="then").session_id
    bay.record(before, 1, [(0, 0x0C, 700.0), (100, 0x0C, 900.0), (200, 0x05, 80.0)])
    bay.read_codes(before, "P0171", "P0301")
    bay.end(before)
    now = bay.start(car="now").session_id
    bay.record(now, 1, [(0, 0x0C, 650.0), (100, 0x11, 14.5)])
    bay.read_codes(now, "P0301", pending=("P0420",))
    assert [one for one, _ in bay.recordings.list_earlier(bay.staff, now)] == [before]
    found = bay.recordings.compare(bay.staff, now, before)
    speed = next(one for one in found.signals if one.pid == 0x0C)
    assert speed.now is not None
    assert speed.before is not None
    assert (speed.now.mean, speed.before.mean, speed.before.low, speed.before.high) == (650, 800, 700, 900)
    assert [(one.pid, one.now is None, one.before is None) for one in found.signals] == [
        (0x05, True, False), (0x0C, False, False), (0x11, False, True),
    ]  # fmt: skip
    assert (found.codes_new, found.codes_gone, found.codes_same) == (("P0420",), ("P0171",), ("P0301",))


def test_sessions_of_two_cars_are_not_compared(bay: Bay) -> None:
    first = bay.start(car="one").session_id
    second = bay.start(POLO, car="two").session_id
    for pair in ((first, second), (second, second)):
        with pytest.raises(Conflict, match="sessions_of_two_cars"):
            bay.recordings.compare(bay.staff, *pair)
    assert bay.recordings.list_earlier(bay.staff, second) == []
