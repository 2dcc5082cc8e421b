"""The equations of every build: nothing is lost between what landed, staging and the facts (house §7).

1. landed = staged + quarantined + rejected, in rows and đồng, for every source table;
2. sum of staging = sum of the fact, with what a fact leaves out counted by name;
3. a locked month shows the totals it was published with.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from dwh.datapath.pipeline.report import Equation, Total
from dwh.datapath.pipeline.run import Run
from dwh.datapath.standardise.scans import HELD, REJECTED, is_standardise, source_table
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import Model
from dwh.datapath.warehouse.parts import Part
from dwh.kernel.errors import AuditFailed
from dwh.kernel.law import QC_DWH, cites

LATE = "late"  # rows for a locked month: landed, and waiting for its unlocking


@cites(QC_DWH.art("10.5"))
def balance(run: Run) -> list[Equation]:
    """Return every equation of this build, holding or not."""
    equations: list[Equation] = []
    for model in run.plan.models:
        if is_standardise(model):
            equations += _landed_is_kept(run, model)
        if model.conserves:
            equations += _fact_is_staging(run, model)
            equations += _locked_is_published(run, model)
    return equations


def refuse_unbalanced(equations: Iterable[Equation]) -> None:
    """Raises: AuditFailed naming the first equation that does not hold, with its numbers."""
    for equation in equations:
        if not equation.holds:
            off = equation.difference
            raise AuditFailed(
                f"Đối chiếu không khớp: {equation.about}, lệch {off.rows} dòng và {off.vnd} đồng."
                " Không công bố; bản đang công bố giữ nguyên. Hãy báo nhóm kỹ thuật kèm mã đối chiếu"
                f" «{equation.name}».",
                equation=equation.name,
                numbers=equation.to_json(),
            )


def _landed_is_kept(run: Run, model: Model) -> list[Equation]:
    table, follows = source_table(model), model.follows or ""
    late = {month for month, entry in run.ledger[model.table].items() if entry.stale}
    found = []
    places = {"staging": model.table, HELD: f"{HELD}.{table}", REJECTED: f"{REJECTED}.{table}"}
    for at, name in enumerate([name for name, _ in model.amounts] or [""]):
        right = {place: _of(run.parts, kept, name) for place, kept in places.items()}
        if late:
            kept_there = (_of(run.parts, kept, name, late) for kept in places.values())
            right[LATE] = _of(run.parts, follows, name, late) - sum(kept_there, Total())
        about = f"{table}: dữ liệu nhận = đã chuẩn hóa + dữ liệu lỗi + đã loại" + (
            f" ({name})" if name else ""
        )
        key = f"landed:{table}" + (f":{name}" if at else "")
        found.append(Equation(key, about, _of(run.parts, follows, name), right))
    return found


def _fact_is_staging(run: Run, model: Model) -> list[Equation]:
    follows, counts = model.follows or "", "rows" in model.conserves
    found = []
    for name in (name for name in model.conserves if name != "rows"):
        right = {model.table: _of(run.parts, model.table, name)}
        if model.excludes:
            right[model.excludes[0]] = _left_out(run, follows, model.excludes[0], name)
        about = f"{model.table} = {follows} ({name})"
        left = _of(run.parts, follows, name)
        found.append(Equation(f"fact:{model.table}:{name}", about, left, right, counts_rows=counts))
    return found


def _locked_is_published(run: Run, model: Model) -> list[Equation]:
    if run.base is None:
        return []
    found = []
    for month in sorted(run.locked & set(run.base.parts.get(model.table, {}))):
        for name in (name for name in model.conserves if name != "rows"):
            about = f"{model.table} tháng {month} đã khóa giữ nguyên số đã công bố ({name})"
            left = _of(run.base.parts, model.table, name, {month})
            right = {model.table: _of(run.parts, model.table, name, {month})}
            found.append(Equation(f"locked:{model.table}:{month}:{name}", about, left, right))
    return found


def _of(parts: Parts, table: str, name: str, months: set[str] | None = None) -> Total:
    chosen = [part for month, part in parts.get(table, {}).items() if months is None or month in months]
    return Total(sum(part.rows for part in chosen), sum((_sum(part, name) for part in chosen), Decimal(0)))


def _left_out(run: Run, table: str, word: str, name: str) -> Total:
    parts = run.parts[table].values()
    rows = sum(int(_sum(part, f"{word}:rows")) for part in parts)
    return Total(rows, sum((_sum(part, f"{word}:{name}") for part in parts), Decimal(0)))


def _sum(part: Part, name: str) -> Decimal:
    return Decimal(part.sums[name]) if name else Decimal(0)
