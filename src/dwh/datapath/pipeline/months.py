"""Which parts must be made again: the rule that keeps an incremental build equal to a full one.

A part is good when it was made by the same formula from the same inputs of its month, and no row of a table it
looks up has changed for a key that occurs in the month. A locked month keeps its part even when it is not good;
the ledger then says so, and the month is made again the day it is unlocked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dwh.datapath.pipeline.plan import Plan, columns_read
from dwh.datapath.standardise.scans import decided_table, is_standardise
from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.manifest import Entry, Manifest
from dwh.datapath.warehouse.model import ALL, Lookup, Model
from dwh.datapath.warehouse.parts import Part, PartStore


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one month of one table."""

    month: str
    made_from: str
    rebuild: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a model can be made from now: parts so far, and what the last release had."""

    plan: Plan
    parts: Mapping[str, Mapping[str, Part]]
    seeds: Mapping[str, str]  # seed → sha256
    base: Manifest | None


def decide(
    model: Model, inputs: Inputs, *, engine: Engine, store: PartStore, locked: frozenset[str]
) -> list[Decision]:
    """Return a decision for every month the model has or had."""
    ledger = inputs.base.ledger.get(model.table, {}) if inputs.base else {}
    months = {ALL} if not model.by_month else set(inputs.parts.get(model.follows or "", {})) | set(ledger)
    made_from = {month: _made_from(model, month, inputs) for month in months}
    suspect = _is_lookup_remade(model, inputs)
    good = {
        month for month in months
        if month in ledger and not suspect and ledger[month] == Entry(made_from[month])
    }  # fmt: skip
    good -= _months_with_changed_keys(model, inputs, good, engine=engine, store=store)
    return [
        Decision(
            month,
            ledger[month].made_from if _keeps(month, good, locked, ledger) else made_from[month],
            rebuild=month not in good and not _keeps(month, good, locked, ledger),
            stale=_keeps(month, good, locked, ledger),
        )
        for month in sorted(months)
    ]


def _keeps(month: str, good: set[str], locked: frozenset[str], ledger: Mapping[str, Entry]) -> bool:
    """Does a lock keep a part that would otherwise be made again?"""
    return month in locked and month not in good and month in ledger


def _made_from(model: Model, month: str, inputs: Inputs) -> str:
    """Digest of the formula and of every input that is not followed key by key."""
    tracked = {lookup.table for lookup in model.lookups}
    words: list[object] = [inputs.plan.fingerprints[model.table]]
    if model.by_month:
        followed = inputs.parts.get(model.follows or "", {}).get(month)
        words.append(followed.sha256 if followed else None)
    for table in sorted(inputs.plan.reads[model.table]):
        if table in inputs.seeds:
            words.append([table, inputs.seeds[table]])
        elif table not in tracked and not (model.by_month and table == model.follows):
            words.append([table, sorted((m, part.sha256) for m, part in inputs.parts.get(table, {}).items())])
    if is_standardise(model) and month in inputs.parts.get(decided_table(model), {}):
        words.append(["decided", inputs.parts[decided_table(model)][month].sha256])
    if model.needs:  # a list that arrives, or vanishes, turns a check on or off for every row
        words.append([[table, _is_empty(inputs, table)] for table in model.needs])
    return hashlib.sha1(json.dumps(words).encode(), usedforsecurity=False).hexdigest()


def _is_empty(inputs: Inputs, table: str) -> bool:
    return table not in inputs.seeds and not inputs.parts.get(table)


def _is_lookup_remade(model: Model, inputs: Inputs) -> bool:
    """Has a looked-up table another formula, so that its old and new rows cannot be compared?"""
    if inputs.base is None:
        return True
    now = inputs.plan.fingerprints
    return any(
        lookup.table in now and inputs.base.models.get(lookup.table) != now[lookup.table]
        for lookup in model.lookups
    )


def _months_with_changed_keys(
    model: Model, inputs: Inputs, good: set[str], *, engine: Engine, store: PartStore
) -> set[str]:
    if not model.lookups or not good or inputs.base is None:
        return set()
    followed = inputs.parts.get(model.follows or "", {})
    files = {str(store.path(part)): month for month, part in followed.items() if month in good}
    if not files:
        return set()
    used = columns_read(inputs.plan, model)
    touched: set[str] = set()
    for lookup in model.lookups:
        old, new = _different(inputs.base.parts.get(lookup.table, {}), inputs.parts.get(lookup.table, {}))
        if old or new:
            columns = sorted(used[lookup.table] | set(lookup.keys))
            sql = _touched_files(lookup, columns, store, old, new, [followed[m] for m in files.values()])
            touched |= {files[row[0]] for row in engine.rows(sql)}
    return touched


def _different(old: Mapping[str, Part], new: Mapping[str, Part]) -> tuple[list[Part], list[Part]]:
    """Parts only the old side has, parts only the new side has."""
    same = {part.sha256 for part in old.values()} & {part.sha256 for part in new.values()}
    return (
        [part for part in old.values() if part.sha256 not in same],
        [part for part in new.values() if part.sha256 not in same],
    )


def _touched_files(
    lookup: Lookup,
    columns: list[str],
    store: PartStore,
    old: list[Part],
    new: list[Part],
    followed: Iterable[Part],
) -> str:
    """SQL: files of the followed table in which the key of a changed looked-up row occurs."""
    names = ", ".join(columns)
    sides = [f"SELECT {names} FROM {store.relation(parts)}" if parts else "" for parts in (old, new)]
    if all(sides):
        changed = f"(({sides[0]}) EXCEPT ALL ({sides[1]})) UNION ALL (({sides[1]}) EXCEPT ALL ({sides[0]}))"
    else:
        changed = sides[0] or sides[1]
    keys = ", ".join(f"{key} AS changed_{at}" for at, key in enumerate(lookup.keys))
    match = " AND ".join(f"({by}) = changed_{at}" for at, by in enumerate(lookup.by))
    return (
        f"SELECT DISTINCT filename FROM {store.relation(followed, filename=True)} "
        f"SEMI JOIN (SELECT DISTINCT {keys} FROM ({changed})) ON {match}"
    )
