"""The two scans of a standardise file: good rows to staging, held rows to quarantine with their reasons.

A standardise file is a model that reads landed.<table>; its last lines are `SELECT … FROM t`, where the CTE `t`
offers id, org_code, the followed columns and whatever the checks need. The engine adds the checks between `t`
and that SELECT, and the column `flags` (codes of checks that flag) at its end.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dwh.datapath.pipeline.checks import checks_of, held_sql, mask_sql, words_sql
from dwh.datapath.sources.contract import Column, TableContract
from dwh.datapath.warehouse.model import ALL, NO_MONTH, Model, ModelColumn

FLAGS = ModelColumn("flags", "VARCHAR[]", "codes of the checks that flag this row")
SHADOW = ModelColumn("shadow", "VARCHAR[]", "codes of the checks in trial that would hold or flag this row")
QUARANTINE = (
    ModelColumn("source", "VARCHAR", ""),
    ModelColumn("source_table", "VARCHAR", ""),
    ModelColumn("source_id", "BIGINT", ""),
    ModelColumn("check_codes", "VARCHAR[]", ""),
    ModelColumn("messages", "VARCHAR[]", ""),
    ModelColumn("org_code", "VARCHAR", "office, when it is known"),
    ModelColumn("month", "VARCHAR", "when it is known"),
    ModelColumn("amount_vnd", "DECIMAL(18,2)", "đồng held back"),
    ModelColumn("batch_id", "VARCHAR", ""),
    ModelColumn("raw", "VARCHAR", "JSON of the landed row"),
    ModelColumn("first_seen", "TIMESTAMP", "when this version landed"),
)
_SHAPE = re.compile(r"(?s)^(?P<head>WITH\b.*\))\s*^SELECT\b(?P<projection>.*)^FROM t\s*$", re.MULTILINE)
_SQL_TYPES = {
    "text": "VARCHAR", "integer": "BIGINT", "money": "BIGINT", "date": "DATE",
    "timestamp": "TIMESTAMP", "boolean": "BOOLEAN",
}  # fmt: skip


def is_standardise(model: Model) -> bool:
    """Is this model fed straight from what landed?"""
    return model.layer == "staging" and (model.follows or "").startswith("landed.")


def source_table(model: Model) -> str:
    """Return the source table that a standardise model follows."""
    return (model.follows or "").partition(".")[2]


def with_checks(model: Model) -> Model:
    """Return the model of the good rows: the file's SELECT, its checks and the `flags` column.

    A table with a check in trial gets a column `shadow` as well; staging of the others does not grow by it.
    """
    head, projection = _shape(model)
    checks = checks_of(source_table(model))
    words, columns = [f"{words_sql(checks, of='code')} AS flags"], (*model.columns, FLAGS)
    if any(check.is_shadow for check in checks):
        words.append(f"{words_sql(checks, of='code', shadow=True)} AS shadow")
        columns = (*columns, SHADOW)
    sql = (
        f"{head},\nchecked AS (SELECT t.*, {mask_sql(checks)} AS failed FROM t)\n"
        f"SELECT{_with_comma(projection)} {', '.join(words)}\n"
        f"FROM checked AS t\nWHERE NOT ({held_sql(checks)})"
    )
    needs = tuple(sorted({table for check in checks for table in check.needs}))
    return replace(model, sql=sql, columns=columns, needs=needs)


def held_rows(model: Model, contract: TableContract, *, source: str, missing: str) -> str:
    """Return the SELECT of the rows that go to quarantine, for a model with checks.

    `missing` is a table with the ids staging did not take; their landed rows are kept whole, as JSON.
    """
    checked = model.sql[: model.sql.rindex("\nSELECT")]
    table = source_table(model)
    checks = checks_of(table)
    amount = f"COALESCE({model.amounts[0][1]}, 0)" if model.amounts else "0"
    raw = ", ".join(f"{column.name} := {column.name}" for column in contract.landed)
    words = (
        f"'{source}'", f"'{table}'", "t.id", words_sql(checks, of="code"), words_sql(checks, of="message"),
        "t.org_code", f"NULLIF(NULLIF(r.landed_month, '{ALL}'), '{NO_MONTH}')", "r.held_amount", "r.batch_id",
        "r.held_raw", "r.landed_at",
    )  # fmt: skip
    columns = ", ".join(
        f"CAST({word} AS {column.type}) AS {column.name}"
        for word, column in zip(words, QUARANTINE, strict=True)
    )
    landed = (
        f"SELECT id, landed_month, batch_id, landed_at, {amount} AS held_amount, "
        f"to_json(struct_pack({raw})) AS held_raw "
        f"FROM landed.{table} WHERE id IN (SELECT id FROM {missing})"
    )
    return (
        f"{checked}\nSELECT {columns}\nFROM checked AS t JOIN ({landed}) AS r ON r.id = t.id\n"
        f"WHERE {held_sql(checks)}"
    )


def sql_type(column: Column) -> str:
    """Return the engine's type of a landed column."""
    if column.type == "decimal" and column.precision:
        return f"DECIMAL({column.precision[0]},{column.precision[1]})"
    return _SQL_TYPES[column.type]


def _shape(model: Model) -> tuple[str, str]:
    found = _SHAPE.search(model.sql.strip())
    if not found:
        raise ValueError(f"{model.path}: a standardise file is «WITH t AS (…) SELECT … FROM t»")
    return found["head"], found["projection"]


def _with_comma(projection: str) -> str:
    """Put a comma after the last column, before its comment."""
    lines = projection.rstrip().splitlines()
    lines[-1] = re.sub(r"(\bAS \w+)(\s*--)", r"\1,\2", lines[-1])
    return "\n".join(lines) + "\n "
