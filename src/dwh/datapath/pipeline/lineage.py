"""Where a figure comes from: the chain of columns behind a column, read from the SQL of the models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sqlglot import exp
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as sqlglot_lineage

from dwh.datapath.pipeline.plan import Plan, load_plan, tree
from dwh.datapath.standardise.checks import checks_of
from dwh.datapath.standardise.scans import is_standardise, source_table
from dwh.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Origin:
    """A column a figure is made from; `through` is the column that reads it."""

    table: str
    column: str
    through: str


def lineage(table: str, column: str, *, plan: Plan | None = None) -> tuple[Origin, ...]:
    """Return every column behind a column, nearest first, down to the landed ones.

    Raises: NotFound when there is no such table or column.
    """
    plan = plan or load_plan()
    known = table in plan.landed or table in plan.seeds
    if not known and (table not in plan.reads or column not in origins(plan, table)):
        raise NotFound(f"Không có cột «{table}.{column}» trong kho dữ liệu.", table=table, column=column)
    found: dict[tuple[str, str], Origin] = {}
    queue = [(table, column)]
    for above, name in queue:  # it grows while it is walked
        for origin in origins(plan, above)[name] if above in plan.reads else ():
            if (origin.table, origin.column) not in found:
                found[origin.table, origin.column] = origin
                queue.append((origin.table, origin.column))
    return tuple(found.values())


def origins(plan: Plan, table: str) -> dict[str, tuple[Origin, ...]]:
    """Return column of a model → the columns its value is made from, one step back; () for a constant or a count."""
    return _of_model(plan.model(table).sql, table, _schema(plan, table))


def checked_columns(plan: Plan) -> dict[str, list[str]]:
    """Return check → the columns of its source table it looks at, through what the standardise file makes of them."""
    found = {}
    for model in plan.models:
        if not is_standardise(model) or not checks_of(source_table(model)):
            continue
        head = model.sql[: model.sql.rindex(",\nchecked AS (")]
        checks = {
            re.sub(r"\W", "_", f"c_{check.code}".lower()): check for check in checks_of(source_table(model))
        }
        words = ", ".join(f"{check.sql} AS {word}" for word, check in checks.items())
        behind = _of_model(f"{head}\nSELECT {words} FROM t", model.table, _schema(plan, model.table))
        contract = plan.landed[model.follows or ""].contract
        for word, check in checks.items():
            seen = {one.column for one in behind[word] if one.table == model.follows}
            if "landed_month" in seen and contract.month_column:
                seen.add(contract.month_column)
            found[check.code] = [column.name for column in contract.landed if column.name in seen]
    return found


def feeds(plan: Plan) -> dict[str, dict[str, list[str]]]:
    """Return landed table → fact → its columns that come from there; «*» when its rows are those of the table."""
    behind: dict[tuple[str, str], frozenset[str]] = {}
    rows: dict[str, frozenset[str]] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for model in plan.models:
        above = model.follows or ""
        rows[model.table] = rows.get(above, frozenset()) | ({above} & plan.landed.keys())
        for column in model.columns:
            here = frozenset(
                landed
                for one in origins(plan, model.table)[column.name]
                for landed in behind.get((one.table, one.column), {one.table} & plan.landed.keys())
            )
            behind[model.table, column.name] = here
            for landed in here if model.layer == "core" and model.by_month else ():
                found.setdefault(landed, {}).setdefault(model.table, []).append(column.name)
        for landed in rows[model.table] if model.layer == "core" and model.by_month else ():
            found.setdefault(landed, {}).setdefault(model.table, []).append("*")
    return found


@cache
def _of_model(
    sql: str, table: str, schema: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, tuple[Origin, ...]]:
    """Return output column → the columns of other tables behind it; the SQL is looked through once for all."""
    known: dict[str, dict[str, dict[str, str]]] = {}
    for name, columns in schema:
        db, _, short = name.partition(".")
        known.setdefault(db, {})[short] = dict.fromkeys(columns, "VARCHAR")
    roots = sqlglot_lineage(None, tree(sql).copy(), schema=known, dialect="duckdb", trim_selects=False)
    named = roots.items() if isinstance(roots, dict) else ()
    walked = {column: [_origin(node, f"{table}.{column}") for node in root.walk()] for column, root in named}
    return {column: tuple(dict.fromkeys(one for one in found if one)) for column, found in walked.items()}


def _origin(node: Node, through: str) -> Origin | None:
    source = node.source
    if not isinstance(source, exp.Table) or not source.db:
        return None
    return Origin(f"{source.db}.{source.name}", node.name.rpartition(".")[2].strip('"'), through)


def _schema(plan: Plan, table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(c.name for c in plan.columns(name))) for name in sorted(plan.reads[table]))
