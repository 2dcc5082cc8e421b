"""What a check of the store says, as values that can be kept, compared and signed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SERVED = " (tệp phục vụ)"  # after the name of a table as questions read it


class Area(StrEnum):
    """Where something was looked for. The words for people are the page's."""

    MANIFESTS = "manifests"
    PARTS = "parts"
    SERVING = "serving"
    LANDING = "landing"
    ROWS = "rows"
    SOURCES = "sources"
    POINTERS = "pointers"
    SPACE = "space"
    LOG = "log"
    GOVERNANCE = "governance"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: where, what, and the way out. `grave`: the store fails the check by it."""

    area: Area
    subject: str  # a file below the home folder, a table, a column
    said: str
    remedy: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """How much of an area was read to the last byte. Units: files, bytes."""

    area: Area
    files: int
    bytes: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of one table of the release: as its manifest says, as the engine counts them; None: cannot be read."""

    table: str
    promised: int
    counted: int | None

    @property
    def agrees(self) -> bool:
        return self.promised == self.counted


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Rows of one source table beside its source. `unexplained`: cells of which nobody knows why they differ."""

    source: str
    table: str
    label: str
    there: int
    published: int
    held: int
    late: int
    changed: int
    unexplained: int


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column whose values must exist elsewhere. `orphans`: rows whose value does not; None: cannot be read."""

    table: str
    column: str
    target: str
    orphans: int | None
    values: int = 0
    example: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """What an area takes on its disk. Units: bytes."""

    area: str
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Disk:
    """One disk of the store, and the areas that lie on it. Units: bytes."""

    areas: tuple[str, ...]
    total: int
    free: int

    @property
    def free_percent(self) -> float:
        return 100 * self.free / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What one check found. `manifests`: release → sha256 of its manifest file, for who keeps what was published."""

    release_id: str
    began_at: datetime
    looked: tuple[Looked, ...]
    rows: tuple[TableRows, ...]
    sources: tuple[SourceRows, ...]
    pointers: tuple[Pointer, ...]
    spaces: tuple[Space, ...]
    disks: tuple[Disk, ...]
    findings: tuple[Finding, ...]
    manifests: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, the same for the same check."""
        plain = asdict(self) | {"began_at": self.began_at.isoformat()}
        plain["looked"] = [
            {"area": str(one.area), "files": one.files, "bytes": one.bytes} for one in self.looked
        ]
        plain["findings"] = [plain_finding(one) for one in self.findings]
        plain["disks"] = [asdict(one) | {"areas": list(one.areas)} for one in self.disks]
        return plain | {name: list(plain[name]) for name in ("rows", "sources", "pointers", "spaces")}


def plain_finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"area": str(finding.area)}
