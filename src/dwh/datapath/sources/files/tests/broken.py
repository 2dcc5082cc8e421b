"""What the kinds of broken files are made with: one kind, a file of bytes, an envelope, a zip."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from demo.sources.claim_files import SourceClaim, envelope
from dwh.datapath.sources.files.limits import USUAL, Limits
from dwh.datapath.sources.files.tests.claims import claim

BOMB = '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
GOOD = 2


@dataclass(frozen=True)
class Broken:
    """One kind: how it is made, the code it gets, words of the place, and how many claims land all the same."""

    name: str
    make: Callable[[Path], Path]
    code: str
    place: tuple[str, ...] = ()
    landed: int = 0
    reasons: int = 1
    limits: Limits = USUAL

    def __str__(self) -> str:
        return self.name


def as_file(content: bytes, name: str = "a.xml") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def whole(*claims: SourceClaim) -> str:
    return envelope(claims or (claim(1), claim(2))).decode()


def in_envelope(old: str, new: str) -> Callable[[Path], Path]:
    """Make one envelope of two claims with a piece exchanged."""
    text = whole()
    assert old in text, old
    return as_file(text.replace(old, new, 1).encode())


def zipped(members: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip; the names are taken as they are."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that are there twice
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def good_zip(**more: bytes) -> bytes:
    return zipped({"1.xml": envelope([claim(1)]), "2.xml": envelope([claim(2)]), **more})
