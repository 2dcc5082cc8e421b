"""The content of a failed row as people read it: each column by its name in the dictionary, values as written here.

The name at the source stands beside it: the office that corrects the row looks for that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.governance.protection.effects import contract_of
from dwh.governance.protection.quarantine import FailedLine
from dwh.kernel import vi

PLUMBING = frozenset({"id", "created_at", "updated_at", "updated_by", "is_deleted", "ma_cq_bhxh"})


@dataclass(frozen=True, slots=True)
class Value:
    """One field: its name at the source, what people call it, what stands in it; nothing when it is empty."""

    name: str
    label: str
    text: str
    is_looked_at: bool = False


def values_of(row: FailedLine) -> list[Value]:
    """Return the fields of a row, those its checks looked at first; what is empty among those is shown as such."""
    rest = {
        name: value
        for name, value in row.fields.items()
        if name not in row.looked_at and value not in (None, "")
    }
    return [*looked_at(row), *_values(row.table, rest.items(), looked=False)]


def looked_at(row: FailedLine) -> list[Value]:
    """Return the fields the checks of a row looked at, empty ones too: that is often the very fault."""
    found = [
        (name, row.fields[name]) for name in row.looked_at if name in row.fields and name not in PLUMBING
    ]
    return _values(row.table, found, looked=True)


def changed_of(table: str, changed: Mapping[str, Any]) -> list[Value]:
    """Return the fields one version of a row has different from the version before."""
    return _values(table, changed.items(), looked=False)


def _values(table: str, fields: Iterable[tuple[str, Any]], *, looked: bool) -> list[Value]:
    labels, types = _labels(table), _types(table)
    return [
        Value(name, labels.get(name, name), written(value, types.get(name, "text")), looked)
        for name, value in fields
    ]


def written(value: Any, kind: str) -> str:
    """Return a value of a column of this type of contract; a masked one, or one of another shape, as it stands."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    text = str(value)
    try:
        if kind in ("money", "decimal"):
            amount = Decimal(text).normalize()
            return vi.number(amount, max(0, -int(amount.as_tuple().exponent)))
        if kind in ("date", "timestamp"):
            moment = datetime.fromisoformat(text)  # as the source keeps it, so never shifted
            return f"{moment:%d/%m/%Y}" if kind == "date" else f"{moment:%d/%m/%Y %H:%M}"
    except (InvalidOperation, ValueError):
        return text
    return text


def _labels(table: str) -> dict[str, str]:
    known = load_dictionary().tables.get(f"landed.{table}")
    return {column.name: column.label for column in known.columns} if known else {}


def _types(table: str) -> dict[str, str]:
    try:
        return {column.name: column.type for column in contract_of(table)[1].columns}
    except KeyError:  # of a source that is no more
        return {}
