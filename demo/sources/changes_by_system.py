"""A day's changes in each system."""

from __future__ import annotations

import json
from collections.abc import Callable

from demo.sources.changes import Day

LINES = "tst_dong_ca_nhan"
CLAIM_LINES = ("gd_thuoc", "gd_dvkt")
DUE = "so_tien_ld + so_tien_sd + so_tien_nsnn"
FULLY_PAID = f"so_tien_da_dong = {DUE}"
LAST, BEFORE_LAST = "202610", "202609"  # the same base pay in both
ISO = "substr({0}, 1, 4) || '-' || substr({0}, 5, 2) || '-' || substr({0}, 7, 2)"
SHIFT = f"strftime('%Y%m%d', date({ISO}, '-15 days'))"


def change_collection(day: Day) -> None:
    """Change contributions, people, cards and employers of the collection system."""
    k = day.count
    late = day.choose(LINES, f"so_tien_da_dong < {DUE}", 4 * k)
    day.update(LINES, late, f"so_tien_da_dong = {DUE}", action="paid", note="nộp muộn")
    raised = day.choose(LINES, f"quy = 'HTTT' AND {FULLY_PAID} AND can_cu_dong < 30000000", k)
    day.update(
        LINES, raised,
        "can_cu_dong = can_cu_dong + 500000, so_tien_ld = so_tien_ld + 40000, so_tien_sd = so_tien_sd + 70000, "
        "so_tien_da_dong = so_tien_da_dong + 110000",
        action="corrected", note="điều chỉnh lương",
    )  # fmt: skip
    _add_and_move_lines(day)
    day.soft_delete(LINES, day.choose(LINES, "1", k))
    day.hard_delete(LINES, day.choose(LINES, "1", k))
    people, cards = "tst_nguoi_tham_gia", "tst_the_bhyt"
    phoned = day.choose(people, "trang_thai_ma = '1'", k)
    day.update(people, phoned, "dien_thoai = '0900000002'", action="corrected", note="đổi điện thoại")
    number = "'95' || printf('%08d', ?2)"
    day.copy(
        people, day.choose(people, "trang_thai_ma = '1'", max(1, k // 2)),
        {"ma_so_bhxh": number, "so_ddcn": "NULL", "so_cmnd": "NULL"}, note="người mới",
    )  # fmt: skip
    day.hard_delete(people, day.choose(people, "trang_thai_ma = '2'", 1))
    day.update(cards, day.choose(cards, "1", k), "ly_do_cap = 'đổi'", action="corrected", note="đổi thẻ")
    day.hard_delete(cards, day.choose(cards, "1", max(1, k // 2)))
    firms = day.choose("tst_don_vi", "1", max(1, k // 4))
    day.update("tst_don_vi", firms, "dien_thoai = '02400000002'", action="corrected", note="đổi điện thoại")


def _add_and_move_lines(day: Day) -> None:
    """Enter lines of September late, and move lines from October to September, where the person has none yet."""
    day.db.execute(f"CREATE INDEX IF NOT EXISTS ix_person ON {LINES} (ma_so_bhxh, ky, quy, ma_don_vi)")
    free = (
        f"ky = '{LAST}' AND quy != 'TNLD' AND NOT EXISTS (SELECT 1 FROM {LINES} o WHERE "
        f"o.ma_so_bhxh = {LINES}.ma_so_bhxh AND o.ky = '{BEFORE_LAST}' AND o.quy = {LINES}.quy)"
    )
    fit = _candidates(day, free, 3 * day.count)
    half = len(fit) // 2
    day.copy(LINES, fit[:half], {"ky": f"'{BEFORE_LAST}'"}, note="kê khai muộn của tháng trước")
    day.update(LINES, fit[half:], f"ky = '{BEFORE_LAST}'", action="moved", note="chuyển sang tháng trước")
    day.db.execute("DROP INDEX ix_person")


def _candidates(day: Day, where: str, wanted: int) -> list[int]:
    """Choose among all rows, at most one per person: too few fit to be met by chance."""
    rows = day.db.execute(
        f"SELECT min(id) FROM {LINES} WHERE is_deleted = 0 AND {where} GROUP BY ma_so_bhxh"
    ).fetchall()
    return day.take(LINES, [row[0] for row in rows], wanted)


def change_claims(day: Day) -> None:
    """Change claims together with their lines."""
    k, claims = day.count, "gd_ho_so"
    _spare_owners_of_planted_lines(day)
    day.db.execute(f"CREATE INDEX ix_episode ON {claims} (ma_lk, lan_gui)")
    newer = f"SELECT 1 FROM {claims} o WHERE o.ma_lk = {claims}.ma_lk AND o.lan_gui > {claims}.lan_gui"
    visit = f"ma_loai_kcb = '01' AND lan_gui = 1 AND NOT EXISTS ({newer})"
    new = f"ma_lk || '.{day.now[:10]}'"
    _copy_with_lines(
        day, day.choose(claims, f"{visit} AND ngay_ra LIKE '{LAST}%'", k), {"ma_lk": new}, "đợt khám mới"
    )
    early = (
        f"{visit} AND substr(ngay_ra, 7, 2) <= '08' AND substr(ngay_ra, 1, 6) NOT IN ('202411', '202507') "
        f"AND substr(ngay_vao, 1, 8) = substr(ngay_ra, 1, 8) AND gt_the_tu <= {SHIFT.format('ngay_vao')}"
    )
    moved = ", ".join(
        f"{c} = {SHIFT.format(c)} || substr({c}, 9)" for c in ("ngay_vao", "ngay_ra", "ngay_ttoan")
    )
    day.update(claims, day.choose(claims, early, k), moved, action="moved", note="ngày khám sớm hơn 15 ngày")
    older = day.choose(claims, visit, max(1, k // 2))
    _copy_with_lines(day, older, {"lan_gui": "lan_gui + 1"}, "lần gửi sau")
    day.note(claims, older, "resent", "đã có lần gửi sau: GD-H07")
    _with_lines(day, day.choose(claims, visit, k), day.soft_delete)
    _with_lines(day, day.choose(claims, visit, k), day.hard_delete)
    settled = day.choose(claims, "trang_thai != 'quyết toán'", k)
    day.update(claims, settled, "trang_thai = 'quyết toán'", action="corrected", note="đã quyết toán")
    day.db.execute("DROP INDEX ix_episode")


def _spare_owners_of_planted_lines(day: Day) -> None:
    """Leave alone the claims whose lines were planted wrong, too."""
    owners: set[int] = set(day.planted.get("gd_ho_so", ()))
    for table in CLAIM_LINES:
        ids = sorted(day.planted.get(table, ()))
        keys = f"SELECT ma_lk FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
        found = day.db.execute(f"SELECT id FROM gd_ho_so WHERE ma_lk IN ({keys})", (json.dumps(ids),))
        owners |= {row[0] for row in found}
    day.planted["gd_ho_so"] = frozenset(owners)


def change_personnel(day: Day) -> None:
    """Change a few rows of the personnel system."""
    day.update(
        "ns_nhan_vien",
        day.choose("ns_nhan_vien", "1", 2),
        "trinh_do = 'Thạc sĩ'",
        action="corrected",
        note="",
    )
    day.hard_delete("ns_quyet_dinh", day.choose("ns_quyet_dinh", "1", 1))


def change_efiling(day: Day) -> None:
    """Give results that were ready before, take new dossiers of the last days, correct, take back and lose some."""
    k, table = day.count, "gdt_ho_so"
    done = f"trang_thai = 'trả KQ', ngay_tra = '{LAST}301630'"
    underway = f"trang_thai IN ('xử lý', 'bổ sung') AND ngay_tiep_nhan < '{LAST}30'"
    waiting = day.db.execute(f"SELECT id FROM {table} WHERE is_deleted = 0 AND {underway}").fetchall()
    finished = day.take(table, [row[0] for row in waiting], 2 * k)
    day.update(table, finished, done, action="corrected", note="trả kết quả")
    again = day.choose(table, "trang_thai = 'trả KQ' AND ma_thu_tuc LIKE 'BHXH%'", k)
    new = {"ma_ho_so": "ma_ho_so || '.' || ?2", "trang_thai": "'xử lý'", "ngay_tra": "NULL"}
    received = {"ngay_tiep_nhan": f"'{LAST}291000'", "ngay_hen_tra": "'2026-11-03'"}
    day.copy(table, again, new | received, note="hồ sơ mới, nhập muộn")
    day.update(
        table,
        day.choose(table, "kenh = 'bưu chính'", k),
        "kenh = 'trực tiếp'",
        action="corrected",
        note="sửa kênh",
    )
    day.soft_delete(table, day.choose(table, "1", max(1, k // 2)))
    day.hard_delete(table, day.choose(table, "1", max(1, k // 2)))


def change_identities(day: Day) -> None:
    """Let people sign in again, and lose an old event."""
    events = day.choose("iam_su_kien", "1", 3 * day.count)
    day.copy("iam_su_kien", events, {"thoi_gian": "?1"}, note="đăng nhập mới")
    day.hard_delete("iam_su_kien", day.choose("iam_su_kien", "1", 1))


def _copy_with_lines(day: Day, claims: list[int], changed: dict[str, str], note: str) -> None:
    for table, ids in {**_lines_of(day, claims), "gd_ho_so": claims}.items():
        day.copy(table, ids, changed, note=note)


def _with_lines(day: Day, claims: list[int], verb: Callable[[str, list[int]], None]) -> None:
    for table, ids in {**_lines_of(day, claims), "gd_ho_so": claims}.items():
        verb(table, ids)


def _lines_of(day: Day, claims: list[int]) -> dict[str, list[int]]:
    """Return the ids of the lines of these claims, per table."""
    marks = ", ".join("?" * len(claims))
    keys = f"(SELECT ma_cskcb, ma_lk, lan_gui FROM gd_ho_so WHERE id IN ({marks}))"
    return {
        t: [
            r[0]
            for r in day.db.execute(f"SELECT id FROM {t} WHERE (ma_cskcb, ma_lk, lan_gui) IN {keys}", claims)
        ]
        for t in CLAIM_LINES
    }
