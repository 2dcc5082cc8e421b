"""Loading one file of claims: a zip of GIAMDINHHS XML, or one XML. Safe to repeat, safe to kill.

A bad zip, or one XML with a bad envelope, is refused whole; in a zip of many, an XML with a bad envelope is refused
and a claim that cannot be read is held, each with its reason, and the rest lands.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.connectors.base import Amount
from dwh.datapath.sources.files.archive import form_of, sha256_of
from dwh.datapath.sources.files.claim_intake import Intake
from dwh.datapath.sources.files.claim_landing import (
    SOURCE,
    Arrival,
    arrival,
    landed_of,
    landing_rows,
    next_sendings,
    offices,
    packages_of,
    table_of,
)
from dwh.datapath.sources.files.claim_tables import LANDED
from dwh.datapath.sources.files.journal import Entry, Journal
from dwh.datapath.sources.files.limits import USUAL, Limits
from dwh.datapath.sources.files.problem import FileRefused, shown
from dwh.datapath.sources.manifest import Batch, plain_amounts
from dwh.kernel import vi
from dwh.kernel.errors import DamagedFile
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class ClaimFileReport:
    """What came of one file.

    Units: `vnd` are đồng per control column of each table, of all rows of the file; `seconds` are wall time.
    """

    entry: Entry
    rows: dict[str, int]
    vnd: dict[str, dict[str, Amount]]
    is_repeat: bool
    seconds: float

    @property
    def sentence(self) -> str:
        """Return the outcome in one Vietnamese sentence."""
        facts, name = self.entry.facts, shown(self.entry.name)
        landed = f"{vi.number(facts['landed'])} hồ sơ, {vi.number(sum(self.rows.values()))} dòng"
        if self.is_repeat:
            return f"Tệp «{name}» đã nạp lúc {vi.datetime_vi(self.entry.received_at)} ({landed}): không có gì thay đổi."
        held = facts["held"] + facts["refused_packages"]
        kept = f", giữ lại {vi.number(held)} hồ sơ" if held else ""
        bad = f", trả lại {vi.number(facts['refused_members'])} gói" if facts["refused_members"] else ""
        return f"Tệp «{name}»: nạp {landed}{kept}{bad}."

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            **self.entry.facts, "file": self.entry.name, "number": self.entry.number, "sha256": self.entry.sha256,
            "rows": self.rows, "vnd": {table: plain_amounts(sums) for table, sums in self.vnd.items()},
            "is_repeat": self.is_repeat, "seconds": self.seconds,
        }  # fmt: skip


@cites(QC_DWH.art("4.3"))
def load_claim_file(
    path: Path,
    *,
    settings: DataPathSettings,
    now: datetime,
    by: str,
    progress: Progress | None = None,
    limits: Limits = USUAL,
) -> ClaimFileReport:
    """Land the good claims of a file and return what was done; a file that has landed before changes nothing.

    Raises:
        FileRefused: the file cannot be trusted, or none of its claims can land; nothing landed.
        Conflict: another file is being loaded.
        Cancelled: somebody stopped the load; loading the file again goes on.

    Source: QC-DWH Điều 4.3; docs/adr/0011.
    """
    began, journal = time.perf_counter(), Journal(settings, SOURCE)
    try:
        form_of(path, limits)
    except FileRefused as refusal:
        raise refusal.within(file=path.name) from None
    with journal.alone():
        sha256 = sha256_of(path)
        entry = journal.find(sha256)
        repairs = _prepare(settings, entry)
        if entry is not None and entry.complete and not repairs:
            return _report(settings, entry, began, is_repeat=True)
        settings.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="files-", dir=settings.work) as folder:
            intake = Intake(path, Path(folder), limits, progress or Silent())
            intake.read()
            if entry is None:
                size = path.stat().st_size
                entry = Entry(journal.next_number(), path.name, sha256, size, now, by, intake.facts())
            entry = _land(settings, journal, intake, entry)
    return _report(settings, entry, began, is_repeat=False)


def _land(settings: DataPathSettings, journal: Journal, intake: Intake, entry: Entry) -> Entry:
    """Land what has not landed yet, the claims before their lines: they fix the sending numbers."""
    journal.write(entry)
    shutil.copyfile(intake.problems_path, journal.problems_file(entry.number))
    before = landed_of(settings, "XML1", entry.number)
    if before:
        landed_before = packages_of(before[0])
        sendings = {number: sent for number, sent in landed_before.items() if intake.good[number]}
    else:
        sendings = next_sendings(settings, intake)
    facts = arrival(intake, entry, sendings, offices(settings))
    for table in LANDED:
        if not landed_of(settings, table, entry.number):
            _write(settings, intake, table, facts)
    rows = {table: sum(batch.rows for batch in landed_of(settings, table, entry.number)) for table in LANDED}
    whole = entry.completed(rows=rows)
    journal.write(whole)
    return whole


def _write(settings: DataPathSettings, intake: Intake, table: str, facts: Arrival) -> None:
    intake.progress.step(f"Ghi {table_of(table).label}", unit="dòng")
    draft = landing.Draft(settings, SOURCE, table_of(table), "rows", None, facts.entry.received_at)
    landing.write_batch(draft, landing_rows(intake, table, facts), cursor_to=lambda: None)


def _prepare(settings: DataPathSettings, entry: Entry | None) -> bool:
    """Clear what a killed load left; set damaged batches of this file aside. Tell whether any was damaged or lost."""
    for table in LANDED:
        landing.clean_up(landing.folder_of(settings, SOURCE, table_of(table).name))
    if entry is None:
        return False
    damaged = False
    for table in LANDED:
        for batch in landed_of(settings, table, entry.number):
            damaged |= _is_damaged(batch)
    expected: dict[str, int] = entry.facts.get("rows", {})
    return damaged or any(
        rows and not landed_of(settings, table, entry.number) for table, rows in expected.items()
    )


def _is_damaged(batch: Batch) -> bool:
    try:
        landing.verify_batch(batch)
    except DamagedFile:
        landing.set_aside(batch)
        return True
    return False


def _report(settings: DataPathSettings, entry: Entry, began: float, *, is_repeat: bool) -> ClaimFileReport:
    landed = {table: landed_of(settings, table, entry.number) for table in LANDED}
    return ClaimFileReport(
        entry=entry,
        rows={table_of(table).name: sum(batch.rows for batch in found) for table, found in landed.items()},
        vnd={table_of(table).name: dict(found[0].vnd) if found else {} for table, found in landed.items()},
        is_repeat=is_repeat,
        seconds=round(time.perf_counter() - began, 3),
    )
