"""A day's changes in the accounting system: only the open month moves, a closed one is never touched."""

from __future__ import annotations

from demo.sources.changes import Day

PAPERS, ENTRIES, OPEN = "kt_chung_tu", "kt_but_toan", "202610"
ORDERS = f"ky = '{OPEN}' AND loai_ct = 'ủy nhiệm chi' AND trang_thai = 'duyệt' AND doi_tuong IS NULL"


def change_accounting(day: Day) -> None:
    """Enter, correct and take back payment orders of the open month; add to a budget."""
    k = day.count
    _spare_papers_of_planted_entries(day)
    tag = day.now[5:7] + day.now[8:10]
    papers = day.choose(PAPERS, ORDERS, k)
    lines = _entries_of(day, papers)
    day.copy(PAPERS, papers, {"so_ct": f"so_ct || '.{tag}'"}, note="chứng từ mới")
    day.copy(ENTRIES, lines, {"ct_id": f"ct_id || '.{tag}'"}, note="bút toán mới")
    _correct(day, day.choose(PAPERS, ORDERS, k))
    taken_back = day.choose(PAPERS, ORDERS, max(1, k // 2))
    for table, ids in ((ENTRIES, _entries_of(day, taken_back)), (PAPERS, taken_back)):
        day.soft_delete(table, ids)
    lost = day.choose(PAPERS, ORDERS, max(1, k // 2))
    for table, ids in ((ENTRIES, _entries_of(day, lost)), (PAPERS, lost)):
        day.hard_delete(table, ids)
    more = day.choose(
        "kt_du_toan", "nam = 2026 AND chi_tieu = 'CHI-QLBM' AND so_giao_dau_nam > 0", max(1, k // 4)
    )
    day.copy(
        "kt_du_toan", more,
        {"so_giao_dau_nam": "0", "bo_sung": "2000000", "ngay": "'2026-10-30'", "so_qd": "'2026.BS/QĐ-BHXH'"},
        note="bổ sung dự toán",
    )  # fmt: skip


def _correct(day: Day, papers: list[int]) -> None:
    """Raise a document and its first entry by the same amount."""
    first = [min(ids) for ids in (_entries_of(day, [paper]) for paper in papers) if ids]
    day.update(PAPERS, papers, "tong_tien = tong_tien + 150000", action="corrected", note="sửa số tiền")
    day.update(ENTRIES, first, "so_tien = so_tien + 150000", action="corrected", note="sửa số tiền")


def _entries_of(day: Day, papers: list[int]) -> list[int]:
    marks = ", ".join("?" * len(papers))
    numbers = f"SELECT so_ct FROM {PAPERS} WHERE id IN ({marks})"
    rows = day.db.execute(
        f"SELECT id FROM {ENTRIES} WHERE is_deleted = 0 AND ct_id IN ({numbers}) ORDER BY id", papers
    )
    return [row[0] for row in rows]


def _spare_papers_of_planted_entries(day: Day) -> None:
    """Leave alone the documents whose entries were planted wrong, too."""
    wrong = sorted(day.planted.get(ENTRIES, ()))
    marks = ", ".join("?" * len(wrong))
    numbers = f"SELECT ct_id FROM {ENTRIES} WHERE id IN ({marks})"
    rows = day.db.execute(f"SELECT id FROM {PAPERS} WHERE so_ct IN ({numbers})", wrong)
    day.planted[PAPERS] = day.planted.get(PAPERS, frozenset()) | {row[0] for row in rows}
