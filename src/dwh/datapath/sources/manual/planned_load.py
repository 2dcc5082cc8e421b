"""A planned load: previewed first, landed only for the digest that was approved, once, under its plan.

Source: QĐ-2366 Điều 5.1 (row C-18 of the mission: plan id, file hash, approver).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.contract import arrow_schema
from dwh.datapath.sources.files.archive import sha256_of
from dwh.datapath.sources.files.journal import Entry, Journal
from dwh.datapath.sources.files.limits import USUAL, Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem
from dwh.datapath.sources.manifest import sync_folder
from dwh.datapath.sources.manual.layout import Layout
from dwh.datapath.sources.manual.preview import Preview, make_preview, sizes_of
from dwh.datapath.sources.manual.reading import Export, read_export
from dwh.datapath.sources.manual.rows import ReadRow
from dwh.kernel import vi
from dwh.kernel.errors import Conflict, DamagedFile
from dwh.kernel.law import QD_2366, cites

SOURCE: Final = "manual"
KEPT: Final = "kept"  # files that wait for approval, under their sha256


@dataclass(frozen=True, slots=True)
class Approval:
    """What was decided about a file: for which preview, under which plan, by whom."""

    digest: str
    plan: str
    prepared_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """What came of a load. `deleted` are rows of an earlier load of the same period that are gone now."""

    entry: Entry
    landed: int
    held: int
    deleted: int
    is_repeat: bool


def preview_file(
    path: Path, *, settings: DataPathSettings, today: date, report: str = "", limits: Limits = USUAL
) -> Preview:
    """Return what the file would land. Nothing is written.

    Raises:
        FileRefused: it cannot be read, or leaves open what its figures mean.
        Conflict: this very file has been loaded.
    """
    preview = _read(path, settings, today, report, limits)[1]
    known = Journal(settings, SOURCE).find(preview.sha256)
    if known is not None and known.complete:
        when = vi.datetime_vi(known.received_at)
        raise Conflict(f"Tệp «{path.name}» đã nạp lúc {when}: không có gì để nạp thêm.", number=known.number)
    return preview


def keep(path: Path, settings: DataPathSettings) -> Path:
    """Copy a file to where approved loads read from, under its sha256, and return the copy.

    Raises:
        FileRefused: it cannot be read.
    """
    folder = settings.landing / SOURCE / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    try:
        kept = folder / f"{sha256_of(path)}{path.suffix.lower()[:6]}"
        aside = kept.with_suffix(".tmp")
        shutil.copyfile(path, aside)
    except OSError:
        problem = Problem("FILE-01", "không đọc được tệp", "kiểm tra tên tệp và quyền đọc rồi nạp lại")
        raise FileRefused(problem.within(file=path.name)) from None
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.rename(kept)
    sync_folder(folder)
    return kept


@cites(QD_2366.art("5.1"))
def load_planned(
    path: Path,
    approval: Approval,
    *,
    name: str,
    settings: DataPathSettings,
    now: datetime,
    limits: Limits = USUAL,
) -> PlannedReport:
    """Land the rows of an approved file; one that has landed before changes nothing.

    Raises:
        Conflict: what the file would do is no longer what was approved, or another file is being loaded.
        FileRefused: the file cannot be read, or no row of it can land.
        DamagedFile: the kept file is not what was prepared.

    Source: QĐ-2366 Điều 5.1.
    """
    journal = Journal(settings, SOURCE)
    with journal.alone():
        known = journal.find(_whole(path, name))
        if known is not None and known.complete:
            return PlannedReport(known, int(known.facts["rows"]), int(known.facts["held"]), 0, is_repeat=True)
        today = now.astimezone(vi.VIETNAM_TIME).date()
        export, preview = _read(path, settings, today, "", limits, name=name)
        if preview.digest != approval.digest:
            raise Conflict(
                f"Tệp «{name}» không còn cho kết quả như khi được duyệt (bố cục hoặc lần nạp trước đã đổi). "
                "Xem trước lại và trình duyệt lại.",
                plan=approval.plan,
            )
        if not export.rows:
            raise FileRefused(_nothing_good(export, name))
        entry = known or Entry(
            journal.next_number(), name, preview.sha256, path.stat().st_size, now, approval.approved_by,
            _facts(export, preview, approval),
        )  # fmt: skip
        return _land(settings, journal, export, entry)


def _whole(path: Path, name: str) -> str:
    """Return the sha256 of a file; a kept one must still be what its name says."""
    try:
        sha256 = sha256_of(path)
    except OSError:
        raise DamagedFile(
            f"Không còn bản lưu của tệp «{name}». Chuẩn bị lại từ tệp gốc.", path=str(path)
        ) from None
    if path.parent.name == KEPT and not path.stem.startswith(sha256):
        raise DamagedFile(
            f"Bản lưu của tệp «{name}» không còn nguyên vẹn. Chuẩn bị lại từ tệp gốc.", path=str(path)
        )
    return sha256


def last_load(settings: DataPathSettings, report: str, others: str, until: str) -> Entry | None:
    """Return the last complete load of the same report and parameters up to a month; None when there is none."""
    found = [
        entry for entry in Journal(settings, SOURCE).entries()
        if entry.complete and entry.facts["report"] == report and entry.facts["others"] == others
        and entry.facts["last"] <= until
    ]  # fmt: skip
    return max(found, key=lambda entry: (entry.facts["last"], entry.number), default=None)


def _read(
    path: Path, settings: DataPathSettings, today: date, report: str, limits: Limits, *, name: str = ""
) -> tuple[Export, Preview]:
    """Read twice: first to know the report and its parameters, then against its last load."""
    name = name or path.name
    first = read_export(path, limits=limits, today=today, report=report, name=name)
    last = last_load(settings, first.layout.id, first.parameters.others, first.parameters.last)
    sizes = last.facts["sizes"] if last else {}
    export = (
        read_export(path, limits=limits, today=today, report=first.layout.id, last=sizes, name=name)
        if last
        else first
    )
    return export, make_preview(export, file=name, sha256=sha256_of(path), last=last)


def _facts(export: Export, preview: Preview, approval: Approval) -> dict[str, Any]:
    return {
        "report": export.layout.id, "plan": approval.plan, "prepared_by": approval.prepared_by,
        "approved_by": approval.approved_by, "digest": approval.digest, "first": export.parameters.first,
        "last": export.parameters.last, "others": export.parameters.others, "columns": preview.columns,
        "totals": preview.totals, "scales": preview.scales, "sizes": sizes_of(export), "rows": len(export.rows),
        "held": len(export.held), "problems": preview.held, "notes": preview.notes,
    }  # fmt: skip


def _land(settings: DataPathSettings, journal: Journal, export: Export, entry: Entry) -> PlannedReport:
    """Write the rows, then the keys of rows the new load no longer has; both may be done again without harm."""
    layout, moment = export.layout, entry.received_at.astimezone(UTC).replace(tzinfo=None)
    landing.clean_up(landing.folder_of(settings, SOURCE, layout.table))
    journal.write(entry)
    live = _live(settings, layout)
    rows = [_plain_row(export, row, entry, moment) for row in export.rows]
    _refuse_collision(rows, live)
    if not any(number == entry.number for *_, number in live.values()):
        _write(settings, layout, entry, "rows", _batch(layout, rows))
    covers = (export.parameters.first, export.parameters.last, export.parameters.others)
    now = {row["id"] for row in rows}
    gone = sorted(
        key for key, (*period, _unit, _number) in live.items() if tuple(period) == covers and key not in now
    )
    if gone:
        schema = landing.DELETES
        keys = pa.RecordBatch.from_pylist([{"id": key, "deleted_at": moment} for key in gone], schema)
        _write(settings, layout, entry, "deletes", keys)
    whole = entry.completed()
    journal.write(whole)
    return PlannedReport(whole, len(rows), len(export.held), len(gone), is_repeat=False)


def _write(
    settings: DataPathSettings, layout: Layout, entry: Entry, kind: landing.Kind, rows: pa.RecordBatch
) -> None:
    draft = landing.Draft(settings, SOURCE, layout.contract(), kind, None, entry.received_at)
    landing.write_batch(draft, [rows], cursor_to=lambda: None)


def _batch(layout: Layout, rows: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    schema = arrow_schema(layout.contract())
    return pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in rows], schema
    )


def _plain_row(export: Export, row: ReadRow, entry: Entry, moment: datetime) -> dict[str, Any]:
    parameters = export.parameters
    counts = {column.name for column in export.layout.figures if column.kind == "count"}
    return {
        **{name: int(v) if name in counts and v is not None else v for name, v in row.values.items()},
        "id": _key(export.layout, parameters.first, parameters.last, parameters.others, row),
        "ky_tu": parameters.first, "ky_den": parameters.last, "tham_so": parameters.others, "cap": row.unit.level,
        "ma_don_vi": row.unit.code, "he_ma": row.unit.list_name, "ten_don_vi": row.name or None,
        "ma_khu_vuc": row.area, "ma_vung": row.region, "ma_ke_hoach": entry.facts["plan"], "so_tep": entry.number,
        "created_at": moment, "updated_at": moment, "is_deleted": False,
    }  # fmt: skip


def _key(layout: Layout, first: str, last: str, others: str, row: ReadRow) -> int:
    """Return the id of a unit in a period of a report: the same when a corrected file is loaded, so it replaces."""
    words = "\n".join((layout.table, first, last, others, row.unit.level, row.unit.list_name, row.unit.code))
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big") >> 1


def _live(settings: DataPathSettings, layout: Layout) -> dict[int, tuple[str, str, str, str, int]]:
    """Return id → (first, last, parameters, unit, file) of the rows that count now."""
    live: dict[int, tuple[str, str, str, str, int]] = {}
    names = ["id", "ky_tu", "ky_den", "tham_so", "ma_don_vi", "so_tep"]
    for batch in landing.batches(settings, SOURCE, layout.table):
        columns = ["id"] if batch.kind == "deletes" else names
        for row in pq.read_table(batch.path, columns=columns).to_pylist():
            if batch.kind == "deletes":
                live.pop(row["id"], None)
            else:
                live[row["id"]] = (
                    row["ky_tu"],
                    row["ky_den"],
                    row["tham_so"],
                    row["ma_don_vi"],
                    row["so_tep"],
                )
    return live


def _refuse_collision(
    rows: Iterable[dict[str, Any]], live: dict[int, tuple[str, str, str, str, int]]
) -> None:
    """Two units under one id would lose one of them: seen before it happens (it needs billions of rows to)."""
    for row in rows:
        known = live.get(row["id"])
        if known and known[:4] != (row["ky_tu"], row["ky_den"], row["tham_so"], row["ma_don_vi"]):
            raise Conflict("Khóa của một dòng trùng với dòng khác đã nạp. Báo Trung tâm CNTT.", id=row["id"])


def _nothing_good(export: Export, name: str) -> Problem:
    first = export.held[0].problem if export.held else None
    what = f"không dòng nào nạp được ({len(export.held)} dòng bị giữ)"
    place = Place(file=name) if first is None else first.within(file=name).place
    if first is not None:
        what = f"{first.what}, {what}"
    return Problem(first.code if first else "XLS-14", what, "xuất lại biểu rồi xem trước lại", place)
