"""Sources that are no longer what their contract says, in every way we know: what was done to a file of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dwh.datapath.sources.tests.miniature import LINES, Miniature

Change = Callable[[Miniature, Path], object]
GOOD, BAD = 1, 4711  # the id of a good line, and of one whose value is not what was promised


@dataclass(frozen=True)
class Drifted:
    """One kind: what is done to the source, the code of the refusal, and the words of the place it names."""

    name: str
    change: Change
    place: tuple[str, ...]
    code: str = "source.contract_broken"

    def __str__(self) -> str:
        return self.name


def done(*statements: str) -> Change:
    def change(source: Miniature, _: Path) -> None:
        for statement in statements:
            source.run(statement)

    return change


def value(column: str, written: Any) -> Change:
    return lambda source, _: source.add_line(BAD, 2, **{column: written})


def renamed(column: str, new: str) -> Change:
    return done(f"ALTER TABLE {LINES} RENAME COLUMN {column} TO {new}")


def retyped(column: str, kind: str) -> Change:
    return done(
        f"ALTER TABLE {LINES} RENAME COLUMN {column} TO was_{column}",
        f"ALTER TABLE {LINES} ADD COLUMN {column} {kind}",
    )


def of_value(column: str) -> tuple[str, ...]:
    return LINES, column, str(BAD)


def written_over(content: bytes) -> Change:
    return lambda _, path: path.write_bytes(content)


def cut_short(_: Miniature, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6_000])


def in_the_way(_: Miniature, path: Path) -> None:
    path.unlink()
    path.mkdir()


FILE = ("source.sqlite",)
DRIFTED = [
    Drifted("a table gone", done("DROP TABLE tst_the_bhyt"), ("tst_the_bhyt",)),
    Drifted("a table renamed", done(f"ALTER TABLE {LINES} RENAME TO dong_ca_nhan"), (LINES,)),
    Drifted("a column gone", done(f"ALTER TABLE {LINES} DROP COLUMN so_tien_sd"), (LINES, "so_tien_sd")),
    Drifted("a column renamed", renamed("so_tien_ld", "so_tien_nguoi_lao_dong"), (LINES, "so_tien_ld")),
    Drifted("the key renamed", renamed("id", "ma"), (LINES, "id")),
    Drifted("the moment of change renamed", renamed("updated_at", "sua_luc"), (LINES, "updated_at")),
    Drifted("the mark of deletion renamed", renamed("is_deleted", "da_xoa"), (LINES, "is_deleted")),
    Drifted("money became text", retyped("so_tien_ld", "TEXT"), (LINES, "so_tien_ld", "TEXT")),
    Drifted("money became bytes", retyped("so_tien_ld", "BLOB"), (LINES, "so_tien_ld", "BLOB")),
    Drifted("text became a number", retyped("ma_so_bhxh", "INTEGER"), (LINES, "ma_so_bhxh", "INTEGER")),
    Drifted("a moment became a number", retyped("created_at", "REAL"), (LINES, "created_at", "REAL")),
    Drifted("words for an amount", value("so_tien_da_dong", "một nghìn"), of_value("so_tien_da_dong")),
    Drifted("a part of a đồng", value("so_tien_da_dong", 1000.5), of_value("so_tien_da_dong")),
    Drifted("no amount", value("so_tien_da_dong", None), of_value("so_tien_da_dong")),
    Drifted("bytes for an amount", value("can_cu_dong", b"\x01"), of_value("can_cu_dong")),
    Drifted("an amount beyond all counts", value("can_cu_dong", 9e99), of_value("can_cu_dong")),
    Drifted("bytes for a text", value("ma_so_bhxh", b"\xff\xfe"), of_value("ma_so_bhxh")),
    Drifted("a day written dd/mm/yyyy", value("created_at", "31/12/2025"), of_value("created_at")),
    Drifted("a day that does not exist", value("created_at", "2025-02-30 08:00:00"), of_value("created_at")),
    Drifted("a moment of change in words", value("updated_at", "hôm qua"), of_value("updated_at")),
    Drifted("no moment of change", value("updated_at", None), of_value("updated_at")),
    Drifted("neither deleted nor not", value("is_deleted", 7), of_value("is_deleted")),
    Drifted("the file gone", lambda _, path: path.unlink(), FILE, "source.down"),
    Drifted("a folder in its place", in_the_way, FILE, "source.down"),
    Drifted("another file in its place", written_over(b"khong phai co so du lieu " * 400), FILE, "source.down"),
    Drifted("a workbook in its place", written_over(b"PK\x03\x04" + b"\x00" * 4_000), FILE, "source.down"),
    Drifted("the file cut short", cut_short, FILE, "source.down"),
    Drifted("an empty file", written_over(b""), ("tst_don_vi",)),
]  # fmt: skip
