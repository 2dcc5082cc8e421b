"""What is wrong in a file, where exactly, and what to do about it: one Vietnamese sentence each.

Values of a file are never shown, for they may be personal; names of files and fields are, after cleaning.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self

from dwh.kernel.errors import Invalid

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: what is not known stays empty. `package` counts the HOSO of one XML from 1, rows from 1."""

    file: str = ""
    member: str = ""
    line: int = 0  # of the XML text
    package: int = 0
    table: str = ""  # XML2, or a sheet
    row: int = 0
    field: str = ""  # a field of the claim standard, a column or a cell

    def words(self) -> str:
        """Return «Tệp «a.zip», gói «b.xml», hồ sơ số 3, XML2 dòng 5, trường SO_LUONG»."""
        parts = [
            f"tệp «{shown(self.file)}»" if self.file else "",
            f"gói «{shown(self.member)}»" if self.member else "",
            f"dòng {self.line}" if self.line else "",
            f"hồ sơ số {self.package}" if self.package else "",
            f"{shown(self.table)}{f' dòng {self.row}' if self.row else ''}" if self.table else "",
            f"trường {shown(self.field)}" if self.field else "",
        ]
        text = ", ".join(part for part in parts if part)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file. `code` is that of claim_dq_rules where there is one; it never changes."""

    code: str
    what: str  # what is wrong, no full stop
    remedy: str  # what to do, no full stop
    place: Place = Place()

    @property
    def sentence(self) -> str:
        return f"{self.place.words()}: {self.what}; {self.remedy}."

    def within(self, **known: Any) -> Problem:
        """Return the problem with what an outer reader knows of its place; what is known already stays."""
        missing = {name: value for name, value in known.items() if not getattr(self.place, name)}
        return replace(self, place=replace(self.place, **missing))

    def to_json(self) -> dict[str, Any]:
        """Return the problem as plain values, for the journal of the file."""
        place = {name: value for name, value in asdict(self.place).items() if value}
        return {"code": self.code, "place": place, "message": self.sentence}


class FileRefused(Invalid):
    """A file, or the part of it that `problem` names, is not loaded."""

    code: ClassVar[str] = "file.refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence, problem=problem.to_json())
        self.problem = problem

    def within(self, **known: Any) -> Self:
        """Return the same refusal with what an outer reader knows of its place."""
        return type(self)(self.problem.within(**known))


class EnvelopeRefused(FileRefused):
    """One XML with its packages is not loaded; other XML of the same zip may be."""


class PackageHeld(FileRefused):
    """One claim is held back; the other claims of its XML go on."""


def shown(name: str) -> str:
    """Return a name that came from outside so that it can stand in a sentence: no controls, not too long."""
    text = unicodedata.normalize("NFC", name)
    clean = "".join(
        c if c.isprintable() and unicodedata.category(c) not in ("Cf", "Co") else "�" for c in text
    )
    return clean if len(clean) <= _LONGEST_NAME else f"{clean[: _LONGEST_NAME - 1]}…"
