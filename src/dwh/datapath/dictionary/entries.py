"""The words of the dictionary as immutable values. No figure and no row of data is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from dwh.kernel.errors import NotFound

LANDED, SEED, STAGING, CORE, SUBJECT = "landed", "seed", "staging", "core", "subject"
LAYERS: dict[str, str] = {
    LANDED: "Bảng nguồn",
    SEED: "Danh mục kèm chương trình",
    STAGING: "Bảng chuẩn hóa",
    CORE: "Bảng của kho",
    SUBJECT: "Chủ đề phân tích",
}


class Ref(NamedTuple):
    """A column of a table; `column` is empty where the rows of the table are meant."""

    table: str
    column: str = ""


class Use(NamedTuple):
    """A figure or a dimension's level that reads a column."""

    subject: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check of source rows, or an audit of a table of ours: what it asks, in words."""

    code: str
    words: str
    severity: str = ""  # hold | flag | shadow; empty: an audit, which stops the build
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `origin`: source (as it lands), list (of a code list), traced (made from `made_from`), generated (from no column:
    a constant, a count of rows, what the program writes), absent (never leaves its source).
    `personal` is the class its contract declares; `personal_behind` the highest class among the source columns its
    value is made from. `condition_of` are tables that read it only to choose or to join rows.
    """

    name: str
    label: str
    type: str
    unit: str
    note: str
    origin: str
    personal: str = ""
    personal_behind: str = ""
    reason: str = ""  # why it is absent
    completeness: str = ""  # when it must have a value, in words
    made_from: tuple[Ref, ...] = ()
    sources: tuple[Ref, ...] = ()  # the columns of source tables and code lists at the end of the chain
    used_by: tuple[Ref, ...] = ()
    condition_of: tuple[str, ...] = ()
    figures: tuple[Use, ...] = ()

    @property
    def personal_class(self) -> str:
        return self.personal or self.personal_behind


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Grain: the columns that name a row. `sources` are the source systems its rows come from."""

    name: str
    label: str
    layer: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    owner: str = ""
    description: str = ""  # in Vietnamese
    about: str = ""  # of the header, in the words of its engineers
    article: str = ""
    sources: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    audits: tuple[Check, ...] = ()
    subjects: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the named column. Raises NotFound."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"Bảng «{self.name}» không có cột «{name[:80]}».", table=self.name, column=name)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure or an indicator. `formula` is exact; `made_from` the columns it reads, `sources` those at the end.

    `parts` are the measures an indicator is made of, `part_of` the indicators made of a measure.
    """

    name: str
    label: str
    kind: str  # measure | indicator
    unit: str = ""
    additive: str = ""
    description: str = ""
    formula: str = ""
    status: str = ""
    document: str = ""
    made_from: tuple[Ref, ...] = ()
    sources: tuple[Ref, ...] = ()
    parts: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a dimension and the columns it is read from."""

    name: str
    label: str
    personal: str
    made_from: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of analysis; a closed one shows the names of its figures and nothing else."""

    name: str
    label: str
    owner: str
    description: str
    tables: tuple[str, ...]
    sources: tuple[str, ...]
    figures: tuple[Figure, ...]
    levels: tuple[Level, ...]
    is_closed: bool = False

    def closed(self) -> Subject:
        """Return the same subject as somebody sees it who was not given it."""
        names = tuple(Figure(figure.name, figure.label, figure.kind) for figure in self.figures)
        return Subject(self.name, self.label, self.owner, "", (), (), names, (), is_closed=True)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Every table and every subject, by name."""

    tables: Mapping[str, Table]
    subjects: Mapping[str, Subject]
    source_labels: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """Return the named table. Raises NotFound."""
        if name not in self.tables:
            raise NotFound(f"Từ điển dữ liệu không có bảng «{name[:80]}».", table=name)
        return self.tables[name]

    def subject(self, name: str) -> Subject:
        """Return the named subject, if it may be read. Raises NotFound: there is none, or it is closed."""
        found = self.subjects.get(name)
        if found is None or found.is_closed:
            raise NotFound(f"Từ điển dữ liệu không có chủ đề «{name[:80]}».", subject=name)
        return found

    def opened_for(self, subjects: Iterable[str]) -> Dictionary:
        """Return the dictionary with every subject closed that is not among `subjects`."""
        allowed = set(subjects)
        cut = {name: one if name in allowed else one.closed() for name, one in self.subjects.items()}
        return Dictionary(self.tables, cut, self.source_labels)

    def to_json(self) -> dict[str, Any]:
        """Return it as `dwh dictionary --json` prints it: a column of a table is written «table.column»."""
        return {
            "tables": [_plain(asdict(table)) for table in self.tables.values()],
            "subjects": [_plain(asdict(subject)) for subject in self.subjects.values()],
        }


def _plain(value: Any) -> Any:
    """Write references as one word and leave out what is empty."""
    if isinstance(value, Ref):
        return f"{value.table}.{value.column}" if value.column else value.table
    if isinstance(value, Use):
        return f"{value.subject}.{value.name}"
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one not in ("", (), False)}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
