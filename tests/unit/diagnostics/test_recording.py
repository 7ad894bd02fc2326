"""Blocks of readings: exact there and back, small, and damage is noticed."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.recording import RecordingDamaged, pack, unpack

_VALUES = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.integers(-(10**6), 10**6).map(lambda n: n / 4),
    st.decimals(-1000, 1000, places=3).map(float),
    st.floats(-1e9, 1e9, allow_nan=False),
)
_ROWS = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 0xFFFF), _VALUES), max_size=60)


@given(_ROWS)
def test_every_reading_comes_back_exactly(rows: list[tuple[int, int, float]]) -> None:
    rows = sorted(rows, key=lambda row: row[:2])
    assert unpack(pack(rows)) == rows


def test_ten_seconds_of_a_car_take_two_bytes_a_reading() -> None:
    rows = [
        (number * 100 + signal, 0x04 + signal, 800 + (number * 7 + signal) % 40 / 4)
        for number in range(100)
        for signal in range(10)
    ]
    assert len(pack(rows)) < 2 * len(rows)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\x02abc",
        b"\x01",
        b"\x01garbage",
        pack([(0, 12, 800.0)])[:-9],
        b"\x01" + zlib.compress(b"\xff\xff"),
    ],
)
def test_damage_is_noticed(block: bytes) -> None:
    with pytest.raises(RecordingDamaged):
        unpack(block)
