"""Reorganisations that were approved, as plain rows: landing/decisions/organisation.csv. The only writer of that file.

Who enters and approves them, and on which paper, is governance's affair; here lies what a build needs, and it reads the
file as a code list of its own. The file holds what stands approved: an event that was undone is not in it any more.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Literal

from dwh.datapath.settings import DataPathSettings

EventKind = Literal["merge", "split", "move", "rename", "abolish", "create"]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of one event: what becomes of `from_code`, or what `to_code` is made of.

    Codes are org_codes. `to_name` and what follows describe a unit the event makes; empty for one that is there.
    `weight` is the share of `from_code` that goes to `to_code`, 1 for the whole of it, empty when nobody knows.
    A renaming has both codes the same, the old name in `from_name`.
    """

    event_id: str
    kind: EventKind
    effective_on: date
    from_code: str = ""
    from_name: str = ""
    to_code: str = ""
    weight: str = ""
    basis: str = ""
    to_name: str = ""
    to_tier: str = ""
    to_parent: str = ""
    to_office_code: str = ""
    to_province_code: str = ""
    to_class: str = ""


SEED = "seed.org_event"  # the code list the models read it as
COLUMNS = tuple(field.name for field in fields(EventLine))


def events_file(settings: DataPathSettings) -> Path:
    """Return where the events lie; the file is absent before the first one."""
    return settings.landing / "decisions" / "organisation.csv"


def put_events(settings: DataPathSettings, lines: Iterable[EventLine]) -> Path:
    """Make the file hold exactly these lines: written whole beside it, synced, renamed. Return its path."""
    path = events_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    with aside.open("w", encoding="utf-8", newline="") as file:
        file.write(_text(lines))
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    return path


def read_events(path: Path) -> list[EventLine]:
    """Return the lines of a file of events in their order; none when it is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    return [EventLine(**{**row, "effective_on": date.fromisoformat(row["effective_on"])}) for row in rows]


def keep_in_force(path: Path, today: date) -> None:
    """Drop from a build's own copy what takes effect after `today`."""
    lines = read_events(path)
    path.write_text(_text(line for line in lines if line.effective_on <= today), encoding="utf-8")


def _text(lines: Iterable[EventLine]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(line) for line in lines)
    return text.getvalue()
