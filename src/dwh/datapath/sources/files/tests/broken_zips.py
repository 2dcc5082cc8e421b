"""Archives broken in every way we know. A zip holds two good claims beside what is broken."""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO

from demo.sources.claim_files import envelope
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.tests.broken import (
    BOMB,
    DECLARATION,
    GOOD,
    Broken,
    as_file,
    good_zip,
    whole,
    zipped,
)
from dwh.datapath.sources.files.tests.claims import claim


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite bytes at an offset of every header with this signature."""
    out, at = bytearray(data), data.find(signature)
    while at >= 0:
        out[at + offset : at + offset + len(value)] = value
        at = data.find(signature, at + 4)
    return bytes(out)


def encrypted() -> bytes:
    flagged = patched(good_zip(), b"PK\x01\x02", 8, b"\x01\x00")
    return patched(flagged, b"PK\x03\x04", 6, b"\x01\x00")


def overlapping() -> bytes:
    return patched(good_zip(), b"PK\x01\x02", 42, struct.pack("<L", 0))


def twice_named() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("1.xml", envelope([claim(1)]))
        archive.writestr("1.xml", envelope([claim(2)]))
    return buffer.getvalue()


def damaged_inside() -> bytes:
    data = bytearray(zipped({"1.xml": envelope([claim(1)])}, packing=zipfile.ZIP_STORED))
    data[400] ^= 0xFF
    return bytes(data)


ZIPS = [
    Broken("no such file", lambda folder: folder / "a.xml", "FILE-01"),
    Broken("an empty file", as_file(b""), "FILE-02"),
    Broken("a file larger than taken", as_file(whole().encode()), "FILE-03", limits=Limits(file=100)),
    Broken("rar", as_file(b"Rar!\x1a\x07\x00abc", "a.rar"), "FILE-04"),
    Broken("7z", as_file(b"7z\xbc\xaf\x27\x1c", "a.7z"), "FILE-04"),
    Broken("gzip", as_file(b"\x1f\x8b\x08\x00abc", "a.gz"), "FILE-04"),
    Broken("random bytes", as_file(bytes(range(7, 200)), "a.zip"), "XML-01"),
    Broken("a zip cut short", as_file(good_zip()[:-40], "a.zip"), "ZIP-01"),
    Broken("only the beginning of a zip", as_file(good_zip()[:200], "a.zip"), "ZIP-01"),
    Broken(
        "a list of contents that lies",
        as_file(patched(good_zip(), b"PK\x05\x06", 16, b"\xff\xff\x00\x00"), "a.zip"),
        "ZIP-01",
    ),
    Broken("bytes changed inside", as_file(damaged_inside(), "a.zip"), "ZIP-02", ("1.xml",)),
    Broken(
        "a smaller size promised",
        as_file(patched(good_zip(), b"PK\x01\x02", 24, struct.pack("<L", 50)), "a.zip"),
        "ZIP-02",
    ),
    Broken("too many members", as_file(good_zip(), "a.zip"), "ZIP-03", limits=Limits(members=1)),
    Broken(
        "a huge list of contents",
        as_file(patched(good_zip(), b"PK\x05\x06", 12, b"\x00\x00\x00\x40"), "a.zip"),
        "ZIP-03",
    ),
    Broken("an empty zip", as_file(zipped({}), "a.zip"), "ZIP-04"),
    Broken("only a folder", as_file(zipped({"a/": b""}), "a.zip"), "ZIP-04"),
    Broken("one name twice", as_file(twice_named(), "a.zip"), "ZIP-05", ("1.xml",)),
    Broken("unpacks to too much", as_file(good_zip(), "a.zip"), "ZIP-06", limits=Limits(unpacked=3_000)),
    Broken(
        "one member unpacks to too much",
        as_file(good_zip(), "a.zip"),
        "ZIP-06",
        ("1.xml",),
        limits=Limits(member=100),
    ),
    Broken(
        "a name with ..", as_file(good_zip(**{"../../x.xml": b"<a/>"}), "a.zip"), "ZIP-07", ("../../x.xml",)
    ),
    Broken("an absolute name", as_file(good_zip(**{"/etc/x.xml": b"<a/>"}), "a.zip"), "ZIP-07"),
    Broken("a name of Windows", as_file(good_zip(**{"C:x.xml": b"<a/>"}), "a.zip"), "ZIP-07"),
    Broken(
        "a name with .. of Windows", as_file(good_zip(**{"a\\..\\..\\x.xml": b"<a/>"}), "a.zip"), "ZIP-07"
    ),
    Broken("a name with controls", as_file(good_zip(**{"a\x1b[2Jb.xml": b"<a/>"}), "a.zip"), "ZIP-07"),
    Broken("a password", as_file(encrypted(), "a.zip"), "ZIP-08", ("1.xml",)),
    Broken(
        "another packing",
        as_file(zipped({"1.xml": whole().encode()}, packing=zipfile.ZIP_LZMA), "a.zip"),
        "ZIP-09",
    ),
    Broken("a zip bomb", as_file(zipped({"1.xml": b" " * 3_000_000}), "a.zip"), "ZIP-10", ("1.xml",)),
    Broken("members that share bytes", as_file(overlapping(), "a.zip"), "ZIP-10"),
    Broken(
        "a member that is no XML",
        as_file(good_zip(**{"doc.txt": b"xin chao"}), "a.zip"),
        "ZIP-11",
        ("doc.txt",),
        GOOD,
    ),
    Broken(
        "a zip in the zip", as_file(good_zip(**{"b.zip": good_zip()}), "a.zip"), "ZIP-11", ("b.zip",), GOOD
    ),
    Broken(
        "one XML of a zip is cut",
        as_file(good_zip(**{"3.xml": whole(claim(3))[:-60].encode()}), "a.zip"),
        "XML-01",
        ("3.xml",),
        GOOD,
    ),
    Broken(
        "one XML of a zip counts wrong",
        as_file(good_zip(**{"3.xml": whole(claim(3), claim(4)).replace("SO>2<", "SO>9<").encode()}), "a.zip"),
        "ENV-03",
        ("3.xml",),
        GOOD,
    ),
    Broken(
        "one XML of a zip is a bomb",
        as_file(good_zip(**{"3.xml": whole(claim(3)).replace(DECLARATION, BOMB).encode()}), "a.zip"),
        "XML-02",
        ("3.xml",),
        GOOD,
    ),
]
