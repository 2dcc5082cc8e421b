"""Where a figure comes from: the chain of columns behind a column, read from the SQL of the models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlglot import exp
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as sqlglot_lineage

from dwh.datapath.pipeline.plan import Plan, load_plan, tree
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
    found: dict[tuple[str, str], Origin] = {}
    queue = [(table, column)]
    while queue:
        here = queue.pop(0)
        for origin in _direct(plan, *here):
            if (origin.table, origin.column) not in found:
                found[origin.table, origin.column] = origin
                queue.append((origin.table, origin.column))
    return tuple(found.values())


def _direct(plan: Plan, table: str, column: str) -> tuple[Origin, ...]:
    if table in plan.landed or table in plan.seeds:
        return ()
    models = {model.table: model for model in plan.models}
    if table not in models or column not in {c.name for c in models[table].columns}:
        raise NotFound(f"Không có cột «{table}.{column}» trong kho dữ liệu.", table=table, column=column)
    return _of_model(models[table].sql, table, column, _schema(plan, table))


@cache
def _of_model(
    sql: str, table: str, column: str, schema: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Origin, ...]:
    known: dict[str, dict[str, dict[str, str]]] = {}
    for name, columns in schema:
        db, _, short = name.partition(".")
        known.setdefault(db, {})[short] = dict.fromkeys(columns, "VARCHAR")
    root = sqlglot_lineage(column, tree(sql), schema=known, dialect="duckdb")
    origins = (_origin(node, f"{table}.{column}") for node in root.walk())
    return tuple(dict.fromkeys(origin for origin in origins if origin is not None))


def _origin(node: Node, through: str) -> Origin | None:
    source = node.source
    if not isinstance(source, exp.Table) or not source.db:
        return None
    return Origin(f"{source.db}.{source.name}", node.name.rpartition(".")[2].strip('"'), through)


def _schema(plan: Plan, table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(c.name for c in plan.columns(name))) for name in sorted(plan.reads[table]))
