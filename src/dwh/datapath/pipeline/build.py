"""Builds a release candidate from what has landed. Reads batches, writes parts and a candidate, publishes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from dwh.datapath.pipeline.audits import run_audits
from dwh.datapath.pipeline.base import Base, base_in, believe, describe, look_over, remade
from dwh.datapath.pipeline.decided import read_decisions, waiting_decisions
from dwh.datapath.pipeline.equations import balance, refuse_unbalanced
from dwh.datapath.pipeline.handed import with_decisions
from dwh.datapath.pipeline.inputs import (
    Arrived,
    arrived,
    arrived_decisions,
    landed_fingerprint,
    nothing_new,
    used_ids,
    verify_new,
)
from dwh.datapath.pipeline.lineage import checked_columns, feeds
from dwh.datapath.pipeline.losses import must_be_tables, refuse_losses
from dwh.datapath.pipeline.make import land, make
from dwh.datapath.pipeline.order import USUAL, Order
from dwh.datapath.pipeline.packing.tables import (
    flagged_by_check,
    held_by_check,
    serving_shape,
    serving_tables,
    shadowed_by_check,
    stopped_checks,
    totals_of,
)
from dwh.datapath.pipeline.plan import Plan, load_plan
from dwh.datapath.pipeline.report import BuildReport
from dwh.datapath.pipeline.run import Run
from dwh.datapath.retention.removal import remove
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.decisions import verify_decisions
from dwh.datapath.sources.told import told_batches
from dwh.datapath.standardise.scans import ACCEPTED, HELD, REJECTED, is_standardise, source_table
from dwh.datapath.warehouse.engine import Engine, EngineFault, connect
from dwh.datapath.warehouse.folders import CANDIDATE, clean_up, current_id, next_id, only_builder
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.model import ALL, NO_MONTH
from dwh.datapath.warehouse.parts import PartStore, sync
from dwh.datapath.warehouse.release import MANIFEST, SERVING
from dwh.datapath.warehouse.serving import GROWN_AT_MOST, Earlier, make_serving
from dwh.kernel.progress import Progress, Silent

_building: set[Engine] = set()
_lock = threading.Lock()


def build(
    *,
    settings: DataPathSettings,
    progress: Progress | None = None,
    today: date,
    order: Order = USUAL,
    plan: Plan | None = None,
    figures: Mapping[str, str] | None = None,
) -> BuildReport:
    """Build releases/<id>.candidate from the landed batches; `release_id` is None when nothing has changed.

    When the release in use is damaged, one is made even of the same figures, `notes` say so; it keeps `figures`.
    Raises: DamagedFile, AuditFailed (also when rows were lost), Conflict, Invalid, Cancelled; the last release stays.
    """
    start, progress, plan = perf_counter(), progress or Silent(), plan or load_plan()
    must_be_tables(order.accept_loss, plan)
    with only_builder(settings):
        unread = clean_up(settings)
        base = look_over(base_in(settings, order.locked), settings, order, today)
        plan = with_decisions(plan, settings, base.manifest, today)
        report = BuildReport(base=base.id, notes=[*base.notes, *_left_unread(unread, settings)])
        found = arrived(settings, plan, None if order.full else base.manifest)
        decided = arrived_decisions(settings, None if order.full else base.manifest)
        if _is_needed(base, (found, decided), plan, order):
            report.new_batches = verify_new(found, progress)
            verify_decisions(decided.all)
            with _engine(settings) as engine:
                store = PartStore(settings.parts, settings.threads)
                run = Run(plan, engine, store, base.manifest, progress, report, order.locked, order.full)
                run.decisions, run.figures = decided.all, figures or {}
                try:
                    run.open_seeds()
                    land(run, found)
                    refuse_losses(run, order.accept_loss, settings)
                    _build(run, found, settings, today, remake=base.broken)
                except EngineFault:
                    _blame_damaged_part(run)
                    raise
    report.seconds = perf_counter() - start
    return report


def stop_running() -> None:
    """Interrupt the statement a build of this process is running, from any thread; the build raises Cancelled."""
    with _lock:
        for engine in _building:
            engine.interrupt()


def _is_needed(base: Base, found: tuple[dict[str, Arrived], Arrived], plan: Plan, order: Order) -> bool:
    if order.full or base.broken or base.manifest is None or not nothing_new(*found):
        return True
    return _is_outdated(base.manifest, plan, order.locked)


def _left_unread(unread: list[str], settings: DataPathSettings) -> list[str]:
    """Say which earlier releases cannot be reproduced any more; the one in use has its own note."""
    current = current_id(settings)
    return [
        f"Tệp {MANIFEST} của bản cũ «{name}» bị hỏng hoặc bị mất: khôi phục từ bản sao lưu; đến lúc đó không dọn"
        " phần số liệu nào."
        for name in unread
        if name != current
    ]


def _build(
    run: Run, found: dict[str, Arrived], settings: DataPathSettings, today: date, *, remake: bool
) -> None:
    read_decisions(run, run.decisions)
    for model in run.plan.models:
        make(run, model)
    run_audits(run)
    _fill_report(run)
    refuse_unbalanced(run.report.equations)
    if not remake and _same_figures(run):
        return
    release_id = next_id(settings, today.isoformat())
    candidate = settings.releases / f"{release_id}{CANDIDATE}"
    candidate.mkdir()
    try:
        run.progress.step("Đóng gói bản số liệu", total=1)
        inputs = used_ids(run.plan, found, run.decisions)
        run.batches = {name: table.all for name, table in found.items()}
        tables = serving_tables(run, run.parts, inputs)
        earlier = None if remake else _earlier(run, settings)
        rows = make_serving(candidate / SERVING, tables, settings=settings, earlier=earlier)
        run.progress.check()
        manifest = _manifest(run, release_id, inputs, rows)
        manifest.serving = describe(candidate / SERVING)
        manifest.grown = run.base.grown + 1 if run.base and earlier else 0
        manifest.write(candidate / MANIFEST)
        believe(release_id, candidate / SERVING, settings, today)
        sync(settings.releases)
    except BaseException:
        remove(candidate, "candidate")
        raise
    run.report.release_id, run.report.candidate_dir = release_id, candidate
    run.progress.advance(1, rows=sum(rows.values()))


def _earlier(run: Run, settings: DataPathSettings) -> Earlier | None:
    """Return the serving database to grow from: none for a full build, or when that one has grown long enough.

    It is read whole first: a block that rotted must not be copied and get a digest of its own.
    """
    base = run.base
    if base is None or run.full or base.grown >= GROWN_AT_MOST:
        return None
    path = settings.releases / base.id / SERVING
    if describe(path) != base.serving:
        run.report.notes += [remade(base)] if base.serving else []  # one older than the digest is not damaged
        return None
    stamps = {table.name: table.stamps for table in serving_tables(run, base.parts, base.inputs)}
    return Earlier(path, stamps)


def _blame_damaged_part(run: Run) -> None:
    """Raises: DamagedFile when the engine stumbled because a stored part is not what was written."""
    for months in run.base.parts.values() if run.base else ():
        for part in months.values():
            run.store.verify(part)


def _is_outdated(base: Manifest, plan: Plan, locked: frozenset[str]) -> bool:
    """Must parts be looked at although nothing landed: another formula or code list, or a month unlocked?"""
    waiting = {m for months in base.ledger.values() for m, entry in months.items() if entry.stale}
    return base.models != _versions(plan) or bool(waiting - locked)


def _versions(plan: Plan) -> dict[str, str]:
    """Return the version of every formula, landed shape and code list."""
    landed = {name: landed_fingerprint(plan, name) for name in plan.landed}
    return {**plan.fingerprints, **landed, **plan.seed_versions(), "serving": serving_shape()}


def _same_figures(run: Run) -> bool:
    """Did everything come out as it was?"""
    base = run.base
    stored = {table: months for table, months in run.parts.items() if months}
    return (
        base is not None
        and stored == {t: m for t, m in base.parts.items() if m}
        and {t: dict(m) for t, m in run.ledger.items()} == base.ledger
    )


def _fill_report(run: Run) -> None:
    report = run.report
    report.equations = balance(run)
    report.held, report.flagged = held_by_check(run), flagged_by_check(run)
    report.shadow, report.stopped_checks = shadowed_by_check(run), stopped_checks(run)
    for model in run.plan.models:
        if is_standardise(model):
            report.landed += sum(part.rows for part in run.parts[model.follows or ""].values())
            report.staged += sum(part.rows for part in run.parts[model.table].values())
    report.quarantined, report.held_vnd = totals_of(run, HELD)
    counted = {place: totals_of(run, place) for place in (REJECTED, ACCEPTED)}
    counted["waiting"] = waiting_decisions(run)
    report.decided = {word: {"rows": rows, "vnd": str(vnd)} for word, (rows, vnd) in counted.items()}


def _manifest(run: Run, release_id: str, inputs: dict[str, list[str]], rows: dict[str, int]) -> Manifest:
    facts = [run.parts[model.table] for model in run.plan.models if model.layer == "core" and model.by_month]
    months = {month for parts in facts for month in parts} - {ALL, NO_MONTH}
    return Manifest(
        id=release_id,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        data_until=max(months, default=None),
        previous=run.base.id if run.base else None,
        parts={table: dict(parts) for table, parts in run.parts.items() if parts},
        ledger={table: dict(entries) for table, entries in run.ledger.items()},
        inputs=inputs,
        batches=told_batches(run.batches.values()),
        models=_versions(run.plan),
        locked=sorted(run.locked),
        equations={equation.name: equation.to_json() for equation in run.report.equations},
        quarantine=run.report.held,
        flagged=run.report.flagged,
        decided=run.report.decided,
        lineage=_lineage(run),
        shadow=run.report.shadow,
        stopped_checks=run.report.stopped_checks,
        serving_rows=rows,
        figures=dict(run.figures),
    )


def _lineage(run: Run) -> dict[str, Any]:
    """Return what facts are fed by and what checks look at: seconds of work, and the same until a formula changes."""
    if run.base is not None and run.base.lineage and run.base.models == _versions(run.plan):
        return run.base.lineage
    amounts = {
        source_table(model): model.amounts[0][0]
        for model in run.plan.models
        if is_standardise(model) and model.amounts
    }
    return {"feeds": feeds(run.plan), "checked": checked_columns(run.plan), "amounts": amounts}


@contextmanager
def _engine(settings: DataPathSettings) -> Iterator[Engine]:
    engine = connect(
        None, memory_limit=settings.memory_limit, threads=settings.threads, spill=settings.work / "spill"
    )
    engine.run("SET parquet_metadata_cache = true")  # parts are immutable
    with _lock:
        _building.add(engine)
    try:
        yield engine
    finally:
        with _lock:
            _building.discard(engine)
        engine.close()
