"""Which tables of a release no longer stand for the formulas, code lists and batches of today, and by how many months.

The rule is that of `pipeline.months`, read without making anything. So it tells apart the months that are made
again for certain and those made again only if what they read comes out with other rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dwh.datapath.pipeline.handed import HANDED
from dwh.datapath.pipeline.inputs import landed_fingerprint
from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.model import ALL, Model


class Why(StrEnum):
    """What makes a table stale, nearest to it first."""

    FORMULA = "formula"  # its own, in another version
    NEW = "new"  # the release does not have it
    UNLOCKED = "unlocked"  # a lock kept months of it that is no longer there
    READS = "reads"  # a table it reads, however far, has another formula
    CODE_LIST = "code_list"  # so has a code list
    SHAPE = "shape"  # a source table has other columns, or other months
    BATCHES = "batches"  # rows of a source table have landed


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause; `tables` are where it lies, empty when it is the table itself."""

    why: Why
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaleTable:
    """A table of a model that a build would look at. Locked months stay as they are: `kept`."""

    table: str
    reasons: tuple[Reason, ...]
    months: tuple[str, ...]  # made again for certain; 'all' for a table that is not kept by month
    perhaps: tuple[str, ...]  # made again if what they read comes out with other rows
    kept: tuple[str, ...] = ()


Causes = Mapping[Why, set[str]]  # why → the tables it lies in; the table itself for its own


def stale_tables(
    plan: Plan, base: Manifest, *, landed: Iterable[str] = (), locked: frozenset[str] = frozenset()
) -> tuple[StaleTable, ...]:
    """Return the stale tables of a release in the order of the build; `landed` tables have batches it does not know.

    Files people's decisions are handed over in count as data, not as code lists: a build reads them each time.
    """
    causes: dict[str, Causes] = {**_of_lists(plan, base), **_of_sources(plan, base, landed)}
    months: dict[str, set[str]] = {}
    found = []
    for model in plan.models:
        why = _causes(model, plan, base, causes, locked)
        if why:
            causes[model.table] = why
            certain, perhaps = _months(model, plan, base, causes, months)
            certain |= _waiting(model, base, locked)
            months[model.table] = certain | perhaps
            found.append(_told(model.table, why, certain, perhaps - certain, locked))
    return tuple(found)


def _of_lists(plan: Plan, base: Manifest) -> dict[str, Causes]:
    now = plan.seed_versions()
    changed = [table for table in now if table not in HANDED and base.models.get(table) != now[table]]
    return {table: {Why.CODE_LIST: {table}} for table in changed}


def _of_sources(plan: Plan, base: Manifest, landed: Iterable[str]) -> dict[str, Causes]:
    shaped = {name for name in plan.landed if base.models.get(name) != landed_fingerprint(plan, name)}
    found: dict[str, Causes] = {name: {Why.BATCHES: {name}} for name in landed}
    return {**found, **{name: {Why.SHAPE: {name}} for name in shaped}}


def _causes(
    model: Model, plan: Plan, base: Manifest, above: Mapping[str, Causes], locked: frozenset[str]
) -> Causes:
    """Return why a model is stale: what changed in itself, and what its inputs are stale for."""
    found: dict[Why, set[str]] = defaultdict(set)
    if model.table not in base.models:
        found[Why.NEW].add(model.table)
    elif base.models[model.table] != plan.fingerprints[model.table]:
        found[Why.FORMULA].add(model.table)
    if _waiting(model, base, locked):
        found[Why.UNLOCKED].add(model.table)
    for read in plan.reads[model.table] - {model.table}:
        for why, tables in above.get(read, {}).items():
            passed = Why.READS if why in (Why.FORMULA, Why.NEW) else why
            found[passed] |= tables
    return found


def _months(
    model: Model, plan: Plan, base: Manifest, causes: Mapping[str, Causes], months: Mapping[str, set[str]]
) -> tuple[set[str], set[str]]:
    """Return the months made again for certain, and those that may be."""
    known = set(base.ledger.get(model.table, {})) or _followed(model, base)
    own = {Why.FORMULA, Why.NEW}
    if causes[model.table].keys() & own or _is_bound(model, plan, causes):
        return known, set()
    perhaps: set[str] = set()
    for read in plan.reads[model.table] & causes.keys() - {model.table}:
        follows = model.by_month and read == model.follows
        perhaps |= months[read] if follows and read in months else known
    return set(), perhaps


def _is_bound(model: Model, plan: Plan, causes: Mapping[str, Causes]) -> bool:
    """Is every month made again, whatever the rows: another code list, or another formula of a looked-up table?"""
    lists = plan.reads[model.table] & plan.seeds.keys() & causes.keys()
    looked_up = {lookup.table for lookup in model.lookups} & causes.keys()
    return bool(lists) or any(causes[table].keys() & {Why.FORMULA, Why.NEW} for table in looked_up)


def _followed(model: Model, base: Manifest) -> set[str]:
    return set(base.parts.get(model.follows or "", {})) if model.by_month else {ALL}


def _waiting(model: Model, base: Manifest, locked: frozenset[str]) -> set[str]:
    """Return the months a lock kept as they were, and that are not locked any more."""
    return {month for month, entry in base.ledger.get(model.table, {}).items() if entry.stale} - locked


def _told(
    table: str, why: Causes, certain: set[str], perhaps: set[str], locked: frozenset[str]
) -> StaleTable:
    reasons = tuple(_reasons(table, why))
    kept = (certain | perhaps) & locked
    return StaleTable(
        table, reasons, tuple(sorted(certain - kept)), tuple(sorted(perhaps - kept)), tuple(sorted(kept))
    )


def _reasons(table: str, why: Causes) -> Iterator[Reason]:
    for one in Why:
        if one in why:
            yield Reason(one, tuple(sorted(why[one] - {table})))
