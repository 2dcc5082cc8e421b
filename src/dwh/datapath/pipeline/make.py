"""Brings tables up to date: landed states from batches, models from what they read, bundle by bundle.

A bundle is as many months as fit in one statement: joining with a register of people costs the same for one month
as for ten. A month of the nation is a bundle of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from dwh.datapath.pipeline.decided import bring_decisions, taking_decisions
from dwh.datapath.pipeline.inputs import Arrived
from dwh.datapath.pipeline.landed import bring_up_to_date
from dwh.datapath.pipeline.months import Decision, Inputs, decide
from dwh.datapath.pipeline.run import Run, sums_of
from dwh.datapath.standardise.scans import (
    HELD,
    PLACES,
    QUARANTINE,
    decided_table,
    held_rows,
    is_standardise,
    source_table,
)
from dwh.datapath.warehouse.manifest import Entry
from dwh.datapath.warehouse.model import NO_MONTH, Model, ModelColumn, ddl
from dwh.datapath.warehouse.part_writing import Shape, Writing, write_parts
from dwh.datapath.warehouse.parts import Part

BUNDLE_ROWS = 4_000_000  # ours: about 600 MB of the widest staging table; beyond, a statement per month
_MADE, _MISSING, _FAILED = "work.made", "work.missing", "work.failed_rows"
_FOLLOWED = re.compile(r"\b(\w+)\.landed_month IN \(:months\)")


def land(run: Run, found: Mapping[str, Arrived]) -> None:
    """Bring the current state of every source table up to date."""
    run.progress.step("Cập nhật trạng thái dữ liệu nguồn", total=len(found), unit="bảng")
    for done, (name, arrived) in enumerate(found.items(), start=1):
        run.progress.check()
        start = perf_counter()
        base = {} if arrived.restart or run.base is None else run.base.parts.get(name, {})
        state = bring_up_to_date(run.engine, run.store, run.plan.landed[name], base=base, new=arrived.new)
        run.parts[name] = state.parts
        run.remade[name] = set(state.touched)
        run.offer(name)
        carried = len(state.parts) - len(state.touched)
        run.note(name, "Nhận dữ liệu", months=len(state.touched), carried=carried, start=start)
        run.progress.advance(done)


def make(run: Run, model: Model) -> None:
    """Bring one model up to date: rebuild what must be, carry over the rest."""
    start = perf_counter()
    if is_standardise(model):
        bring_decisions(run, model)
    inputs = Inputs(run.plan, run.parts, run.seeds, None if run.full else run.base)
    decisions = decide(model, inputs, engine=run.engine, store=run.store, locked=run.locked)
    if run.full:
        decisions = [_keep_locked(run, model, decision) for decision in decisions]
    todo = [decision for decision in decisions if decision.rebuild]
    run.progress.step(_title(model), total=len(todo) or 1, unit="tháng" if model.by_month else "bảng")
    for decision in decisions:
        if not decision.rebuild:
            _carry(run, model, decision)
    done = 0
    for bundle in _bundles(run, model, todo):
        run.progress.check()
        rows, held = _rebuild(run, model, bundle)
        done += len(bundle)
        run.progress.advance(done, rows=rows, held=held)
    run.offer(model.table)
    run.note(model.table, _title(model), months=len(todo), carried=len(decisions) - len(todo), start=start)


def _bundles(run: Run, model: Model, todo: Sequence[Decision]) -> Iterator[list[Decision]]:
    """Yield the months in groups whose input stays within BUNDLE_ROWS."""
    bundle: list[Decision] = []
    rows = 0
    for decision in todo:
        part = run.parts.get(model.follows or "", {}).get(decision.month)
        size = part.rows if part else 0
        if bundle and rows + size > BUNDLE_ROWS:
            yield bundle
            bundle, rows = [], 0
        bundle.append(decision)
        rows += size
    if bundle:
        yield bundle


@dataclass(frozen=True, slots=True)
class _Target:
    """Where rows go: `by` is the expression of their month, `sums` the control totals of each part."""

    table: str
    columns: tuple[ModelColumn, ...]
    order: tuple[str, ...]
    by: str | None
    sums: dict[str, str] = field(default_factory=dict)


def _rebuild(run: Run, model: Model, bundle: Sequence[Decision]) -> tuple[int, int]:
    """Make the parts of some months; return rows staged and rows held."""
    months = [decision.month for decision in bundle]
    target = _Target(
        model.table, model.columns, model.sorted_by, model.month_column, sums_of(run.plan, model)
    )
    if not is_standardise(model):
        parts, held = _store(run, target, _of_months(model.sql, months), months), 0
    else:
        with taking_decisions(run, model, months) as sql:
            parts = _store(run, target, _of_months(sql, months), months)
            held = _hold(run, model, months)
    for decision in bundle:
        run.ledger[model.table][decision.month] = Entry(decision.made_from)
    return sum(part.rows for part in parts), held


def _store(run: Run, target: _Target, sql: str, months: Sequence[str]) -> list[Part]:
    """Store the rows of a SELECT as one part per month: columns as declared, rows in their total order."""
    shape = Shape(tuple(column.name for column in target.columns), target.order)
    cast = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in target.columns)
    rows = f"SELECT {cast} FROM ({sql}\n)"
    several = len(months) > 1
    if several:
        run.engine.run(ddl(_MADE, target.columns))
        run.engine.run(f"INSERT INTO {_MADE} {rows}")
    if several:
        columns = ", ".join(shape.columns)
        job = Writing(
            target.table, lambda some: f"SELECT {columns} FROM {_MADE} WHERE {target.by} IN ({_listed(some)})",
            shape, target.by, target.sums,
        )  # fmt: skip
        counted = dict(run.engine.rows(f"SELECT {target.by}, count(*) FROM {_MADE} GROUP BY 1"))
        most = {month: counted.get(month, 0) for month in months}
    else:
        job, most = Writing(target.table, lambda _: rows, shape, sums=target.sums), {months[0]: None}
    parts = write_parts(run.store, run.engine, job, most)
    for month, part in parts.items():
        run.keep(target.table, month, part)
    if several:
        run.engine.run(f"DROP TABLE {_MADE}")
    return list(parts.values())


def _hold(run: Run, model: Model, months: Sequence[str]) -> int:
    """Second scan: the landed rows that staging did not take go to quarantine, or out, with their reasons.

    What staging took only because it was accepted is kept aside as well, to be seen. Return how many rows are held.
    """
    table = source_table(model)
    for place in PLACES:
        for month in months:
            run.keep(f"{place}.{table}", month, Part("", 0, ""))
    short = _short(run, model, months)
    if not short:
        return 0
    contract = run.plan.landed[model.follows or ""]
    _find_missing(run, model, short)
    sql = held_rows(model, contract.contract, source=contract.source, missing=_MISSING)
    sql = _FOLLOWED.sub(rf"\1.landed_month IN (:months) AND \1.id IN (SELECT id FROM {_MISSING})", sql)
    run.engine.run(ddl(_FAILED, (*QUARANTINE, ModelColumn("place", "VARCHAR", ""))))
    run.engine.run(f"INSERT INTO {_FAILED} {_of_months(sql, short)}")
    counted = {place: _keep_place(run, model, place, short) for place in PLACES}
    for work in (_MISSING, _FAILED):
        run.engine.run(f"DROP TABLE {work}")
    return counted[HELD]


def _short(run: Run, model: Model, months: Sequence[str]) -> list[str]:
    """Return the months in which staging did not take every landed row, or took one because it was accepted."""
    landed, taken = run.parts[model.follows or ""], run.parts[model.table]
    decided = run.parts.get(decided_table(model), {})
    return [
        m for m in months
        if m in landed and (m in decided or landed[m].rows != (taken[m].rows if m in taken else 0))
    ]  # fmt: skip


def _find_missing(run: Run, model: Model, short: Sequence[str]) -> None:
    """Make the table of the ids staging did not take, and of those something is decided about."""
    landed, decided = run.parts[model.follows or ""], run.parts.get(decided_table(model), {})
    run.engine.run(f"CREATE TABLE {_MISSING} (id BIGINT, is_missing BOOLEAN)")
    run.engine.run(
        f"INSERT INTO {_MISSING} SELECT id, TRUE FROM {run.store.relation([landed[m] for m in short])} "
        f"WHERE id NOT IN (SELECT source_id FROM ({run.reading(model.table, short)}))"
    )
    parts = [decided[month] for month in short if month in decided]
    if parts:
        run.engine.run(
            f"INSERT INTO {_MISSING} SELECT source_id, FALSE FROM {run.store.relation(parts)} "
            f"WHERE source_id NOT IN (SELECT id FROM {_MISSING})"
        )


def _keep_place(run: Run, model: Model, place: str, short: Sequence[str]) -> int:
    """Store the failed rows that are in one place; return how many."""
    table = f"{place}.{source_table(model)}"
    names = ", ".join(column.name for column in QUARANTINE)
    if not run.engine.value(f"SELECT count(*) FROM {_FAILED} WHERE place = '{place}'"):
        return 0
    target = _Target(table, QUARANTINE, ("source_id",), f"COALESCE(month, '{NO_MONTH}')")
    parts = _store(run, target, f"SELECT {names} FROM {_FAILED} WHERE place = '{place}'", short)
    for month, part in zip(short, parts, strict=True):
        landed = run.parts[model.follows or ""][month]
        run.keep(table, month, replace(part, sums=_held_sums(run, model, landed, part)))
    return sum(part.rows for part in parts)


def _held_sums(run: Run, model: Model, landed: Part, held: Part) -> dict[str, str]:
    """Money of the held rows: the first amount as quarantine holds it, the others from the landed rows."""
    if not held.rows:
        return {name: "0" for name, _ in model.amounts}
    kept = run.store.relation([held])
    sums = {}
    for at, (name, expression) in enumerate(model.amounts):
        sql = f"SELECT COALESCE(SUM(amount_vnd), 0) FROM {kept}"
        if at:
            rows = run.store.relation([landed])
            sql = f"SELECT COALESCE(SUM({expression}), 0) FROM {rows} WHERE id IN (SELECT source_id FROM {kept})"
        sums[name] = str(run.engine.value(sql))
    return sums


def _carry(run: Run, model: Model, decision: Decision) -> None:
    run.carry(model.table, decision.month)
    if is_standardise(model):
        for place in PLACES:
            run.carry(f"{place}.{source_table(model)}", decision.month)
    run.ledger[model.table][decision.month] = Entry(decision.made_from, decision.stale)
    if decision.stale and decision.month not in run.report.stale_months:
        run.report.stale_months.append(decision.month)


def _keep_locked(run: Run, model: Model, decision: Decision) -> Decision:
    """A full rebuild does not touch a locked month either."""
    known = run.base.ledger.get(model.table, {}).get(decision.month) if run.base else None
    if known is None or decision.month not in run.locked:
        return decision
    return Decision(decision.month, known.made_from, rebuild=False, stale=known != Entry(decision.made_from))


def _of_months(sql: str, months: Sequence[str]) -> str:
    return sql.replace(":months", _listed(months))


def _listed(months: Sequence[str]) -> str:
    return ", ".join(f"'{month}'" for month in months)


def _title(model: Model) -> str:
    if is_standardise(model):
        return f"Chuẩn hóa {source_table(model)}"
    return f"Tổng hợp {model.table}"
