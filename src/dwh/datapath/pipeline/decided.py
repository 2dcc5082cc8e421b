"""What people decided about held rows, brought to the months it touches.

The landed files of decisions become two things: desk.decisions, every line as it was written, and decided.<table>, by
month, what holds for the rows as they are now. A decision is about one version of a row: when the content changes at
the source, the version does, nothing here matches, and the checks ask again. A month is made again only when what is
decided about its rows has changed; a locked month keeps its part, and its ledger says that a decision waits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from dwh.datapath.pipeline.run import Run, reading
from dwh.datapath.sources.decisions import CONTRACT
from dwh.datapath.sources.landing import Batch
from dwh.datapath.standardise.checks import accepted_sql, checks_of
from dwh.datapath.standardise.scans import (
    DECIDED,
    HELD,
    decided_table,
    source_table,
    version_sql,
    with_decisions,
)
from dwh.datapath.warehouse.manifest import Entry
from dwh.datapath.warehouse.model import ALL, NO_MONTH, Model, ModelColumn, ddl
from dwh.datapath.warehouse.part_writing import Shape, Writing, write_part
from dwh.datapath.warehouse.parts import Part

DECISIONS = "desk.decisions"
LINES = tuple(
    ModelColumn(column.name, {"integer": "BIGINT", "timestamp": "TIMESTAMP"}.get(column.type, "VARCHAR"), "")
    for column in CONTRACT.landed
)
WORK = (
    ModelColumn("source_id", "BIGINT", ""),
    ModelColumn("accepted", "BIGINT", "bits of the checks"),
    ModelColumn("rejected", "BOOLEAN", ""),
)
NEWEST_FIRST = "PARTITION BY source_table, source_id, version, check_code ORDER BY decided_at DESC, id DESC"
_NEWEST = "work.newest_decisions"


def read_decisions(run: Run, landed: Sequence[Batch]) -> None:
    """Keep every line of the landed files as desk.decisions, and the newest about each row, version and check."""
    run.engine.run(ddl(_NEWEST, LINES))
    if not landed:
        return
    names = [column.name for column in LINES]
    files = ", ".join("'" + str(batch.path).replace("'", "''") + "'" for batch in landed)
    lines = f"SELECT DISTINCT {', '.join(names)} FROM read_parquet([{files}])"
    part = write_part(
        run.store, run.engine, Writing(DECISIONS, lambda _: lines, Shape(tuple(names), ("id",))), ALL
    )
    run.keep(DECISIONS, ALL, part)
    run.engine.run(
        f"INSERT INTO {_NEWEST} SELECT * FROM ({reading(run.store, LINES, [part] if part.rows else [])}) "
        f"QUALIFY row_number() OVER ({NEWEST_FIRST}) = 1"
    )
    digests = run.engine.rows(
        "SELECT source_table, month, md5(string_agg(concat_ws('|', source_id, version, check_code, verdict), ',' "
        f"ORDER BY source_id, version, check_code)) FROM {_NEWEST} WHERE verdict <> 'fix' GROUP BY ALL"
    )
    for table, month, digest in digests:
        run.decided.setdefault(table, {})[month] = digest


def bring_decisions(run: Run, model: Model) -> None:
    """Bring decided.<table> up to date for one standardise model: months whose rows or decisions changed."""
    name = decided_table(model)
    known = run.base.ledger.get(name, {}) if run.base else {}
    wanted = _by_month(run, model)
    for month in sorted(set(known) | set(wanted)):
        made_from = _made_from(run, model, month, wanted)
        before = known.get(month)
        if month not in wanted and (before is None or not before.made_from):
            continue  # what waited there was taken back
        if _is_kept(run, model, month):
            run.carry(name, month)
            run.ledger[name][month] = Entry(
                before.made_from if before else "", before is None or before.made_from != made_from
            )
        elif month not in wanted:
            continue
        elif before == Entry(made_from) and not run.full:
            run.carry(name, month)
            run.ledger[name][month] = before
        else:
            run.keep(name, month, _write(run, model, month))
            run.ledger[name][month] = Entry(made_from)


@contextmanager
def taking_decisions(run: Run, model: Model, months: Sequence[str]) -> Iterator[str]:
    """Offer work.decided for these months; yield the SQL of the model, the plain one when nothing is decided."""
    parts = run.parts.get(decided_table(model), {})
    found = [parts[month] for month in months if month in parts]
    run.engine.run(ddl("work.decided", WORK))
    try:
        if not found:
            yield model.sql
            return
        bits = accepted_sql(checks_of(source_table(model)), "accepted")
        run.engine.run(
            f"INSERT INTO work.decided SELECT source_id, {bits}, rejected FROM {run.store.relation(found)}"
        )
        yield with_decisions(model)
    finally:
        run.engine.run("DROP TABLE work.decided")


def waiting_decisions(run: Run) -> tuple[int, Decimal]:
    """Return rows and đồng held in locked months although something else is decided about them: it waits there."""
    rows, vnd = 0, Decimal(0)
    selects = []
    for table, months in run.ledger.items():
        held = run.parts.get(f"{HELD}.{table.partition('.')[2]}", {})
        parts = [held[month] for month, entry in months.items() if entry.stale and month in held]
        if table.startswith("decided.") and parts:
            selects.append(
                f"SELECT source_table, source_id, version, amount_vnd FROM {run.store.relation(parts)}"
            )
    if selects:
        about = "d.source_table = h.source_table AND d.source_id = h.source_id AND d.version = h.version"
        sql = (
            f"SELECT count(*), COALESCE(SUM(h.amount_vnd), 0) FROM ({' UNION ALL '.join(selects)}) AS h "
            f"SEMI JOIN (SELECT * FROM {_NEWEST} WHERE verdict <> 'fix') AS d ON {about}"
        )
        [(rows, vnd)] = run.engine.rows(sql)
    return int(rows), Decimal(vnd)


def _by_month(run: Run, model: Model) -> dict[str, str]:
    """Return month → digest of what is decided about its rows; rows without a month lie in a part of their own."""
    no_month = NO_MONTH if model.by_month else ALL
    return {month or no_month: digest for month, digest in run.decided.get(source_table(model), {}).items()}


def _made_from(run: Run, model: Model, month: str, wanted: dict[str, str]) -> str:
    landed = run.parts.get(model.follows or "", {}).get(month)
    words = [landed.sha256 if landed else None, wanted.get(month)]
    return hashlib.sha1(json.dumps(words).encode(), usedforsecurity=False).hexdigest()


def _is_kept(run: Run, model: Model, month: str) -> bool:
    """Is this month locked, and published: neither a row nor a decision touches it?"""
    return month in run.locked and run.base is not None and month in run.base.ledger.get(model.table, {})


def _write(run: Run, model: Model, month: str) -> Part:
    """Store what is decided about the rows that lie in a month, by the version they have now."""
    landed = run.parts.get(model.follows or "", {}).get(month)
    if landed is None:
        return Part("", 0, "")
    contract = run.plan.landed[model.follows or ""].contract
    about = f"SELECT * FROM {_NEWEST} WHERE source_table = '{source_table(model)}' AND verdict <> 'fix'"
    select = (
        "SELECT l.source_id, l.version, "
        "COALESCE(list(d.check_code ORDER BY d.check_code) FILTER (WHERE d.verdict = 'accept'), []) AS accepted, "
        "bool_or(d.verdict = 'reject') AS rejected "
        f"FROM (SELECT id AS source_id, {version_sql(contract)} AS version FROM {run.store.relation([landed])} "
        f"WHERE id IN (SELECT source_id FROM ({about}))) AS l "
        f"JOIN ({about}) AS d ON d.source_id = l.source_id AND d.version = l.version "
        "GROUP BY l.source_id, l.version"
    )
    columns = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in DECIDED)
    shape = Shape(tuple(column.name for column in DECIDED), ("source_id",))
    job = Writing(decided_table(model), lambda _: f"SELECT {columns} FROM ({select})", shape)
    return write_part(run.store, run.engine, job, month)
