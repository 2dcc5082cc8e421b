"""The lineage of every column at once, both ways, from the SQL of the models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlglot import exp

from dwh.datapath.dictionary.entries import Ref
from dwh.datapath.pipeline.lineage import origins
from dwh.datapath.pipeline.plan import Plan, columns_read, tree

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trace:
    """`made_from` and `used_by` are one step; `conditions` the tables that read a column only to choose rows."""

    made_from: dict[Ref, tuple[Ref, ...]]
    used_by: dict[Ref, tuple[Ref, ...]]
    conditions: dict[Ref, tuple[str, ...]]

    def sources(self, column: Ref) -> tuple[Ref, ...]:
        """Return the columns at the end of the chain, nearest first; () when the column is made from none."""
        return self.sources_of(self.made_from.get(column, ()))

    def sources_of(self, columns: Iterable[Ref], *, past: Collection[str] = ()) -> tuple[Ref, ...]:
        """Return the ends of the chains of several columns, each once, without what leads through a table of `past`."""
        queue, ends = [column for column in columns if column.table not in past], []
        seen = set(queue)
        for here in queue:  # it grows while it is walked
            further = self.made_from.get(here, ())
            if not further and here.table.startswith(("landed.", "seed.")):
                ends.append(here)
            for one in further:
                if one not in seen and one.table not in past:
                    seen.add(one)
                    queue.append(one)
        return tuple(ends)


def trace(plan: Plan) -> Trace:
    """Return the lineage of every column of the plan; several origins stand in the order of the plan."""
    places = _places(plan)
    made_from = {ref: tuple(sorted(above, key=places.__getitem__)) for ref, above in _steps(plan).items()}
    used_by: dict[Ref, list[Ref]] = defaultdict(list)
    valued: set[tuple[Ref, str]] = set()
    for column, above in made_from.items():
        for origin in above:
            used_by[origin].append(column)
            valued.add((origin, column.table))
    conditions: dict[Ref, list[str]] = defaultdict(list)
    for model in plan.models:
        for table, names in columns_read(plan, model).items():
            for name in sorted(names):
                if (Ref(table, name), model.table) not in valued and table != model.table:
                    conditions[Ref(table, name)].append(model.table)
    return Trace(made_from, _frozen(used_by), _frozen(conditions))


def _steps(plan: Plan) -> dict[Ref, set[Ref]]:
    """Return every column of a model → the columns of other tables its value is made from, one step back.

    Conditions and joins choose rows, not values: they are not in it. The month a landed row lies in is made from the
    columns that divide its table into months.
    """
    found: dict[Ref, set[Ref]] = {}
    for landed in plan.landed.values():
        words = tree(landed.partition).find_all(exp.Column) if landed.partition else ()
        found[Ref(landed.name, "landed_month")] = {Ref(landed.name, column.name) for column in words}
    for model in plan.models:
        behind = origins(plan, model.table)
        for column in model.columns:
            refs = {Ref(origin.table, origin.column) for origin in behind[column.name]}
            found[Ref(model.table, column.name)] = {ref for ref in refs if ref.table != model.table}
    return found


def _places(plan: Plan) -> dict[Ref, tuple[int, int]]:
    tables = (*plan.landed, *plan.seeds, *(model.table for model in plan.models))
    return {
        Ref(table, column.name): (nth, at)
        for nth, table in enumerate(tables)
        for at, column in enumerate(plan.columns(table))
    }


def _frozen(found: dict[Ref, list[T]]) -> dict[Ref, tuple[T, ...]]:
    return {ref: tuple(values) for ref, values in found.items()}
