"""What comes back from a question: labelled rows, exact numbers, totals marked, and what was left unsaid.

The engine gives keys and sums; labels of time and declared members, the order of members and every formula
are made here, in Decimal. Rows come row axis first, then column axis, totals last.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from dwh.datapath.semantic.execution.rollups import Route
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Additive, additive_json

Number = int | Decimal | None
TOTAL_LABEL: Final = "Tổng cộng"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A field or a value of the answer. Units: `unit`, shown with `decimals`."""

    name: str
    label: str
    kind: Literal["dimension", "measure"]
    unit: str = ""
    decimals: int = 0
    additive: Additive = "all"
    status: str = ""  # of an indicator: draft | approved
    description: str = ""

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"name": self.name, "label": self.label, "kind": self.kind}
        if self.kind == "measure":
            described |= {
                "unit": self.unit,
                "decimals": self.decimals,
                "additive": additive_json(self.additive),
            }
        return described | ({"status": self.status} if self.status else {})


class Row(NamedTuple):
    """One group: key and label per field (None where it is a total), one value per measure column.

    `reasons`, where given, says per value why it is None; empty for one that is there.
    """

    keys: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    values: tuple[Number, ...]
    total_over: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`complete` is false only when a limit cut rows; totals always cover the whole question.

    `routes` tell which table answered which measures, and why not another; `was_kept`: nothing was computed for it.
    """

    query: Query
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    release: str
    state: str
    complete: bool
    org_basis: str
    notes: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    was_kept: bool = False
    left_out: int = 0  # members of the rows a limit cut

    @property
    def fields(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind == "dimension")

    @property
    def values(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind == "measure")

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON values: whole numbers as integers, others as exact decimals."""
        fields, values = [c.name for c in self.fields], [c.name for c in self.values]
        return {
            "query": self.query.to_json(),
            "release": self.release,
            "state": self.state,
            "complete": self.complete,
            "org_basis": self.org_basis,
            "columns": [column.to_json() for column in self.columns],
            "rows": [_row_json(row, fields, values) for row in self.rows],
            "notes": list(self.notes),
        }

    def to_csv(self) -> str:
        """Return the answer as CSV: Vietnamese headings with units, plain numbers, totals named as such."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([_heading(column) for column in self.columns])
        for row in self.rows:
            totals = set(row.total_over)
            labels = [
                TOTAL_LABEL if column.name in totals else safe_text(label or "")
                for column, label in zip(self.fields, row.labels, strict=True)
            ]
            writer.writerow([*labels, *("" if value is None else plain(value) for value in row.values)])
        return text.getvalue()


def plain(value: int | Decimal) -> str:
    """Return a number as machines read it: `1234.5`, never an exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def json_number(value: Number) -> Any:
    """Return a number JSON carries exactly: int, or float if its text is the decimal, else the text."""
    if value is None or isinstance(value, int):
        return value
    if value == value.to_integral_value():
        return int(value)
    as_float = float(value)
    return as_float if Decimal(repr(as_float)) == value else plain(value)


def _row_json(row: Row, fields: Sequence[str], values: Sequence[str]) -> dict[str, Any]:
    return {
        **dict(zip(fields, row.labels, strict=True)),
        **{name: json_number(value) for name, value in zip(values, row.values, strict=True)},
        "_keys": dict(zip(fields, row.keys, strict=True)),
        "_total": list(row.total_over),
    } | ({"_reasons": _reasons(row, values)} if any(row.reasons) else {})


def _reasons(row: Row, values: Sequence[str]) -> dict[str, str]:
    return {name: reason for name, reason in zip(values, row.reasons, strict=True) if reason}


def _heading(column: Column) -> str:
    said = f"{column.label} ({column.unit})" if column.unit else column.label
    return safe_text(said)  # a person may have named the column


def safe_text(label: str) -> str:
    """Keep a spreadsheet from running a name that looks like a formula."""
    return f"'{label}" if label.startswith(_FORMULA_STARTS) else label
