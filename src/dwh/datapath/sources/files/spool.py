"""Rows of a file on their way to landing: kept on disk until it is known which of them may land.

Whether an envelope is whole, or a claim came twice, is known only at the end of the file; and landing writes one
table after the other. A spool lives in a temporary folder and holds text, so memory stays the same for any file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from dwh.datapath.sources.contract import Column

ROWS = 16_384  # of one chunk


class Spool:
    """Rows of one table, each with the number of its package in the file and its place in the package."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        names = [pa.field(column.name, pa.string()) for column in columns]
        self.schema = pa.schema([("package", pa.int32()), ("row", pa.int32()), *names])
        self.rows = 0
        self._path = path
        self._file = path.open("wb")
        self._writer = pa.ipc.new_stream(self._file, self.schema)
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, package: int, row: int, values: list[str | None]) -> None:
        self._waiting.append((package, row, *values))
        self.rows += 1
        if len(self._waiting) >= ROWS:
            self._flush()

    def close(self) -> None:
        """Write what waits; afterwards the chunks can be read, as often as wanted."""
        self._flush()
        self._writer.close()
        self._file.close()

    def chunks(self) -> Iterator[pa.RecordBatch]:
        with self._path.open("rb") as file, pa.ipc.open_stream(file) as reader:
            yield from reader

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = [
            pa.array(values, kind.type)
            for values, kind in zip(zip(*self._waiting, strict=True), self.schema, strict=True)
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self.schema))
        self._waiting.clear()
