"""The record of a check on paper: what was looked at, what was found, who signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dwh.governance.access.models import Account
from dwh.kernel import vi
from dwh.kernel.documents.docx import render_docx
from dwh.kernel.documents.pdf import render_pdf
from dwh.kernel.documents.table import Cell, Head, Meta, Row, Table
from dwh.kernel.errors import NotFound
from dwh.operations.checks import desk
from dwh.operations.checks.models import CheckRecord

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: Final[dict[str, tuple[str, Callable[[Table], bytes]]]] = {
    "pdf": ("application/pdf", render_pdf),
    "docx": (_DOCX, render_docx),
}


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One record as a file."""

    name: str
    mime: str
    content: bytes


def file_of(row: CheckRecord, form: str, *, by: Account, now: datetime) -> RecordFile:
    """Return the record as PDF or DOCX.

    Raises:
        NotFound: no such format.
    """
    if form not in _WRITERS:
        raise NotFound("Không có định dạng tệp này. Chọn pdf hoặc docx.")
    mime, write = _WRITERS[form]
    name = f"kiem-tra-csdl-{row.month}-so-{row.pk}.{form}"
    return RecordFile(name, mime, write(table_of(row, by, now)))


def table_of(row: CheckRecord, by: Account, now: datetime) -> Table:
    """Return the record as the table that is printed: one line per thing looked at, then each finding."""
    told = desk.details(row)
    lines = [_line(str(at), *words) for at, words in enumerate(_summary(told), start=1)]
    lines += [Row((Cell(""), Cell("Lỗi và cảnh báo"), Cell(""), Cell("")), "sub")] if told["findings"] else []
    for at, one in enumerate(told["findings"], start=1):
        kind = "Lỗi" if one["grave"] else "Cảnh báo"
        lines.append(_line(f"{at}", one["subject"], f"{kind}: {one['said']}", one["remedy"]))
    heads = (Head("STT"), Head("Nội dung kiểm tra"), Head("Kết quả"), Head("Ghi chú"))
    return Table(
        title="Biên bản kiểm tra cơ sở dữ liệu",
        subtitles=(f"Tháng {vi.month_vi(row.month)}, số {row.pk}",),
        heads=(heads,),
        rows=tuple(lines),
        meta=Meta(
            row.release_id, "Đã ký" if row.signed_by else "Chưa ký", vi.month_vi(row.month),
            f"{by.full_name} ({by.email})", vi.datetime_vi(now),
        ),
        parameters=(("Kiểm tra lúc", vi.datetime_vi(row.began_at)), ("Người yêu cầu", row.asked_by)),
        footnotes=tuple(_footnotes(row)),
        agency="Trung tâm Công nghệ thông tin",
        signers=("Người kiểm tra", "Thủ trưởng đơn vị"),
        name_column=1,
    )  # fmt: skip


def _summary(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    lines = [(one["label"], _verdict(one["faults"]), _extent(one)) for one in told["looked"]]
    wrong = sum(not one["agrees"] for one in told["all_rows"])
    lines += [
        ("Số dòng từng bảng", _verdict(wrong), f"{len(told['all_rows'])} bảng, {vi.number(told['counted'])} dòng"),
        ("Đối chiếu với nguồn", _verdict(told["differing"]), f"{len(told['sources'])} bảng nguồn"),
        ("Dòng trỏ vào danh mục không có", f"{vi.number(told['orphans'])} dòng", f"{len(told['pointers'])} cột"),
    ]  # fmt: skip
    lines += [
        (f"Dung lượng: {one['label']}", vi.size(one["bytes"]), _grown(one["grown"]))
        for one in told["spaces"]
    ]  # fmt: skip
    return lines + [
        (
            "Chỗ trống trên đĩa",
            vi.size(one["free"]),
            f"{vi.percent(one['free_percent'])} của {vi.size(one['total'])}",
        )
        for one in told["disks"]
    ]


def _footnotes(row: CheckRecord) -> list[str]:
    notes = [f"Nhận xét và xử lý: {row.note or 'không có'}."] if row.signed_by else ["Biên bản chưa ký."]
    if row.corrects_id:
        notes.append(f"Đính chính biên bản số {row.corrects_id}. Lý do: {row.correction_reason}")
    if row.correction is not None:
        notes.append(f"Biên bản này được đính chính bởi biên bản số {row.correction.pk}.")
    if row.signed_by:
        notes.append(f"{row.signed_name} ({row.signed_by}) ký lúc {vi.datetime_vi(row.signed_at)}.")
        notes.append(f"Dấu của biên bản (sha256): {row.digest}")
    return notes


def _grown(count: int | None) -> str:
    return "" if count is None else f"tăng {vi.size(count)}"


def _extent(one: dict[str, Any]) -> str:
    read = f", {vi.size(one['bytes'])}" if one["bytes"] else ""
    return f"{vi.number(one['files'])} mục{read}"


def _verdict(faults: int) -> str:
    return f"{vi.number(faults)} lỗi" if faults else "Đạt"


def _line(*words: str) -> Row:
    return Row(tuple(Cell(word) for word in words))
