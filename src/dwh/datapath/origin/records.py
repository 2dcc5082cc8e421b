"""How the rows of a fact name where they came from: the column of their batch, that of their record at the source.

Nothing is declared twice: the lineage of the fact's columns, worked out from the SQL of the models, tells both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.dictionary.entries import LANDED, Ref
from dwh.datapath.semantic.words import Fact


@dataclass(frozen=True, slots=True)
class Records:
    """`batch` and `record` are columns of the fact, "" where its rows are put together from several records.

    `table` is the source table they name, "" when neither is known; `source` the label of the source system.
    """

    source: str
    table: str = ""
    batch: str = ""
    record: str = ""


@cache
def records_of(fact: Fact) -> Records:
    """Return what the rows of a fact tell of their origin."""
    dictionary = load_dictionary()
    table = dictionary.table(fact.table)
    origins = {column.name: column.sources for column in table.columns}
    batch = next((name for name in origins if name.endswith("batch_id")), "")
    record = _record(fact, origins)
    named = [ref.table for column in (record, batch) if column for ref in origins[column]]
    source = ", ".join(dictionary.source_labels.get(name, name) for name in table.sources)
    if not named:
        return Records(source)
    landed = dictionary.table(named[0])
    source = dictionary.source_labels.get(landed.sources[0], source) if landed.sources else source
    return Records(source, named[0].removeprefix(f"{LANDED}."), batch, record)


def _record(fact: Fact, origins: dict[str, tuple[Ref, ...]]) -> str:
    """Return the one column of the grain, beside the month and constants, that is the key of a source row."""
    named = [name for name in fact.grain if name != fact.month_column and origins.get(name)]
    if len(named) != 1 or len(origins[named[0]]) != 1:
        return ""
    [end] = origins[named[0]]
    grain = load_dictionary().table(end.table).grain if end.table.startswith(f"{LANDED}.") else ()
    return named[0] if (end.column,) == grain else ""
