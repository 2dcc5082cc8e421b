"""What a checkpoint says, as text that is signed; and the witness file that keeps a copy outside the database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from django.conf import settings

from dwh.kernel.audit.keys import AuditKeys

ORIGIN = "dwh-bhxh audit log"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log at one moment: this many records, this root, signed."""

    size: int
    root: bytes
    at: str
    signature: bytes = b""

    def note(self) -> bytes:
        return f"{ORIGIN}\n{self.size}\n{self.root.hex()}\n{self.at}\n".encode()

    def signed_by(self, keys: AuditKeys) -> Checkpoint:
        return Checkpoint(self.size, self.root, self.at, keys.signing.sign(self.note()))

    def is_genuine(self, keys: AuditKeys) -> bool:
        try:
            keys.public.verify(self.signature, self.note())
        except InvalidSignature:
            return False
        return True

    def line(self) -> str:
        return f"{self.size} {self.root.hex()} {self.signature.hex()} {self.at}\n"


def witness_path() -> Path:
    return Path(settings.HOME) / "witness" / "log.txt"


def read_witness() -> list[Checkpoint | str]:
    """Return the witness's checkpoints in order; a line that cannot be read comes back as text."""
    path = witness_path()
    return [_parse(line) for line in path.read_text("utf-8", "replace").splitlines()] if path.exists() else []


def _parse(line: str) -> Checkpoint | str:
    try:
        size, root, signature, at = line.split(" ", 3)
        return Checkpoint(int(size), bytes.fromhex(root), at, bytes.fromhex(signature))
    except ValueError:
        return line


def last_witnessed() -> int:
    """Return the size the witness saw last; 0 when it saw none."""
    sizes = [seen.size for seen in read_witness_tail() if isinstance(seen, Checkpoint)]
    return max(sizes, default=0)


def read_witness_tail(length: int = 4096) -> list[Checkpoint | str]:
    """Return the checkpoints near the end of the witness file, without reading it whole."""
    path = witness_path()
    if not path.exists():
        return []
    with path.open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - length)
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    return [_parse(line) for line in (lines[1:] if start else lines)]


def tell_witness(checkpoints: Iterable[Checkpoint]) -> None:
    """Append the checkpoints the witness has not seen; one process at a time, on disk when this returns."""
    path = witness_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        seen = last_witnessed()
        file.writelines(checkpoint.line() for checkpoint in checkpoints if checkpoint.size > seen)
        file.flush()
        os.fsync(file.fileno())
