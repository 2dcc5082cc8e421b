"""One running build: brings landed tables and models up to date, part by part, in the order of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

from dwh.datapath.pipeline.inputs import Arrived
from dwh.datapath.pipeline.landed import bring_up_to_date
from dwh.datapath.pipeline.months import Decision, Inputs, decide
from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.report import BuildReport, Step
from dwh.datapath.pipeline.standardise import QUARANTINE, held_rows, is_standardise, source_table
from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.manifest import Entry, Manifest, Parts
from dwh.datapath.warehouse.model import Model, ModelColumn
from dwh.datapath.warehouse.parts import Part, PartStore
from dwh.kernel.progress import Progress


@dataclass(slots=True)
class Run:
    """What a build knows while it runs. `base` is the release it starts from; `full` rebuilds all but locks."""

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

    def open_seeds(self) -> None:
        """Offer the code lists to the models, as text columns."""
        self.engine.run("CREATE SCHEMA IF NOT EXISTS seed")
        self.seeds = self.plan.seed_versions()
        for table, path in self.plan.seeds.items():
            file = str(path).replace("'", "''")
            self.engine.run(
                f"CREATE VIEW {table} AS SELECT * FROM read_csv('{file}', header=true, all_varchar=true)"
            )

    def land(self, found: Mapping[str, Arrived]) -> None:
        """Bring the current state of every source table up to date."""
        self.progress.step("Cập nhật trạng thái dữ liệu nguồn", total=len(found), unit="bảng")
        for done, (name, arrived) in enumerate(found.items(), start=1):
            self.progress.check()
            start = perf_counter()
            base = {} if arrived.restart or self.base is None else self.base.parts.get(name, {})
            state = bring_up_to_date(
                self.engine, self.store, self.plan.landed[name], base=base, new=arrived.new
            )
            self.parts[name] = state.parts
            self.remade[name] = set(state.touched)
            self._offer(name)
            self._note(name, "Nhận", len(state.touched), len(state.parts) - len(state.touched), start)
            self.progress.advance(done)

    def make(self, model: Model) -> None:
        """Bring one model up to date: rebuild what must be, carry over the rest."""
        start = perf_counter()
        inputs = Inputs(self.plan, self.parts, self.seeds, None if self.full else self.base)
        decisions = decide(model, inputs, engine=self.engine, store=self.store, locked=self.locked)
        if self.full:
            decisions = [self._keep_locked(model, decision) for decision in decisions]
        todo = [decision for decision in decisions if decision.rebuild]
        self.progress.step(_title(model), total=len(todo) or 1, unit="tháng" if model.by_month else "bảng")
        for decision in decisions:
            if not decision.rebuild:
                self._carry(model, decision)
        for done, decision in enumerate(todo, start=1):
            self.progress.check()
            rows, held = self._rebuild(model, decision)
            self.progress.advance(done, rows=rows, held=held)
        self._offer(model.table)
        self._note(model.table, _title(model), len(todo), len(decisions) - len(todo), start)

    def _rebuild(self, model: Model, decision: Decision) -> tuple[int, int]:
        month = decision.month
        part = self.store.write(
            self.engine, ordered(model, month), table=model.table, month=month, sums=sums_of(self.plan, model)
        )
        self._keep(model.table, month, part)
        self.ledger[model.table][month] = Entry(decision.made_from)
        self.remade[model.table].add(month)
        held = self._hold(model, month, part.rows) if is_standardise(model) else 0
        return part.rows, held

    def _hold(self, model: Model, month: str, staged: int) -> int:
        """Second scan: rows that failed go to quarantine; skipped when the first scan took every row."""
        landed = self.parts[model.follows or ""].get(month)
        table = f"quarantine.{source_table(model)}"
        self.remade[table].add(month)
        self.parts[table].pop(month, None)
        if landed is None or staged == landed.rows:
            return 0
        contract = self.plan.landed[model.follows or ""]
        select = held_rows(model, contract.contract, source=contract.source, month=month)
        select = select.replace(":months", f"'{month}'")
        part = self.store.write(self.engine, select, table=table, month=month)
        part = replace(part, sums=self._held_sums(model, landed, part))
        self._keep(table, month, part)
        return part.rows

    def _held_sums(self, model: Model, landed: Part, held: Part) -> dict[str, str]:
        """Money of the held rows: the first amount as quarantine holds it, the others from the landed rows."""
        ids = f"SELECT source_id FROM {self.store.relation([held])}"
        sums = {}
        for at, (name, expression) in enumerate(model.amounts):
            if at == 0:
                sql = f"SELECT COALESCE(SUM(amount_vnd), 0) FROM {self.store.relation([held])}"
            else:
                relation = self.store.relation([landed])
                sql = f"SELECT COALESCE(SUM({expression}), 0) FROM {relation} WHERE id IN ({ids})"
            sums[name] = str(self.engine.value(sql))
        return sums

    def _carry(self, model: Model, decision: Decision) -> None:
        base, month = self.base, decision.month
        if base is None:
            return
        tables = [model.table, *([f"quarantine.{source_table(model)}"] if is_standardise(model) else [])]
        for table in tables:
            part = base.parts.get(table, {}).get(month)
            if part is not None:
                self.parts[table][month] = part
        self.ledger[model.table][month] = Entry(decision.made_from, decision.stale)
        if decision.stale and month not in self.report.stale_months:
            self.report.stale_months.append(month)

    def _keep_locked(self, model: Model, decision: Decision) -> Decision:
        """A full rebuild does not touch a locked month either."""
        known = self.base.ledger.get(model.table, {}).get(decision.month) if self.base else None
        if known is None or decision.month not in self.locked:
            return decision
        return Decision(
            decision.month, known.made_from, rebuild=False, stale=known != Entry(decision.made_from)
        )

    def _keep(self, table: str, month: str, part: Part) -> None:
        self.parts[table].pop(month, None)
        if part.rows:
            self.parts[table][month] = part

    def _offer(self, table: str) -> None:
        """Offer a finished table to the models that read it."""
        self.engine.run(f"CREATE SCHEMA IF NOT EXISTS {table.partition('.')[0]}")
        self.engine.run(f"CREATE OR REPLACE VIEW {table} AS {self.reading(table)}")

    def reading(self, table: str, months: set[str] | None = None) -> str:
        """Return the SELECT of a table's rows, of some months only if asked; typed even when there are none."""
        columns = QUARANTINE if table.startswith("quarantine.") else self.plan.columns(table)
        parts = [
            part for month, part in sorted(self.parts[table].items()) if months is None or month in months
        ]
        return reading(self.store, columns, parts)

    def _note(self, table: str, name: str, months: int, carried: int, start: float) -> None:
        rows = sum(part.rows for part in self.parts[table].values())
        seconds = round(perf_counter() - start, 3)
        self.report.steps.append(Step(name, table, months, max(carried, 0), rows, seconds))


def reading(store: PartStore, columns: tuple[ModelColumn, ...], parts: list[Part]) -> str:
    """Return the SELECT of these columns from these parts, an empty one with types when there are none."""
    if not parts:
        return f"SELECT {', '.join(f'CAST(NULL AS {c.type}) AS {c.name}' for c in columns)} WHERE FALSE"
    return f"SELECT {', '.join(column.name for column in columns)} FROM {store.relation(parts)}"


def ordered(model: Model, month: str) -> str:
    """Return the model's SELECT for one month: columns as declared, rows in their total order."""
    columns = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in model.columns)
    sql = model.sql.replace(":months", f"'{month}'")
    return f"SELECT {columns} FROM ({sql}\n) ORDER BY {', '.join(model.sorted_by)}"


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


def _title(model: Model) -> str:
    if is_standardise(model):
        return f"Chuẩn hóa {source_table(model)}"
    return f"Tổng hợp {model.table}"
