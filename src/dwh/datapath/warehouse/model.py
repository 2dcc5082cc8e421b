"""A model file: one SELECT with a header that says what it makes. The only reader of that header.

-- model:    core.fct_contribution
-- kind:     by_month(contribution_month)      or: full
-- from:     staging.stg_contribution          by_month: the input whose months are followed
-- partition: <expression of the raw row>      staging by month: which month a landed row belongs to
-- lookup:   staging.stg_employer(employer_code) by ma_don_vi    a changed row touches the months with its key
-- grain:    participant_key, employer_key     unique; also the last word of the order of rows
-- order:    org_code                          first words of the order of rows
-- owner:    thu
-- amounts:  due_vnd = so_tien_ld + so_tien_sd   staging: output column = expression of the raw row
-- conserves: due_vnd, collected_vnd           facts: sums that must equal those of `from`
-- excludes: superseded where NOT is_latest    rows of `from` that are not in the fact, counted by this name
-- audits:   unique(grain), not_null(org_code)
--
-- Free text.
SELECT x AS column_name, -- TYPE what it is
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADER = re.compile(r"^-- (\w+): +(\S.*)$")
_TYPE = r"(?:VARCHAR|BIGINT|INTEGER|SMALLINT|BOOLEAN|DATE|TIMESTAMP|DECIMAL\(\d+, ?\d+\))(?:\[\])?"
_COLUMN = re.compile(rf"\bAS (\w+),?\s+-- ({_TYPE})(?: (.*))?$")
_LOOKUP = re.compile(r"([\w.]+)\(([\w, ]+)\) by (.+)")
_WORDS = "model kind from partition lookup grain order owner amounts conserves excludes audits"
_KNOWN = frozenset(_WORDS.split())
ALL = "all"  # the one part of a table that is not kept by month
NO_MONTH = "none"  # the part of landed rows whose month cannot be read


@dataclass(frozen=True, slots=True)
class ModelColumn:
    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table joined whole: `keys` of it are matched with `by`, expressions over the followed input."""

    table: str
    keys: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One table to make: its SELECT, its columns with types, and what its header promises."""

    table: str
    sql: str
    columns: tuple[ModelColumn, ...]
    grain: tuple[str, ...]
    owner: str
    month_column: str | None = None  # None: one part
    follows: str | None = None
    partition: str | None = None
    order: tuple[str, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()
    conserves: tuple[str, ...] = ()
    excludes: tuple[str, str] | None = None
    audits: tuple[str, ...] = ()
    path: str = ""
    needs: tuple[str, ...] = ()  # code lists without which a check of this table is not asked
    about: str = ""  # the free text of the header: what a row is, «Units:», «Org:», «Source:»

    @property
    def by_month(self) -> bool:
        return self.month_column is not None

    @property
    def layer(self) -> str:
        return self.table.partition(".")[0]

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """The total order of the rows of a part: same rows, same bytes."""
        return tuple(dict.fromkeys((*self.order, *self.grain)))


def ddl(table: str, columns: tuple[ModelColumn, ...]) -> str:
    """Return the CREATE TABLE of declared columns; the only way a table is made (never an empty CTAS)."""
    return f"CREATE TABLE {table} ({', '.join(f'{column.name} {column.type}' for column in columns)})"


def read_models(folder: Path) -> list[Model]:
    """Return the models of every .sql file under a folder, in path order."""
    return [
        parse_model(path.read_text(encoding="utf-8"), path=path.name)
        for path in sorted(folder.rglob("*.sql"))
    ]


def parse_model(text: str, *, path: str = "") -> Model:
    """Return the model written in a file. Raises ValueError naming the file when the header is not complete."""
    header, about, sql = _split(text)
    missing = {"model", "kind", "grain", "owner", "audits"} - header.keys()
    if missing:
        raise ValueError(f"{path}: the header lacks {', '.join(sorted(missing))}")
    month = re.fullmatch(r"by_month\((\w+)\).*", header["kind"][0])
    if not month and header["kind"][0].split()[0] != "full":
        raise ValueError(f"{path}: kind is 'full' or 'by_month(column)'")
    return Model(
        table=header["model"][0],
        sql=sql,
        columns=_columns(sql, path),
        grain=_words(header["grain"][0]),
        owner=header["owner"][0],
        month_column=month[1] if month else None,
        follows=header.get("from", [None])[0],
        partition=header.get("partition", [None])[0],
        order=_words(header.get("order", [""])[0]),
        lookups=tuple(_lookup(line, path) for line in header.get("lookup", [])),
        amounts=tuple(_pair(part, "=") for part in _split_commas(header.get("amounts", [""])[0])),
        conserves=_words(header.get("conserves", [""])[0]),
        excludes=_pair(header["excludes"][0], " where ") if "excludes" in header else None,
        audits=_split_commas(header["audits"][0]),
        path=path,
        about=about,
    )


def _split(text: str) -> tuple[dict[str, list[str]], str, str]:
    """Return the header's words, its free text and the SQL below it."""
    header: dict[str, list[str]] = {}
    about: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not line.startswith("--"):
            return header, "\n".join(about).strip(), "\n".join(lines[number:])
        found = _HEADER.match(line)
        if found and found[1] in _KNOWN:
            header.setdefault(found[1], []).append(found[2].strip())
        else:
            about.append(line.removeprefix("--").removeprefix(" "))
    return header, "\n".join(about).strip(), ""


def _columns(sql: str, path: str) -> tuple[ModelColumn, ...]:
    """Columns of the last SELECT: every one has its type and may have words."""
    last = re.split(r"(?m)^SELECT\b", sql)[-1]
    projection = re.split(r"(?m)^FROM\b", last)[0]
    columns = []
    for line in projection.splitlines():
        if not line.strip() or line.strip() == "DISTINCT":
            continue
        found = _COLUMN.search(line)
        if found:
            columns.append(ModelColumn(found[1], found[2], found[3] or ""))
        elif re.search(r"\bAS \w+,?\s*(--|$)", line):
            raise ValueError(f"{path}: no type comment on «{line.strip()}»")
    if not columns:
        raise ValueError(f"{path}: no commented output column")
    return tuple(columns)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _split_commas(text: str) -> tuple[str, ...]:
    """Split at the commas outside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(part.strip() for part in parts if part.strip())


def _pair(text: str, sign: str) -> tuple[str, str]:
    left, found, right = text.partition(sign)
    return left.strip(), right.strip() if found else left.strip()


def _lookup(line: str, path: str) -> Lookup:
    found = _LOOKUP.fullmatch(line)
    if not found:
        raise ValueError(f"{path}: lookup is written 'table(key, …) by expression, …'")
    return Lookup(found[1], _words(found[2]), _split_commas(found[3]))
