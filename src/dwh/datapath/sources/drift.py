"""Whether a source still looks as its contract says, asked before a row is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dwh.datapath.sources.connectors.base import Connector
from dwh.datapath.sources.connectors.lenient import is_told
from dwh.datapath.sources.contract import MISFITS, Column, Contract, Mode, TableContract
from dwh.kernel.errors import ContractBroken
from dwh.kernel.law import QC_DWH, cites

NOTHING = "nothing"
Change = Literal["added", "retyped", "dropped"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between a source and its contract. An empty `column` means the table itself.

    `expected` is the type the contract promises, `found` the type as the source names it; empty: there is none.
    `stops`: the source is not read until somebody looked at it; else the column is reported and not read.
    """

    source: str
    table: str
    column: str
    change: Change
    expected: str
    found: str
    mode: Mode
    stops: bool

    def to_json(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        return asdict(self)


Heed = Callable[[Contract, tuple[Drift, ...]], None]


def ignore(_contract: Contract, _drifts: tuple[Drift, ...]) -> None:
    """Tell nobody what a check found."""


@cites(QC_DWH.art("10.4"))
def drifts_of(connector: Connector, contract: Contract, table: TableContract) -> tuple[Drift, ...]:
    """Return how a table differs from its contract: what stops the source first, in the order of the contract.

    A column that never lands may go or change as it likes.
    """
    found = connector.describe(table.name)
    if not found:
        return (_drift(contract, table, "", "dropped", "table", "", stops=True),)
    promised = [c for c in table.columns if c.land and c.name != MISFITS]
    promised = [c for c in promised if not _fits(connector, c, found.get(c.name))]
    known = {column.name for column in table.columns}
    mode = contract.mode_of(table)
    broken = [
        _drift(
            contract, table, c.name, "retyped" if c.name in found else "dropped", _type_of(c),
            found.get(c.name, ""), stops=not (mode == "quarantine" and is_told(connector, table, c, found)),
        )
        for c in promised
    ]  # fmt: skip
    new = [
        _drift(contract, table, name, "added", "", kind, stops=mode == "freeze")
        for name, kind in found.items()
        if name not in known
    ]
    return (*broken, *new)


def refuse_broken(contract: Contract, drifts: Sequence[Drift]) -> None:
    """Stop a source that no longer keeps its contract.

    Raises:
        ContractBroken: a promised table or column is gone, or its type changed; or the contract is frozen and
            the source grew a column. It names the first and counts the others.
    """
    stopping = [drift for drift in drifts if drift.stops]
    if not stopping:
        return
    first = stopping[0]
    more = f" Còn {len(stopping) - 1} khác biệt nữa làm dừng nguồn này." if len(stopping) > 1 else ""
    raise ContractBroken(
        f"{_said(contract, first)}{more} {_remedy(contract)}",
        source=contract.name, table=first.table, **({"column": first.column} if first.column else {}),
        expected=first.expected or NOTHING, found=first.found or NOTHING, drifts=plain_drifts(drifts),
    )  # fmt: skip


def notes_of(drifts: Iterable[Drift]) -> Iterator[str]:
    """Yield a sentence on every difference that does not stop the source."""
    for drift in drifts:
        where = f"Bảng {drift.table}"
        if not drift.stops and drift.change == "added":
            yield f"{where} có cột mới «{drift.column}» ({drift.found}) chưa nằm trong hợp đồng, bỏ qua."
        elif not drift.stops:
            yield (
                f"{where}: cột «{drift.column}» đã đổi kiểu thành {drift.found}, hợp đồng ghi {drift.expected}; đọc "
                "từng giá trị, dòng nào không đúng kiểu thì giữ lại."
            )


def retyped(drifts: Iterable[Drift]) -> set[tuple[str, str]]:
    """Return table and column of what changed its type and is read all the same."""
    return {(one.table, one.column) for one in drifts if one.change == "retyped" and not one.stops}


def check_source(connector: Connector, contract: Contract, heed: Heed) -> tuple[Drift, ...]:
    """Look at every table of a source, tell `heed` what differs, and return it.

    Raises:
        ContractBroken: the source no longer keeps its contract.
    """
    drifts = tuple(drift for table in contract.tables for drift in drifts_of(connector, contract, table))
    heed(contract, drifts)
    refuse_broken(contract, drifts)
    return drifts


def plain_drifts(drifts: Sequence[Drift]) -> list[dict[str, Any]]:
    """Return differences as plain values for a report."""
    return [drift.to_json() for drift in drifts]


def _drift(
    contract: Contract, table: TableContract, column: str, change: Change, *types: str, stops: bool
) -> Drift:
    expected, found = types
    mode = contract.mode_of(table)
    return Drift(contract.name, table.name, column, change, expected, found, mode, stops)


def _fits(connector: Connector, column: Column, found: str | None) -> bool:
    return found is not None and connector.fits(column, found)


def _type_of(column: Column) -> str:
    return f"{column.type}({column.precision[0]},{column.precision[1]})" if column.precision else column.type


def _said(contract: Contract, drift: Drift) -> str:
    if not drift.column:
        label = contract.table(drift.table).label
        return f"Nguồn «{contract.label}» không còn bảng «{drift.table}» ({label})."
    where = f"Nguồn «{contract.label}», bảng «{drift.table}»:"
    if drift.change == "added":
        new = f"có cột mới «{drift.column}» ({drift.found}) chưa nằm trong hợp đồng"
        return f"{where} {new}, và hợp đồng đang đóng băng."
    what = f"đã đổi kiểu thành {drift.found}" if drift.change == "retyped" else "không còn"
    return f"{where} cột «{drift.column}» {what}, hợp đồng ghi {drift.expected}."


def _remedy(contract: Contract) -> str:
    return (
        f"Liên hệ {contract.owner} để khôi phục, hoặc cập nhật sources/{contract.name}/contract.yaml, rồi chạy lại "
        f"«dwh sync {contract.name}». Các nguồn khác vẫn đồng bộ bình thường."
    )
