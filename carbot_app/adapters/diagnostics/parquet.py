"""Tables as Apache Parquet, through the Rust implementation of Arrow (docs/adr/0023)."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from arro3.core import Array, DataType, Table
from arro3.io import write_parquet


class ArrowParquetWriter:
    """Is a ParquetWriter."""

    def write(self, columns: Mapping[str, Sequence[Any]]) -> bytes:
        """See ParquetWriter.write; instants are microseconds in UTC."""
        table = Table.from_pydict({name: _array(name, values) for name, values in columns.items()})
        file = io.BytesIO()
        write_parquet(table, file, compression="zstd(3)")
        return file.getvalue()


def _array(name: str, values: Sequence[Any]) -> Array:
    if name == "time":
        micros = Array([_micros(at) for at in values], DataType.int64())
        return micros.cast(DataType.timestamp("us", tz="UTC"))
    first = values[0] if values else ""
    kind = {int: DataType.int64(), float: DataType.float64()}.get(type(first), DataType.string())
    return Array(values, kind)


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
