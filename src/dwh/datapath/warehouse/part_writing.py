"""Writes parts: one file per month of a table, the same bytes for the same rows, whoever computed them.

The engine takes 9 ms to order, encode and read back a part of a hundred rows, pyarrow 2; of tens of thousands of rows
the engine is the faster one. So months of up to SMALL_ROWS come out of one ordered query and are encoded by pyarrow,
greater ones are copied out by the engine. Which of the two wrote a part follows from its rows alone: a month made
again by itself gets the bytes it had among others.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dwh.datapath.retention.removal import remove
from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.parts import Part, PartStore, quoted, sha256_of, sync

SMALL_ROWS = 8_000  # of one part
_TOGETHER = 500_000  # rows of small parts held in memory at once
_MEASURED = 64  # files counted by one query
_ROW_GROUP = 122_880
_COPY = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"


@dataclass(frozen=True, slots=True)
class Shape:
    """Columns and total order of a part: the same rows give the same bytes, whoever computed them."""

    columns: tuple[str, ...]
    order: tuple[str, ...]

    def select(self, rows: str) -> str:
        """Return the ordered SELECT to copy out.

        DuckDB writes a column as "required" when its statistics happen to know that it has no NULL, so the bytes
        would depend on how the rows were computed. A condition it cannot see through makes every column optional.
        """
        names = ", ".join(self.columns)
        cast = ", ".join(f"CASE WHEN is_row THEN {name} END AS {name}" for name in self.columns)
        ordered = f"SELECT {names} FROM ({rows}) ORDER BY {', '.join(self.order)}"
        return f"SELECT {cast} FROM (SELECT {names}, random() >= 0 AS is_row FROM ({ordered}))"


@dataclass(frozen=True, slots=True)
class Writing:
    """Rows to store, a part per month. `rows` gives the SELECT of some months; `by` is a row's month as SQL.

    Without `by` the rows are of one month. `sums`: name → expression to add up.
    """

    table: str
    rows: Callable[[Sequence[str]], str]
    shape: Shape
    by: str | None = None
    sums: Mapping[str, str] = field(default_factory=dict)


def write_parts(
    store: PartStore, engine: Engine, job: Writing, months: Mapping[str, int | None]
) -> dict[str, Part]:
    """Store the rows of these months and return month → part; a month without rows gets no file.

    `months` says how many rows a month has at most; None: not known. A part is written aside, synced to disk and
    renamed: it is whole or it does not exist.
    """
    aside = store.root / ".aside" / uuid.uuid4().hex
    aside.mkdir(parents=True)
    folder = store.root / job.table
    folder.mkdir(exist_ok=True)
    try:
        files = _encoded(engine, job, months, aside, store.at_once)
        measured = _measured(engine, list(files.values()), job.sums)
        parts = {}
        for month in months:
            rows, sums = measured.get(str(files.get(month)), (0, dict.fromkeys(job.sums, "0")))
            if not rows:
                parts[month] = Part("", 0, "", sums)
                continue
            file = files[month] if rows > SMALL_ROWS else _small(engine, files[month])
            digest = sha256_of(file)
            final = folder / f"{month}-{digest[:12]}.parquet"
            sync(file)
            file.rename(final)
            parts[month] = Part(f"{job.table}/{final.name}", rows, digest, sums)
        sync(folder)
    finally:
        remove(aside, "work")
    return parts


def write_part(store: PartStore, engine: Engine, job: Writing, month: str) -> Part:
    """Store the rows of a job as the part of one month."""
    return write_parts(store, engine, job, {month: None})[month]


def _encoded(
    engine: Engine, job: Writing, months: Mapping[str, int | None], aside: Path, at_once: int
) -> dict[str, Path]:
    """Write a file per month, several side by side; small months without rows have none."""
    small = {m: rows for m, rows in months.items() if job.by and rows is not None and rows <= SMALL_ROWS}
    files: dict[str, Path] = {}
    for group in _groups(small):
        files |= _write_small(engine, job, group, aside, at_once)
    great = {month: aside / f"{month}.great.parquet" for month in months if month not in small}

    def copy(month: str) -> None:
        engine.run(f"COPY ({job.shape.select(job.rows([month]))}) TO '{quoted(great[month])}' {_COPY}")

    _side_by_side(copy, [(month,) for month in great], at_once)
    return files | great


def _side_by_side(do: Callable[..., None], jobs: Sequence[tuple[Any, ...]], at_once: int) -> None:
    """Do several things in threads, for the engine and the encoder hold no lock; the first fault ends the rest."""
    if at_once < 2 or len(jobs) < 2:
        for job in jobs:
            do(*job)
        return
    with ThreadPoolExecutor(at_once) as pool:
        waiting = [pool.submit(do, *job) for job in jobs]
        try:
            for one in waiting:
                one.result()
        except BaseException:
            for one in waiting:
                one.cancel()
            raise


def _groups(months: Mapping[str, int]) -> Iterator[list[str]]:
    group: list[str] = []
    held = 0
    for month, rows in months.items():
        if group and held + rows > _TOGETHER:
            yield group
            group, held = [], 0
        group.append(month)
        held += rows
    if group:
        yield group


def _write_small(
    engine: Engine, job: Writing, months: list[str], aside: Path, at_once: int
) -> dict[str, Path]:
    """Write the parts of small months from one ordered query."""
    names = ", ".join(job.shape.columns)
    rows = engine.arrow(
        f"SELECT {names}, {job.by} AS part_month FROM ({job.rows(months)}) "
        f"ORDER BY part_month, {', '.join(job.shape.order)}"
    )
    files: dict[str, Path] = {}
    jobs, start = [], 0
    for counted in rows.column("part_month").value_counts():  # in the order they come
        month, length = counted["values"].as_py(), counted["counts"].as_py()
        files[month] = aside / f"{month}.small.parquet"
        jobs.append((rows.select(job.shape.columns).slice(start, length), files[month]))
        start += length
    _side_by_side(_write_table, jobs, at_once)
    return files


def _small(engine: Engine, file: Path) -> Path:
    """Return a file with the bytes of a small part: this one, or its rows anew when the engine wrote it."""
    if file.name.endswith(".small.parquet"):
        return file
    again = file.with_name(f"{file.stem}.small.parquet")
    _write_table(engine.arrow(f"SELECT * FROM read_parquet('{quoted(file)}')"), again)
    return again


def _write_table(rows: pa.Table, path: Path) -> None:
    pq.write_table(
        rows.combine_chunks(), path, compression="zstd", row_group_size=_ROW_GROUP, store_schema=False,
        store_decimal_as_integer=True,
    )  # fmt: skip


def _measured(
    engine: Engine, files: list[Path], sums: Mapping[str, str]
) -> dict[str, tuple[int, dict[str, str]]]:
    """Return file → its rows and sums, read back from what was written; a file without rows is absent."""
    words = ["filename", "count(*)", *(f"COALESCE(SUM({expression}), 0)" for expression in sums.values())]
    found = {}
    for start in range(0, len(files), _MEASURED):
        some = ", ".join(f"'{quoted(file)}'" for file in files[start : start + _MEASURED])
        read = f"SELECT {', '.join(words)} FROM read_parquet([{some}], filename=true) GROUP BY filename"
        for name, rows, *values in engine.rows(read):
            found[name] = int(rows), dict(zip(sums, map(str, values), strict=True))
    return found
