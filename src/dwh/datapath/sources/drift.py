"""Whether a source still looks as its contract says, asked before a row is read."""

from __future__ import annotations

from dwh.datapath.sources.connectors.base import Connector
from dwh.datapath.sources.contract import Column, Contract, TableContract
from dwh.kernel.errors import ContractBroken


def check_table(connector: Connector, contract: Contract, table: TableContract) -> tuple[str, ...]:
    """Return notes about columns the contract does not know yet; they are not read.

    Raises:
        ContractBroken: a promised table or column is gone, or its type changed; or the contract is frozen and
            the source grew a column.
    """
    found = connector.describe(table.name)
    if not found:
        raise ContractBroken(
            f"Nguồn «{contract.label}» không còn bảng «{table.name}» ({table.label}). {_remedy(contract)}",
            source=contract.name, table=table.name, expected="table", found="nothing",
        )  # fmt: skip
    for column in table.columns:
        if column.land:
            _check_column(connector, contract, table, column, found.get(column.name))
    known = {column.name for column in table.columns}
    new = [name for name in found if name not in known]
    if new and contract.mode == "freeze":
        raise ContractBroken(
            f"Nguồn «{contract.label}», bảng «{table.name}»: có cột mới «{new[0]}» ({found[new[0]]}) chưa nằm trong "
            f"hợp đồng, và hợp đồng đang đóng băng. {_remedy(contract)}",
            source=contract.name, table=table.name, column=new[0], expected="nothing", found=found[new[0]],
        )  # fmt: skip
    return tuple(
        f"Bảng {table.name} có cột mới «{name}» ({found[name]}) chưa nằm trong hợp đồng, bỏ qua."
        for name in new
    )


def _check_column(
    connector: Connector, contract: Contract, table: TableContract, column: Column, found: str | None
) -> None:
    if found is not None and connector.fits(column, found):
        return
    expected = (
        f"{column.type}({column.precision[0]},{column.precision[1]})" if column.precision else column.type
    )
    what = f"đã đổi kiểu thành {found}" if found is not None else "không còn"
    raise ContractBroken(
        f"Nguồn «{contract.label}», bảng «{table.name}»: cột «{column.name}» {what}, "
        f"hợp đồng ghi {expected}. {_remedy(contract)}",
        source=contract.name,
        table=table.name,
        column=column.name,
        expected=expected,
        found=found or "nothing",
    )


def _remedy(contract: Contract) -> str:
    return (
        f"Liên hệ {contract.owner} để khôi phục, hoặc cập nhật sources/{contract.name}/contract.yaml, rồi chạy lại "
        f"«dwh sync {contract.name}». Các nguồn khác vẫn đồng bộ bình thường."
    )
