"""The order of the models, their formula versions and the lineage of their columns, read from the SQL itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from dwh.datapath.sources.contract import TableContract, load_contract, source_names
from dwh.datapath.sources.folders import source_folders
from dwh.datapath.standardise.scans import (
    QUARANTINE,
    is_standardise,
    source_table,
    sql_type,
    with_checks,
)
from dwh.datapath.warehouse.model import Model, ModelColumn, read_models
from dwh.datapath.warehouse.parts import sha256_of
from dwh.datapath.warehouse.seeds import SEEDS, seed_columns, seeds_in

DATAPATH = Path(__file__).parents[1]
LANDED_EXTRA = (  # what the engine adds to every landed row
    ModelColumn("landed_month", "VARCHAR", "the part the row lies in"),
    ModelColumn("batch_id", "VARCHAR", "the batch that brought this version"),
    ModelColumn("landed_at", "TIMESTAMP", "when that batch was read"),
)


@dataclass(frozen=True, slots=True)
class LandedTable:
    """A source table as it lands, and how its rows are divided into months."""

    source: str
    contract: TableContract
    partition: str | None
    sums: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"landed.{self.contract.name}"

    @property
    def columns(self) -> tuple[ModelColumn, ...]:
        own = tuple(ModelColumn(column.name, sql_type(column), "") for column in self.contract.landed)
        return (*own, *LANDED_EXTRA)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a build does, in order. `reads[table]` are the tables a model reads."""

    landed: Mapping[str, LandedTable]
    models: tuple[Model, ...]
    reads: Mapping[str, frozenset[str]]
    fingerprints: Mapping[str, str]
    seeds: Mapping[str, Path]

    def model(self, table: str) -> Model:
        return next(model for model in self.models if model.table == table)

    def seed_versions(self) -> dict[str, str]:
        """Return the sha256 of every code list."""
        return {table: sha256_of(path) for table, path in self.seeds.items()}

    def columns(self, table: str) -> tuple[ModelColumn, ...]:
        """Return the columns of a landed table, a model or a seed."""
        if table in self.landed:
            return self.landed[table].columns
        if table in self.seeds:
            return seed_columns(self.seeds[table])
        return self.model(table).columns


@cache
def load_plan() -> Plan:
    """Return the plan of the models in the repository and of the sources the settings add."""
    folders = source_folders()
    models = [model for source in source_names() for model in read_models(folders[source] / "standardise")]
    return make_plan([*models, *read_models(DATAPATH / "warehouse/models")], seeds_in(SEEDS))


def make_plan(models: Iterable[Model], seeds: Mapping[str, Path]) -> Plan:
    """Return the plan of these models: checks added, references resolved, sorted so that inputs come first.

    Raises: ValueError when a model reads something unknown, uses SELECT * or follows nothing although by month.
    """
    checked = {m.table: with_checks(m) if is_standardise(m) else m for m in models}
    landed = _landed(checked.values())
    reads = {table: reads_of(model) for table, model in checked.items()}
    known = set(checked) | set(landed) | set(seeds)
    for table, tables in reads.items():
        _lint(checked[table], tables, known)
    order = TopologicalSorter({t: {r for r in rs if r in checked and r != t} for t, rs in reads.items()})
    ordered = tuple(checked[table] for table in order.static_order())
    return Plan(landed, ordered, reads, {m.table: fingerprint(m) for m in ordered}, seeds)


def fingerprint(model: Model) -> str:
    """Return the formula version: sha1 of the canonical SQL tree and of what the header decides.

    Comments, spaces and letter case of keywords do not change it; a check, a type or a grain does.
    """
    words = [
        tree(model.sql).sql(dialect="duckdb", comments=False, normalize=True),
        [[column.name, column.type] for column in model.columns],
        [model.month_column, model.follows, model.partition, list(model.sorted_by)],
        [[lookup.table, lookup.keys, lookup.by] for lookup in model.lookups],
    ]
    if is_standardise(model):  # its failed rows are made with it
        words.append([column.name for column in QUARANTINE])
    return hashlib.sha1(json.dumps(words).encode(), usedforsecurity=False).hexdigest()


@cache
def tree(sql: str) -> exp.Expression:
    """Return the SQL of a model as a tree; `:months` stands for some month.

    One tree for all who ask, since a build of nothing would else spend half its time on parsing: copy it to change it.
    """
    return parse_one(sql.replace(":months", "'0000-00'"), dialect="duckdb")


def reads_of(model: Model) -> frozenset[str]:
    """Return the tables a model reads, as schema.table."""
    return frozenset(f"{table.db}.{table.name}" for table in tree(model.sql).find_all(exp.Table) if table.db)


def columns_read(plan: Plan, model: Model) -> dict[str, set[str]]:
    """Return, for every table the model reads, the columns that matter to it."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for table in plan.reads[model.table]:
        db, _, name = table.partition(".")
        schema.setdefault(db, {})[name] = {column.name: column.type for column in plan.columns(table)}
    qualified = qualify(
        tree(model.sql).copy(),
        schema=schema,
        dialect="duckdb",
        validate_qualify_columns=False,
        quote_identifiers=False,
    )
    used: dict[str, set[str]] = {table: set() for table in plan.reads[model.table]}
    root = build_scope(qualified)
    for scope in root.traverse() if root else ():
        sources = {
            alias: f"{source.db}.{source.name}"
            for alias, source in scope.sources.items()
            if isinstance(source, exp.Table) and source.db
        }
        for column in scope.columns:
            if column.table in sources:
                used[sources[column.table]].add(column.name)
    return used


def _landed(models: Iterable[Model]) -> dict[str, LandedTable]:
    contracts = {
        table.name: (source, table) for source in source_names() for table in load_contract(source).tables
    }
    found = {}
    for model in models:
        if is_standardise(model):
            source, contract = contracts[source_table(model)]
            found[model.follows or ""] = LandedTable(source, contract, model.partition, model.amounts)
    return found


def _lint(model: Model, reads: frozenset[str], known: set[str]) -> None:
    unknown = reads - known
    if unknown:
        raise ValueError(f"{model.path}: reads {', '.join(sorted(unknown))}, which nothing makes")
    if model.by_month and model.follows not in reads:
        raise ValueError(f"{model.path}: a model by month says in 'from' which input's months it follows")
    stars = [star for star in tree(model.sql).find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    ours = 1 if is_standardise(model) else 0  # t.* of `checked`, written by the engine
    if len(stars) > ours:
        raise ValueError(f"{model.path}: SELECT * hides which columns are meant; name them")
    group = tree(model.sql).args.get("group")
    if model.by_month and group and model.month_column not in {c.name for c in group.find_all(exp.Column)}:
        raise ValueError(
            f"{model.path}: several months are made at once, so GROUP BY must name {model.month_column}"
        )
    if not model.audits:
        raise ValueError(f"{model.path}: a model without an audit is not trusted")
