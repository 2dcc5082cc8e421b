"""When a data element must have a value, in words: read from the contract, its checks and the audits of the models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dwh.datapath.dictionary.entries import Check
from dwh.datapath.sources.contract import Column
from dwh.kernel.law import QD_2366, cites

COMPLETENESS = "completeness"  # the dimension of a check, as the Open Data Contract Standard names it
PROGRAM_FILLS = "Luôn có: chương trình ghi."
PROGRAM_MAKES = "Chương trình tính, không nhập từ nguồn."
AS_BEHIND = "Theo các cột gốc: có khi cột gốc có."
OF_LIST = "Theo danh mục kèm chương trình."
_SEVERITIES = {"hold": "giữ lại dòng", "flag": "gắn cờ dòng", "shadow": "chạy thử, chỉ đếm"}


@cites(QD_2366.art("10.2.1"))
def of_landed(column: Column, checks: Iterable[Check], asking: Collection[str]) -> str:
    """Return the rule of a source column; `asking` are the codes of its table's checks of completeness.

    A promised value that is missing stops the reading of the source; what a check asks is told with what it does. Other
    checks are named: an empty value may fail one of them too.
    """
    if not column.land:
        return "Không áp dụng: cột không lấy về kho."
    if not column.nullable:
        return "Bắt buộc: thiếu thì nguồn dừng, không đọc."
    mine = [check for check in checks if column.name in check.columns]
    asked = [
        f"Theo quy tắc {check.code} ({_SEVERITIES[check.severity]}): {check.words}"
        for check in mine
        if check.code in asking
    ]
    if not asked and mine:
        return f"Hợp đồng cho để trống; giá trị còn qua quy tắc {', '.join(check.code for check in mine)}."
    return " ".join(asked) or "Được để trống."


def of_made(column: str, audits: Sequence[str], *, is_traced: bool) -> str:
    """Return the rule of a column of ours: what an audit demands of it, else what is behind it."""
    if f"not_null({column})" in audits:
        return "Luôn có giá trị: thiếu thì không có bản công bố mới."
    return AS_BEHIND if is_traced else PROGRAM_MAKES
