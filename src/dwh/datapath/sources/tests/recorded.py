"""Answers of products no test can start, replayed where our code meets their drivers: batches, types and errors.

Written down from the drivers' documentation, not recorded from a server: docs/connectors.md says so.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dwh.datapath.sources.contract import Column, load_contract
from dwh.datapath.sources.tests.miniature import LINES, START

ORACLE = {"text": ("VARCHAR2", None, None), "date": ("DATE", None, None), "boolean": ("NUMBER", 1, 0),
          "timestamp": ("TIMESTAMP(6) WITH TIME ZONE", None, None), "integer": ("NUMBER", 10, 0),
          "money": ("NUMBER", 18, 0)}  # fmt: skip
SQLSERVER = {"text": ("nvarchar", 0, 0), "date": ("date", 10, 0), "boolean": ("bit", 1, 0),
             "timestamp": ("datetimeoffset", 34, 6), "integer": ("int", 10, 0),
             "money": ("decimal", 18, 0)}  # fmt: skip
ROWS = [
    {"id": 1, "ky": "202609", "so_tien_da_dong": 5, "updated_at": START},
    {"id": 2, "ky": "202610", "so_tien_da_dong": 999_999_999_999_999_999,
     "updated_at": START.replace(minute=7, microsecond=9)},
]  # fmt: skip
USUAL: dict[str, Any] = {"quy": "BHYT", "can_cu_dong": 1, "so_tien_ld": 1, "so_tien_sd": 1, "so_tien_nsnn": 0}


class Recorded:
    """What a server of the product `types` would answer to our statements about the collection system."""

    def __init__(self, types: dict[str, tuple[str, Any, Any]], *, upper: bool) -> None:
        self.types, self.upper, self.asked, self.rows = types, upper, [], list(ROWS)
        self.special: dict[str, Any] = {}  # pattern -> rows, or the error to raise

    def __call__(self, sql: str) -> pa.Table:
        self.asked.append(sql)
        for pattern, answer in self.special.items():
            if re.search(pattern, sql):
                if isinstance(answer, BaseException):
                    raise answer
                return self.table(answer)
        return self._answer(sql)

    def table(self, rows: list[dict[str, Any]]) -> pa.Table:
        named = [{(k.upper() if self.upper else k): v for k, v in row.items()} for row in rows]
        return pa.Table.from_pylist(named)

    def _answer(self, sql: str) -> pa.Table:
        if "is_read_committed_snapshot_on" in sql:
            return self.table([{"quiet": 1}])
        if "session_privs" in sql or "fn_my_permissions" in sql or " IS NULL" in sql:
            return self.table([])
        if "all_tab_columns" in sql or "sys.columns" in sql:
            return self.table(self._columns(sql))
        if "num_rows" in sql or "dm_db_partition_stats" in sql:
            return self.table([{"n": Decimal(len(self.rows))}])
        if re.match(r"(?i)SELECT count(_big)?\(\*\) AS", sql):
            return self.table([{"n": Decimal(len(self.rows))}])
        if LINES not in sql.lower():
            return self.table([])
        if " DESC" in sql:
            last = max(self.rows, key=lambda row: (row["updated_at"], row["id"]))
            return self.table([{"at": last["updated_at"], "id": last["id"]}])
        if " AS bigint) AS [id], CAST(SWITCHOFFSET" in sql or ' AS NUMBER(19,0)) AS "ID", SYS_' in sql:
            return self.table([{"id": row["id"], "at": row["updated_at"]} for row in self.rows])
        return self._landed()

    def _columns(self, sql: str) -> list[dict[str, Any]]:
        table = next(t for t in load_contract("collection").tables if t.name in sql.lower())
        return [self._column(column) for column in table.columns]

    def _column(self, column: Column) -> dict[str, Any]:
        kind, digits, scale = self.types[column.type]
        name = column.name.upper() if self.upper else column.name
        return {"name": name, "type": kind, "digits": digits, "scale": scale, "length": 30}

    def _landed(self) -> pa.Table:
        """Return the rows as the driver types them: whole numbers of 19 digits as decimals, bits as bytes."""
        columns = load_contract("collection").table(LINES).landed
        types = {"integer": pa.decimal128(19, 0), "boolean": pa.int64(), "timestamp": pa.timestamp("us")}
        values = {
            c.name: pa.array([self._value(c, row) for row in self.rows], types.get(c.type, c.arrow))
            for c in columns
        }
        return pa.table(values)

    def _value(self, column: Column, row: dict[str, Any]) -> Any:
        missing = USUAL.get(column.name, 0 if column.type == "boolean" else None)
        return row.get(column.name, missing)
