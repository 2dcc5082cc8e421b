"""The sentences every server's connector refuses with: where, why and the remedy, never the driver's own words.

Those may hold the address with its password, or what was asked.
"""

from __future__ import annotations

from dwh.datapath.sources.contract import TableContract
from dwh.kernel.errors import ContractBroken, SourceDown

SILENCE = "máy chủ không trả lời"


def down(product: str, place: str, cause: str, why: str = SILENCE) -> SourceDown:
    """Return the refusal of a source that cannot be read; `cause` is for programs, `why` for people."""
    return SourceDown(
        f"Không đọc được nguồn {product} {place}: {why}. "
        "Kiểm tra máy chủ, tài khoản và mạng rồi đồng bộ lại; những lô đã ghi vẫn giữ nguyên.",
        place=place,
        cause=cause,
    )


def may_write(product: str, place: str, right: str, *, enough: str) -> SourceDown:
    """Return the refusal of an account that could write; `enough` says which rights would do."""
    return SourceDown(
        f"Tài khoản đọc nguồn {product} {place} có quyền ngoài quyền đọc ({right}). "
        f"Đề nghị hệ thống nguồn cấp cho DWH một tài khoản chỉ có {enough}, rồi đồng bộ lại.",
        place=place,
        cause="may write",
    )


def unfit(table: TableContract, detail: str = "") -> ContractBroken:
    """Return the refusal of a table with a value of another type than promised, whose row cannot be named."""
    return ContractBroken(
        f"Bảng «{table.name}» có giá trị không đúng kiểu như hợp đồng dữ liệu{f' ({detail})' if detail else ''}. "
        "Đề nghị hệ thống nguồn sửa rồi đồng bộ lại.",
        table=table.name,
    )
