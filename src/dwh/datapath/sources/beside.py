"""Which sources of files bring rows of another source's tables: they land beside it and are read together with it.

Their ids never meet those of the database (docs/adr/0011), so a sync of the database neither sees nor deletes them.
"""

from __future__ import annotations

from typing import Final

BESIDE: Final = {"claims": ("claim_files",)}


def feeds_of(source: str) -> tuple[str, ...]:
    """Return every source whose landed batches fill the tables of `source`, itself first."""
    return (source, *BESIDE.get(source, ()))


def is_of_files(source: str) -> bool:
    """Tell whether a landing folder is filled from files, which no sync can read again."""
    return any(source in files for files in BESIDE.values())
