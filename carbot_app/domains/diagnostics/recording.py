"""How readings are kept: ten seconds of a car in one small block (pure, exact).

A block holds one column per signal: when it was read, as differences of milliseconds, and what was read, as
differences of whole numbers where the values have few decimals (almost all do), else as they are. Deflated
that takes about two bytes a reading; a row of a table would take a hundred.

Layout, little endian: version byte, then deflated: count of columns (u16), then per column pid (u16),
decimals (i8, -1: plain float64), count (u32), milliseconds (u32 each) and values (i64 or f64 each).
"""

import struct
import zlib
from collections.abc import Iterable, Sequence

from carbot_app.domains.diagnostics.wire import Row

BLOCK_MS = 10_000
"""What one block covers at most."""
_VERSION = b"\x01"
_HEAD = struct.Struct("<HbI")
_COUNT = struct.Struct("<H")
_DECIMALS = range(5)
_PLAIN = -1
_EXACT = 2**52
"""Whole numbers a float holds without a gap."""
_INFLATED_LIMIT = 64 * 1024 * 1024


class RecordingDamaged(Exception):
    """A block cannot be read."""


def pack(rows: Iterable[Row]) -> bytes:
    """A block of rows ``(milliseconds since its start, pid, value)``, ordered by time."""
    columns: dict[int, tuple[list[int], list[float]]] = {}
    for at, pid, value in rows:
        times, values = columns.setdefault(pid, ([], []))
        times.append(at)
        values.append(value)
    parts = [_COUNT.pack(len(columns))]
    for pid, (times, values) in sorted(columns.items()):
        decimals, packed = _pack_values(values)
        count = len(times)
        parts += [_HEAD.pack(pid, decimals, count), struct.pack(f"<{count}I", *_differences(times)), packed]
    return _VERSION + zlib.compress(b"".join(parts), 6)


def unpack(block: bytes) -> list[Row]:
    """The rows of a block, ordered by time, then by pid.

    Raises:
        RecordingDamaged: this is no block.
    """
    if block[:1] != _VERSION:
        raise RecordingDamaged
    try:
        inflate = zlib.decompressobj()
        content = inflate.decompress(block[1:], _INFLATED_LIMIT)
        rows = _unpack_columns(content)
    except (zlib.error, struct.error) as error:
        raise RecordingDamaged from error
    rows.sort(key=lambda row: row[:2])
    return rows


def _unpack_columns(content: bytes) -> list[Row]:
    rows: list[Row] = []
    (columns,), place = _COUNT.unpack_from(content), _COUNT.size
    for _ in range(columns):
        pid, decimals, count = _HEAD.unpack_from(content, place)
        place += _HEAD.size
        times = _sums(struct.unpack_from(f"<{count}I", content, place))
        place += 4 * count
        kind = "d" if decimals == _PLAIN else "q"
        stored: Sequence[float] = struct.unpack_from(f"<{count}{kind}", content, place)
        place += 8 * count
        values = stored if decimals == _PLAIN else [whole / 10**decimals for whole in _sums(stored)]
        rows += zip(times, (pid,) * count, values, strict=True)
    return rows


def _pack_values(values: Sequence[float]) -> tuple[int, bytes]:
    count = len(values)
    for decimals in _DECIMALS:
        scale = 10**decimals
        whole = [round(value * scale) for value in values]
        exact = all(
            number / scale == value and abs(number) < _EXACT
            for number, value in zip(whole, values, strict=True)
        )
        if exact:
            return decimals, struct.pack(f"<{count}q", *_differences(whole))
    return _PLAIN, struct.pack(f"<{count}d", *values)


def _differences(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in zip([0, *numbers], numbers, strict=False)]


def _sums(differences: Iterable[float]) -> list[int]:
    total, sums = 0, []
    for difference in differences:
        total += int(difference)
        sums.append(total)
    return sums
