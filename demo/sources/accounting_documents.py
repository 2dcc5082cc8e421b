"""`kt_chung_tu` and `kt_but_toan`: documents and entries, with the wrong ones among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.balances import CLOSED_MONTHS, closed_at
from demo.sources.nation.bookkeeping import (
    BANK_OUT,
    FUNDS,
    RUNNING,
    SWITCH_MONTH,
    books,
)
from demo.sources.nation.ledger import (
    KINDS,
    LETTERS,
    RECORD,
    Book,
    Documents,
    Entries,
    accounting_units,
    documents,
    entries,
)
from demo.sources.nation.times import CUTOFF_SECOND, KY, MONTH_ENDS, SECONDS_A_DAY, dates, stamps
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
PAPERS, ENTRIES = "kt_chung_tu", "kt_but_toan"
WRITE_ROWS = 100_000
ADMIN, ADMIN_FUND, ADMIN_SUBITEM = "H301", FUNDS.index("QLBM"), "9021"
WORDS = ("Thu tiền đóng qua tổ chức dịch vụ thu", "Thu tiền đóng", "Chi theo ủy nhiệm", "Ghi sổ")


@dataclass(slots=True)
class Spoilt:
    """Entries made wrong on purpose, by position; `late` are documents entered after the month was closed."""

    old_debit: Array
    old_credit: Array
    in_thousands: Array
    late: Array


def book_late(book: Book, pairs: tuple[Array, Array], rng: Any) -> Array:
    """Enter documents into months their unit has closed already; return where they stand."""
    unit, month = pairs
    n = len(unit)
    later = rng.integers(12, 25, size=n) * SECONDS_A_DAY
    papers = documents(
        n, kind=RECORD, month=month, day=MONTH_ENDS[month], unit=unit, office=_codes()[unit],
        created=closed_at(month, unit) + later,
    )  # fmt: skip
    lines = entries(
        n, doc=np.arange(n), debit=RUNNING, credit=BANK_OUT, amount=rng.integers(20, 900, size=n) * 100_000,
        fund=ADMIN_FUND, activity=ADMIN, subitem=ADMIN_SUBITEM,
    )  # fmt: skip
    return book.add(papers, lines)


def spoil(papers: Documents, lines: Entries, free: Array, late: Array, plan: tuple[int, Any]) -> Spoilt:
    """Choose the entries to spoil among the single entries of the documents in `free`; amounts change here."""
    count, rng = plan
    mine = np.flatnonzero(np.isin(lines.doc, free))
    month = papers.month[lines.doc[mine]]
    january = rng.permutation(mine[month == SWITCH_MONTH])[:count]
    rest = rng.permutation(mine[(month != SWITCH_MONTH) & (lines.amount[mine] >= 1_000)])[:count]
    lines.amount[rest] //= 1_000
    return Spoilt(
        january[np.arange(len(january)) % 3 != 1], january[np.arange(len(january)) % 3 != 0], rest, late
    )


def write_documents(
    db: Database, notes: Notebook, papers: Documents, lines: Entries, totals: Array, spoilt: Spoilt
) -> Array:
    """Write both tables in the order things were entered; return the row number of every document.

    `totals` are the true totals of the documents, which the wrong entries do not change.
    """
    order = np.argsort(papers.created, kind="stable")
    row: Array = np.empty(len(order), dtype=np.int64)
    row[order] = np.arange(1, len(order) + 1)
    numbers = _numbers(papers)
    db.table(PAPERS)
    for start in range(0, len(order), WRITE_ROWS):
        part = order[start : start + WRITE_ROWS]
        columns = {"id": row[part], **_paper_columns(papers, numbers, totals, part)}
        db.add(PAPERS, len(part), columns)
    sequence = np.argsort(row[lines.doc], kind="stable")
    place: Array = np.empty(len(sequence), dtype=np.int64)
    place[sequence] = np.arange(1, len(sequence) + 1)
    stt = _places(lines.doc[sequence])
    numbered = (numbers, *_accounts(papers, lines, spoilt))
    db.table(ENTRIES)
    for start in range(0, len(sequence), WRITE_ROWS):
        part = sequence[start : start + WRITE_ROWS]
        own = {"id": place[part], "stt": stt[start : start + WRITE_ROWS]}
        db.add(ENTRIES, len(part), own | _entry_columns(papers, lines, numbered, part))
    _note(notes, place, lines, spoilt)
    return row


def _note(notes: Notebook, place: Array, lines: Entries, spoilt: Spoilt) -> None:
    mixed = np.union1d(spoilt.old_debit, spoilt.old_credit)
    late = np.flatnonzero(np.isin(lines.doc, spoilt.late))
    for check, defect, note, rows in (
        ("KT-B01", "D-34", "số hiệu tài khoản cũ sau ngày đổi chế độ kế toán", mixed),
        ("KT-B03", "D-33", "ghi vào tháng đã khóa sổ", late),
        ("KT-B04", "D-41", "nghìn đồng ghi là đồng", spoilt.in_thousands),
    ):
        notes.write(ENTRIES, np.sort(place[rows]), check=check, defect=defect, note=note)


def _numbers(papers: Documents) -> Array:
    """Return so_ct of every document: period, office, kind, and a number that never repeats in the period."""
    order = np.argsort(papers.month, kind="stable")
    serial: Array = np.empty(len(order), dtype=np.int64)
    serial[order] = np.arange(len(order)) - np.searchsorted(papers.month[order], papers.month[order]) + 1
    parts = zip(KY[papers.month], papers.office, LETTERS[papers.kind], serial.tolist(), strict=True)
    return np.array([f"{ky}.{office}.{letter}.{n:06d}" for ky, office, letter, n in parts], dtype=object)


def _paper_columns(papers: Documents, numbers: Array, totals: Array, part: Array) -> dict[str, Any]:
    month, unit = papers.month[part], papers.unit[part]
    closed = month < CLOSED_MONTHS
    locked = np.maximum(closed_at(month, unit), papers.created[part])
    status = np.where(papers.draft[part], "nháp", np.where(closed, "khóa", "duyệt"))
    about = np.where(papers.settles[part] >= 0, numbers[papers.settles[part]], papers.about[part])
    day = dates(papers.day[part])
    return {
        "so_ct": numbers[part], "loai_ct": np.array(KINDS, dtype=object)[papers.kind[part]], "ngay_ct": day,
        "ngay_hach_toan": day, "ky": KY[month], "ma_cq": _codes()[unit],
        "dien_giai": np.array(WORDS, dtype=object)[papers.kind[part]], "doi_tuong": about, "tong_tien": totals[part],
        "trang_thai": status.astype(object), "nguoi_lap": "kttt.ketoan", "nguoi_duyet": "kttt.truongphong",
        "ma_cq_bhxh": papers.office[part], "created_at": stamps(papers.created[part]),
        "updated_at": stamps(np.where(closed, np.minimum(locked, CUTOFF_SECOND), papers.created[part])),
        "updated_by": np.where(closed, "kttt.khoaso", "kttt.ketoan").astype(object),
        "is_deleted": papers.deleted[part].astype(np.int64),
    }  # fmt: skip


def _accounts(papers: Documents, lines: Entries, spoilt: Spoilt) -> tuple[Array, Array]:
    """Return (tk_no, tk_co) of every entry: the number of its month, but for those that kept the old one."""
    names = np.array([a.code for a in books().accounts], dtype=object)
    month = papers.month[lines.doc]
    out = []
    for line, old in ((lines.debit, spoilt.old_debit), (lines.credit, spoilt.old_credit)):
        when = month.copy()
        when[old] = SWITCH_MONTH - 1
        out.append(names[books().codes(line, lines.fund, when)])
    return out[0], out[1]


def _entry_columns(
    papers: Documents, lines: Entries, numbered: tuple[Array, Array, Array], part: Array
) -> dict[str, Any]:
    numbers, debit, credit = numbered
    doc, fund = lines.doc[part], lines.fund[part]
    state = lines.subitem[part] != None  # noqa: E711 - element by element
    created = stamps(papers.created[doc])
    return {
        "ct_id": numbers[doc], "tk_no": debit[part], "tk_co": credit[part],
        "so_tien": lines.amount[part], "ma_quy": np.array([*FUNDS, None], dtype=object)[fund],
        "ma_hoat_dong": lines.activity[part], "mlns_chuong": maybe(np.full(len(part), books().chapter), state),
        "mlns_khoan": maybe(np.full(len(part), books().paragraph), state), "mlns_tieu_muc": lines.subitem[part],
        "doi_tuong_pn": lines.payer[part], "ma_cq_bhxh": papers.office[doc], "created_at": created,
        "updated_at": created, "updated_by": "kttt.ketoan", "is_deleted": papers.deleted[doc].astype(np.int64),
    }  # fmt: skip


def _places(doc: Array) -> Array:
    """Return 1, 2, … within each run of the same document."""
    first = np.flatnonzero(np.r_[True, doc[1:] != doc[:-1]])
    run: Array = np.repeat(first, np.diff(np.r_[first, len(doc)]))
    return np.arange(len(doc)) - run + 1


def _codes() -> Array:
    return np.array([unit.code for unit in accounting_units()], dtype=object)
