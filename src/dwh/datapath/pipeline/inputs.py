"""Which landed batches a build reads, which of them are new, and that their bytes are what was landed."""

from __future__ import annotations

from dataclasses import dataclass

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.beside import feeds_of
from dwh.datapath.sources.decisions import SOURCE, TABLE, decision_batches
from dwh.datapath.sources.landing import Batch, batches, verify_batch
from dwh.datapath.warehouse.manifest import Manifest
from dwh.kernel.progress import Progress

DECISIONS = f"{SOURCE}.{TABLE}"  # their name among the inputs of a release


@dataclass(frozen=True, slots=True)
class Arrived:
    """Batches of one landed table. `restart`: the parts of the last release cannot be built upon."""

    all: tuple[Batch, ...]
    new: tuple[Batch, ...]
    restart: bool


def arrived(settings: DataPathSettings, plan: Plan, base: Manifest | None) -> dict[str, Arrived]:
    """Return the batches of every landed table of the plan, against those the last release was made from."""
    found = {}
    for name, table in plan.landed.items():
        every: list[Batch] = []
        fresh: list[Batch] = []
        restart = base is None or _moved(plan, name, base)
        for source in feeds_of(table.source):
            landed = batches(settings, source, table.contract.name)
            used = base.inputs.get(f"{source}.{table.contract.name}", []) if base else []
            restart = restart or [batch.batch_id for batch in landed[: len(used)]] != used
            every += landed
            fresh += landed[len(used) :]
        found[name] = Arrived(tuple(every), tuple(every if restart else fresh), restart)
    return found


def arrived_decisions(settings: DataPathSettings, base: Manifest | None) -> Arrived:
    """Return the landed files of decisions, against those the last release was made from."""
    every = tuple(decision_batches(settings))
    ids = [batch.batch_id for batch in every]
    used = base.inputs.get(DECISIONS, []) if base else []
    return Arrived(every, tuple(b for b in every if b.batch_id not in used), restart=ids[: len(used)] != used)


def nothing_new(found: dict[str, Arrived], decided: Arrived) -> bool:
    return not any(table.new or table.restart for table in (*found.values(), decided))


def verify_new(found: dict[str, Arrived], progress: Progress) -> int:
    """Verify the bytes of every batch not verified by an earlier release; return how many.

    Raises: DamagedFile, whose message says how the rows are read again.
    """
    fresh = [batch for table in found.values() for batch in table.new]
    progress.step("Kiểm tra các lô dữ liệu đã nhận", total=len(fresh), unit="lô")
    for done, batch in enumerate(fresh, start=1):
        progress.check()
        verify_batch(batch)
        progress.advance(done, rows=batch.rows)
    return len(fresh)


def used_ids(plan: Plan, found: dict[str, Arrived], decided: tuple[Batch, ...]) -> dict[str, list[str]]:
    """Return source.table → ids of the batches this release is made from."""
    used: dict[str, list[str]] = {}
    for name, arrived_here in found.items():
        table = plan.landed[name]
        for source in feeds_of(table.source):
            ids = [batch.batch_id for batch in arrived_here.all if batch.source == source]
            if ids or source == table.source:
                used[f"{source}.{table.contract.name}"] = ids
    return {**used, DECISIONS: [batch.batch_id for batch in decided]} if decided else used


def landed_fingerprint(plan: Plan, name: str) -> str:
    """Return what decides the shape of a landed part: its columns and the month its rows go to."""
    table = plan.landed[name]
    columns = " ".join(f"{column.name}:{column.type}" for column in table.columns)
    return f"{columns} by {table.partition or 'all'}"


def _moved(plan: Plan, name: str, base: Manifest | None) -> bool:
    """Have the columns or the division into months changed since the last release?"""
    return base is not None and base.models.get(name) != landed_fingerprint(plan, name)
