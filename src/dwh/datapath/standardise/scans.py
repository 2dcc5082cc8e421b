"""The two scans of a standardise file: good rows to staging, held rows to quarantine with their reasons.

A standardise file is a model that reads landed.<table>; its last lines are `SELECT … FROM t`, where the CTE `t`
offers id, org_code, the followed columns and whatever the checks need. The engine adds the checks between `t`
and that SELECT, and the column `flags` (codes of checks that flag) at its end.

What people decided about held rows comes in as work.decided (source_id, accepted: bits of checks, rejected): a month
without a decision is made by the plain statement and pays nothing for it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dwh.datapath.sources.contract import Column, TableContract
from dwh.datapath.standardise.checks import checks_of, held_sql, holding_bits, mask_sql, words_sql
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
    ModelColumn("version", "VARCHAR", "sha256 of the row's content, its cursor left out"),
)
DECIDED = (  # what is decided about the rows of a month as they are now
    ModelColumn("source_id", "BIGINT", ""),
    ModelColumn("version", "VARCHAR", ""),
    ModelColumn("accepted", "VARCHAR[]", "codes of the checks this row need not pass"),
    ModelColumn("rejected", "BOOLEAN", "it stays out, whatever the checks say"),
)
HELD, REJECTED, ACCEPTED = "quarantine", "rejected", "accepted"  # places a row that failed a check can be in
PLACES = (HELD, REJECTED, ACCEPTED)  # each a schema of parts with the columns of QUARANTINE
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


def kept_columns(table: str) -> tuple[ModelColumn, ...] | None:
    """Return the columns of a table of failed rows or of decisions; None when `table` is neither."""
    schema = table.partition(".")[0]
    return QUARANTINE if schema in PLACES else DECIDED if schema == "decided" else None


def decided_table(model: Model) -> str:
    """Return the table of what is decided about the rows of a standardise model."""
    return f"decided.{source_table(model)}"


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


def with_decisions(model: Model) -> str:
    """Return the SELECT of the rows staging takes when work.decided says which failed rows it takes, and which never.

    A row is taken when every check it fails was accepted for it and no audit of single rows would refuse it, such as a
    missing key: otherwise it stays held. It carries the flag «accepted». A rejected row is not taken even when it
    passes every check now: a person said so about this very version.
    """
    checks = checks_of(source_table(model))
    before, _, last = model.sql.rpartition("\nSELECT")
    projection = last[: last.rindex("\nFROM checked AS t")]
    names = ", ".join(f"t.{column.name}" for column in model.columns if column != FLAGS)
    let_in = f"(t.dwh_failed & {holding_bits(checks)}) <> 0"
    return (
        f"{before},\n{_JOINED},\n"
        f"dwh_made AS (SELECT{projection}, t.failed AS dwh_failed, t.accepted AS dwh_accepted, "
        "t.rejected AS dwh_rejected FROM dwh_decided AS t)\n"
        f"SELECT {names}, CASE WHEN {let_in} THEN list_append(t.flags, '{ACCEPTED}') ELSE t.flags END AS flags\n"
        f"FROM dwh_made AS t\nWHERE NOT t.dwh_rejected AND (NOT ({held_sql(checks, failed='t.dwh_failed')}) OR ("
        f"NOT ({held_sql(checks, failed='(t.dwh_failed & ~t.dwh_accepted)')}) AND {_fits(model)}))"
    )


def held_rows(model: Model, contract: TableContract, *, source: str, missing: str) -> str:
    """Return the SELECT of the rows that failed a check or were rejected, with the place each is in.

    `missing` is a table of (id, is_missing): the ids staging did not take, and those it took only because they were
    accepted. Their landed rows are kept whole, as JSON.
    """
    checked = model.sql[: model.sql.rindex("\nSELECT")]
    table = source_table(model)
    checks = checks_of(table)
    amount = f"COALESCE({model.amounts[0][1]}, 0)" if model.amounts else "0"
    raw = ", ".join(f"{column.name} := {column.name}" for column in contract.landed)
    words = (
        f"'{source}'", f"'{table}'", "t.id", words_sql(checks, of="code"), words_sql(checks, of="message"),
        "t.org_code", f"NULLIF(NULLIF(r.landed_month, '{ALL}'), '{NO_MONTH}')", "r.held_amount", "r.batch_id",
        "r.held_raw", "r.landed_at", "r.held_version",
    )  # fmt: skip
    columns = ", ".join(
        f"CAST({word} AS {column.type}) AS {column.name}"
        for word, column in zip(words, QUARANTINE, strict=True)
    )
    place = f"CASE WHEN t.rejected THEN '{REJECTED}' WHEN m.is_missing THEN '{HELD}' ELSE '{ACCEPTED}' END"
    landed = (
        f"SELECT id, landed_month, batch_id, landed_at, {amount} AS held_amount, "
        f"{version_sql(contract)} AS held_version, to_json(struct_pack({raw})) AS held_raw "
        f"FROM landed.{table} WHERE id IN (SELECT id FROM {missing})"
    )
    return (
        f"{checked},\n{_JOINED}\nSELECT {columns}, {place} AS place\n"
        f"FROM dwh_decided AS t JOIN {missing} AS m ON m.id = t.id JOIN ({landed}) AS r ON r.id = t.id\n"
        f"WHERE ({held_sql(checks)} OR t.rejected)"
    )


def _fits(model: Model) -> str:
    """Return the condition of a row that no audit of single rows refuses, and that has a month if its table has."""
    found = [f"t.{model.month_column} <> '{NO_MONTH}'"] if model.by_month else []
    for name, words in (match.groups() for match in map(_ROW_AUDIT.fullmatch, model.audits) if match):
        column, _, values = words.partition(",")
        listed = ", ".join(f"'{value.strip()}'" for value in values.split(","))
        found.append(_ROW_CONDITIONS[name].format(f"t.{column}", listed))
    return " AND ".join(found) or "TRUE"


_ROW_AUDIT = re.compile(r"(not_null|not_negative|one_of)\((.*)\)")
_ROW_CONDITIONS = {
    "not_null": "{0} IS NOT NULL",
    "not_negative": "COALESCE({0}, 0) >= 0",
    "one_of": "({0} IS NULL OR {0} IN ({1}))",
}
_JOINED = (
    "dwh_decided AS (SELECT t.*, COALESCE(d.accepted, 0) AS accepted, COALESCE(d.rejected, FALSE) AS rejected "
    "FROM checked AS t LEFT JOIN work.decided AS d ON d.source_id = t.id)"
)


def version_sql(contract: TableContract) -> str:
    """Return the expression of a landed row's version: a hash of its content.

    The cursor is left out: a row that was only touched at its source is the same row. An empty column is left out
    too, so that a column the contract gains later does not make every decided row a new one.
    """
    words = ", ".join(
        f"'{column.name}=' || replace(CAST({column.name} AS VARCHAR), chr(31), chr(31) || chr(31))"
        for column in contract.landed
        if column.name != contract.cursor
    )
    return f"sha256(concat_ws(chr(31), {words}))"


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
