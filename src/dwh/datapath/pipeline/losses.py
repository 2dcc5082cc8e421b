"""Refuses a build when a source table suddenly lost rows: a fault until the owner of the source says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.run import Run
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.manifest import Parts
from dwh.kernel import vi
from dwh.kernel.errors import AuditFailed, Invalid


@dataclass(frozen=True, slots=True)
class Loss:
    """Living rows of a source table, in the last release and now."""

    table: str
    before: int
    after: int

    @property
    def words(self) -> str:
        return f"bảng {self.table} từ {vi.number(self.before)} dòng còn {vi.number(self.after)} dòng"

    def is_sudden(self, settings: DataPathSettings) -> bool:
        gone = self.before - self.after
        return gone > settings.loss_rows and gone * 100 > settings.loss_percent * self.before


def must_be_tables(names: Iterable[str], plan: Plan) -> None:
    """Raises: Invalid when a name is no source table."""
    tables = sorted(table.contract.name for table in plan.landed.values())
    for name in names:
        if name not in tables:
            raise Invalid(
                f"Không có bảng nguồn «{name}» để chấp nhận giảm. Các bảng: {', '.join(tables)}.", table=name
            )


def refuse_losses(run: Run, accepted: Collection[str], settings: DataPathSettings) -> None:
    """Compare what has landed with the last release; what was accepted becomes a note of the report.

    Raises: AuditFailed naming each table with its rows before and after.
    """
    tables = {table.contract.name: name for name, table in run.plan.landed.items()}
    base = run.base.parts if run.base else {}
    losses = [Loss(table, _rows(base, name), _rows(run.parts, name)) for table, name in tables.items()]
    sudden = [loss for loss in losses if loss.is_sudden(settings)]
    refused = [loss for loss in sudden if loss.table not in accepted]
    if refused:
        raise AuditFailed(
            f"Dữ liệu nguồn giảm bất thường: {'; '.join(loss.words for loss in refused)}. Không công bố; bản đang"
            " công bố giữ nguyên. Hãy hỏi đơn vị quản lý nguồn; nếu giảm đúng, quản trị viên chạy `dwh build"
            f" {' '.join(f'--accept-loss {loss.table}' for loss in refused)}` rồi `dwh publish`.",
            losses={loss.table: [loss.before, loss.after] for loss in refused},
        )
    run.report.notes += [f"Đã chấp nhận {loss.words}." for loss in sudden]


def _rows(parts: Parts, table: str) -> int:
    return sum(part.rows for part in parts.get(table, {}).values())
