"""What the pages and the items the program opens call things."""

from __future__ import annotations

import re

from dwh.datapath.sources.contract import Contract
from dwh.datapath.sources.drift import Drift
from dwh.kernel.vi import number
from dwh.operations.changes.rules import Act

_TYPES = {
    "text": "chữ", "integer": "số nguyên", "money": "số tiền", "decimal": "số thập phân", "date": "ngày",
    "timestamp": "thời điểm", "boolean": "có, không", "table": "bảng",
}  # fmt: skip
MODES = {
    "evolve": "tiếp nhận (cột mới được báo, không đọc)",
    "freeze": "đóng băng (cột mới làm dừng nguồn)",
    "quarantine": "cách ly (cột đổi kiểu vẫn đọc, dòng không đúng kiểu bị giữ lại)",
}
CHANGES = {"added": "Cột mới", "retyped": "Cột đổi kiểu", "dropped": "Cột không còn"}
STEP_LABELS = {
    "open": "Lập yêu cầu",
    Act.EDIT: "Sửa yêu cầu",
    Act.WITHDRAW: "Rút yêu cầu",
    Act.APPROVE: "Duyệt",
    Act.RETURN: "Trả lại để sửa",
    Act.REJECT: "Không duyệt",
    Act.ASSIGN: "Giao việc",
    Act.FINISH: "Đóng yêu cầu",
    "detected": "Phát hiện ở nguồn",
    "gone": "Không còn khác biệt",
    "again": "Khác biệt trở lại",
}


def promised(kind: str) -> str:
    """Return a type of a contract in words: «money» is «số tiền», «decimal(5,2)» is «số thập phân (5,2)»."""
    name, sizes = re.fullmatch(r"(\w+)(\(.*\))?", kind).groups() if kind else ("", None)  # type: ignore[union-attr]
    return f"{_TYPES.get(name, name)} {sizes}" if sizes else _TYPES.get(name, name)


def drift_title(contract: Contract, drift: Drift) -> str:
    """Return one line on a difference: source, table, column and what happened to it."""
    label = contract.table(drift.table).label
    if not drift.column:
        return f"{contract.label}: không còn bảng «{label}» ({drift.table})"
    what = {
        "added": f" có cột mới «{drift.column}»",
        "retyped": f", cột «{drift.column}» đổi kiểu thành {drift.found}",
        "dropped": f" không còn cột «{drift.column}»",
    }[drift.change]
    return f"{contract.label}: bảng «{label}»{what}"


def drift_sentence(contract: Contract, drift: Drift) -> str:
    """Return what differs, what that did, and what to do, in sentences."""
    what = {
        "added": f"Bảng {drift.table} có cột mới {drift.column}, kiểu {drift.found}; hợp đồng dữ liệu chưa có cột này.",
        "retyped": f"Cột {drift.column} của bảng {drift.table} nay có kiểu {drift.found}; hợp đồng ghi "
        f"{promised(drift.expected)}.",
        "dropped": f"Bảng {drift.table} không còn cột {drift.column}; hợp đồng ghi {promised(drift.expected)}."
        if drift.column
        else f"Nguồn không còn bảng {drift.table}.",
    }[drift.change]
    if drift.stops:
        done = "Nguồn này dừng trước khi đọc dòng nào; số liệu đang dùng giữ nguyên, các nguồn khác vẫn đọc."
        todo = "Khôi phục ở phần mềm nguồn, hoặc cập nhật hợp đồng dữ liệu và tệp chuẩn hóa, rồi đọc lại."
    elif drift.change == "retyped":
        done = "Nguồn vẫn được đọc, từng giá trị một; dòng có giá trị không đúng kiểu bị giữ lại ở «Dữ liệu lỗi»."
        todo = "Sửa dòng sai ở phần mềm nguồn, hoặc cập nhật hợp đồng dữ liệu và tệp chuẩn hóa theo kiểu mới."
    else:
        done = "Nguồn vẫn được đọc; cột mới không được lấy về."
        todo = "Cần dùng cột này thì bổ sung vào hợp đồng dữ liệu; không cần thì ghi rõ khi đóng yêu cầu."
    return f"{what} {done} {todo}"


def drift_reason(run: int, before: int | None) -> str:
    """Return why the item is there, and which closed one it follows."""
    again = f" Khác biệt này đã được đóng ở yêu cầu {before}, nay trở lại." if before else ""
    return f"Nguồn khác hợp đồng dữ liệu, lượt đọc {number(run)} phát hiện (QC-DWH Điều 10.4).{again}"
