"""Where sources are found: every folder with a contract.yaml, here and where the settings say.

A source is a folder: its contract and its standardise files. Nothing lists the sources by hand.
"""

from __future__ import annotations

from pathlib import Path

CONTRACT = "contract.yaml"
_search = [Path(__file__).parent]


def search_in(folder: Path) -> None:
    """Look for further sources in the folders of `folder`; called once, when a process starts."""
    if folder not in _search:
        _search.append(folder)


def source_folders() -> dict[str, Path]:
    """Return source name → its folder, by name. The first folder of a name counts."""
    found: dict[str, Path] = {}
    for place in _search:
        for path in place.glob(f"*/{CONTRACT}"):
            found.setdefault(path.parent.name, path.parent)
    return dict(sorted(found.items()))
