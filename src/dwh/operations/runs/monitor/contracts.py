"""What each source's contract says of change: which mode each of its tables is in, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

from dwh.datapath.sources.contract import Contract, Mode, load_contract, source_names
from dwh.kernel.law import QC_DWH, cites

MODES: dict[Mode, tuple[str, str]] = {
    "evolve": (
        "Tiếp nhận",
        "Cột mới: bỏ qua, nguồn vẫn đọc. Cột đổi kiểu, cột hay bảng không còn: nguồn này dừng trước khi đọc.",
    ),
    "freeze": ("Đóng băng", "Mọi khác biệt, kể cả cột mới: nguồn này dừng trước khi đọc."),
    "quarantine": (
        "Cách ly",
        "Cột đổi kiểu mà đọc được như chữ: nguồn vẫn đọc, dòng nào có giá trị không đúng kiểu thì giữ lại ở «Dữ liệu "
        "lỗi», các dòng khác vào số liệu. Cột mới: bỏ qua. Cột khóa, thời điểm sửa, tháng, dấu xóa, tổng kiểm soát đổi "
        "kiểu, cột hay bảng không còn: nguồn này dừng trước khi đọc.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModeLine:
    """The tables of one source that are in one mode."""

    source: str
    label: str
    version: str
    mode: str
    tables: tuple[str, ...]


@cites(QC_DWH.art("10.4"))
def mode_lines() -> list[ModeLine]:
    """Return source by source the modes of its tables, in the order of the contract."""
    return [line for name in source_names() for line in _of(load_contract(name))]


def _of(contract: Contract) -> list[ModeLine]:
    by_mode: dict[Mode, list[str]] = {}
    for table in contract.tables:
        by_mode.setdefault(contract.mode_of(table), []).append(table.label)
    return [
        ModeLine(contract.name, contract.label, contract.version, MODES[mode][0], tuple(tables))
        for mode, tables in by_mode.items()
    ]
