"""Writes src/dwh/datapath/sources/files/claim_fields.csv: `python tools/claim_fields.py xml130_fields.csv`.

The input is the transcription of the annexes of QĐ 130, 4750 and 3176/QĐ-BYT with the columns table, field,
type_qd130, maxlen_qd130, type_gate, maxlen_gate, required_gate, change_4750 (github dh-hos/Mo-ta-he-thong @71397f47;
3176 from github tracnn/qlbv_public @8696ca68). The names of QĐ 4210/QĐ-BYT (2017) below are own knowledge,
compared with public code that writes such files; unverified against the decision itself.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/dwh/datapath/sources/files/claim_fields.csv"
NAMES = ("versions", "table", "field", "kind", "size", "required", "lands_as")
NEVER_READ = {"CHECKIN", "XML6", "XML12", "XML15"}  # not part of a claim, or never opened
ALL, SINCE_4750 = "130 4750 3176", "4750 3176"
ONLY_4750_IN_XML13 = {"MA_NOI_DI", "MA_NOI_DEN", "TEN_DICH_VU", "TEN_THUOC", "PP_DIEU_TRI"}
SINCE = {"NGAY_MIEN_CCT"}  # a day or a moment, both are seen
LISTS = {"GT_THE_TU": "days", "GT_THE_DEN": "days", "NGAY_TAI_KHAM": "text"}
PRECISE = {"SO_LUONG", "DON_GIA", "DON_GIA_BV", "DON_GIA_BH"}  # three decimals, money has two
WHOLE_MONEY = {"TYLE_TT_BH", "TYLE_TT_DV", "MUC_HUONG"}  # sorted under money, are per cents

# field of 4210 -> its name since 130, where it has one; the rest is described in OWN_4210
NAMED_4210 = {
    "XML1": """MA_LK STT MA_BN HO_TEN NGAY_SINH GIOI_TINH DIA_CHI MA_THE=MA_THE_BHYT MA_DKBD GT_THE_TU GT_THE_DEN
        MIEN_CUNG_CT=NGAY_MIEN_CCT TEN_BENH MA_BENH=MA_BENH_CHINH MA_BENHKHAC=MA_BENH_KT
        MA_LYDO_VVIEN=MA_DOITUONG_KCB MA_NOI_CHUYEN=MA_NOI_DI MA_TAI_NAN NGAY_VAO NGAY_RA SO_NGAY_DTRI KET_QUA_DTRI
        TINH_TRANG_RV=MA_LOAI_RV NGAY_TTOAN T_THUOC T_VTYT T_TONGCHI=T_TONGCHI_BV T_BNTT T_BNCCT T_BHTT T_NGUONKHAC
        T_NGOAIDS NAM_QT THANG_QT MA_LOAI_KCB MA_KHOA MA_CSKCB MA_KHUVUC MA_PTTT_QT CAN_NANG""",
    "XML2": """MA_LK STT MA_THUOC MA_NHOM TEN_THUOC DON_VI_TINH HAM_LUONG DUONG_DUNG LIEU_DUNG SO_DANG_KY TT_THAU
        PHAM_VI TYLE_TT=TYLE_TT_BH SO_LUONG DON_GIA THANH_TIEN=THANH_TIEN_BV MUC_HUONG T_NGUONKHAC T_BNTT T_BHTT
        T_BNCCT T_NGOAIDS MA_KHOA MA_BAC_SI MA_BENH NGAY_YL MA_PTTT""",
    "XML3": """MA_LK STT MA_DICH_VU MA_VAT_TU MA_NHOM GOI_VTYT TEN_VAT_TU TEN_DICH_VU DON_VI_TINH PHAM_VI SO_LUONG
        DON_GIA=DON_GIA_BV TT_THAU TYLE_TT=TYLE_TT_DV THANH_TIEN=THANH_TIEN_BV T_TRANTT MUC_HUONG T_NGUONKHAC T_BNTT
        T_BHTT T_BNCCT T_NGOAIDS MA_KHOA MA_GIUONG MA_BAC_SI MA_BENH NGAY_YL NGAY_KQ MA_PTTT""",
    "XML4": "MA_LK STT MA_DICH_VU MA_CHI_SO TEN_CHI_SO GIA_TRI MA_MAY MO_TA KET_LUAN NGAY_KQ",
    "XML5": "MA_LK STT DIEN_BIEN HOI_CHAN PHAU_THUAT NGAY_YL",
}
OWN_4210 = {
    "TEN_BENH": ("text", ""), "T_NGOAIDS": ("money", "15"), "MA_BENH": ("text", "255"), "MA_MAY": ("text", "1024"),
    "DIEN_BIEN": ("text", ""), "NGAY_YL": ("moment", "12"), "MIEN_CUNG_CT": ("since", "12"),
    "NGAY_SINH": ("birth", "12"), "MA_BENHKHAC": ("text", "255"), "MA_BENH:XML1": ("text", "15"),
    "MA_LYDO_VVIEN": ("text", "1"), "TT_THAU": ("text", "100"),
}  # fmt: skip
NEEDED_4210 = {
    "XML1": {"MA_LK", "NGAY_SINH", "GIOI_TINH", "MA_BENH", "NGAY_VAO", "NGAY_RA", "T_TONGCHI", "T_BHTT", "MA_LOAI_KCB",
             "MA_CSKCB"},
    "XML2": {"MA_LK", "STT", "MA_NHOM", "SO_LUONG", "DON_GIA", "THANH_TIEN", "T_BHTT"},
    "XML3": {"MA_LK", "STT", "MA_NHOM", "SO_LUONG", "DON_GIA", "THANH_TIEN", "T_BHTT"},
    "XML4": {"MA_LK"}, "XML5": {"MA_LK"},
}  # fmt: skip


def kind_of(row: dict[str, str], size: int | None) -> str:
    """Return text, int, money (2 decimals), amount (3), day (8 digits), days (a list), moment (12), since or birth."""
    name = row["field"]
    if name in SINCE:
        return "since"
    if name in LISTS and size is None:
        return LISTS[name]
    if row["type_qd130"] == "Chuỗi" and size in (8, 12) and row["type_gate"] == "Số":
        return "birth" if name.startswith("NGAY_SINH") and size == 12 else "moment" if size == 12 else "day"
    if row["type_qd130"] != "Số" or "kiểu→chuỗi" in row["change_4750"] or row["type_gate"] != "Số":
        return "text"
    if "ngăn ;" in row["meaning_vi"]:
        return "text"
    if name in PRECISE:
        return "amount"
    return "money" if row["sensitivity"] == "F" and name not in WHOLE_MONEY else "int"


def size_of(row: dict[str, str]) -> int | None:
    """Return the largest length any of the texts allows, None when one sets none."""
    said = [row["maxlen_qd130"], row["maxlen_gate"], *re.findall(r"maxlen→(\d+)", row["change_4750"])]
    return None if "n" in said else max((int(word) for word in said if word.isdigit()), default=None)


def versions_of(row: dict[str, str]) -> str:
    if row["tt"] == "+3176":
        return "3176"
    if row["table"] == "XML13" and row["field"] in ONLY_4750_IN_XML13:
        return "4750"
    new = row["change_4750"] == "trường mới" or row["table"] in ("XML13", "XML14")
    return SINCE_4750 if new else ALL


def main(source: Path) -> None:
    with source.open(encoding="utf-8-sig", newline="") as file:
        given = [row for row in csv.DictReader(file) if row["table"] not in NEVER_READ]
    rows, known = [], {}
    for row in given:
        size = size_of(row)
        kind, name = kind_of(row, size), row["field"]
        known[row["table"], name] = (kind, "" if size is None else str(size))
        needed = "x" if row["required_gate"] == "x" else ""
        rows.append([versions_of(row), row["table"], name, *known[row["table"], name], needed, name.lower()])
    for table, words in NAMED_4210.items():
        for word in words.split():
            old, _, new = word.partition("=")
            shape = OWN_4210.get(f"{old}:{table}") or OWN_4210.get(old) or known[table, new or old]
            rows.append(
                ["4210", table, old, *shape, "x" if old in NEEDED_4210[table] else "", (new or old).lower()]
            )
    rows.sort(key=lambda row: (int(row[1].removeprefix("XML")), row[0] == "4210"))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([NAMES, *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
