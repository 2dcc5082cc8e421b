"""What may be asked: subjects with their dimensions, measures and indicators, as one immutable value.

The words come from subjects/*.yaml (catalog.py reads and checks them). Table and column names live here and
nowhere above: a page knows only names and labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, Literal

from dwh.datapath.semantic.calculations.kinds import KINDS
from dwh.datapath.semantic.formula import TOTAL_PREFIX, Node, inputs
from dwh.kernel.errors import UnknownField

Additive = Literal["all", "none", "last", "first", "average"]
STOCKS: Final = (
    "last",
    "first",
    "average",
)  # over time: the last month, the first, the mean of the month ends
UNKNOWN_KEY: Final = "~"
UNKNOWN_LABEL: Final = "Không xác định"
OTHERS_KEY: Final = "~~"  # the members a limit left out, as one row under their parent
MASK: Final = "***"
AS_WAS: Final = "as_was"  # units as they were on the day of the row
AS_IS: Final = "as_is"  # who stands for them today
AS_OF: Final = "as_of:"  # and a day: who stood for them then
JOINT: Final = "+"  # between the codes of units that cannot be told apart on the tree asked for


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact table: Grain in the YAML; `scope_column` holds the office of the row's day.

    `lines`: of a table added up beforehand, the column that counts the rows of the fact; empty: a row is a row.
    """

    name: str
    table: str
    label: str
    scope_column: str
    month_column: str
    grain: tuple[str, ...]
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a dimension: the columns of its key and label, in both organisation bases."""

    name: str
    label: str
    key: str | None = None
    text: str | None = None
    key_as_is: str | None = None
    text_as_is: str | None = None
    derive: str = ""  # "", "year", "quarter", "decade"
    constant: tuple[str, str] | None = None
    members: tuple[tuple[str, str], ...] = ()  # declared key → label, in the order shown
    grain: bool = False  # one member per row of the dimension table
    code_in_label: bool = False  # the name alone may belong to several members
    personal: str = ""  # the clearance that may see it
    number: bool = False  # the column is not text: it is written as text before it is compared
    ordered: bool = False  # gte, lte, between have a meaning
    columns: Mapping[str, str] = field(default_factory=dict)  # fact -> its own column of this level

    def column(self, org_basis: str) -> str | None:
        return self.key if org_basis == AS_WAS else (self.key_as_is or self.key)

    def text_column(self, org_basis: str) -> str | None:
        return self.text if org_basis == AS_WAS else (self.text_as_is or self.text)


@dataclass(frozen=True, slots=True)
class Dimension:
    """How facts reach one dimension table (or carry it themselves) and the levels it has, coarse to fine."""

    name: str
    label: str
    kind: Literal["period", "org", "category"]
    columns: Mapping[str, str]  # fact -> the column that points here
    levels: Mapping[str, Level]
    default: str
    table: str | None = None
    table_as_of: str | None = None  # of the organisation: who stands for each unit, by stretches of time
    key: str | None = None
    join: Literal["early", "late"] = "early"
    peers: bool = False  # figures may be compared by it with units outside the area of a person
    scope_key: str | None = None  # of the organisation: the unit on today's tree that owns the row


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregate over one fact. Units: `unit`; money is whole đồng or đồng with xu as the fact has it."""

    name: str
    label: str
    description: str
    unit: str
    fact: str
    agg: Literal["sum", "count", "count_distinct"]
    additive: Additive
    column: str | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    decimals: int = 0
    peers: bool = False  # sums over everybody's units may stand beside a person's own: docs/adr/0022
    codes: tuple[str, ...] = ()  # of docs/indicators.csv: the indicators it answers

    @property
    def status(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A formula over measures, with the document it comes from. `draft` until its owner gives the item."""

    name: str
    label: str
    description: str
    unit: str
    formula: str
    tree: Node
    decimals: int
    source: str
    item: str | None
    status: str
    example: tuple[tuple[tuple[str, Decimal], ...], Decimal | None]
    codes: tuple[str, ...] = ()

    additive: Additive = "none"

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.removeprefix(TOTAL_PREFIX) for name in inputs(self.tree)))

    @property
    def needs_grand_total(self) -> bool:
        return any(name.startswith(TOTAL_PREFIX) for name in inputs(self.tree))


@dataclass(frozen=True, slots=True)
class Field:
    """A dimension level as a question names it: `fund` and `fund.fund` are the same level."""

    name: str
    dimension: Dimension
    level: Level

    @property
    def label(self) -> str:
        return self.level.label

    @property
    def canonical(self) -> str:
        return f"{self.dimension.name}.{self.level.name}"

    def reaches(self, fact: str) -> bool:
        """Tell whether `fact` can be cut by this level."""
        if self.level.constant is not None or fact in self.level.columns:
            return True
        through_table = self.level.key is not None and self.dimension.table is not None
        return (through_table or not self.level.columns) and fact in self.dimension.columns


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One theme of analysis and everything that can be asked of it. The same object is the same words."""

    name: str
    label: str
    owner: str
    description: str
    facts: Mapping[str, Fact]
    dimensions: Mapping[str, Dimension]
    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]

    def field(self, name: str) -> Field:
        """Return the level a question names.

        Raises:
            UnknownField: this subject has no such level; the message offers the nearest one.
        """
        dimension_name, _, level_name = name.partition(".")
        dimension = self.dimensions.get(dimension_name)
        level = dimension.levels.get(level_name or dimension.default) if dimension else None
        if dimension is None or level is None or name.endswith("."):
            raise UnknownField(self._unknown("chiều phân tích", name, self.field_names()), field=name)
        return Field(name, dimension, level)

    def value(self, name: str) -> Measure | Indicator:
        """Return the measure or indicator a question names, or raise UnknownField."""
        found = self.measures.get(name) or self.indicators.get(name)
        if found is None:
            known = [*self.measures, *self.indicators]
            raise UnknownField(self._unknown("chỉ tiêu", name, known), field=name)
        return found

    def field_names(self) -> list[str]:
        return [f"{d.name}.{level}" for d in self.dimensions.values() for level in d.levels]

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> str:
        return (
            f"Chủ đề «{self.label}» ({self.name}) không có {what} «{name[:80]}».{nearest(name, known)} "
            "Danh mục đầy đủ: dwh catalog --json."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "owner": self.owner,
            "description": self.description,
            "dimensions": [_dimension_json(dimension) for dimension in self.dimensions.values()],
            "measures": [_value_json(m) | {"peers": m.peers} for m in self.measures.values()],
            "indicators": [_indicator_json(indicator) for indicator in self.indicators.values()],
        }


@dataclass(frozen=True, slots=True)
class Catalog:
    """All subjects; `hash` names this exact set of words and formulas, so an answer can be asked again."""

    subjects: Mapping[str, Subject]
    hash: str

    def subject(self, name: str) -> Subject:
        """Return the subject of that name, or raise UnknownField with the nearest name."""
        found = self.subjects.get(name)
        if found is None:
            raise UnknownField(
                f"Không có chủ đề «{name[:80]}».{nearest(name, self.subjects)} "
                f"Các chủ đề hiện có: {', '.join(self.subjects)}.",
                subject=name,
            )
        return found

    def to_json(self, subjects: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the catalogue as `dwh catalog --json` prints it, cut to `subjects` when given."""
        wanted = self.subjects if subjects is None else set(subjects)
        return {
            "catalog": self.hash,
            "subjects": [subject.to_json() for name, subject in self.subjects.items() if name in wanted],
            "calculations": [kind.to_json() for kind in KINDS.values()],
        }


def nearest(name: str, known: Iterable[str]) -> str:
    """Return « Ý bạn là …?» with the nearest known name, or nothing."""
    candidates = list(known)
    by_last = {candidate.rpartition(".")[2]: candidate for candidate in candidates}
    found = get_close_matches(name[:80], candidates, n=1, cutoff=0.6)
    if not found:
        found = [by_last[last] for last in get_close_matches(name[:80], by_last, n=1, cutoff=0.75)]
    return f" Ý bạn là «{found[0]}»?" if found else ""


def additive_json(additive: Additive) -> Any:
    """Return additivity as the catalogue and the answers write it."""
    return {"over": ["month"], "take": additive} if additive in STOCKS else additive


def _dimension_json(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "label": dimension.label,
        "kind": dimension.kind,
        "default": f"{dimension.name}.{dimension.default}",
        "levels": [
            {
                "name": f"{dimension.name}.{level.name}",
                "label": level.label,
                "personal": level.personal or None,
            }
            for level in dimension.levels.values()
        ],
    }


def _value_json(value: Measure | Indicator) -> dict[str, Any]:
    return {
        "name": value.name,
        "label": value.label,
        "description": value.description,
        "unit": value.unit,
        "decimals": value.decimals,
        "additive": additive_json(value.additive),
        "codes": list(value.codes),
    }


def _indicator_json(indicator: Indicator) -> dict[str, Any]:
    return {
        **_value_json(indicator),
        "formula": indicator.formula,
        "source": indicator.source,
        "item": indicator.item,
        "status": indicator.status,
    }
