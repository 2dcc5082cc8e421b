"""The code lists of the warehouse (models/seeds/*.csv): all text, models cast what they need."""

from __future__ import annotations

from pathlib import Path

from dwh.datapath.warehouse.model import ModelColumn

SEEDS = Path(__file__).parent / "models/seeds"


def seeds_in(folder: Path) -> dict[str, Path]:
    """Return the code lists of a folder, as seed.<name>."""
    return {f"seed.{path.stem}": path for path in sorted(folder.glob("*.csv"))}


def seed_columns(path: Path) -> tuple[ModelColumn, ...]:
    """Return the columns of a code list: all text, models cast what they need."""
    with path.open(encoding="utf-8-sig") as file:
        names = file.readline().strip().split(",")
    return tuple(ModelColumn(name, "VARCHAR", "") for name in names)


def seed_select(path: Path) -> str:
    """Return the SELECT of a code list; all said, so that the engine need not find out at every use."""
    file = str(path).replace("'", "''")
    columns = ", ".join(f"'{column.name}': '{column.type}'" for column in seed_columns(path))
    return (
        f"SELECT * FROM read_csv('{file}', header=true, auto_detect=false, delim=',', quote='\"', escape='\"', "
        f"columns={{{columns}}})"
    )
