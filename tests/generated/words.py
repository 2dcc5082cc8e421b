"""The subjects as their YAML files say them, read as data: nothing of the program's own reader."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import dwh

FOLDER = Path(dwh.__file__).parent / "datapath/semantic/subjects"
Words = dict[str, Any]


class Place(NamedTuple):
    """A level of a dimension, by the name a question gives it."""

    name: str
    dimension: Words
    level: Words

    def own(self, fact: str) -> str | None:
        """Return the column in which the fact carries this level itself."""
        mine = self.level.get("columns", {}).get(fact)
        return mine or (None if "table" in self.dimension else self.dimension["columns"].get(fact))

    def reaches(self, fact: str) -> bool:
        if "constant" in self.level or fact in self.level.get("columns", {}):
            return True
        by_table = "table" in self.dimension and "key" in self.level
        return (by_table or not self.level.get("columns")) and fact in self.dimension["columns"]

    @property
    def is_period(self) -> bool:
        return bool(self.dimension.get("kind") == "period")


@cache
def subjects() -> dict[str, Words]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml")))
    read = (yaml.load(text, Loader=yaml.CSafeLoader) for text in texts)
    return {one["subject"]: one for one in read}


@cache
def places(subject: str) -> dict[str, Place]:
    """Return every level of a subject by its full name."""
    return {
        f"{name}.{level}": Place(f"{name}.{level}", dimension, words or {})
        for name, dimension in subjects()[subject]["dimensions"].items()
        for level, words in dimension["levels"].items()
    }


def facts() -> Iterator[tuple[Words, str, Words]]:
    """Yield subject, name and words of every fact."""
    for subject in subjects().values():
        for name, fact in subject["facts"].items():
            yield subject, name, fact
