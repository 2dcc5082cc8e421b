"""What a running build knows: the plan, the parts so far, what it carried over and what it made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import perf_counter

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.report import BuildReport, Step
from dwh.datapath.sources.landing import Batch
from dwh.datapath.standardise.scans import kept_columns
from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.manifest import Entry, Manifest, Parts
from dwh.datapath.warehouse.model import Model, ModelColumn
from dwh.datapath.warehouse.parts import Part, PartStore
from dwh.datapath.warehouse.seeds import seed_select
from dwh.kernel.progress import Progress


@dataclass(slots=True)
class Run:
    """One running build. `base` is the release it starts from; `full` makes all again but locked months."""

    plan: Plan
    engine: Engine
    store: PartStore
    base: Manifest | None
    progress: Progress
    report: BuildReport
    locked: frozenset[str] = frozenset()
    full: bool = False
    parts: Parts = field(default_factory=lambda: defaultdict(dict))
    ledger: dict[str, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    remade: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seeds: dict[str, str] = field(default_factory=dict)
    schemas: set[str] = field(default_factory=set)  # those the engine has
    batches: dict[str, tuple[Batch, ...]] = field(default_factory=dict)  # landed table → its batches
    decisions: tuple[Batch, ...] = ()  # the landed files of what people decided about held rows
    figures: Mapping[str, str] = field(default_factory=dict)  # formulas the release keeps
    decided: dict[str, dict[str | None, str]] = field(default_factory=dict)  # source table → month → digest

    def open_seeds(self) -> None:
        """Offer the code lists to the models, as text columns."""
        for schema in ("seed", "work"):
            self.engine.run(f"CREATE SCHEMA {schema}")
        self.seeds = self.plan.seed_versions()
        for table, path in self.plan.seeds.items():
            self.engine.run(f"CREATE VIEW {table} AS {seed_select(path)}")

    def keep(self, table: str, month: str, part: Part) -> None:
        """Remember a part just made; one without rows is none."""
        self.remade[table].add(month)
        self.parts[table].pop(month, None)
        if part.rows:
            self.parts[table][month] = part

    def carry(self, table: str, month: str) -> None:
        """Take a part over from the last release."""
        part = self.base.parts.get(table, {}).get(month) if self.base else None
        if part is not None:
            self.parts[table][month] = part

    def offer(self, table: str) -> None:
        """Offer a finished table to the models that read it."""
        schema = table.partition(".")[0]
        if schema not in self.schemas:
            self.engine.run(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            self.schemas.add(schema)
        self.engine.run(f"CREATE OR REPLACE VIEW {table} AS {self.reading(table)}")

    def reading(self, table: str, months: Iterable[str] | None = None) -> str:
        """Return the SELECT of a table's rows, of some months only if asked; typed even when there are none."""
        columns = kept_columns(table) or self.plan.columns(table)
        wanted = None if months is None else set(months)
        parts = [
            part for month, part in sorted(self.parts[table].items()) if wanted is None or month in wanted
        ]
        return reading(self.store, columns, parts)

    def note(self, table: str, name: str, *, months: int, carried: int, start: float) -> None:
        """Add a step to the report."""
        rows = sum(part.rows for part in self.parts[table].values())
        seconds = round(perf_counter() - start, 3)
        self.report.steps.append(Step(name, table, months, max(carried, 0), rows, seconds))


def reading(store: PartStore, columns: tuple[ModelColumn, ...], parts: list[Part]) -> str:
    """Return the SELECT of these columns from these parts, an empty one with types when there are none."""
    if not parts:
        return f"SELECT {', '.join(f'CAST(NULL AS {c.type}) AS {c.name}' for c in columns)} WHERE FALSE"
    return f"SELECT {', '.join(column.name for column in columns)} FROM {store.relation(parts)}"


def sums_of(plan: Plan, model: Model) -> dict[str, str]:
    """Return the control totals of a model's parts: its amounts, what its fact conserves and leaves out."""
    names = {name: name for name, _ in model.amounts}
    names |= {name: name for name in model.conserves if name != "rows"}
    for fact in plan.models:
        if fact.follows == model.table and fact.conserves:
            money = [name for name in fact.conserves if name != "rows"]
            names |= {name: name for name in money}
            if fact.excludes:
                word, condition = fact.excludes
                names[f"{word}:rows"] = f"CASE WHEN {condition} THEN 1 ELSE 0 END"
                names |= {f"{word}:{name}": f"CASE WHEN {condition} THEN {name} ELSE 0 END" for name in money}
    return names
