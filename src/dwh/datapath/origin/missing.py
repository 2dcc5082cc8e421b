"""What a cell does not hold: rows kept back of its source tables, in its area and period, by the check holding them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dwh.datapath.desk.relation import holding_codes
from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.dictionary.entries import LANDED
from dwh.datapath.origin.tables import Area, within
from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.warehouse.release import Release


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Rows a check holds. Units: `vnd` in đồng. `undated` of them lie in no known month, so may be of any period."""

    check: str
    words: str
    source: str
    rows: int
    vnd: Decimal
    undated: int = 0


def held_back(
    release: Release, tables: Sequence[str], area: Area, inside: Callable[[str], bool]
) -> tuple[HeldBack, ...]:
    """Return what is held of the source tables in the area, in the months `inside` takes; most đồng first.

    A row several checks hold counts once, under the first of them. A table without months counts whole.
    """
    where, params = within(area)
    sql = f"""
    SELECT q.source, q.source_table, q.check_codes, q.month, COUNT(*), COALESCE(SUM(q.amount_vnd), 0)
    FROM quarantine.held AS q
    LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code
    WHERE list_contains(?::VARCHAR[], q.source_table) AND {where}
    GROUP BY ALL"""
    rows = release.fetch(sql, [list(tables), *params], limit=200_000)[1]
    dated = {name for name in tables if load_plan().landed[f"{LANDED}.{name}"].partition}
    holding, found = holding_codes(), dict[str, HeldBack]()
    for source, table, codes, month, count, vnd in rows:
        if table in dated and month is not None and not inside(month):
            continue
        code = next((one for one in codes if one in holding), codes[0])
        undated = count if table in dated and month is None else 0
        before = found.get(code) or HeldBack(code, _words(table, code), source, 0, Decimal(0))
        found[code] = HeldBack(
            code, before.words, source, before.rows + count, before.vnd + vnd, before.undated + undated
        )
    return tuple(sorted(found.values(), key=lambda one: (-one.vnd, one.check)))


def _words(table: str, code: str) -> str:
    checks = load_dictionary().table(f"{LANDED}.{table}").checks
    return next((check.words for check in checks if check.code == code), code)
