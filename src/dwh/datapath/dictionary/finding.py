"""Search and filters of the dictionary: words without marks, every word somewhere in a table or its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dwh.datapath.dictionary.entries import LAYERS, SUBJECT, Column, Dictionary, Figure, Level, Subject, Table
from dwh.kernel.vi import strip_marks

Part = Column | Figure | Level
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty fields ask nothing."""

    words: str = ""
    layer: str = ""
    source: str = ""
    owner: str = ""
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A table or subject that is found, and its columns or figures it holds the words in."""

    entry: Table | Subject
    parts: tuple[Part, ...]


def find(dictionary: Dictionary, wanted: Wanted) -> list[Hit]:
    """Return what answers every filter and holds every word, what is called by all of them first.

    Otherwise in the order in which people meet it: subjects, tables of the warehouse, and down to the source tables.
    """
    words = tuple(_plain(wanted.words).split())
    order = list(LAYERS)
    tables = sorted(dictionary.tables.values(), key=lambda table: -order.index(table.layer))
    entries: list[Table | Subject] = [*dictionary.subjects.values(), *tables]
    hits = [_hit(one, words, wanted.personal) for one in entries if _answers(one, wanted)]
    return sorted((hit for hit in hits if hit is not None), key=lambda hit: not _is_called(hit, words))


def _answers(entry: Table | Subject, wanted: Wanted) -> bool:
    layer = entry.layer if isinstance(entry, Table) else SUBJECT
    return (
        wanted.layer in ("", layer)
        and (not wanted.source or wanted.source in entry.sources)
        and wanted.owner in ("", entry.owner)
    )


def _hit(entry: Table | Subject, words: tuple[str, ...], personal: str) -> Hit | None:
    """Return the entry with the parts that are looked for, or nothing.

    A word may stand in the entry or in its part; a part is shown when it holds the words the entry lacks, or all.
    """
    parts = _parts(entry)
    if personal:
        parts = tuple(part for part in parts if isinstance(part, Column) and part.personal_class == personal)
        if not parts:
            return None
    head = _text(entry)
    missing = [word for word in words if f" {word}" not in head]
    if not missing:
        return Hit(entry, tuple(part for part in parts if personal or _all_in(words, _name(part))))
    found = [part for part in parts if _all_in(missing, _text(part))]
    found.sort(key=lambda part: f" {' '.join(words)}" not in _name(part))
    return Hit(entry, tuple(found)) if found else None


def _all_in(words: Sequence[str], text: str) -> bool:
    return bool(words) and all(f" {word}" in text for word in words)


def _is_called(hit: Hit, words: tuple[str, ...]) -> bool:
    return any(f" {' '.join(words)}" in _name(one) for one in (hit.entry, *hit.parts[:1]))


def _parts(entry: Table | Subject) -> tuple[Part, ...]:
    return entry.columns if isinstance(entry, Table) else (*entry.figures, *entry.levels)


@lru_cache(maxsize=20_000)
def _name(one: Table | Subject | Part) -> str:
    return _plain(f"{one.label} · {one.name}")


@lru_cache(maxsize=20_000)
def _text(one: Table | Subject | Part) -> str:
    """Return everything something is found by: its name, its label, what is said of it in Vietnamese."""
    said = {Column: "note", Level: "label"}.get(type(one), "description")
    return _plain(f"{one.label} · {one.name} · {getattr(one, said)}")


def _plain(text: str) -> str:
    """Return the words of a text without marks, each after one space: a search finds how they begin."""
    return " " + " ".join(_WORD.findall(strip_marks(text)))
