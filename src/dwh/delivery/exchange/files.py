"""Makes the file of one export: complete, or refused in one sentence; never cut."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.tables.outline import extent
from dwh.delivery.exchange.plain import csv_of
from dwh.kernel import vi
from dwh.kernel.documents.pdf import render_pdf
from dwh.kernel.documents.table import Table
from dwh.kernel.documents.xlsx import render_xlsx
from dwh.kernel.errors import Conflict, NotFound, TooManyRows
from dwh.kernel.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file and how much it holds."""

    name: str
    mime: str
    most_rows: int
    most_columns: int
    most_cells: int


SILENT: Final = Silent()
NOW_CELLS: Final = 40_000  # about half a second of writing; more is made by the worker
MAX_CELLS: Final = 500_000  # a workbook of so many takes about 7 s; more is an extract by letter
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX: Final = Format("xlsx", XLSX_TYPE, 1_048_575, 16_384, MAX_CELLS)
PDF: Final = Format("pdf", "application/pdf", 3_000, 40, 25_000)  # set in about 1 s, 300 MB
CSV: Final = Format("csv", "text/csv; charset=utf-8", 1_048_575, 16_384, MAX_CELLS)
FORMATS: Final = {one.name: one for one in (XLSX, PDF, CSV)}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One finished file; `sha256` and `rows` go to the log."""

    name: str
    mime: str
    content: bytes
    rows: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def format_named(name: str) -> Format:
    """Return the format of an address, or raise NotFound."""
    if name not in FORMATS:
        raise NotFound("Không có định dạng tệp này. Chọn xlsx, pdf hoặc csv.")
    return FORMATS[name]


def refuse_too_many_cells(answer: Answer) -> None:
    """Raise TooManyRows before anything is laid out, when no format could hold the table."""
    rows, columns = extent(answer)
    if rows * columns > MAX_CELLS:
        raise TooManyRows(
            f"Tệp sẽ có {vi.number(rows)} dòng × {vi.number(columns)} cột, nhiều hơn {vi.number(MAX_CELLS)} ô; "
            "chưa tạo tệp nào. Thêm bộ lọc hoặc bớt chiều ở Cột, rồi xuất lại.",
            rows=rows,
            columns=columns,
        )


class TooLargeNow(Conflict):
    """The file is made by the worker, not while somebody waits."""

    code = "export.too_large_now"


def refuse_a_long_wait(answer: Answer) -> None:
    """Raise TooLargeNow when making the file would keep somebody waiting."""
    rows, columns = extent(answer)
    if rows * columns > NOW_CELLS:
        raise TooLargeNow("Tệp lớn được tạo ở nền. Mở trang Phân tích và bấm Xuất để theo dõi.", rows=rows)


def make_file(kind: Format, answer: Answer, table: Table, progress: Progress = SILENT) -> ExportFile:
    """Return the file of `table` in the format `kind`; `progress` may stop it between rows.

    Raises:
        TooManyRows: the format cannot hold the table; nothing is cut.
    """
    _refuse_too_much(kind, len(table.rows), table.width)
    writers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: render_xlsx(table, sheet="Số liệu", cover=cover_of(table), progress=progress),
        "pdf": lambda: render_pdf(table),
        "csv": lambda: csv_of(answer),
    }
    progress.step("Đang ghi tệp", total=len(table.rows), unit="dòng")
    name = f"{file_stem(table.title, answer.release)}.{kind.name}"
    return ExportFile(name, kind.mime, writers[kind.name](), len(table.rows))


def cover_of(table: Table) -> tuple[tuple[str, str], ...]:
    """Return the lines of a workbook's cover sheet: what, whose, when, from which release."""
    meta = table.meta
    return (
        ("Bảng", table.title),
        *table.parameters,
        ("Kỳ số liệu", meta.period),
        ("Trạng thái", meta.state),
        ("Bản công bố", meta.release),
        ("Số dòng", vi.number(len(table.rows))),
        ("Người kết xuất", meta.person),
        ("Lúc", meta.printed_at),
        *(("Ghi chú", note) for note in table.footnotes),
        (
            "Sử dụng",
            "Chỉ dùng cho công việc được giao; không tự ý sao chép, cung cấp ra ngoài (QĐ-2366 Điều 9.6).",
        ),
    )


def file_stem(title: str, release: str) -> str:
    """Return the file's name without marks: subject, axes, release."""
    words = "".join(c if c.isalnum() else " " for c in vi.strip_marks(title)).split()
    return f"{'-'.join(words)[:70].rstrip('-')}_{release}"


def _refuse_too_much(kind: Format, rows: int, columns: int) -> None:
    if rows <= kind.most_rows and columns <= kind.most_columns and rows * columns <= kind.most_cells:
        return
    size = f"{vi.number(rows)} dòng × {vi.number(columns)} cột"
    limit = (
        f"{vi.number(kind.most_rows)} dòng, {vi.number(kind.most_columns)} cột, "
        f"{vi.number(kind.most_cells)} ô"
    )
    other = "Chọn XLSX hoặc CSV" if kind.name == PDF.name else "Thêm bộ lọc hoặc chọn cấp lớn hơn"
    raise TooManyRows(
        f"Bảng có {size}, tệp {kind.name.upper()} chứa nhiều nhất {limit}; chưa tạo tệp nào. "
        f"{other}, rồi xuất lại.",
        rows=rows,
        columns=columns,
        format=kind.name,
    )
