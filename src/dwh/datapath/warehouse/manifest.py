"""The manifest of a release: its parts, from which batches, by which formulas. Written once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dwh.datapath.warehouse.parts import Part, sync
from dwh.kernel.errors import DamagedFile

_OWN = "manifest_sha256"  # the digest of everything else in the file
Parts = dict[str, dict[str, Part]]  # table → month or 'all' → part; a month without rows has none


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: from what this (table, month) was computed.

    `stale`: something it depends on has changed since, but the month is locked.
    """

    made_from: str
    stale: bool = False


@dataclass(slots=True)
class Manifest:
    """What a release says about itself; `models` are formula versions (sha1 of the canonical SQL tree)."""

    id: str
    built_at: str
    data_until: str | None
    previous: str | None
    state: str = "provisional"
    parts: Parts = field(default_factory=dict)
    ledger: dict[str, dict[str, Entry]] = field(default_factory=dict)
    inputs: dict[str, list[str]] = field(default_factory=dict)
    batches: dict[str, list[dict[str, Any]]] = field(
        default_factory=dict
    )  # of inputs: the first and the latest
    models: dict[str, str] = field(default_factory=dict)
    locked: list[str] = field(default_factory=list)
    equations: dict[str, Any] = field(default_factory=dict)
    quarantine: dict[str, Any] = field(default_factory=dict)
    flagged: dict[str, int] = field(default_factory=dict)
    decided: dict[str, Any] = field(default_factory=dict)
    lineage: dict[str, Any] = field(default_factory=dict)  # what facts are fed by, what checks look at
    shadow: dict[str, Any] = field(default_factory=dict)
    stopped_checks: list[str] = field(default_factory=list)
    serving_rows: dict[str, int] = field(default_factory=dict)
    serving: dict[str, Any] = field(default_factory=dict)  # bytes and sha256 of the serving database
    figures: dict[str, str] = field(default_factory=dict)  # subject.name → the formula people read then
    grown: int = 0  # copies since the serving database was last made anew

    def files(self) -> set[str]:
        """Return every part file this release needs."""
        return {part.file for months in self.parts.values() for part in months.values()}

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "built_at": self.built_at,
            "state": self.state,
            "data_until": self.data_until,
            "previous": self.previous,
            "parts": {
                t: {m: p.to_json() for m, p in sorted(ms.items())} for t, ms in sorted(self.parts.items())
            },
            "ledger": {
                t: {m: [e.made_from, e.stale] for m, e in sorted(ms.items())}
                for t, ms in sorted(self.ledger.items())
            },
            "inputs": self.inputs,
            "batches": self.batches,
            "models": self.models,
            "locked": self.locked,
            "equations": self.equations,
            "quarantine": self.quarantine,
            "flagged": self.flagged,
            "decided": self.decided,
            "lineage": self.lineage,
            "shadow": self.shadow,
            "stopped_checks": self.stopped_checks,
            "serving_rows": self.serving_rows,
            "serving": self.serving,
            "figures": self.figures,
            "grown": self.grown,
        }

    @staticmethod
    def from_json(obj: dict[str, Any]) -> Manifest:
        same = (
            "id",
            "built_at",
            "data_until",
            "previous",
            "state",
            "inputs",
            "models",
            "locked",
            "equations",
        )
        return Manifest(
            **{name: obj[name] for name in same},
            parts={t: {m: Part.from_json(p) for m, p in ms.items()} for t, ms in obj["parts"].items()},
            ledger={t: {m: Entry(*e) for m, e in ms.items()} for t, ms in obj["ledger"].items()},
            batches=obj.get("batches", {}),
            quarantine=obj["quarantine"],
            flagged=obj["flagged"],
            decided=obj.get("decided", {}),
            lineage=obj.get("lineage", {}),
            shadow=obj.get("shadow", {}),
            stopped_checks=obj.get("stopped_checks", []),
            serving_rows=obj["serving_rows"],
            serving=obj.get("serving", {}),
            figures=obj.get("figures", {}),
            grown=obj.get("grown", 0),
        )

    def write(self, path: Path) -> None:
        """Write to disk aside, sync, rename: a manifest is whole or absent, and carries its own digest."""
        aside = path.with_suffix(".tmp")
        body = self.to_json()
        body[_OWN] = _digest(body)
        aside.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        sync(aside)
        aside.rename(path)
        sync(path.parent)

    @staticmethod
    def read(path: Path) -> Manifest:
        """Raises: DamagedFile."""
        try:
            return Manifest.from_json(read_body(path))
        except (KeyError, TypeError, AttributeError) as fault:
            raise damaged(path) from fault


def read_body(path: Path) -> dict[str, Any]:
    """Return a manifest as it was written; one older than the digest is believed.

    Raises: DamagedFile when it is missing, is not JSON, or its digest does not hold.
    """
    try:
        body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if body.pop(_OWN, None) not in (None, _digest(body)):
            raise damaged(path)
    except PermissionError:
        raise  # the file may be whole; its folder's rights are not
    except (OSError, ValueError, AttributeError) as fault:
        raise damaged(path) from fault
    return body


def damaged(path: Path) -> DamagedFile:
    """Return the refusal that names the file of a release, and the way out."""
    release = path.parent.name.partition(".candidate")[0]
    return DamagedFile(
        f"Tệp {path.name} của bản số liệu «{release}» bị hỏng hoặc bị mất. Báo Trung tâm CNTT chạy `dwh run`:"
        " bản mới được làm lại từ các phần đã lưu, không mất dữ liệu.",
        about=f"release:{release}",
        release=release,
        file=path.name,
    )


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
