"""How much of a file is believed before it is refused. All are ours (docs/adr), chosen far above honest files."""

from __future__ import annotations

from dataclasses import dataclass

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file; sizes in bytes."""

    file: int = 4 * GIB
    directory: int = 16 * MIB  # the list of contents of a zip
    members: int = 50_000
    unpacked: int = 32 * GIB  # all members together
    member: int = 4 * GIB
    ratio: int = 200  # unpacked to packed; base64 of XML is about 4, XML about 20
    ratio_from: int = MIB  # a tiny member may be packed better
    depth: int = 24  # of elements
    token: int = MIB  # one tag with its attributes, one comment
    attributes: int = 64 * KIB  # of one element
    table: int = 32 * MIB  # one decoded XML1..XML15
    nodes: int = 1_000_000  # elements of one table that stands in the open
    packages: int = 200_000  # claims of one file; ids leave room for 2**20
    rows: int = 32_767  # of one table of one claim: 15 bits of the id
    sheet_rows: int = 200_000
    sheet_columns: int = 1_000
    cell: int = 32_767  # characters, what a spreadsheet itself allows
    strings: int = 64 * MIB  # all shared texts of a workbook


USUAL = Limits()
