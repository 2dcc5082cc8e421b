"""Values of another subject in one table: «claims:hi_paid_vnd». Each subject is asked on its own, never joined.

A dimension is shared when both subjects have it under one name, from one table, with the same members.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dwh.datapath.semantic.words import Catalog, Field, Subject
from dwh.kernel.errors import Invalid, UnknownField

if TYPE_CHECKING:
    from dwh.datapath.semantic.query import Query

SEPARATOR: Final = ":"


def split(name: str) -> tuple[str, str]:
    """Return the subject a value names (empty: that of the question) and its name there."""
    subject, _, local = name.rpartition(SEPARATOR)
    return subject, local


def own_values(query: Query) -> tuple[str, ...]:
    """Return the values of the question's own subject."""
    return tuple(name for name in query.values if not split(name)[0])


def subjects_of(query: Query) -> tuple[str, ...]:
    """Return every subject a question reads, its own first."""
    return tuple(dict.fromkeys((query.subject, *(s for s, _ in map(split, query.values) if s))))


def plain(query: Query, subject: str) -> Query:
    """Return the question put to one of its subjects: its own values, nothing worked out, nothing cut."""
    values = tuple(local for of, local in map(split, query.values) if (of or query.subject) == subject)
    return replace(
        query, subject=subject, values=values, calculations=(), sort=(), limit=None, others=False
    )  # fmt: skip


def must_share(query: Query, subject: Subject, catalog: Catalog) -> None:
    """Refuse a field or filter that the other subjects of the question do not share.

    Raises:
        Invalid: the sentence names the subject and the field. UnknownField: there is no such subject.
    """
    if any(of == subject.name for of, _ in map(split, query.values)):
        raise Invalid(
            f"«{subject.name}» là chủ đề của chính câu hỏi. Hãy bỏ «{subject.name}:» trước tên chỉ tiêu."
        )
    for name in subjects_of(query)[1:]:
        other = catalog.subject(name)
        for field in dict.fromkeys((*query.rows, *query.columns, *(one.field for one in query.filters))):
            _must_match(subject.field(field), subject, other)


def shared(mine: Field, other: Subject) -> Field | None:
    """Return the field of `other` that is the same as `mine`; None when it has no such field."""
    try:
        theirs = other.field(mine.name)
    except UnknownField:
        return None
    return theirs if _meaning(mine) == _meaning(theirs) else None


def _must_match(mine: Field, subject: Subject, other: Subject) -> None:
    if shared(mine, other) is None:
        raise Invalid(
            f"Không đặt chung bảng được theo «{mine.label}» ({mine.name}): chủ đề «{other.label}» ({other.name})"
            f" không có chiều này giống như «{subject.label}» ({subject.name}). Hãy bỏ chiều đó, hoặc bỏ các chỉ tiêu"
            f" {other.name}{SEPARATOR}….",
            field=mine.name,
            subject=other.name,
        )


def _meaning(field: Field) -> tuple[object, ...]:
    """Return what must be equal for two fields to be one: the table, the level, its members and who may see it."""
    level, dimension = field.level, field.dimension
    return (
        field.canonical, dimension.kind, dimension.table, level.key, level.key_as_is, level.derive, level.constant,
        level.members, level.personal,
    )  # fmt: skip
