"""What published figures lack the rows of a source table: from the lineage a release carries, in the catalogue's words.

A failed row is in no staging table, so every fact made from that table lacks it, and every measure of such a fact whose
column comes from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.words import Measure, Subject
from dwh.datapath.sources.contract import TableContract, load_contract, source_names
from dwh.datapath.warehouse.release import Release


@dataclass(frozen=True, slots=True)
class Lacking:
    """The measures of one subject that lack rows of a source table.

    `main` is the measure the held đồng belong to, None when the table has no amount of its own there; `others` lack the
    rows as well. `through` are the facts between, in their own words.
    """

    subject: str
    subject_label: str
    main: str | None
    main_label: str
    others: tuple[str, ...]
    through: tuple[str, ...]


@lru_cache(maxsize=512)
def figures_lacking(release: Release, source_table: str) -> tuple[Lacking, ...]:
    """Return, for every subject made from a source table, its measures that lack a row held back there."""
    fed = release.manifest.get("lineage", {}).get("feeds", {}).get(f"landed.{source_table}", {})
    subjects = load_catalog().subjects.values()
    found = (_of_subject(subject, fed, _amount_of(release, source_table)) for subject in subjects)
    return tuple(one for one in found if one is not None)


def columns_checked(release: Release, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of the source table these checks look at, in the order of its contract."""
    checked = release.manifest.get("lineage", {}).get("checked", {})
    return tuple(dict.fromkeys(column for code in codes for column in checked.get(code, ())))


def contract_of(table: str) -> tuple[str, TableContract]:
    """Return the source a table belongs to, and its contract. Raises: KeyError."""
    return _contracts()[table]


@lru_cache(maxsize=1)
def _contracts() -> dict[str, tuple[str, TableContract]]:
    return {
        table.name: (source, table) for source in source_names() for table in load_contract(source).tables
    }


def _of_subject(subject: Subject, fed: dict[str, list[str]], amount: str | None) -> Lacking | None:
    measures = [m for m in subject.measures.values() if _lacks(subject, m, fed)]
    if not measures:
        return None
    main = next((m for m in measures if m.column == amount and not m.where), None) if amount else None
    facts = dict.fromkeys(subject.facts[m.fact].label for m in measures)
    return Lacking(
        subject.name, subject.label, main.name if main else None, main.label if main else "",
        tuple(m.label for m in measures if m is not main), tuple(facts),
    )  # fmt: skip


def _lacks(subject: Subject, measure: Measure, fed: dict[str, list[str]]) -> bool:
    """Does a missing row miss in this measure: its fact has a row of it, or its column an amount?"""
    columns = fed.get(subject.facts[measure.fact].table, [])
    return "*" in columns or measure.column in columns


def _amount_of(release: Release, source_table: str) -> str | None:
    """Return the name of the money held rows of a table are counted in, None when it has none."""
    amounts: dict[str, str] = release.manifest.get("lineage", {}).get("amounts", {})
    return amounts.get(source_table)
