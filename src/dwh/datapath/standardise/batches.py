"""Landed batches as SQL reads them: a column the contract gained after a batch landed is empty in that batch.

A source goes on when its contract grows, and what it sent before stays as it was landed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow.parquet as pq

from dwh.datapath.sources.contract import TableContract
from dwh.datapath.sources.landing import Batch
from dwh.datapath.standardise.scans import sql_type


def landed_words(batch: Batch, contract: TableContract) -> str:
    """Return the landed columns of a batch of rows, as words of a SELECT over its file."""
    lacking = columns_lacking([batch], contract)
    return ", ".join(lacking.get(column.name, column.name) for column in contract.landed)


def files_sql(batches: Sequence[Batch], contract: TableContract) -> str:
    """Return what reads these batches as one relation, with `filename` and `file_row_number`."""
    files = ", ".join(quoted(batch) for batch in batches)
    read = f"read_parquet([{files}], filename=true, file_row_number=true, union_by_name=true)"
    lacking = columns_lacking(batches, contract) if batches[0].kind == "rows" else {}
    return f"(SELECT *, {', '.join(lacking.values())} FROM {read})" if lacking else read


def columns_lacking(batches: Sequence[Batch], contract: TableContract) -> dict[str, str]:
    """Return the columns no batch has, and the words for them; files are opened only when no batch is of this shape."""
    if any(batch.contract_hash == contract.fingerprint for batch in batches):
        return {}
    held = {name for batch in batches for name in pq.read_schema(batch.path).names}
    return {
        column.name: f"CAST(NULL AS {sql_type(column)}) AS {column.name}"
        for column in contract.landed
        if column.name not in held
    }


def quoted(batch: Batch) -> str:
    """Return the path of a batch's file as a literal."""
    return "'" + str(batch.path).replace("'", "''") + "'"
