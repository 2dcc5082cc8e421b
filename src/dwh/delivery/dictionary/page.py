"""What the pages of the dictionary show: every name with its address, so that both ends of a thread can be followed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse

from dwh.datapath.dictionary.entries import (
    LAYERS,
    SUBJECT,
    Check,
    Column,
    Dictionary,
    Figure,
    Ref,
    Subject,
    Table,
    Use,
)
from dwh.datapath.dictionary.finding import Hit, Part, Wanted, find

CLASSES = {"P1": "P1 · mã định danh", "P2": "P2 · cá nhân", "P3": "P3 · cá nhân nhạy cảm"}
TYPES = {
    "VARCHAR": "chữ",
    "BIGINT": "số nguyên",
    "INTEGER": "số nguyên",
    "SMALLINT": "số nguyên",
    "BOOLEAN": "có, không",
    "DATE": "ngày",
    "TIMESTAMP": "thời điểm",
    "DECIMAL": "số thập phân",
    "VARCHAR[]": "danh sách chữ",
}
SEVERITIES = {"hold": "giữ lại", "flag": "gắn cờ", "shadow": "chạy thử"}
_FEW = 4  # parts of an entry in the list; the page has them all


class Link(NamedTuple):
    """A name that may be followed; without a url it is a name only."""

    label: str
    name: str
    url: str = ""
    where: str = ""  # the table it stands in


def listed(dictionary: Dictionary, wanted: Wanted) -> dict[str, Any]:
    """Return the context of the list: what is found, and the choices of every filter."""
    hits = find(dictionary, wanted)
    everything: list[Subject | Table] = [*dictionary.subjects.values(), *dictionary.tables.values()]
    return {
        "wanted": wanted,
        "rows": [_row(dictionary, hit) for hit in hits],
        "columns": sum(len(table.columns) for table in dictionary.tables.values()),
        "tables": len(dictionary.tables),
        "figures": sum(len(subject.figures) for subject in dictionary.subjects.values()),
        "layers": LAYERS.items(),
        "sources": dictionary.source_labels.items(),
        "owners": sorted({one.owner for one in everything if one.owner}),
        "classes": CLASSES.items(),
        "is_filtered": any(
            (wanted.words, wanted.layer, wanted.source, wanted.owner, wanted.personal),
        ),
    }


def of_table(dictionary: Dictionary, name: str) -> dict[str, Any]:
    """Return the context of one table. Raises NotFound."""
    table = dictionary.table(name)
    return {
        "table": table,
        "layer": LAYERS[table.layer],
        "grain": [_column(dictionary, Ref(name, column)) for column in table.grain],
        "sources": [dictionary.source_labels[source] for source in table.sources],
        "columns": [_detail(dictionary, table, column) for column in table.columns],
        "reads": [_table(dictionary, one) for one in table.reads],
        "read_by": [_table(dictionary, one) for one in table.read_by],
        "subjects": [_subject(dictionary.subjects[one]) for one in table.subjects],
        "checks": [_check(dictionary, table, check) for check in table.checks],
        "audits": table.audits,
    }


def of_subject(dictionary: Dictionary, name: str) -> dict[str, Any]:
    """Return the context of one subject. Raises NotFound: there is none, or it is closed to the person."""
    subject = dictionary.subject(name)
    labels = {figure.name: figure.label for figure in subject.figures}
    return {
        "subject": subject,
        "tables": [_table(dictionary, one) for one in subject.tables],
        "sources": [dictionary.source_labels[source] for source in subject.sources],
        "figures": [_figure(dictionary, figure, labels) for figure in subject.figures],
        "levels": [
            {"level": level, "made_from": _columns(dictionary, level.made_from)} for level in subject.levels
        ],
    }


def _row(dictionary: Dictionary, hit: Hit) -> dict[str, Any]:
    entry = hit.entry
    if isinstance(entry, Table):
        link, layer, size = _table(dictionary, entry.name), entry.layer, len(entry.columns)
        personal = max((column.personal_class for column in entry.columns), default="")
    else:
        link, layer, size, personal = _subject(entry), SUBJECT, len(entry.figures), ""
    return {
        "link": link,
        "layer": LAYERS[layer],
        "owner": entry.owner,
        "sources": [dictionary.source_labels[source] for source in entry.sources],
        "size": size,
        "unit": "cột" if isinstance(entry, Table) else "chỉ tiêu",
        "personal": personal,
        "parts": [_part(link.url, part) for part in hit.parts[:_FEW]],
        "more": max(0, len(hit.parts) - _FEW),
    }


def _part(page: str, part: Part) -> Link:
    return Link(part.label or part.name, part.name, f"{page}#{part.name}" if page else "")


def _detail(dictionary: Dictionary, table: Table, column: Column) -> dict[str, Any]:
    nearest = set(column.made_from)
    return {
        "column": column,
        "type": TYPES.get(column.type, TYPES.get(column.type.partition("(")[0], column.type)),
        "personal": CLASSES.get(column.personal, ""),
        "behind": column.personal_behind if not column.personal else "",
        "made_from": _columns(dictionary, column.made_from),
        "sources": _columns(dictionary, [ref for ref in column.sources if ref not in nearest]),
        "used_by": _columns(dictionary, column.used_by),
        "figures": [_use(dictionary, use) for use in column.figures],
        "condition_of": [_table(dictionary, one) for one in column.condition_of],
        "checks": [check.code for check in table.checks if column.name in check.columns],
    }


def _check(dictionary: Dictionary, table: Table, check: Check) -> dict[str, Any]:
    columns = _columns(dictionary, [Ref(table.name, name) for name in check.columns])
    return {"check": check, "severity": SEVERITIES[check.severity], "columns": columns}


def _figure(dictionary: Dictionary, figure: Figure, labels: dict[str, str]) -> dict[str, Any]:
    nearest = set(figure.made_from)
    return {
        "figure": figure,
        "made_from": _columns(dictionary, figure.made_from),
        "sources": _columns(dictionary, [ref for ref in figure.sources if ref not in nearest]),
        "parts": [Link(labels[name], name, f"#{name}") for name in figure.parts],
        "part_of": [Link(labels[name], name, f"#{name}") for name in figure.part_of],
    }


def _columns(dictionary: Dictionary, refs: Iterable[Ref]) -> list[Link]:
    return [_column(dictionary, ref) for ref in refs]


def _column(dictionary: Dictionary, ref: Ref) -> Link:
    if not ref.column:
        return _table(dictionary, ref.table)
    table = dictionary.table(ref.table)
    url = reverse("dictionary:table", args=[ref.table])
    label = table.column(ref.column).label or ref.column
    return Link(label, ref.column, f"{url}#{ref.column}", ref.table)


def _table(dictionary: Dictionary, name: str) -> Link:
    return Link(dictionary.table(name).label, name, reverse("dictionary:table", args=[name]))


def _subject(subject: Subject) -> Link:
    url = "" if subject.is_closed else reverse("dictionary:subject", args=[subject.name])
    return Link(subject.label, subject.name, url)


def _use(dictionary: Dictionary, use: Use) -> Link:
    subject = dictionary.subjects[use.subject]
    page = _subject(subject).url
    return Link(use.label, use.name, f"{page}#{use.name}" if page else "", subject.label)
